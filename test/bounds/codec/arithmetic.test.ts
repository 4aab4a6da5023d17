import assert from "node:assert/strict";
import test from "node:test";
import { decodeExactly, decodeValues, encodeValues } from "../../../lib/bounds/codec/arithmetic.js";
import { randomIndices, uniforms } from "../../../lib/support/random.js";

test("values of a known distribution cost its entropy, and what learning the counts costs", () => {
  const shares = [0.7, 0.2, 0.06, 0.04], n = 20_000;
  const values = Uint8Array.from(uniforms(n, 3), (u) => (u < 0.7 ? 0 : u < 0.9 ? 1 : u < 0.96 ? 2 : 3));
  const counts = [0, 1, 2, 3].map((value) => values.filter((one) => one === value).length);
  const entropy = -counts.reduce((sum, count) => sum + count * Math.log2(count / n), 0);
  const bits = 8 * encodeValues(values, shares.length).length;
  assert.ok(bits >= entropy && bits <= entropy + 3 * Math.log2(n) + 16, `${bits} bits, entropy ${entropy.toFixed(0)}`);
});

test("the counts are halved in long runs, and everything comes back", () => {
  const index = randomIndices(4);
  const values = Uint8Array.from({ length: 150_000 }, (_unused, i) => (i < 100_000 ? 0 : index(256)));
  assert.deepEqual(decodeValues(encodeValues(values, 256), values.length, 256), values);
});

test("no bytes at all are some values: the reader supplies zeros", () => {
  assert.deepEqual(decodeValues(new Uint8Array(0), 4, 3), Uint8Array.from([0, 0, 0, 0]));
});

test("bytes that are no coding of what they give are refused", () => {
  const bytes = encodeValues(Uint8Array.from([1, 2, 0, 1]), 3);
  assert.deepEqual(decodeExactly(bytes, 4, { levels: 3, where: "f" }), Uint8Array.from([1, 2, 0, 1]));
  assert.throws(() => decodeExactly(Uint8Array.from([...bytes, 1]), 4, { levels: 3, where: "f" }), /f: its coded numbers are not what d90 writes/);
});
