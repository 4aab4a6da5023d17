/** bfloat16: the upper half of a float32. Two bytes a centroid, any size a float32 can have, three digits. */

const word = new Uint32Array(1), float = new Float32Array(word.buffer);

/** Bits of the bfloat16 nearest to a finite `value`, ties to even; the largest finite one where it would round to infinity. */
export function toBfloat(value: number): number {
  float[0] = value;
  const bits = word[0];
  const rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  return (rounded & 0x7fff) >= 0x7f80 ? (rounded & 0x8000) | 0x7f7f : rounded;
}

/** The float32 of those bits. */
export function fromBfloat(bits: number): number {
  word[0] = bits << 16;
  return float[0];
}

/** The nearest bfloat16's value. */
export const roundToBfloat = (value: number): number => fromBfloat(toBfloat(value));
