/** Declarations one by one: of what the compiler writes for a cell, each with its name, its meanings and its source. */
import { ANY, type Declaration, type Meaning } from "./declarations.js";
import { PREFIX } from "./parse.js";
import type { ts, Typescript } from "./typescript.js";

/** Splits the declarations that the compiler wrote for a cell. `meaningOf`: what the checker says about a name. */
export function splitDeclarations(ts: Typescript, text: string, meaningOf: (name: string) => Meaning): Declaration[] {
  const file = ts.createSourceFile("/cell.d.ts", text, ts.ScriptTarget.ES2022, true);
  return file.statements.flatMap((statement): Declaration[] => {
    const declare = (name: string, text: string): Declaration => ({ name, text, ...meaningOf(name) });
    if (ts.isImportDeclaration(statement)) return splitImport(ts, statement, declare);
    if (ts.isExportDeclaration(statement)) return [];
    if (ts.isImportEqualsDeclaration(statement)) return [declare(statement.name.text, statement.getText(file))];
    const whole = statement.getFullText(file).trim();
    if (!ts.isVariableStatement(statement)) return [declare(nameOf(ts, statement) ?? "", whole)];
    const comment = file.text.slice(statement.pos, statement.getStart(file)).trim();
    const { declarationList } = statement;
    const keyword = (declarationList.flags & ts.NodeFlags.Const) !== 0 ? "const" : "let";
    const before = `${comment === "" ? "" : `${comment}\n`}declare ${keyword}`;
    return declarationList.declarations.map((declaration) =>
      declare(declaration.name.getText(file), `${before} ${declaration.getText(file)};`));
  });
}

/** The name of a function, class, interface, type, enum or namespace; undefined for `declare global` and `declare module "x"`. */
function nameOf(ts: Typescript, statement: ts.Statement): string | undefined {
  if (ts.isModuleDeclaration(statement)) {
    const { name } = statement;
    return ts.isIdentifier(name) && name.text !== "global" ? name.text : undefined;
  }
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)
    || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement);
  return named ? statement.name?.text : undefined;
}

type Declare = (name: string, text: string) => Declaration;

function splitImport(ts: Typescript, { importClause, moduleSpecifier }: ts.ImportDeclaration, declare: Declare): Declaration[] {
  const from = `from ${moduleSpecifier.getText()};`;
  if (importClause === undefined) return [];
  const { name, namedBindings } = importClause;
  const type = importClause.isTypeOnly ? "type " : "";
  const declareImport = (local: string, what: string): Declaration => declare(local, `import ${type}${what} ${from}`);
  const parts = name === undefined ? [] : [declareImport(name.text, name.text)];
  if (namedBindings === undefined) return parts;
  if (ts.isNamespaceImport(namedBindings)) return [...parts, declareImport(namedBindings.name.text, namedBindings.getText())];
  return [...parts, ...namedBindings.elements.map((element) => declareImport(element.name.text, `{ ${element.getText()} }`))];
}

/** The name's meanings in a checked cell. */
export function meaningIn(ts: Typescript, checker: ts.TypeChecker, symbol: ts.Symbol | undefined): Meaning {
  if (symbol === undefined) return { value: true, type: true };
  const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : checker.getExportSymbolOfSymbol(symbol);
  // An import that cannot be resolved may be either.
  if (target.declarations === undefined) return { value: true, type: true };
  const namespaces = ts.SymbolFlags.Namespace;
  return { value: (target.flags & ts.SymbolFlags.Value) !== 0, type: (target.flags & (ts.SymbolFlags.Type | namespaces)) !== 0 };
}

/** Of a `var` in a block or loop, which declaration files have no place for. */
export function innerDeclaration(ts: Typescript, checker: ts.TypeChecker, { name, symbol, cell }: {
  name: string; symbol: ts.Symbol | undefined; cell: ts.SourceFile;
}): Declaration {
  const type = symbol === undefined ? ANY
    : checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, cell), undefined, ts.TypeFormatFlags.NoTruncation);
  return { name, value: true, type: false, text: `declare let ${name}: ${type.includes("(Anonymous") ? ANY : type};` };
}

/** Statements of the cell as typed, by the names that they declare. `original`: their places in the cell. */
export function sourcesByName(
  ts: Typescript, file: ts.SourceFile, original: (start: number, end: number) => string,
): Map<string, string> {
  const sources = new Map<string, string>();
  for (const statement of file.statements.slice(1)) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText(file)) : [nameOf(ts, statement) ?? ""];
    const source = original(statement.getFullStart() - PREFIX.length, statement.end - PREFIX.length).trim();
    for (const name of names) {
      const known = sources.get(name);
      if (name !== "") sources.set(name, known === undefined ? source : `${known}\n${source}`);
    }
  }
  return sources;
}
