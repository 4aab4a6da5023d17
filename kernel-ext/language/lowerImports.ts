/** Imports become calls of __import, whose contract is in types.ts: in every converted text, a cell's or a module's. */
import type { ts, Typescript } from "./typescript.js";

type Transformer = ts.TransformerFactory<ts.SourceFile>;

export interface ImportLowering {
  /** `import(x)` and import.meta, before types are gone. */
  before: Transformer;
  /** What TypeScript's CommonJS requires for static imports is awaited. */
  after: Transformer;
  /** After the last: whether the text awaits at its top level. */
  isAsync(): boolean;
}

/** `ownFile`: the path of the user's file that a specifier means. */
export function lowerImports(ts: Typescript, ownFile: (specifier: string) => string | undefined): ImportLowering {
  let isAsync = false;
  const after: Transformer = (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      if (isFunctionLike(ts, node)) return node;
      if (!isEmittedRequire(ts, node)) return ts.visitEachChild(node, visit, context);
      const [specifier] = node.arguments;
      if (specifier === undefined || !ts.isStringLiteral(specifier)) return node;
      return awaitedImport(ts, ownFile(specifier.text) ?? specifier.text);
    };
    const lowered = ts.visitEachChild(file, visit, context);
    isAsync = awaits(ts, lowered);
    return lowered;
  };
  return { before: dynamicImports(ts, ownFile), after, isAsync: () => isAsync };
}

/** `await __import("specifier")`, or with `namespace` the module as `import *` has it. */
export function awaitedImport(ts: Typescript, specifier: string, namespace = false): ts.AwaitExpression {
  return ts.factory.createAwaitExpression(callImport(ts, ts.factory.createStringLiteral(specifier), namespace));
}

function callImport(ts: Typescript, specifier: ts.Expression, namespace: boolean): ts.CallExpression {
  const flags = namespace ? [ts.factory.createTrue()] : [];
  return ts.factory.createCallExpression(ts.factory.createIdentifier("__import"), undefined, [specifier, ...flags]);
}

export function dynamicImports(ts: Typescript, ownFile: (specifier: string) => string | undefined): Transformer {
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        const visited = node.arguments.map((argument) => ts.visitNode(argument, visit) as ts.Expression);
        const [specifier = ts.factory.createVoidZero()] = visited;
        const path = ts.isStringLiteralLike(specifier) ? ownFile(specifier.text) : undefined;
        return ts.setTextRange(callImport(ts, path === undefined ? specifier : ts.factory.createStringLiteral(path), true), node);
      }
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
        return ts.setTextRange(ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier("__import"), "meta"), node);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitEachChild(file, visit, context);
  };
}

/** TypeScript's own `require`, which unlike the user's stands nowhere in the text. */
function isEmittedRequire(ts: Typescript, node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return false;
  return node.expression.text === "require" && node.expression.pos < 0;
}

/** Whether an await stands outside of every function. */
export function awaits(ts: Typescript, node: ts.Node): boolean {
  if (isFunctionLike(ts, node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  return ts.forEachChild(node, (child) => awaits(ts, child) || undefined) === true;
}

export function isFunctionLike(ts: Typescript, node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node);
}
