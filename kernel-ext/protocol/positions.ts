/** The protocol counts code points, JavaScript UTF-16 units; they differ after every astral character. */

/** The UTF-16 offset of code point `position` in `text`; beyond either end, that end. */
export function unitOffset(text: string, position: number): number {
  let units = 0;
  let points = 0;
  for (const character of text) {
    if (points >= position) break;
    units += character.length;
    points++;
  }
  return units;
}

/** The number of code points in front of UTF-16 offset `offset` of `text`. */
export function pointPosition(text: string, offset: number): number {
  return [...text.slice(0, Math.max(0, offset))].length;
}
