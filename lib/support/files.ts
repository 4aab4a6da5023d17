/** Files that are either the old or the new one, never half of either; and hashes of what a record names. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A name beside `path`, of its own for each call: what is written there is renamed to `path` when it is whole. */
export const temporaryFor = (path: string): string => `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;

/** Writes `content` to `path` through a synced temporary file beside it; makes the folder. On an error nothing changes. */
export const writeFileAtomic = (path: string, content: string | Uint8Array): Promise<void> => writePartsAtomic(path, [content]);

/** writeFileAtomic for content in parts, one after the other: a large file needs no copy that joins them. */
export async function writePartsAtomic(path: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryFor(path);
  try {
    const file = await open(temporary, "wx");
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** SHA-256 of bytes or UTF-8 text, in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a file's content, in hex, read piece by piece into one block: a stream's blocks would stay until the next collection, as many as a model has. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256"), block = Buffer.allocUnsafe(2 ** 20), file = await open(path, "r");
  try {
    for (let bytes = 1; bytes > 0;) {
      ({ bytesRead: bytes } = await file.read(block, 0, block.length));
      hash.update(block.subarray(0, bytes));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** JSON with sorted keys and without undefined: equal values give equal text, so it can be hashed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner);
}
