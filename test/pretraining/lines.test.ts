import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { linesOf } from "../../lib/pretraining/lines.js";
import { all, withFiles } from "./corpora.js";

const linesIn = (content: string | Uint8Array): Promise<string[]> => withFiles({ "a.txt": content }, (folder) => all(linesOf(join(folder, "a.txt"))));

test("lines come without line ends and without a byte-order mark, the last one too", async () => {
  assert.deepEqual(await linesIn("\ufeffone\r\ntwo\n\nthree"), ["one", "two", "", "three"]);
  assert.deepEqual(await linesIn(""), []);
});

test("lines that cross the reader's chunks stay whole, letters of several bytes too", async () => {
  const lines = Array.from({ length: 300 }, (_unused, i) => `${i} ${"日本語é".repeat(900)}`);
  assert.deepEqual(await linesIn(lines.join("\n")), lines);
});

test("bytes that are no UTF-8, and zero bytes, are refused by file and line", async () => {
  await assert.rejects(linesIn(Uint8Array.from([65, 10, 66, 0xff, 10])), /a\.txt, line 2: is not valid UTF-8; convert the file/);
  await assert.rejects(linesIn(Uint8Array.from([65, 10, 66, 10, 0, 1])), /a\.txt, line 3: holds a zero byte, so it is no text/);
});

test("a line that no person wrote is refused before it fills the memory", async () => {
  await assert.rejects(linesIn(new Uint8Array(2 ** 24 + 2 ** 21).fill(65)), /line 1: longer than 16 MiB; is it text\?/);
});
