/** Places in a text of which parts were replaced, and in the original. */

/** original.slice(start, end) became `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** `edits` in order, without overlap. */
export function applyEdits(original: string, edits: readonly Edit[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const { start, end, text } of edits) {
    parts.push(original.slice(at, start), text);
    at = end;
  }
  return parts.join("") + original.slice(at);
}

/** Where an offset of the edited text lies in the original. What stands inside a replacement belongs to its beginning. */
export function toOriginal(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    const from = start + shift;
    if (offset < from) break;
    if (offset < from + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

/** Where an offset of the original lies in the edited text; null inside what was replaced and at its end. */
export function toEdited(edits: readonly Edit[], offset: number): number | null {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (offset <= start) break;
    if (offset <= end) return null;
    shift += text.length - (end - start);
  }
  return offset + shift;
}

export interface Place {
  offset: number;
  line: number;
  column: number;
}

/** Line and column, both from 0. An offset beyond the end is the end. */
export function placeOf(text: string, offset: number): Place {
  const at = Math.max(0, Math.min(offset, text.length));
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { offset: at, line: before.split("\n").length - 1, column: at - lineStart };
}
