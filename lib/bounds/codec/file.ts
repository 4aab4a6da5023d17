/**
 * model.d90: a fine-tuned model in about a byte a coordinate or less. It holds what makes the model again from its base: seeds and
 * names (fixed before the data, so free in a bound), then the quantised numbers (which depend on the data, so every bit is charged).
 *
 *     "\x89d90" | version 1 | method | head policy | labels, a byte each | seeds of P and head, 4 bytes each | SHA-256 of the base
 *     weights, 32 | tokens a row, 2 | architecture | projection | task, each a length and ASCII        <- description, not charged
 *     number of parts, a byte | parts (see part.ts)                                                    <- charged
 *     first 8 bytes of the SHA-256 of all before
 */
import { createHash } from "node:crypto";
import { byteReader, byteWriter, CodecError, type ByteReader } from "./bytes.js";
import { codebookBits, decodePart, encodePart } from "./part.js";
import type { Quantised } from "./quantise.js";

const magic = Uint8Array.from([0x89, 0x64, 0x39, 0x30]);
/** The version that this d90 writes, and the only one that it reads. */
export const fileVersion = 1;
const checksumBytes = 8;
const methods = ["did", "said"] as const, heads = ["projected", "free", "frozen"] as const;

/** What makes the model again, beside the numbers. */
export interface FileHeader {
  method: (typeof methods)[number];
  head: (typeof heads)[number];
  labels: number;
  seeds: { projection: number; head: number };
  /** SHA-256 of the base model's weights, in hex. */
  baseSha256: string;
  /** Tokens a row. */
  maxLength: number;
  /** model_type, e.g. "bert". */
  architecture: string;
  /** Name of P. */
  projection: string;
  task: string;
}

/** A file's content. Parts: z; lambdas (said); then the tensors of a free head in the order of theta. */
export interface ModelFile {
  header: FileHeader;
  parts: Quantised[];
}

/** Lengths of a file's pieces, in bits. */
export interface FileBits {
  /** All of it. */
  total: number;
  /** What depends on the data: from the number of parts to the checksum. */
  charged: number;
  /** The codebooks within it. */
  codebook: number;
}

/** The file's bytes, and what is charged for them. @throws {RangeError} for a header that does not fit. */
export function encodeModel({ header, parts }: ModelFile): { bytes: Uint8Array; bits: FileBits } {
  const coded = parts.map(encodePart);
  const out = byteWriter();
  writeHeader(out, header);
  out.byte(parts.length);
  coded.forEach((bytes) => out.bytes(bytes));
  const body = out.finish();
  const bytes = Buffer.concat([body, checksumOf(body)]);
  const charged = 8 * coded.reduce((sum, part) => sum + part.length, 1);
  return { bytes, bits: { total: 8 * bytes.length, charged, codebook: parts.reduce((sum, part) => sum + codebookBits(part), 0) } };
}

const checksumOf = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest().subarray(0, checksumBytes);

function writeHeader(out: ReturnType<typeof byteWriter>, header: FileHeader): void {
  const { method, head, labels, seeds, baseSha256, maxLength, architecture, projection, task } = header;
  if (!/^[0-9a-f]{64}$/.test(baseSha256)) throw new RangeError(`encodeModel: baseSha256 must be 64 hex digits, got ${JSON.stringify(baseSha256)}.`);
  out.bytes(magic);
  for (const value of [fileVersion, methods.indexOf(method), heads.indexOf(head), labels]) out.byte(value);
  out.word32(seeds.projection);
  out.word32(seeds.head);
  out.bytes(Buffer.from(baseSha256, "hex"));
  out.word16(maxLength);
  for (const name of [architecture, projection, task]) out.text(name);
}

/**
 * Reads a file. It is not trusted: nothing is allocated beyond 16 numbers for each of its bytes, whatever it says.
 * @param where names it in errors.
 * @throws {CodecError} for another format, another version, a cut or altered file, or one that d90 has not written.
 */
export function decodeModel(bytes: Uint8Array, where = "model.d90"): ModelFile {
  const input = byteReader(bytes, where);
  if (bytes.length < magic.length || !magic.every((byte, i) => bytes[i] === byte)) {
    throw new CodecError(`${where}: not a model.d90: its first bytes are others. Make one with d90 export.`);
  }
  input.bytes(magic.length);
  const version = input.byte();
  if (version !== fileVersion) throw new CodecError(`${where}: version must be ${fileVersion}, got ${version}: another d90 wrote it; read it with that one.`);
  const body = bytes.subarray(0, Math.max(0, bytes.length - checksumBytes));
  if (!checksumOf(body).every((byte, i) => bytes[body.length + i] === byte)) {
    throw new CodecError(`${where}: its checksum does not fit its ${bytes.length} bytes: it was cut or altered. Copy it again.`);
  }
  const header = readHeader(input, where);
  const parts = Array.from({ length: input.byte() }, () => decodePart(input, where));
  if (parts.length === 0 || input.left() !== checksumBytes) {
    throw new CodecError(`${where}: ${parts.length} parts end ${input.left()} bytes before its end, not ${checksumBytes}; the file is damaged.`);
  }
  return { header, parts };
}

function readHeader(input: ByteReader, where: string): FileHeader {
  const method = methods[input.byte()], head = heads[input.byte()], labels = input.byte();
  if (method === undefined || head === undefined || labels < 2) {
    throw new CodecError(`${where}: method, head or labels in its header cannot be; the file is damaged.`);
  }
  const seeds = { projection: input.word32(), head: input.word32() };
  const baseSha256 = Buffer.from(input.bytes(32)).toString("hex"), maxLength = input.word16();
  return { method, head, labels, seeds, baseSha256, maxLength, architecture: input.text(), projection: input.text(), task: input.text() };
}
