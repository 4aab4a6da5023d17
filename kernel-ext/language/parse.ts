/** Cells as syntax trees, without a program. */
import { EXTENSIONS, type LanguageName } from "./types.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";

/** What tslab puts before every text that it compiles: a module. */
export const PREFIX = "export {};\n";

export interface ParsedCell {
  ts: Typescript;
  file: BoundFile;
}

export type CellParser = (text: string) => ParsedCell;

/** A cell is a module: await may stand at its top level. */
export function cellParser(ts: Typescript, language: LanguageName): CellParser {
  const path = `/cell${EXTENSIONS[language]}`;
  return (text) => ({ ts, file: ts.createSourceFile(path, PREFIX + text, ts.ScriptTarget.ES2022, true) as BoundFile });
}

/**
 * The compiler checks a file of JavaScript where it says that it shall: a cell is checked, unless its first comments decline it by
 * TypeScript's directive, which the compiler itself looks for above PREFIX alone.
 */
export const checkedCell = (ts: Typescript, file: ts.SourceFile): ts.SourceFile =>
  Object.assign(file, { checkJsDirective: { enabled: !declinesChecks(ts, file), pos: 0, end: 0 } });

function declinesChecks(ts: Typescript, { text }: ts.SourceFile): boolean {
  const comments = ts.getLeadingCommentRanges(text, text.startsWith(PREFIX) ? PREFIX.length - 1 : 0) ?? [];
  return comments.some(({ pos, end }) => /^\/\/\/?\s*@ts-nocheck\b/.test(text.slice(pos, end)));
}

/** Whether a statement of the cell begins at `offset`. */
export function startsStatement({ ts, file }: ParsedCell, offset: number): boolean {
  const position = offset + PREFIX.length;
  const visit = (node: ts.Node): boolean | undefined => {
    if (position < node.pos || position >= node.end) return undefined;
    if (ts.isExpressionStatement(node) && node.getStart(file) === position) return true;
    return ts.forEachChild(node, visit);
  };
  return ts.forEachChild(file, visit) === true;
}

/** Top-level statements whose `export` says nothing in a notebook: there every declaration is kept. */
export function withoutExports({ ts, file }: ParsedCell): string {
  let text = file.text;
  const blank = (start: number, end: number): void => {
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
  };
  for (const statement of file.statements.slice(1)) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) {
      blank(statement.getStart(file), statement.expression.getStart(file));
    }
    if (ts.isExportDeclaration(statement) && isPlainList(ts, statement)) blank(statement.getStart(file), statement.end);
    if (!ts.canHaveModifiers(statement) || isNameless(ts, statement)) continue;
    for (const modifier of ts.getModifiers(statement) ?? []) {
      const isExport = modifier.kind === ts.SyntaxKind.ExportKeyword;
      if (isExport || modifier.kind === ts.SyntaxKind.DefaultKeyword) blank(modifier.getStart(file), modifier.end);
    }
  }
  return text.slice(PREFIX.length);
}

/** `export default class {}`: without the keywords it would be no statement. */
const isNameless = (ts: Typescript, statement: ts.Statement): boolean =>
  (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) && statement.name === undefined;

/** `export {a, b}`: names of this cell, under the same names. */
function isPlainList(ts: Typescript, { moduleSpecifier, exportClause }: ts.ExportDeclaration): boolean {
  return moduleSpecifier === undefined && exportClause !== undefined && ts.isNamedExports(exportClause)
    && exportClause.elements.every((element) => element.propertyName === undefined);
}

/** Names that the cell declares at its top level, types and imports too, as the binder finds them. */
export function declaredNames({ ts, file }: ParsedCell): string[] {
  ts.bindSourceFile(file, { target: ts.ScriptTarget.ES2022 });
  // Two underscores begin the compiler's own names ("__global" of `declare global`); it gives the user's a third.
  const declared = [...file.locals ?? []].filter(([name, symbol]) => !/^(__(?!_)|")/.test(`${name}`) && !isTypedef(ts, symbol));
  return declared.map(([name]) => ts.unescapeLeadingUnderscores(name as ts.__String));
}

/** `@typedef` in a comment of JavaScript: it is exported by itself, and no other way. */
const isTypedef = (ts: Typescript, { declarations = [] }: ts.Symbol): boolean => declarations.length > 0
  && declarations.every((node) => ts.isJSDocTypedefTag(node) || ts.isJSDocCallbackTag(node) || ts.isJSDocEnumTag(node));
