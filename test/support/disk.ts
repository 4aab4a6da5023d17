/** A disk that fails, for tests: what lib writes through node:fs/promises goes through a hook. */
import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Calls `onWrite` with the path of each file before its content is written, by every module of this process; returns what undoes it. */
export function watchWrites(onWrite: (path: string, file: FileHandle) => Promise<void>): () => void {
  const { open } = promises;
  promises.open = async (path, flags, mode) => {
    const file = await open(path, flags, mode), write = file.writeFile.bind(file);
    file.writeFile = async (...content) => {
      await onWrite(String(path), file);
      return write(...content);
    };
    return file;
  };
  syncBuiltinESMExports();
  return () => {
    promises.open = open;
    syncBuiltinESMExports();
  };
}

/** Calls `use` while files whose paths match `pattern` meet a full disk after their first bytes. */
export async function withFullDisk<T>(pattern: RegExp, use: () => Promise<T>): Promise<T> {
  const restore = watchWrites(async (path, file) => {
    if (!pattern.test(path)) return;
    await file.write("half");
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  });
  try {
    return await use();
  } finally {
    restore();
  }
}
