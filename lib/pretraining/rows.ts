/** Packed rows in a file, read row by row: a corpus may be larger than memory. */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../support/files.js";
import type { PackedRow } from "./pack.js";

/** What a file of rows holds. */
export interface RowsInfo {
  /** From what it was made: another key means that it must be made again. */
  key: string;
  rows: number;
  /** Numbers a row: its header, which most rows have not, and its tokens, padding included. */
  length: number;
  /** Tokens in all, without padding. */
  tokens: number;
  /** Of the rows. */
  sha256: string;
}

/** An open file of rows. */
export interface Rows extends RowsInfo {
  /** A row's header and token ids, padded to `length`. */
  read(row: number): Int32Array;
  close(): void;
}

const infoSchema = z.strictObject({ key: z.string(), rows: z.int(), length: z.int(), tokens: z.int(), sha256: z.string() });
const infoPath = (path: string): string => `${path}.json`;
interface WriteOptions {
  key: string;
  length: number;
  padId: number;
  /** Numbers at the front of a row that are no tokens; default 0. */
  header?: number;
}

/** Rows that are written together. */
const together = 1024;

/**
 * Writes rows to `path` as little-endian uint32, padded to `length`, and what they are beside it, which comes last: a file without
 * it is not finished. What was there stays where the disk is full.
 */
export async function writeRows(path: string, rows: AsyncIterable<PackedRow>, { key, length, padId, header = 0 }: WriteOptions): Promise<RowsInfo> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`, hash = createHash("sha256");
  const info = { key, rows: 0, length, tokens: 0 };
  try {
    const file = await open(temporary, "w");
    try {
      let buffer: number[] = [];
      const flush = async (): Promise<void> => {
        const bytes = new Uint8Array(Uint32Array.from(buffer).buffer);
        hash.update(bytes);
        await file.writeFile(bytes);
        buffer = [];
      };
      for await (const row of rows) {
        buffer.push(...row, ...new Array<number>(length - row.length).fill(padId));
        info.tokens += row.length - header;
        if (++info.rows % together === 0) await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    await rm(infoPath(path), { force: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const written = { ...info, sha256: hash.digest("hex") };
  await writeFileAtomic(infoPath(path), JSON.stringify(written));
  return written;
}

/** What `path` holds, if it was made of `key`; else null. */
export async function knownRows(path: string, key: string): Promise<RowsInfo | null> {
  if (!existsSync(path)) return null;
  const text = await readFile(infoPath(path), "utf8").catch(() => "null");
  const info = infoSchema.nullable().safeParse(JSON.parse(text));
  return info.success && info.data?.key === key ? info.data : null;
}

/** Opens the rows that `info` describes. */
export function openRows(path: string, info: RowsInfo): Rows {
  const file = openSync(path, "r");
  return {
    ...info,
    read(row) {
      const ids = new Int32Array(info.length), bytes = new Uint8Array(ids.buffer);
      const got = readSync(file, bytes, 0, bytes.length, row * bytes.length);
      if (got !== bytes.length) throw new Error(`rows: ${path} ends inside row ${row}; delete it, and it is made again.`);
      return ids;
    },
    close: () => closeSync(file),
  };
}
