/** Lines of text files, read as a stream: a corpus may be larger than memory. */
import { createReadStream } from "node:fs";
import { UsageError } from "../support/checks.js";

/** A longer line is no text that a person wrote, and would have to be held in memory. */
const longestLine = 2 ** 24;
const lineFeed = 0x0a;

/**
 * The lines of a UTF-8 file, without line ends and without a byte-order mark.
 * @throws {UsageError} naming file and line: bytes that are no UTF-8, a zero byte (a binary file), a line of more than 16 MiB.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      yield decoded(bytes.subarray(start, end), path, line++);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > longestLine) throw new UsageError(`${path}, line ${line}: longer than 16 MiB; is it text? Break it into lines.`);
  }
  if (rest.length > 0) yield decoded(rest, path, line);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decoded(bytes: Uint8Array, path: string, line: number): string {
  if (bytes.includes(0)) throw new UsageError(`${path}, line ${line}: holds a zero byte, so it is no text; take the file out of the corpus.`);
  try {
    return decoder.decode(bytes).replace(/\r$/, "");
  } catch {
    throw new UsageError(`${path}, line ${line}: is not valid UTF-8; convert the file (iconv -f latin1 -t utf-8) or take it out.`);
  }
}
