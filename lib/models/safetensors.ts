/** safetensors files: tensors read as float32, straight into the array that becomes the tensor; and written, F32. */
import { open, type FileHandle } from "node:fs/promises";
import { shown } from "../support/checks.js";
import { writePartsAtomic } from "../support/files.js";
import { alignedFloats, sizeOf } from "../support/tensors.js";
import { readHeader, readInto, SafetensorsError, type TensorEntry } from "./safetensors-header.js";
import { halfToFloat } from "./half.js";

export { SafetensorsError, type TensorEntry } from "./safetensors-header.js";

/** An open safetensors file. */
export interface SafetensorsFile {
  path: string;
  /** The tensors in the order of their bytes. */
  entries: TensorEntry[];
  /** The header's `__metadata__`. */
  metadata: Record<string, string>;
  /**
   * A tensor's values as float32, row-major, from F32, F16 or BF16.
   * @throws {SafetensorsError} for another type, or if the file was cut since it was opened.
   */
  read(entry: TensorEntry): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A tensor outside TensorFlow. */
export interface HostTensor {
  shape: readonly number[];
  values: Float32Array;
}

/** Opens a safetensors file and checks its header. @throws {SafetensorsError} naming the file and the tensor. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await open(path, "r");
  try {
    const { entries, metadata } = await readHeader(file, path);
    return { path, entries, metadata, read: (entry) => readFloats(file, path, entry), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** All tensors of a safetensors file of F32, F16 or BF16. @throws {SafetensorsError} naming the file and the tensor. */
export async function readSafetensors(path: string): Promise<{ tensors: Record<string, HostTensor>; metadata: Record<string, string> }> {
  const file = await openSafetensors(path);
  try {
    const tensors: [string, HostTensor][] = [];
    for (const entry of file.entries) tensors.push([entry.name, { shape: entry.shape, values: await file.read(entry) }]);
    return { tensors: Object.fromEntries(tensors), metadata: file.metadata };
  } finally {
    await file.close();
  }
}

/**
 * Writes tensors as F32 in the order given, atomically.
 * @throws {RangeError} if a tensor's values do not fill its shape, or its name is the reserved "__metadata__".
 */
export async function writeSafetensors(
  path: string, tensors: Readonly<Record<string, HostTensor>>, metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    if (name === "__metadata__") throw new RangeError("writeSafetensors: a tensor's name must not be the reserved \"__metadata__\".");
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(`writeSafetensors: ${name} of shape ${shown(shape)} must have ${sizeOf(shape)} values, got ${values.length}.`);
    }
    header.push([name, { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] }]);
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  await writePartsAtomic(path, [headerBytes(Object.fromEntries(header)), ...parts]);
}

/** Length and JSON, padded with spaces to a multiple of 8, so that the tensors are aligned for readers that map the file. */
function headerBytes(header: Record<string, unknown>): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8));
  json.copy(bytes, 8);
  return bytes;
}

async function readFloats(file: FileHandle, path: string, entry: TensorEntry): Promise<Float32Array<ArrayBuffer>> {
  const { name, dtype, shape, begin, length } = entry;
  if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16") {
    throw new SafetensorsError(path, `tensor ${shown(name)}: dtype must be F32, F16 or BF16, got ${dtype}.`);
  }
  const values = alignedFloats(sizeOf(shape));
  // Half-precision numbers are read into the second half of the array and widened in place, first to last.
  await readInto(file, path, begin, new Uint8Array(values.buffer, values.byteOffset + values.byteLength - length));
  if (dtype !== "F32") widen(values, dtype);
  return values;
}

/** Turns the 16-bit numbers in the second half of the array into float32 that fill it: what is written was read before. */
function widen(values: Float32Array<ArrayBuffer>, dtype: "F16" | "BF16"): void {
  const words = new Uint32Array(values.buffer, values.byteOffset);
  const halves = new Uint16Array(values.buffer, values.byteOffset + values.length * 2);
  if (dtype === "BF16") for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  else for (let i = 0; i < halves.length; i++) words[i] = halfToFloat[halves[i]!]!;
}
