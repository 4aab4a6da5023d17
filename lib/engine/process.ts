/** What only native code can ask of this process (setup/native/process.cc): silence while TensorFlow loads, and which memory it keeps. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

export interface NativeProcess {
  /** Holds standard error back. */
  hold(): void;
  /** Ends that; what was written meanwhile. */
  release(): string;
  /** One heap for all threads that start from here on, where the C library is glibc. */
  shareHeap(): void;
  /** Has three freed blocks of up to `bytes` stay with the process, where the C library is glibc: a step takes the same blocks again. */
  keepFreedMemory(bytes: number): void;
  /** Gives back the pages of libraries that only loading needed, on Linux. @param name that their paths contain. */
  unmapLoaded(name: string): void;
}

const require = createRequire(import.meta.url);

/** The addon in `file`, which the set-up compiles; null without a compiler, or where D90_DEBUG asks for a process as it comes. */
export function nativeProcess(file: string): NativeProcess | null {
  if (process.env["D90_DEBUG"] !== undefined || !existsSync(file)) return null;
  const addon: NativeProcess = require(file);
  return addon;
}

/** What says nothing that a user could act on: TensorFlow announces oneDNN while its library loads, and no variable stops it. */
const ANNOUNCEMENTS = /oneDNN custom operations are on|written to STDERR|^\s*$/;

/** The lines of `text` that are no announcements. */
export const worthShowing = (text: string): string[] => text.split("\n").filter((line) => !ANNOUNCEMENTS.test(line));

/** Runs `load` with standard error held back, and shows afterwards what is no announcement. Without the addon nothing is held. */
export function quietly<T>(native: Pick<NativeProcess, "hold" | "release"> | null, load: () => T): T {
  if (native === null) return load();
  native.hold();
  try {
    return load();
  } finally {
    for (const line of worthShowing(native.release())) process.stderr.write(`${line}\n`);
  }
}
