/** A cell's static imports: constants for a module that is awaited and for what is taken from it. */
import { awaitedImport } from "./lowerImports.js";
import type { ts, Typescript } from "./typescript.js";

/** What lowering a statement needs. */
export interface Lowering {
  /** The path of the user's file that a specifier means. */
  ownFile(specifier: string): string | undefined;
  /** Puts a declared name on `exports`; `mutable`: it may be assigned later. */
  exportName(name: string, mutable: boolean): ts.Statement;
}

/** `import d, {a as b} from "m"`: a constant for the module, one for each name; all stay where they stand. */
export function lowerImport(ts: Typescript, node: ts.ImportDeclaration, { ownFile, exportName }: Lowering): ts.Statement[] {
  const { factory } = ts;
  if (!ts.isStringLiteral(node.moduleSpecifier)) return [node];
  const specifier = ownFile(node.moduleSpecifier.text) ?? node.moduleSpecifier.text;
  const { name, namedBindings } = node.importClause ?? {};
  if (node.importClause === undefined) return [at(ts, factory.createExpressionStatement(awaitedImport(ts, specifier)), node)];
  const module = factory.getGeneratedNameForNode(node);
  const all = namedBindings !== undefined && ts.isNamespaceImport(namedBindings);
  const constants = [...defaultImport(ts, { name, module, all }), ...bindings(ts, { namedBindings, module })];
  const declared = [[module, awaitedImport(ts, specifier, all)] as const, ...constants]
    .map(([local, value]) => factory.createVariableDeclaration(local, undefined, undefined, value));
  const list = factory.createVariableDeclarationList(declared, ts.NodeFlags.Const);
  return [at(ts, factory.createVariableStatement(undefined, list), node), ...constants.map(([local]) => exportName(local, false))];
}

/** A local name and its value. */
type Constant = readonly [string, ts.Expression];

function defaultImport(ts: Typescript, { name, module, all }: {
  name: ts.Identifier | undefined; module: ts.Identifier; all: boolean;
}): Constant[] {
  if (name === undefined) return [];
  return [[name.text, all ? ts.factory.createPropertyAccessExpression(module, "default") : defaultOf(ts, module)]];
}

function bindings(ts: Typescript, { namedBindings, module }: {
  namedBindings: ts.NamedImportBindings | undefined; module: ts.Identifier;
}): Constant[] {
  if (namedBindings === undefined) return [];
  if (ts.isNamespaceImport(namedBindings)) return [[namedBindings.name.text, module]];
  return namedBindings.elements.map((element): Constant => {
    const imported = (element.propertyName ?? element.name).text;
    const value = imported === "default" ? defaultOf(ts, module) : ts.factory.createPropertyAccessExpression(module, imported);
    return [element.name.text, value];
  });
}

const at = (ts: Typescript, statement: ts.Statement, node: ts.Node): ts.Statement => ts.setTextRange(statement, node);

/** The default of what require gives: an ES module has one, of CommonJS it is the whole. */
function defaultOf(ts: Typescript, module: ts.Identifier): ts.Expression {
  const { factory } = ts;
  const isModule = factory.createPropertyAccessChain(module, factory.createToken(ts.SyntaxKind.QuestionDotToken), "__esModule");
  const own = factory.createPropertyAccessExpression(module, "default");
  return factory.createConditionalExpression(isModule, undefined, own, undefined, module);
}

/** `export * from "m"` says nothing in a notebook; the list that was added for the compiler goes too. */
export function lowerReexport(ts: Typescript, { moduleSpecifier }: ts.ExportDeclaration): ts.Statement[] {
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  return [ts.factory.createExpressionStatement(awaitedImport(ts, moduleSpecifier.text))];
}
