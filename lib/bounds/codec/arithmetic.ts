/**
 * Arithmetic coding of numbers below `levels`, adaptive: both sides count what has come so far, so that no table of frequencies is
 * stored. Witten, Neal, Cleary 1987, Communications of the ACM 30(6), with 32-bit registers; each count starts at 1 (Laplace).
 */
import { CodecError } from "./bytes.js";

const HALF = 2 ** 31, QUARTER = 2 ** 30, TOP = 2 ** 32 - 1;
/** Counts are halved when their sum reaches this: far below QUARTER, so that no interval ever vanishes. */
const countLimit = 2 ** 16;

/** The shared model: how often each value has come. */
function adaptiveCounts(levels: number) {
  const counts = new Uint32Array(levels).fill(1);
  let total = levels;
  return {
    total: () => total,
    /** Sum of the counts below `value`, and up to it. */
    range(value: number): { low: number; high: number } {
      let low = 0;
      for (let i = 0; i < value; i++) low += counts[i];
      return { low, high: low + counts[value] };
    },
    /** The value whose range holds `target`. */
    find(target: number): number {
      let value = 0;
      for (let sum = counts[0]; sum <= target; sum += counts[value]) value++;
      return value;
    },
    note(value: number): void {
      counts[value]++;
      if (++total < countLimit) return;
      total = 0;
      for (let i = 0; i < levels; i++) total += counts[i] = (counts[i] + 1) >>> 1;
    },
  };
}

/** A coded interval: narrows to a value's share; the doubling that follows is the coder's own business. */
const narrowed = (low: number, high: number, share: { low: number; high: number }, total: number) => {
  const width = high - low + 1;
  return { low: low + Math.floor((width * share.low) / total), high: low + Math.floor((width * share.high) / total) - 1 };
};

/** Bits of `values`, each below `levels` (2 to 256), in whole bytes; trailing zero bytes are left out: the reader supplies them. */
export function encodeValues(values: Uint8Array, levels: number): Uint8Array {
  const model = adaptiveCounts(levels), bits = bitSink();
  let low = 0, high = TOP, pending = 0;
  const emit = (bit: number): void => {
    bits.push(bit);
    for (; pending > 0; pending--) bits.push(1 - bit);
  };
  for (const value of values) {
    ({ low, high } = narrowed(low, high, model.range(value), model.total()));
    model.note(value);
    for (;;) {
      if (high < HALF) emit(0);
      else if (low >= HALF) { emit(1); low -= HALF; high -= HALF; }
      else if (low >= QUARTER && high < HALF + QUARTER) { pending++; low -= QUARTER; high -= QUARTER; }
      else break;
      low *= 2;
      high = high * 2 + 1;
    }
  }
  pending++;
  emit(low < QUARTER ? 0 : 1);
  return bits.finish();
}

/** Bits into bytes, highest first. */
function bitSink() {
  const bytes: number[] = [];
  let byte = 0, count = 0;
  const push = (bit: number): void => {
    byte = byte * 2 + bit;
    if (++count < 8) return;
    bytes.push(byte);
    byte = count = 0;
  };
  return {
    push,
    finish(): Uint8Array {
      while (count > 0) push(0);
      while (bytes.at(-1) === 0) bytes.pop();
      return Uint8Array.from(bytes);
    },
  };
}

/** `count` values back from their bytes. Any bytes give some values: what is no coding of them is found by coding them again. */
export function decodeValues(bytes: Uint8Array, count: number, levels: number): Uint8Array {
  const model = adaptiveCounts(levels), values = new Uint8Array(count);
  let low = 0, high = TOP, at = 0, code = 0;
  const nextBit = (): number => at >>> 3 < bytes.length ? bytes[at >>> 3] >>> (7 - (at++ & 7)) & 1 : 0;
  for (let i = 0; i < 32; i++) code = code * 2 + nextBit();
  for (let i = 0; i < count; i++) {
    const value = model.find(Math.floor(((code - low + 1) * model.total() - 1) / (high - low + 1)));
    ({ low, high } = narrowed(low, high, model.range(value), model.total()));
    model.note(values[i] = value);
    for (;;) {
      if (low >= HALF) { low -= HALF; high -= HALF; code -= HALF; }
      else if (low >= QUARTER && high < HALF + QUARTER) { low -= QUARTER; high -= QUARTER; code -= QUARTER; }
      else if (high >= HALF) break;
      low *= 2;
      high = high * 2 + 1;
      code = code * 2 + nextBit();
    }
  }
  return values;
}

/** decodeValues, for bytes that must be exactly what encodeValues writes. @throws {CodecError} otherwise. */
export function decodeExactly(bytes: Uint8Array, count: number, { levels, where }: { levels: number; where: string }): Uint8Array {
  const values = decodeValues(bytes, count, levels);
  const again = encodeValues(values, levels);
  if (again.length === bytes.length && again.every((byte, i) => byte === bytes[i])) return values;
  throw new CodecError(`${where}: its coded numbers are not what d90 writes; the file is damaged or made by something else.`);
}
