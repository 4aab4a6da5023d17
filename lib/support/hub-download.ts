/** One file of the hub into the cache: what breaks off goes on where it was, in this run and in the next; size and hash are checked. */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, createReadStream, openSync, writeFileSync } from "node:fs";
import { appendFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { HubError, HubStatus } from "./hub-errors.js";
import type { LoadingProgress } from "./loading.js";

/** What a file must turn out to be: Git LFS names files by SHA-256, Git by SHA-1 over a header and the content. */
export interface Expected {
  name: string;
  size: number;
  hash: string;
  lfs: boolean;
}

export interface DownloadOptions {
  url: string;
  token?: string;
  /** Where the file goes; a partial one is kept beside it. */
  blob: string;
  expected: Expected;
  onProgress?: (progress: LoadingProgress) => void;
  signal?: AbortSignal;
}

/** Attempts without a new byte before a download is given up, and milliseconds before the second one; each waits twice as long. */
const attempts = 4, firstPause = 250;
/** The hub may ask to wait this many seconds; longer is an error. */
const longestWait = 60;
const incomplete = ".incomplete";

/** Milliseconds after which an answer that asks to wait may be asked again; undefined where it does not, or for too long. */
export function waitOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return [429, 503].includes(response.status) && seconds >= 0 && seconds <= longestWait ? seconds * 1000 : undefined;
}

export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> => sleep(milliseconds, undefined, { signal });

/**
 * Downloads to `blob`.
 * @throws {HubError} if what came is not what was expected: it is deleted. Other errors, and the signal, leave what came for the next call.
 */
export async function downloadBlob(options: DownloadOptions): Promise<void> {
  const { blob, expected } = options;
  await mkdir(dirname(blob), { recursive: true });
  const own = `${blob}.${process.pid}.${randomBytes(4).toString("hex")}${incomplete}`;
  await takeOver(blob, own);
  await appendFile(own, ""); // an empty file is one, too
  try {
    await receive(options, own);
    await requireIntact(own, expected);
    await rename(own, blob);
  } catch (error) {
    if (error instanceof HubError) await rm(own, { force: true });
    else await rename(own, `${blob}.d90${incomplete}`).catch(() => undefined);
    throw error;
  }
}

/** Makes what an earlier call left this one's own: a renaming, so that of two calls one gets it. */
async function takeOver(blob: string, own: string): Promise<void> {
  const names = (await readdir(dirname(blob))).filter((name) => name.startsWith(`${basename(blob)}.`) && name.endsWith(incomplete));
  const left = names.find((name) => !isRunning(Number(name.slice(basename(blob).length + 1).split(".")[0])));
  if (left !== undefined) await rename(join(dirname(blob), left), own).catch(() => undefined);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid)) return false; // "d90": nobody's
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const sizeOf = (path: string): Promise<number> => stat(path).then(({ size }) => size, () => 0);

/** Asks for what is missing until nothing is, or until several attempts brought nothing. */
async function receive(options: DownloadOptions, path: string): Promise<void> {
  const { signal } = options;
  for (let failed = 0; await sizeOf(path) < options.expected.size;) {
    const before = await sizeOf(path);
    try {
      const wait = await receiveFrom(options, path, before);
      if (wait === null) continue;
      if (++failed >= attempts) throw new HubStatus(429);
      await pause(wait, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      const status = error instanceof HubStatus ? error.statusCode : 500;
      failed = await sizeOf(path) > before ? 1 : failed + 1;
      if (failed >= attempts || status < 500) throw error;
      await pause(firstPause * 2 ** (failed - 1), signal);
    }
  }
}

/** One request from byte `start` on; milliseconds to wait where the hub asks for it, null where something came. */
async function receiveFrom({ url, token, expected, onProgress, signal }: DownloadOptions, path: string, start: number): Promise<number | null> {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(start > 0 ? { range: `bytes=${start}-` } : {}) };
  const response = await fetch(url, { headers, signal });
  const wait = waitOf(response);
  if (wait !== undefined || !response.ok || response.body === null) {
    await response.body?.cancel();
    if (wait !== undefined) return wait;
    throw new HubStatus(response.status);
  }
  const goesOn = response.status === 206; // else the server sends all of it
  let received = goesOn ? start : 0;
  const file = openSync(path, goesOn ? "a" : "w");
  try {
    // Written before anything else can happen: a connection that dies drops what still waits in a stream, and it would be sent twice.
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      writeFileSync(file, chunk); // goes on where the last one ended
      received += chunk.length;
      onProgress?.({ kind: "download", name: expected.name, done: received, total: expected.size });
    }
  } finally {
    closeSync(file);
  }
  if (received === start && received < expected.size) throw new Error("the connection ended early");
  return null;
}

async function requireIntact(path: string, { name, size, hash, lfs }: Expected): Promise<void> {
  const got = await sizeOf(path);
  if (got !== size) throw new HubError(`${name} arrived with ${got} of ${size} bytes; try again.`);
  const sum = lfs ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
  if (size > 0) for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  if (sum.digest("hex") !== hash) throw new HubError(`${name} arrived damaged (its hash is not the hub's); try again.`);
}
