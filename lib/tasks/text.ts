/** From bytes to lines of text, with an error that names the line where the bytes are no UTF-8. */
import { UsageError } from "../support/checks.js";

/** Lines without their ends (line feed, with or without a carriage return); blank lines after the last row are no rows. */
export function decodeLines(bytes: Uint8Array, file: string): string[] {
  const lines = decode(bytes, file).split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Text of UTF-8 bytes without a byte-order mark. @throws {UsageError} that names the first line that is not UTF-8. */
export function decode(bytes: Uint8Array, file: string): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) throw new UsageError(`${file}: is UTF-16, and must be UTF-8. Convert it, e.g. by iconv -f UTF-16 -t UTF-8.`);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UsageError(
      `${file}:${firstBrokenLine(bytes)}: not UTF-8. Convert the file, e.g. by iconv -f WINDOWS-1252 -t UTF-8; ` +
        "where only some lines are broken, the file was joined from several encodings: convert its parts.",
    );
  }
}

/** Number of the first line that is not UTF-8; a line feed's byte is part of no other character. */
function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return 1;
}
