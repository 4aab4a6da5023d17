import assert from "node:assert/strict";
import test from "node:test";
import { createMarkReader, encodeMark, type Mark } from "../../../kernel-ext/executor/markers.js";

function readIn(size: number, bytes: Buffer): (string | Mark)[] {
  const got: (string | Mark)[] = [];
  const reader = createMarkReader("0123", (part) => {
    const before = got.at(-1);
    if (typeof before === "string") got[got.length - 1] = before + part.toString("latin1");
    else got.push(part.toString("latin1"));
  }, (mark) => got.push(mark));
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  reader.end();
  return got;
}

const cell: Mark = { kind: "cell", value: 12 };
const message: Mark = { kind: "message", value: 3_456 };

for (const size of [1, 2, 7, 1_000]) {
  test(`marks are taken out of text in chunks of ${size} bytes`, () => {
    const text = `a${encodeMark("0123", cell)}b\x1b[31mc${encodeMark("0123", message)}${encodeMark("0123", cell)}d`;
    assert.deepEqual(readIn(size, Buffer.from(text)), ["a", cell, "b\x1b[31mc", message, cell, "d"]);
  });

  test(`text that only begins like a mark is kept, in chunks of ${size} bytes`, () => {
    const text = `${encodeMark("9999", cell)}\x1b_d90:0123:x1\x07\x1b_d90:0123:${"c".repeat(40)}\x1b_d90:01`;
    assert.deepEqual(readIn(size, Buffer.from(text)), [text]);
  });
}
