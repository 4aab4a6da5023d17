/** `runs/latest`: a symbolic link to the newest run's folder, or a file holding its id where links cannot be made. */
import { readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFor, writeFileAtomic } from "../support/files.js";

/** How a link is made; a test passes one that fails. */
export type MakeLink = (target: string, path: string) => Promise<void>;

const directoryLink: MakeLink = (target, path) => symlink(target, path, "dir");

/** Points `folder`/latest to `id` in one step. It is a convenience: where nothing works, it stays as it was. */
export async function pointLatest(folder: string, id: string, makeLink: MakeLink = directoryLink): Promise<void> {
  const path = join(folder, "latest");
  const temporary = temporaryFor(path);
  try {
    await makeLink(id, temporary);
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true });
    // Windows without developer mode, some network disks; a foreign folder of that name stays.
    await writeFileAtomic(path, `${id}\n`).catch(() => undefined);
  }
}

/** The id that `folder`/latest names, or null. */
export async function readLatest(folder: string): Promise<string | null> {
  const path = join(folder, "latest");
  const linked = await readlink(path).catch(() => null);
  const named = linked ?? await readFile(path, "utf8").catch(() => null);
  const id = named?.trim() ?? "";
  return /^[0-9a-f]{12}$/.test(id) ? id : null;
}
