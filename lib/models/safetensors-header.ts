/**
 * The header of a safetensors file: 8 bytes with the header's length (little-endian), JSON, then the tensors' bytes without
 * gaps. https://github.com/huggingface/safetensors; what this accepts is what the Rust reader accepts. The header is not
 * trusted: nothing larger than the file itself is ever allocated for it.
 */
import type { FileHandle } from "node:fs/promises";
import { shown } from "../support/checks.js";
import { sizeOf } from "../support/tensors.js";
import { repeatedKey } from "./json-keys.js";

/** Bytes of one element, for every type of the format. */
const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, F8_E8M0: 1, U16: 2, I16: 2, F16: 2, BF16: 2,
  U32: 4, I32: 4, F32: 4, U64: 8, I64: 8, F64: 8, C64: 8,
};

/** The format's own limit for a header. */
const maxHeaderBytes = 100_000_000;

/** Where a tensor is in a file. */
export interface TensorEntry {
  name: string;
  /** Element type: "F32", "F16", "BF16", "I64", ... */
  dtype: string;
  shape: readonly number[];
  /** First byte of the tensor, counted from the start of the file. */
  begin: number;
  /** Length in bytes. */
  length: number;
}

/** A safetensors file that cannot be used; the message names the file and the tensor. */
export class SafetensorsError extends Error {
  override name = "SafetensorsError";
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

/**
 * Reads and checks the header of an open safetensors file.
 * @returns the tensors in the order of their bytes, and the file's metadata.
 * @throws {SafetensorsError} unless the tensors cover the file exactly, each once, with sizes that fit their shapes.
 */
export async function readHeader(file: FileHandle, path: string): Promise<{ entries: TensorEntry[]; metadata: Record<string, string> }> {
  const { size: fileBytes } = await file.stat();
  if (fileBytes < 8) throw new SafetensorsError(path, `is no safetensors file: ${fileBytes} bytes long.`);
  const headerBytes = (await readBytes(file, path, 0, 8)).readBigUInt64LE();
  if (headerBytes > BigInt(Math.min(maxHeaderBytes, fileBytes - 8))) {
    const reason = headerBytes > BigInt(fileBytes - 8) ? `the file has ${fileBytes} bytes` : `the limit is ${maxHeaderBytes}`;
    throw new SafetensorsError(path, `its header claims ${headerBytes} bytes, but ${reason}; it is truncated or no safetensors file.`);
  }
  const header = parseHeader(await readBytes(file, path, 8, Number(headerBytes)), path);
  const dataStart = 8 + Number(headerBytes);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => tensorEntry({ name, value, dataStart, path }));
  entries.sort((a, b) => a.begin - b.begin || a.length - b.length);
  requireExactCover(entries, dataStart, fileBytes, path);
  return { entries, metadata: checkedMetadata(metadata, path) };
}

/** `length` bytes of `file` from `position`. @throws {SafetensorsError} if the file ends before. */
export async function readBytes(file: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  await readInto(file, path, position, bytes);
  return bytes;
}

/** Fills `bytes` from `position` of `file`. @throws {SafetensorsError} if the file ends before. */
export async function readInto(file: FileHandle, path: string, position: number, bytes: Uint8Array): Promise<void> {
  // One read call takes at most 2^31 - 1 bytes.
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    if (bytesRead === 0) {
      throw new SafetensorsError(path, `ends after ${position + done} bytes, before byte ${position + bytes.length}; it is truncated.`);
    }
    done += bytesRead;
  }
}

function parseHeader(bytes: Buffer, path: string): Record<string, unknown> {
  let header: unknown, text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError(path, `its header is no JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
  if (!isObject(header)) throw new SafetensorsError(path, `its header must be a JSON object, got ${shown(header)}.`);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new SafetensorsError(path, `its header names ${shown(repeated)} twice.`);
  return header;
}

function tensorEntry({ name, value, dataStart, path }: { name: string; value: unknown; dataStart: number; path: string }): TensorEntry {
  const refuse = (problem: string): never => { throw new SafetensorsError(path, `tensor ${shown(name)}: ${problem}`); };
  if (!isObject(value)) return refuse(`its entry must be an object, got ${shown(value)}.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    return refuse(`dtype must be one of ${Object.keys(elementBytes).join(", ")}, got ${shown(dtype)}.`);
  }
  if (!isSizes(shape)) return refuse(`shape must be an array of sizes, got ${shown(shape)}.`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1]! < offsets[0]!) {
    return refuse(`data_offsets must be [begin, end] with begin <= end, got ${shown(offsets)}.`);
  }
  const [begin, end] = offsets as [number, number];
  // A product beyond 2^53 is inexact, yet far from any length of a real file, so the comparison is still right.
  const length = sizeOf(shape) * elementBytes[dtype]!;
  if (length !== end - begin) return refuse(`${dtype} ${shown(shape)} takes ${length} bytes, but data_offsets span ${end - begin}.`);
  return { name, dtype, shape, begin: dataStart + begin, length };
}

function requireExactCover(entries: TensorEntry[], dataStart: number, fileBytes: number, path: string): void {
  let position = dataStart;
  for (const { name, begin, length } of entries) {
    if (begin !== position) {
      const problem = begin < position ? "overlaps the tensor before it" : `leaves ${begin - position} bytes unused before it`;
      throw new SafetensorsError(path, `tensor ${shown(name)} ${problem}.`);
    }
    position = begin + length;
    if (position > fileBytes) {
      throw new SafetensorsError(path, `tensor ${shown(name)} ends at byte ${position}, but the file has ${fileBytes}; it is truncated.`);
    }
  }
  if (position !== fileBytes) throw new SafetensorsError(path, `has ${fileBytes - position} bytes after its last tensor.`);
}

function checkedMetadata(metadata: unknown, path: string): Record<string, string> {
  if (metadata === undefined) return {};
  const isText = (value: unknown): value is string => typeof value === "string";
  if (isObject(metadata) && Object.values(metadata).every(isText)) return metadata as Record<string, string>;
  throw new SafetensorsError(path, `__metadata__ must map text to text, got ${shown(metadata)}.`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
