import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openSafetensors, readSafetensors, SafetensorsError, writeSafetensors } from "../../lib/models/safetensors.js";
import { safetensorsBytes } from "./safetensors-bytes.js";

const folder = mkdtempSync(join(tmpdir(), "d90-safetensors-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "model.safetensors");

test("what is written is read back bit by bit, in order, with its metadata", async () => {
  const values = Float32Array.from([1.5, -0, NaN, Infinity, 1e-45, 3.4e38]);
  await writeSafetensors(path, { b: { shape: [2, 3], values }, "a/ä\"": { shape: [], values: Float32Array.of(7) }, none: { shape: [0, 4], values: new Float32Array() } }, { note: "x" });
  const { tensors, metadata } = await readSafetensors(path);
  assert.deepEqual(Object.keys(tensors).sort(), ["a/ä\"", "b", "none"]);
  const read = tensors.b!.values;
  assert.deepEqual(new Uint8Array(read.buffer, read.byteOffset, read.byteLength), new Uint8Array(values.buffer));
  assert.deepEqual([tensors.b!.shape, tensors["a/ä\""]!.shape, tensors.none!.shape], [[2, 3], [], [0, 4]]);
  assert.deepEqual(metadata, { note: "x" });
  assert.deepEqual(readdirSync(folder), ["model.safetensors"]);
});

test("a view into a larger array is written as the view alone, and the tensors' bytes are aligned", async () => {
  await writeSafetensors(path, { view: { shape: [2], values: Float32Array.of(1, 2, 3, 4).subarray(1, 3) } });
  const { tensors } = await readSafetensors(path);
  assert.deepEqual([...tensors.view!.values], [2, 3]);
  assert.equal(Number(readFileSync(path).readBigUInt64LE()) % 8, 0);
});

test("values that do not fill their shape and the reserved name are refused, and nothing is written", async () => {
  const before = readFileSync(path);
  await assert.rejects(writeSafetensors(path, { w: { shape: [2, 2], values: new Float32Array(3) } }), /w of shape \[2,2\] must have 4 values, got 3/);
  await assert.rejects(writeSafetensors(path, { __metadata__: { shape: [], values: new Float32Array(1) } }), RangeError);
  assert.deepEqual(readFileSync(path), before);
});

test("F16 and BF16 become the float32 of the same value", async () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x3555);
  const brains = Uint16Array.of(0x3f80, 0xc000, 0x7f7f, 0x0001, 0x8000, 0xff80, 0x3eab);
  writeFileSync(path, safetensorsBytes([["h", "F16", [7], new Uint8Array(halves.buffer)], ["b", "BF16", [7], new Uint8Array(brains.buffer)]]));
  const { tensors } = await readSafetensors(path);
  assert.deepEqual([...tensors.h!.values], [1, -2, 65504, 2 ** -24, -0, Infinity, Math.fround(0.333251953125)]);
  assert.deepEqual([...tensors.b!.values], [1, -2, 3.3895313892515355e38, 2 ** -133, -0, -Infinity, Math.fround(0.333984375)]);
});

test("other types are listed but not read", async () => {
  writeFileSync(path, safetensorsBytes([["position_ids", "I64", [1, 2], new Uint8Array(16)], ["w", "F32", [1], new Uint8Array(4)]]));
  const file = await openSafetensors(path);
  try {
    const [ids, w] = file.entries;
    assert.equal(ids!.dtype, "I64");
    assert.deepEqual([...await file.read(w!)], [0]);
    await assert.rejects(file.read(ids!), /model\.safetensors: tensor "position_ids": dtype must be F32, F16 or BF16, got I64/);
  } finally {
    await file.close();
  }
});

test("a file that shrinks after it was opened is an error, not zeros", async () => {
  await writeSafetensors(path, { w: { shape: [100], values: new Float32Array(100).fill(1) } });
  const file = await openSafetensors(path);
  try {
    truncateSync(path, 200);
    await assert.rejects(file.read(file.entries[0]!), (error) => error instanceof SafetensorsError && /it is truncated/.test(error.message));
  } finally {
    await file.close();
  }
});
