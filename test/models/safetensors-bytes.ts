/** safetensors files made by hand, whole or broken. */

/** [name, dtype, shape, bytes]. */
export type RawTensor = readonly [string, string, readonly number[], Uint8Array];

/** A file with the header `json` (or text) and then `data`; `length` overrides what it claims as the header's length. */
export function withHeader(json: unknown, data: Uint8Array = new Uint8Array(), length?: bigint): Buffer {
  const header = Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(header.length));
  return Buffer.concat([start, header, data]);
}

/** A well-formed file. */
export function safetensorsBytes(tensors: readonly RawTensor[]): Buffer {
  let offset = 0;
  const header = Object.fromEntries(tensors.map(([name, dtype, shape, bytes]) =>
    [name, { dtype, shape, data_offsets: [offset, offset += bytes.length] }]));
  return withHeader(header, Buffer.concat(tensors.map(([, , , bytes]) => bytes)));
}
