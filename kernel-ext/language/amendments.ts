/**
 * Places at which the compiler is another than tslab ships it, for the time that a notebook's start and its cells take. Each place is a
 * piece of its text. Where one of them is not found, as in another version, the compiler stays as it was: slower or with fewer types, and no less right.
 */

import { applyEdits } from "./edits.js";

/** Pieces of text and what stands in their stead: all of them, or none. */
type Amendment = readonly (readonly [before: string, after: string])[];

/** A program makes its own checker, with no way to give it one, and the checker is most of a small cell's time: checkers.ts shares one. */
const sharedChecker: Amendment = [
  ["typeChecker = createTypeChecker(program)", "typeChecker = (host.createTypeChecker || createTypeChecker)(program)"],
];

/**
 * Two thirds of Node's declarations are comments. To parse them all takes a quarter of the start, and who inspects a name asks for one: so
 * in declaration files they are parsed when they are looked at. Until then a node has an empty list, always the same one. (What
 * is deprecated lacks its node's flag, which only suggestions read: completion and inspection look at the comment.)
 */
const lateComments: Amendment = [
  [
    "const jsDoc = mapDefined(getJSDocCommentRanges(node, sourceText), (comment) => JSDocParser",
    `if (fileName.endsWith(".d.ts")) {
            node.jsDoc = d90LateComments;
            return node;
          }
          const jsDoc = mapDefined(getJSDocCommentRanges(node, sourceText), (comment) => JSDocParser`,
  ],
  [
    "function getJSDocCommentsAndTags(hostNode, noCache) {",
    `var d90LateComments = [];
  function d90WithComments(node) {
    if (node.jsDoc === d90LateComments) {
      const { text } = getSourceFileOfNode(node);
      node.jsDoc = mapDefined(getJSDocCommentRanges(node, text), ({ pos, end }) => {
        const { jsDoc } = parseIsolatedJSDocComment(text, pos, end - pos) || {};
        return jsDoc && setParent(jsDoc, node);
      });
    }
    return node;
  }
  function getJSDocCommentsAndTags(hostNode, noCache) {`,
  ],
  ["while (node && node.parent) {\n      if (hasJSDocNodes(node)) {", "while (node && node.parent) {\n      if (hasJSDocNodes(d90WithComments(node))) {"],
];

/** As packages are looked up here, the compiler takes no notice of `require`; a program whose options say so (options.ts) types it. */
const typedRequire: Amendment = [
  ["return !!compilerOptions.noDtsResolution || getEmit", "return !!compilerOptions.d90Require || !!compilerOptions.noDtsResolution || getEmit"],
];

/** The compiler's text, as it is to be run. */
export function amend(text: string): string {
  const edits = [sharedChecker, lateComments, typedRequire].flatMap((pieces) => {
    const found = pieces.map(([before, after]) => ({ start: text.indexOf(before), end: text.indexOf(before) + before.length, text: after }));
    return found.some(({ start }) => start < 0) ? [] : found;
  });
  return applyEdits(text, edits.sort((a, b) => a.start - b.start));
}
