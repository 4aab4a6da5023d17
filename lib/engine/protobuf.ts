/** The protocol buffer wire format, as far as a TensorFlow graph needs it (https://protobuf.dev/programming-guides/encoding). */

/** Encoded fields. */
export type Bytes = Uint8Array;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value; ; rest = typeof rest === "bigint" ? rest >> 7n : Math.floor(rest / 0x80)) {
    const low = Number(typeof rest === "bigint" ? rest & 0x7fn : rest % 0x80);
    bytes.push(rest < 0x80 ? low : low | 0x80);
    if (rest < 0x80) return bytes;
  }
}

/** A field of `parts`, whose length goes before them. */
function delimited(field: number, parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...parts]);
}

const float32 = (values: readonly number[]): Bytes => new Uint8Array(Float32Array.from(values).buffer);

/** An integer, boolean or enum field. */
export const integer = (field: number, value: number): Bytes => Uint8Array.from([...varint(field * 8), ...varint(value)]);

/** A float field. */
export const float = (field: number, value: number): Bytes => Uint8Array.from([...varint(field * 8 + 5), ...float32([value])]);

/** A message field made of `parts`. */
export const message = (field: number, ...parts: Bytes[]): Bytes => delimited(field, parts);

/** A field of raw bytes. */
export const bytes = (field: number, value: Uint8Array): Bytes => delimited(field, [value]);

/** A text field. */
export const text = (field: number, value: string): Bytes => delimited(field, [Buffer.from(value)]);

/** A packed field of integers, booleans or enums. */
export const integers = (field: number, values: readonly number[]): Bytes => delimited(field, [Uint8Array.from(values.flatMap(varint))]);

/** A packed field of floats. */
export const floats = (field: number, values: readonly number[]): Bytes => delimited(field, [float32(values)]);
