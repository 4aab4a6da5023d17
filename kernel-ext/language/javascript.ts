/** What a cell of JavaScript declares, in the words of a .d.ts text. */
import { applyEdits, type Edit } from "./edits.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";

/**
 * The compiler writes the declarations of JavaScript by what a file exports: it makes a namespace of an object and a function of a variable
 * that holds one, so that no later cell could assign to them. Those of TypeScript it writes by the file's statements. `write` is to do the latter.
 */
export function asTypescript(ts: Typescript, file: BoundFile, write: () => void): void {
  const { flags } = file;
  Object.assign(file, { flags: flags & ~ts.NodeFlags.JavaScriptFile });
  try {
    write();
  } finally {
    Object.assign(file, { flags });
  }
}

/** Of declarations by exports what statements do not tell: classes with what their constructors assign, `require`, and `@typedef`. */
export function knownByExports(ts: Typescript, text: string): string {
  const file = ts.createSourceFile("/cell.d.ts", text, ts.ScriptTarget.ES2022, true);
  const known = file.statements.filter((node) => ts.isClassDeclaration(node) || ts.isTypeAliasDeclaration(node)
    || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node));
  return known.map((node) => node.getFullText(file)).join("\n");
}

/**
 * What the compiler allows in a file of JavaScript is allowed from cell to cell: calls with fewer arguments than a function names, unless a
 * comment says of which type they are, and new properties of what an object literal has begun.
 */
export function loosen(ts: Typescript, text: string, cell: ts.SourceFile): string {
  const file = ts.createSourceFile("/cell.d.ts", text, ts.ScriptTarget.ES2022, true);
  const open = openVariables(ts, cell);
  const edits: Edit[] = [];
  const insert = (at: number, text: string): void => void edits.push({ start: at, end: at, text });
  const openUp = (type: ts.TypeNode | undefined): void => {
    if (type === undefined || !ts.isTypeLiteralNode(type)) return;
    insert(type.members.pos, " [name: string]: any;");
    for (const member of type.members) if (ts.isPropertySignature(member)) openUp(member.type);
  };
  const visit = (node: ts.Node): void => {
    const isAny = ts.isParameter(node) && node.type?.kind === ts.SyntaxKind.AnyKeyword;
    if (isAny && node.questionToken === undefined && node.dotDotDotToken === undefined) insert(node.name.end, "?");
    if (ts.isVariableDeclaration(node) && open.has(node.name.getText(file))) openUp(node.type);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return applyEdits(text, edits.sort((a, b) => a.start - b.start));
}

/** Names of the cell's variables that hold an object literal, of a type that nobody has written down. */
function openVariables(ts: Typescript, cell: ts.SourceFile): Set<string> {
  const declared = cell.statements.flatMap((node) => (ts.isVariableStatement(node) ? [...node.declarationList.declarations] : []));
  const open = declared.filter((node) =>
    node.initializer !== undefined && ts.isObjectLiteralExpression(node.initializer) && ts.getJSDocType(node) === undefined);
  return new Set(open.map(({ name }) => name.getText(cell)));
}
