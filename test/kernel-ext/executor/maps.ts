/** Source maps for tests. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number as source maps have it: base 64, the sign in the last bit. */
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[digit | (rest > 0 ? 32 : 0)];
  } while (rest > 0);
  return text;
}

/** Maps each column of `js` to itself in a source that has `above` more lines before it (types, say, that are erased). */
export function identityMap(js: string, above = 0): string {
  let line = 0;
  let column = 0;
  const mappings = js.split("\n").map((text, index) => Array.from({ length: text.length + 1 }, (_, at) => {
    const segment = vlq(at === 0 ? 0 : 1) + vlq(0) + vlq(index + above - line) + vlq(at - column);
    [line, column] = [index + above, at];
    return segment;
  }).join(",")).join(";");
  return JSON.stringify({ version: 3, sources: ["cell.ts"], names: [], mappings });
}
