/** A reader of TensorBoard's event files: TFRecords of protocol buffers, by their documented formats. */
import assert from "node:assert/strict";

export interface ReadEvents {
  version: string;
  scalars: { name: string; step: number; value: number }[];
}

/** All events. @throws {AssertionError} for a record whose masked CRC32C is not that of its bytes. */
export function readEvents(file: Buffer): ReadEvents {
  const found: ReadEvents = { version: "", scalars: [] };
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at)), data = file.subarray(at + 12, at + 12 + length);
    assert.equal(file.readUInt32LE(at + 8), maskedCrc(file.subarray(at, at + 8)));
    assert.equal(file.readUInt32LE(at + 12 + length), maskedCrc(data));
    at += 16 + length;
    readEvent(data, found);
  }
  return found;
}

/** Event: 2 step, 3 file_version, 5 summary. */
function readEvent(data: Buffer, into: ReadEvents): void {
  const event = fieldsOf(data), step = Number(event.get(2)?.[0] ?? 0), version = event.get(3)?.[0], summary = event.get(5)?.[0];
  if (Buffer.isBuffer(version)) into.version = version.toString();
  if (!Buffer.isBuffer(summary)) return;
  // Summary: 1 values. Value: 1 tag, 2 simple_value, 8 tensor. TensorProto: 5 float_val, packed.
  for (const value of fieldsOf(summary).get(1) ?? []) {
    const fields = fieldsOf(bytes(value)), simple = fields.get(2)?.[0], tensor = fields.get(8)?.[0];
    const number = Buffer.isBuffer(simple) ? simple.readFloatLE() : bytes(fieldsOf(bytes(tensor)).get(5)?.[0]).readFloatLE();
    into.scalars.push({ name: bytes(fields.get(1)?.[0]).toString(), step, value: number });
  }
}

function bytes(value: Buffer | bigint | undefined): Buffer {
  assert.ok(Buffer.isBuffer(value));
  return value;
}

/** The fields of a message by number: varints as bigint, all else as bytes. */
function fieldsOf(data: Buffer): Map<number, (Buffer | bigint)[]> {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => data.subarray(at, at += length);
  while (at < data.length) {
    const key = Number(varint()), kind = key & 7;
    const value = kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    fields.set(key >> 3, [...fields.get(key >> 3) ?? [], value]);
  }
  return fields;
}

/** CRC32C (Castagnoli), rotated and shifted as TensorFlow masks it. */
function maskedCrc(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
