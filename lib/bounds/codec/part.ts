/** One run of numbers in a file: z, the lambdas, or a tensor of a free head. */
import { decodeExactly, encodeValues } from "./arithmetic.js";
import { fromBfloat } from "./bfloat.js";
import { byteWriter, CodecError, type ByteReader } from "./bytes.js";
import { quantiserNames, storedNumbers, uniformCodebook, type Codebook, type Quantised } from "./quantise.js";

/** Numbers that one byte of a file may stand for, at most: what a file of n bytes makes the reader allocate. */
export const numbersPerByte = 16;

/** A part's bytes: count, quantiser, levels, codebook, length of the code, code. */
export function encodePart({ codebook, indices }: Quantised): Uint8Array {
  const out = byteWriter();
  const code = encodeValues(indices, codebook.values.length);
  const padding = Math.max(0, Math.ceil(indices.length / numbersPerByte) - code.length);
  out.count(indices.length);
  out.byte(quantiserNames.indexOf(codebook.quantiser));
  out.byte(codebook.values.length - 1);
  for (const number of storedNumbers(codebook)) out.word16(number);
  out.count(code.length + padding);
  out.bytes(code);
  out.bytes(new Uint8Array(padding));
  return out.finish();
}

/** Bits of a codebook in a file. */
export const codebookBits = ({ codebook }: Quantised): number => 16 * storedNumbers(codebook).length;

/** Reads a part. @throws {CodecError} for what encodePart would not have written. */
export function decodePart(input: ByteReader, where: string): Quantised {
  const count = input.count(), quantiser = quantiserNames[input.byte()], levels = input.byte() + 1;
  if (quantiser === undefined || levels < 2 || count < 1) {
    throw new CodecError(`${where}: a part of ${count} numbers, ${levels} levels and quantiser ${quantiser ?? "unknown"} cannot be; the file is damaged.`);
  }
  const stored = Array.from({ length: quantiser === "uniform" ? 1 : levels }, () => fromBfloat(input.word16()));
  const codebook = codebookOf(quantiser, stored, levels);
  if (codebook === null) throw new CodecError(`${where}: its codebook is not finite and ascending; the file is damaged.`);
  const bytes = input.bytes(input.count());
  if (count > bytes.length * numbersPerByte) {
    throw new CodecError(`${where}: says that ${bytes.length} bytes are ${count} numbers; at most ${bytes.length * numbersPerByte} can be. The file is damaged.`);
  }
  return { codebook, indices: decodeExactly(unpadded(bytes, count), count, { levels, where }) };
}

/** The code without the zeros that encodePart fills up with. */
function unpadded(bytes: Uint8Array, count: number): Uint8Array {
  let length = bytes.length;
  const filled = Math.ceil(count / numbersPerByte);
  while (length > 0 && bytes.length <= filled && bytes[length - 1] === 0) length--;
  return bytes.subarray(0, length);
}

/** null unless it is finite and in order. */
function codebookOf(quantiser: Codebook["quantiser"], stored: number[], levels: number): Codebook | null {
  if (!stored.every(Number.isFinite)) return null;
  if (quantiser === "uniform") return stored[0] >= 0 ? uniformCodebook(stored[0], levels) : null;
  return stored.every((value, i) => i === 0 || stored[i - 1] <= value) ? { quantiser, values: Float32Array.from(stored) } : null;
}
