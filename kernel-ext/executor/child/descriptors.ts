/** Blocking writes: output keeps its order, and nothing is lost when the process ends abruptly. */
import { writeSync } from "node:fs";

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of `bytes`. A descriptor that is closed swallows them: there is nobody to tell. @returns whether it is open. */
export function writeAll(fd: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return false;
      // A child process that shares the descriptor has made it non-blocking: wait for the supervisor to read.
      Atomics.wait(pause, 0, 0, 1);
    }
  }
  return true;
}
