/** Buffers that hold a picture. */
import type { Formatter } from "./formatter.js";
import { asBase64 } from "./helpers.js";

const KINDS = [
  { name: "PNG", mime: "image/png", magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { name: "JPEG", mime: "image/jpeg", magic: [0xff, 0xd8, 0xff] },
  { name: "GIF", mime: "image/gif", magic: [0x47, 0x49, 0x46, 0x38] },
];

export const formatImage: Formatter = (value) => {
  if (!(value instanceof Uint8Array)) return undefined;
  const kind = KINDS.find(({ magic }) => magic.every((byte, index) => value[index] === byte));
  if (kind === undefined) return undefined;
  const size = kind.name === "PNG" && value.length >= 24 ? `, ${sizeOf(value)}` : "";
  const text = `${kind.name} image${size}, ${value.length.toLocaleString("en-US")} bytes`;
  return { data: { [kind.mime]: asBase64(value), "text/plain": text }, metadata: {} };
};

/** A PNG's first chunk holds its size. */
function sizeOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `${view.getUint32(16)} x ${view.getUint32(20)} pixels`;
}
