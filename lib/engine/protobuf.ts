/** The protocol buffer wire format, as far as a TensorFlow graph needs it (https://protobuf.dev/programming-guides/encoding). */

/** An encoded message, or one field of it: byte chunks in order. */
export type Bytes = Uint8Array[];

function varint(value: number): Uint8Array {
  if (value < 0) return bigVarint(BigInt.asUintN(64, BigInt(value)));
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Uint8Array.from([...bytes, value]);
}

function bigVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(value)]);
}

const float32 = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const lengthOf = (bytes: Bytes): number => bytes.reduce((sum, chunk) => sum + chunk.length, 0);

/** An integer, boolean or enum field. */
export const integer = (field: number, value: number): Bytes => [varint(field * 8), varint(value)];

/** A float field. */
export const float = (field: number, value: number): Bytes => [varint(field * 8 + 5), float32(value)];

/** A message field made of `parts`. */
export function message(field: number, ...parts: Bytes[]): Bytes {
  const bytes = parts.flat();
  return [varint(field * 8 + 2), varint(lengthOf(bytes)), ...bytes];
}

/** A field of raw bytes, not copied. */
export const bytes = (field: number, value: Uint8Array): Bytes => [varint(field * 8 + 2), varint(value.length), value];

/** A text field. */
export const text = (field: number, value: string): Bytes => bytes(field, Buffer.from(value));

/** A packed field of integers, booleans or enums. */
export const integers = (field: number, values: readonly number[]): Bytes => message(field, values.map(varint));

/** A packed field of floats. */
export const floats = (field: number, values: readonly number[]): Bytes => message(field, values.map(float32));
