/** What earlier cells have declared: a .d.ts text against which the next cell is checked. */
import { PREFIX } from "./converter.js";
import type { ts, Typescript } from "./typescript.js";

/** In which of the language's two spaces a name lives; a class is in both. */
export interface Meaning {
  value: boolean;
  type: boolean;
}

/** One declaration: of variables and imports, of one name. */
export interface Declaration extends Meaning {
  name: string;
  text: string;
  /** The statement as it was typed, where inspection can show more than its type. */
  source?: string;
}

/** The type of what cannot be described. */
const ANY = "any";

/** Splits the declarations that the compiler wrote for a cell. `meaningOf`: what the checker says about a name. */
export function splitDeclarations(ts: Typescript, text: string, meaningOf: (name: string) => Meaning): Declaration[] {
  const file = ts.createSourceFile("/cell.d.ts", text, ts.ScriptTarget.ES2022, true);
  return file.statements.flatMap((statement): Declaration[] => {
    const declare = (name: string, text: string): Declaration => ({ name, text, ...meaningOf(name) });
    if (ts.isImportDeclaration(statement)) return splitImport(ts, statement, declare);
    if (ts.isExportDeclaration(statement)) return [];
    const whole = statement.getFullText(file).trim();
    if (!ts.isVariableStatement(statement)) return [declare(nameOf(ts, statement) ?? "", whole)];
    const comment = file.text.slice(statement.pos, statement.getStart(file)).trim();
    const { declarationList } = statement;
    const keyword = (declarationList.flags & ts.NodeFlags.Const) !== 0 ? "const" : "let";
    return declarationList.declarations.map((declaration) =>
      declare(declaration.name.getText(file), `${comment === "" ? "" : `${comment}\n`}declare ${keyword} ${declaration.getText(file)};`));
  });
}

/** The name of a function, class, interface, type, enum or namespace; undefined for `declare global` and `declare module "x"`. */
function nameOf(ts: Typescript, statement: ts.Statement): string | undefined {
  if (ts.isModuleDeclaration(statement)) return ts.isIdentifier(statement.name) && statement.name.text !== "global" ? statement.name.text : undefined;
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)
    || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement);
  return named ? statement.name?.text : undefined;
}

function splitImport(ts: Typescript, { importClause, moduleSpecifier }: ts.ImportDeclaration, declare: (name: string, text: string) => Declaration): Declaration[] {
  const from = `from ${moduleSpecifier.getText()};`;
  if (importClause === undefined) return [];
  const { name, namedBindings } = importClause;
  const type = importClause.isTypeOnly ? "type " : "";
  const parts = name === undefined ? [] : [declare(name.text, `import ${type}${name.text} ${from}`)];
  if (namedBindings === undefined) return parts;
  if (ts.isNamespaceImport(namedBindings)) return [...parts, declare(namedBindings.name.text, `import ${type}${namedBindings.getText()} ${from}`)];
  return [...parts, ...namedBindings.elements.map((element) => declare(element.name.text, `import ${type}{ ${element.getText()} } ${from}`))];
}

export interface Declarations {
  /** Of all that is kept. */
  text(): string;
  names(): ReadonlySet<string>;
  /** The statements that declared a name, as they were typed. */
  sourceOf(name: string): string | undefined;
  /** Adds a cell's; what it declares anew goes. */
  keep(declarations: readonly Declaration[]): void;
  reset(): void;
}

export function createDeclarations(): Declarations {
  let kept: Declaration[] = [];
  let text: string | undefined;
  return {
    text: () => (text ??= kept.map((declaration) => declaration.text).join("\n")),
    names: () => new Set(kept.map(({ name }) => name)),
    sourceOf(name) {
      const sources = kept.flatMap((declaration) => (declaration.name === name && declaration.source !== undefined ? [declaration.source] : []));
      return sources.length === 0 ? undefined : [...new Set(sources)].join("\n");
    },
    keep(declarations) {
      if (declarations.length === 0) return;
      kept = [...withoutReplaced(kept, declarations), ...declarations];
      text = undefined;
    },
    reset() {
      [kept, text] = [[], undefined];
    },
  };
}

function withoutReplaced(kept: readonly Declaration[], added: readonly Declaration[]): Declaration[] {
  const by = new Map<string, Meaning>();
  for (const { name, value, type } of added) {
    const known = by.get(name);
    by.set(name, { value: value || known?.value === true, type: type || known?.type === true });
  }
  const texts = new Set(added.map(({ text }) => text));
  return kept.flatMap((declaration): Declaration[] => {
    // Of what has no name, `declare global` for example, the same text need not stand twice.
    if (declaration.name === "") return texts.has(declaration.text) ? [] : [declaration];
    const { value = false, type = false } = by.get(declaration.name) ?? {};
    if (!(declaration.value && value) && !(declaration.type && type)) return [declaration];
    // A class whose name is an interface now: its value is still there.
    if (declaration.value && !value) return [{ name: declaration.name, value: true, type: false, text: `declare let ${declaration.name}: ${ANY};` }];
    return [];
  });
}

/** The name's meanings in a checked cell. */
export function meaningIn(ts: Typescript, checker: ts.TypeChecker, symbol: ts.Symbol | undefined): Meaning {
  if (symbol === undefined) return { value: true, type: true };
  const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
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
export function sourcesByName(ts: Typescript, file: ts.SourceFile, original: (start: number, end: number) => string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const statement of file.statements.slice(1)) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText(file)) : [nameOf(ts, statement) ?? ""];
    const source = original(statement.getFullStart() - PREFIX.length, statement.end - PREFIX.length).trim();
    for (const name of names) if (name !== "") sources.set(name, [sources.get(name), source].filter((part) => part !== undefined).join("\n"));
  }
  return sources;
}
