/** IEEE 754 binary16. */

/** The bits of the float32 equal to each float16, indexed by the float16's bits. */
export const halfToFloat: Uint32Array = new Uint32Array(2 ** 16).map((_, half) => floatBits(half));

function floatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13); // infinity, NaN
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13); // 127 - 15
  return sign | subnormalBits(mantissa);
}

/** mantissa * 2^-24, which is a normal float32. */
function subnormalBits(mantissa: number): number {
  return new Uint32Array(new Float32Array([mantissa * 2 ** -24]).buffer)[0]!;
}
