import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSafetensors, SafetensorsError } from "../../lib/models/safetensors.js";
import { randomIndices } from "../../lib/support/random.js";
import { safetensorsBytes, withHeader } from "./safetensors-bytes.js";

const folder = mkdtempSync(join(tmpdir(), "d90-header-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "hostile.safetensors");

const f32 = (shape: unknown, data_offsets: unknown): object => ({ dtype: "F32", shape, data_offsets });
const eight = new Uint8Array(8);

const hostile: [string, Buffer, RegExp][] = [
  ["an empty file", Buffer.alloc(0), /0 bytes long/],
  ["a file of seven bytes", Buffer.alloc(7), /7 bytes long/],
  ["a header of 2^60 bytes", withHeader({}, eight, 2n ** 60n), /claims 1152921504606846976 bytes, but the file has 18 bytes/],
  ["a header of 2^64 - 1 bytes", withHeader({}, eight, 2n ** 64n - 1n), /claims 18446744073709551615 bytes/],
  ["a header one byte longer than the file", withHeader({}, undefined, 3n), /claims 3 bytes, but the file has 10 bytes/],
  ["a header that is no JSON", withHeader("{\"a\": nonsense}"), /its header is no JSON/],
  ["a header that is no UTF-8", Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0xc3, 0x28])]), /its header is no JSON/],
  ["an empty header", withHeader(""), /its header is no JSON/],
  ["a header that is an array", withHeader([1]), /must be a JSON object, got \[1\]/],
  ["deep nesting", withHeader("[".repeat(200_000)), /its header is no JSON|must be a JSON object/],
  ["a tensor named twice", withHeader(`{"w":${JSON.stringify(f32([1], [0, 4]))},"\\u0077":${JSON.stringify(f32([1], [4, 8]))}}`, eight), /names "w" twice/],
  ["an offset named twice", withHeader("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4],\"data_offsets\":[0,8]}}", eight), /names "data_offsets" twice/],
  ["an entry that is a number", withHeader({ w: 3 }), /tensor "w": its entry must be an object, got 3/],
  ["a type that does not exist", withHeader({ w: { dtype: "F33", shape: [2], data_offsets: [0, 8] } }, eight), /tensor "w": dtype must be one of .*, got "F33"/],
  ["a type from the prototype", withHeader({ w: { dtype: "toString", shape: [2], data_offsets: [0, 8] } }, eight), /dtype must be one of/],
  ["a negative size", withHeader({ w: f32([-2], [0, 8]) }, eight), /tensor "w": shape must be an array of sizes, got \[-2\]/],
  ["a fractional size", withHeader({ w: f32([0.5, 4], [0, 8]) }, eight), /shape must be an array of sizes/],
  ["a size of 2^53", withHeader({ w: f32([2 ** 53], [0, 8]) }, eight), /shape must be an array of sizes/],
  ["sizes whose product overflows", withHeader({ w: f32([2 ** 40, 2 ** 40], [0, 8]) }, eight), /tensor "w": F32 .* takes 4\.\d+e\+24 bytes, but data_offsets span 8/],
  ["sizes whose product is infinite", withHeader({ w: f32(new Array(40).fill(2 ** 40), [0, 8]) }, eight), /takes Infinity bytes/],
  ["an end before the beginning", withHeader({ w: f32([0], [8, 4]) }, eight), /data_offsets must be \[begin, end\] with begin <= end/],
  ["three offsets", withHeader({ w: f32([2], [0, 4, 8]) }, eight), /data_offsets must be/],
  ["no offsets", withHeader({ w: { dtype: "F32", shape: [2] } }, eight), /data_offsets must be .*got undefined/],
  ["a tensor beyond the file", withHeader({ w: f32([2 ** 38], [0, 2 ** 40]) }, eight), /tensor "w" ends at byte 1099511627\d+, but the file has \d+; it is truncated/],
  ["overlapping tensors", withHeader({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, eight), /tensor "b" overlaps the tensor before it/],
  ["the same bytes twice", withHeader({ a: f32([2], [0, 8]), b: f32([2], [0, 8]) }, eight), /overlaps the tensor before it/],
  ["a gap at the start", withHeader({ w: f32([1], [4, 8]) }, eight), /tensor "w" leaves 4 bytes unused before it/],
  ["a gap in between", withHeader({ a: f32([1], [0, 4]), b: f32([1], [8, 12]) }, Buffer.alloc(12)), /tensor "b" leaves 4 bytes unused/],
  ["bytes after the last tensor", withHeader({ w: f32([1], [0, 4]) }, eight), /has 4 bytes after its last tensor/],
  ["metadata that is no text", withHeader({ __metadata__: { a: 1 }, w: f32([2], [0, 8]) }, eight), /__metadata__ must map text to text/],
];

for (const [name, bytes, message] of hostile) {
  test(`${name} is refused with the file's name and the reason`, async () => {
    writeFileSync(path, bytes);
    await assert.rejects(readSafetensors(path), (error) => {
      assert.ok(error instanceof SafetensorsError, String(error));
      assert.ok(error.message.startsWith(`${path}: `) && error.message.length < path.length + 500, error.message);
      assert.match(error.message, message);
      return true;
    });
  });
}

test("a tensor called __proto__ is a tensor", async () => {
  writeFileSync(path, withHeader(`{"__proto__":${JSON.stringify(f32([2], [0, 8]))}}`, eight));
  assert.deepEqual(Object.keys((await readSafetensors(path)).tensors), ["__proto__"]);
});

test("a file cut anywhere is refused", async () => {
  const whole = safetensorsBytes([["a", "F32", [3], new Uint8Array(12)], ["b", "F16", [2, 2], new Uint8Array(8)]]);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    await assert.rejects(readSafetensors(path), SafetensorsError, `cut to ${length} of ${whole.length}`);
  }
});

test("fuzzed files are read or refused, with never another error", async () => {
  const whole = safetensorsBytes([["a", "F32", [3], new Uint8Array(12)], ["b", "BF16", [2, 2], new Uint8Array(8)], ["c", "I64", [1], new Uint8Array(8)]]);
  const index = randomIndices(1);
  const bites = ["{", "}", "[", "]", "\"", ",", ":", "-", "9", "e", "\\", "\u0000", "99999999999999999999"];
  let refused = 0;
  for (let round = 0; round < 1500; round++) {
    let bytes = Buffer.from(whole);
    for (let change = index(3); change >= 0; change--) {
      const at = index(bytes.length);
      if (index(2) === 0) bytes[at] = index(256);
      else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(bites[index(bites.length)]!), bytes.subarray(at + index(3))]);
    }
    writeFileSync(path, bytes);
    await readSafetensors(path).catch((error: unknown) => {
      assert.ok(error instanceof SafetensorsError, `round ${round}: ${String(error)}`);
      refused++;
    });
  }
  assert.ok(refused > 1000, `${refused} of 1500`);
});
