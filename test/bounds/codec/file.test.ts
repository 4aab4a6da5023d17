import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { CodecError, decodeModel, encodeModel, type ModelFile } from "../../../lib/bounds/codec/index.js";
import { byteReader } from "../../../lib/bounds/codec/bytes.js";
import { decodePart, encodePart } from "../../../lib/bounds/codec/part.js";
import { randomIndices } from "../../../lib/support/random.js";
import { fileOf, quantisedVector } from "./vectors.js";

const sealed = (body: Uint8Array): Uint8Array => Buffer.concat([body, createHash("sha256").update(body).digest().subarray(0, 8)]);
const example = (): ModelFile => fileOf(quantisedVector(6), quantisedVector(13));

/** Numbers that a decoded file holds. */
const numbersOf = ({ parts }: ModelFile): number => parts.reduce((sum, { indices }) => sum + indices.length, 0);

test("10,000 random and adversarial vectors come back as they were, in files of at most what they are charged", () => {
  for (let i = 0; i < 10_000; i++) {
    const part = quantisedVector(i), file = fileOf(part), { bytes, bits } = encodeModel(file);
    assert.deepEqual(decodeModel(bytes), file, `vector ${i}`);
    assert.equal(bits.total, 8 * bytes.length);
    const headerBits = 8 * (4 + 4 + 8 + 32 + 2 + 5 + 13 + 5);
    assert.equal(bits.charged, bits.total - headerBits - 64, "all but description and checksum is charged");
    assert.ok(bits.charged >= 8 + bits.codebook);
  }
});

test("what is charged says itself where it ends, whatever follows: no code begins another, so Kraft's sum is at most 1", () => {
  const index = randomIndices(11);
  for (let i = 0; i < 1000; i++) {
    const part = quantisedVector(i), bytes = encodePart(part);
    const reader = byteReader(Uint8Array.from([...bytes, ...Array.from({ length: 40 }, () => index(256))]), "f");
    assert.deepEqual(decodePart(reader, "f"), part, `vector ${i}`);
    assert.equal(reader.at, bytes.length);
  }
});

test("several parts, and every field of the header, come back", () => {
  const { header, parts } = example();
  const other: ModelFile = { header: { ...header, method: "said", head: "free", labels: 3, seeds: { projection: 7, head: 0 }, maxLength: 512 }, parts };
  assert.deepEqual(decodeModel(encodeModel(other).bytes), other);
});

test("a file that was cut anywhere is refused in words", () => {
  const { bytes } = encodeModel(example());
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeModel(bytes.subarray(0, length), "f.d90"), (error) => error instanceof CodecError && error.message.startsWith("f.d90: "));
  }
});

test("a file with any one byte altered is refused", () => {
  const { bytes } = encodeModel(example());
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 128, 255]) {
      const altered = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ flip : byte));
      assert.throws(() => decodeModel(altered), CodecError, `byte ${at}`);
    }
  }
});

test("hostile files with a right checksum never crash, and give at most 16 numbers a byte", () => {
  const { bytes } = encodeModel(example());
  const body = bytes.subarray(0, -8), index = randomIndices(9);
  let accepted = 0;
  for (let i = 0; i < 4000; i++) {
    const hostile = Uint8Array.from(body);
    for (let edit = index(4); edit >= 0; edit--) hostile[i % 4 === 0 ? index(body.length) : 73 + index(body.length - 73)] = index(256);
    const cut = i % 5 === 0 ? hostile.subarray(0, index(body.length) + 1) : hostile;
    try {
      assert.ok(numbersOf(decodeModel(sealed(cut))) <= 16 * cut.length);
      accepted++;
    } catch (error) {
      assert.ok(error instanceof CodecError, String(error));
    }
  }
  assert.ok(accepted > 0, "some edits of seeds and names are files of their own");
});

test("random bytes after a right beginning never crash", () => {
  const index = randomIndices(10);
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: 5 + index(300) }, (_unused, at) => [0x89, 0x64, 0x39, 0x30, 1][at] ?? index(256));
    assert.throws(() => decodeModel(sealed(bytes)), CodecError);
  }
});

test("a few bytes that claim two thousand million numbers are refused before anything is made for them", () => {
  const { bytes } = encodeModel(fileOf(quantisedVector(0)));
  const claim = Buffer.concat([bytes.subarray(0, 73), Buffer.from([1, 0xff, 0xff, 0xff, 0xff, 7, 0, 1, 0x80, 0x3f, 1, 0x55])]);
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => decodeModel(sealed(claim)), /says that 1 bytes are 2147483647 numbers; at most 16 can be/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1e6);
});

test("what is no model.d90, and another version, are named as such", () => {
  assert.throws(() => decodeModel(Buffer.from("PK\u0003\u0004 something else entirely"), "x.zip"), /x\.zip: not a model\.d90: its first bytes are others/);
  const { bytes } = encodeModel(example());
  const newer = sealed(Uint8Array.from(bytes.subarray(0, -8), (byte, i) => (i === 4 ? 2 : byte)));
  assert.throws(() => decodeModel(newer), /version must be 1, got 2: another d90 wrote it/);
});

test("names that are not ASCII and hashes that are none are refused when writing", () => {
  const { header, parts } = example();
  assert.throws(() => encodeModel({ header: { ...header, task: "é" }, parts }), /names must be at most 255 ASCII characters/);
  assert.throws(() => encodeModel({ header: { ...header, baseSha256: "ab" }, parts }), /baseSha256 must be 64 hex digits/);
});
