import assert from "node:assert/strict";
import test from "node:test";
import { createFrameReader, encodeFrame } from "../../../kernel-ext/executor/frames.js";

const values = [{ a: 1 }, "text", [new Uint8Array([1, 2, 3])], null, { big: "x".repeat(200_000) }, 7n];

for (const size of [1, 3, 1_000, 1_000_000]) {
  test(`values arrive whole and in order in chunks of ${size} bytes`, () => {
    const bytes = Buffer.concat(values.slice(0, size === 1 ? 4 : 6).map(encodeFrame));
    const got: unknown[] = [];
    const read = createFrameReader((value) => got.push(value));
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
    assert.deepEqual(got, values.slice(0, size === 1 ? 4 : 6));
  });
}

test("what cannot be sent is an error at once", () => {
  assert.throws(() => encodeFrame({ f: () => 1 }), /could not be cloned/);
});
