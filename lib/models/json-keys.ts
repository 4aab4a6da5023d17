/** Repeated keys in JSON text, which JSON.parse accepts in silence. */

/** The first key that occurs twice in one object of `text`, or undefined. `text` must be valid JSON. */
export function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | null)[] = []; // the keys of each object around the position; null for an array
  const token = /["{}[\]]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === "{") open.push(new Set());
    else if (found === "[") open.push(null);
    else if (found !== "\"") open.pop();
    else {
      token.lastIndex = stringEnd(text, match.index);
      if (!isKey(text, token.lastIndex)) continue;
      const keys = open.at(-1), key = JSON.parse(text.slice(match.index, token.lastIndex)) as string;
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** The position after the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== "\"") end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

/** Whether the string that ends at `end` is followed by a colon. */
function isKey(text: string, end: number): boolean {
  while (/\s/.test(text.charAt(end))) end++;
  return text[end] === ":";
}
