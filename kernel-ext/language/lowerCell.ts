/**
 * The cell's JavaScript, as a body of (exports, require, __import): imports are awaited, and each declaration is put on
 * `exports` when it has run, where the next cells find it.
 */
import { awaits, dynamicImports, isFunctionLike } from "./lowerImports.js";
import { lowerImport, lowerReexport, type Lowering } from "./lowerImport.js";
import type { ts, Typescript } from "./typescript.js";

type Transformer = ts.TransformerFactory<ts.SourceFile>;

export interface CellLowering {
  before: Transformer;
  /** Before tslab's own: types have left empty statements, behind which it would not find the last expression. */
  prune: Transformer;
  /** After tslab's own, which has put `exports.` before names of earlier cells and named the last expression. */
  after: Transformer;
  /** After the last: what the JavaScript declares, and whether it awaits. */
  result(): { names: string[]; isAsync: boolean };
}

interface Context {
  program: ts.Program;
  /** Where the names of earlier cells are declared. */
  declarationsPath: string;
  ownFile(specifier: string): string | undefined;
}

export function lowerCell(ts: Typescript, { program, declarationsPath, ownFile }: Context): CellLowering {
  const names = new Set<string>();
  let isAsync = false;
  const checker = program.getTypeChecker();
  const isEarlier = (name: ts.ShorthandPropertyAssignment): boolean => {
    const { declarations = [] } = checker.getShorthandAssignmentValueSymbol(name) ?? {};
    return declarations.some((node) => node.getSourceFile().fileName === declarationsPath);
  };
  const after: Transformer = () => (file) => {
    const exportName = (name: string, mutable: boolean): ts.Statement => {
      names.add(name);
      return exportStatement(ts, name, mutable);
    };
    const lowered = ts.factory.updateSourceFile(file, lowerStatements(ts, file, { ownFile, exportName }));
    isAsync = awaits(ts, lowered);
    return lowered;
  };
  const before: Transformer = (context) => (file) => longhand(ts, isEarlier)(context)(dynamicImports(ts, ownFile)(context)(file));
  const prune: Transformer = () => (file) =>
    ts.factory.updateSourceFile(file, file.statements.filter(({ kind }) => kind !== ts.SyntaxKind.NotEmittedStatement));
  return { before, prune, after, result: () => ({ names: [...names], isAsync }) };
}

/**
 * What tslab's `exports.` would break. `{x}` of an earlier cell's x becomes `{x: exports.x}`: in `{x}` it would not be seen. The x of
 * `const {x: y}` becomes "x": where an earlier cell has declared the type with this property, it would be taken for a name.
 */
function longhand(ts: Typescript, isEarlier: (node: ts.ShorthandPropertyAssignment) => boolean): Transformer {
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isBindingElement(node)) return ts.visitEachChild(quoteProperty(ts, node), visit, context);
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) return ts.visitEachChild(node, visit, context);
      const value = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier("exports"), node.name.text);
      const initial = node.objectAssignmentInitializer;
      const assigned = initial === undefined ? value
        : ts.factory.createAssignment(value, ts.visitNode(initial, visit) as ts.Expression);
      return ts.setTextRange(ts.factory.createPropertyAssignment(node.name.text, assigned), node);
    };
    return ts.visitEachChild(file, visit, context);
  };
}

function quoteProperty(ts: Typescript, node: ts.BindingElement): ts.BindingElement {
  const { dotDotDotToken, propertyName, name, initializer } = node;
  if (propertyName === undefined || !ts.isIdentifier(propertyName)) return node;
  return ts.factory.updateBindingElement(node, dotDotDotToken, ts.factory.createStringLiteral(propertyName.text), name, initializer);
}

function lowerStatements(ts: Typescript, file: ts.SourceFile, lowering: Lowering): ts.Statement[] {
  const { exportName } = lowering;
  const functions = file.statements.flatMap((node) => (ts.isFunctionDeclaration(node) ? node.name?.text ?? [] : []));
  const hoisted = [...new Set(functions)].map((name) => exportName(name, false));
  const inner = file.statements.flatMap((node) => (ts.isVariableStatement(node) ? [] : innerVariables(ts, node)));
  hoisted.push(...[...new Set(inner)].map((name) => exportName(name, true)));
  const lowered = file.statements.flatMap((node): ts.Statement[] => {
    if (ts.isImportDeclaration(node)) return lowerImport(ts, node, lowering);
    if (ts.isExportDeclaration(node)) return lowerReexport(ts, node);
    if (ts.isVariableStatement(node)) return lowerVariables(ts, node, exportName);
    if (ts.isClassDeclaration(node) && node.name !== undefined) return [node, exportName(node.name.text, false)];
    return [node];
  });
  return [...hoisted, ...lowered];
}

/** tslab's `export const tsLastExpr = ...`. */
function lastExpression(ts: Typescript, { declarationList }: ts.VariableStatement): ts.Statement[] {
  return declarationList.declarations.flatMap(({ name, initializer }) => {
    if (!ts.isIdentifier(name) || initializer === undefined) return [];
    const target = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier("exports"), name.text);
    return [ts.factory.createExpressionStatement(ts.factory.createAssignment(target, initializer))];
  });
}

function lowerVariables(ts: Typescript, node: ts.VariableStatement, exportName: Lowering["exportName"]): ts.Statement[] {
  if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true) return lastExpression(ts, node);
  const mutable = (node.declarationList.flags & ts.NodeFlags.Const) === 0;
  const names = node.declarationList.declarations.flatMap(({ name }) => boundNames(ts, name));
  return [node, ...names.map((name) => exportName(name, mutable))];
}

function boundNames(ts: Typescript, name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(ts, element.name) : []));
}

/** `var` in blocks and loops belongs to the whole cell. */
function innerVariables(ts: Typescript, node: ts.Node): string[] {
  if (isFunctionLike(ts, node)) return [];
  const own = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0
    ? node.declarations.flatMap(({ name }) => boundNames(ts, name)) : [];
  ts.forEachChild(node, (child) => { own.push(...innerVariables(ts, child)); });
  return own;
}

/**
 * `Object.defineProperty(exports, "x", ...)`: of what may be assigned later an accessor, so that the functions of this cell and
 * later cells share one variable, and loops of this cell use a local one.
 */
function exportStatement(ts: Typescript, name: string, mutable: boolean): ts.Statement {
  const { factory } = ts;
  const local = factory.createIdentifier(name);
  const yes = (key: string): ts.PropertyAssignment => factory.createPropertyAssignment(key, factory.createTrue());
  const getter = factory.createArrowFunction(undefined, undefined, [], undefined, undefined, local);
  const parameter = factory.createParameterDeclaration(undefined, undefined, "__value");
  const setter = factory.createArrowFunction(undefined, undefined, [parameter], undefined, undefined,
    factory.createAssignment(local, factory.createIdentifier("__value")));
  const descriptor = mutable
    ? [factory.createPropertyAssignment("get", getter), factory.createPropertyAssignment("set", setter)]
    : [factory.createPropertyAssignment("value", local), yes("writable")];
  const call = factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier("Object"), "defineProperty"), undefined,
    [factory.createIdentifier("exports"), factory.createStringLiteral(name),
      factory.createObjectLiteralExpression([...descriptor, yes("enumerable"), yes("configurable")])]);
  return factory.createExpressionStatement(call);
}
