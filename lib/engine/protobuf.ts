/** The protocol buffer wire format, as far as a TensorFlow graph needs it (https://protobuf.dev/programming-guides/encoding). */

/** Encoded fields, byte by byte. */
export type Bytes = number[];

function varint(value: number): Bytes {
  const bytes: Bytes = [];
  for (let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value; ; rest = typeof rest === "bigint" ? rest >> 7n : Math.floor(rest / 0x80)) {
    const low = Number(typeof rest === "bigint" ? rest & 0x7fn : rest % 0x80);
    if (rest < 0x80) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const float32 = (value: number): Bytes => [...new Uint8Array(Float32Array.of(value).buffer)];

/** A field of `content`, whose length goes before it. */
function delimited(field: number, content: ArrayLike<number>): Bytes {
  const bytes = [...varint(field * 8 + 2), ...varint(content.length)];
  for (let i = 0; i < content.length; i++) bytes.push(Number(content[i]));
  return bytes;
}

/** An integer, boolean or enum field. */
export const integer = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];

/** A float field. */
export const float = (field: number, value: number): Bytes => [...varint(field * 8 + 5), ...float32(value)];

/** A message field made of `parts`. */
export const message = (field: number, ...parts: Bytes[]): Bytes => delimited(field, parts.flat());

/** A field of raw bytes. */
export const bytes = (field: number, value: Uint8Array): Bytes => delimited(field, value);

/** A text field. */
export const text = (field: number, value: string): Bytes => delimited(field, Buffer.from(value));

/** A packed field of integers, booleans or enums. */
export const integers = (field: number, values: readonly number[]): Bytes => message(field, ...values.map(varint));

/** A packed field of floats. */
export const floats = (field: number, values: readonly number[]): Bytes => message(field, ...values.map(float32));
