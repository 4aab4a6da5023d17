import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLines } from "../../lib/tasks/text.js";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)));

test("lines end in line feeds with or without a carriage return, and the last may lack it", () => {
  assert.deepEqual(decodeLines(bytes("\uFEFFa\r\nb\n\nc"), "x"), ["a", "b", "", "c"]);
  assert.deepEqual(decodeLines(bytes("a\n\n\n"), "x"), ["a"]);
  assert.deepEqual(decodeLines(bytes(""), "x"), []);
});

test("a line in another encoding among lines in UTF-8 is named", () => {
  const mixed = bytes("caf\u00e9\n", "caf", [0xe9], "\n");
  assert.throws(() => decodeLines(mixed, "x.csv"), { name: "UsageError", message: /^x\.csv:2: not UTF-8.*iconv.*joined from several encodings/ });
});

test("UTF-16 is told apart", () => {
  for (const mark of [[0xff, 0xfe], [0xfe, 0xff]]) {
    assert.throws(() => decodeLines(bytes(mark, "a"), "x.csv"), { message: /^x\.csv: is UTF-16, and must be UTF-8\. .*iconv -f UTF-16/ });
  }
});
