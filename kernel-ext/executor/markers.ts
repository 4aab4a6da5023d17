/**
 * Marks inside the child's standard streams. They say whose output follows and keep messages in their place among the
 * text; a random token per child keeps them apart from anything that users print. The supervisor takes them out.
 */

export type Mark =
  /** What follows belongs to this cell. */
  | { kind: "cell"; value: number }
  /** Message number `value` stands here. */
  | { kind: "message"; value: number };

const LETTERS = { cell: "c", message: "m" } as const;
const END = 0x07;
/** More digits than a number has: something else than a mark follows. */
const LONGEST = 20;

const prefixOf = (token: string): string => `\x1b_d90:${token}:`;

/** The bytes of a mark. */
export function encodeMark(token: string, mark: Mark): string {
  return `${prefixOf(token)}${LETTERS[mark.kind]}${mark.value}\x07`;
}

/** Splits a stream into the bytes that were printed and marks, whatever chunks they come in. */
export function createMarkReader(token: string, onBytes: (bytes: Buffer) => void, onMark: (mark: Mark) => void): {
  push(chunk: Buffer): void;
  end(): void;
} {
  const prefix = Buffer.from(prefixOf(token), "latin1");
  let carry: Buffer | null = null;
  const emit = (bytes: Buffer): void => { if (bytes.length > 0) onBytes(bytes); };

  function push(chunk: Buffer): void {
    let rest = carry === null ? chunk : Buffer.concat([carry, chunk]);
    carry = null;
    for (;;) {
      const at = rest.indexOf(prefix);
      if (at < 0) {
        const kept = partialLength(rest, prefix);
        emit(rest.subarray(0, rest.length - kept));
        if (kept > 0) carry = Buffer.from(rest.subarray(rest.length - kept));
        return;
      }
      emit(rest.subarray(0, at));
      const end = rest.indexOf(END, at + prefix.length);
      if (end < 0 && rest.length - at < prefix.length + LONGEST) {
        carry = Buffer.from(rest.subarray(at));
        return;
      }
      const from = at + prefix.length;
      const mark = end < 0 ? null : parseMark(rest.toString("latin1", from, Math.min(end, from + LONGEST)));
      if (mark === null) {
        emit(rest.subarray(at, at + prefix.length));
        rest = rest.subarray(at + prefix.length);
      } else {
        onMark(mark);
        rest = rest.subarray(end + 1);
      }
    }
  }
  return { push, end: () => { if (carry !== null) emit(carry); carry = null; } };
}

function parseMark(text: string): Mark | null {
  const value = Number(text.slice(1));
  if (!/^[cm]\d+$/.test(text)) return null;
  return { kind: text[0] === LETTERS.cell ? "cell" : "message", value };
}

/** How many of the last bytes may be the beginning of `prefix`. */
function partialLength(bytes: Buffer, prefix: Buffer): number {
  const from = Math.max(0, bytes.length - prefix.length + 1);
  for (let at = bytes.indexOf(prefix[0]!, from); at >= 0; at = bytes.indexOf(prefix[0]!, at + 1)) {
    if (prefix.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return bytes.length - at;
  }
  return 0;
}
