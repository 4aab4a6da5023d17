/** What is finished is stamped with a fingerprint of what it was made from; what was begun and not finished is marked. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const stampFile = (project, name) => join(project.stamps, `${name}.json`);
const begunFile = (project, name) => join(project.stamps, `${name}.begun`);

/** Writes `value` as JSON through a temporary file, so that a reader never sees half of it. */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, path);
}

/** The JSON in `path`, or null when it is missing or damaged: a damaged stamp means that the work is done again. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** The value that `name` was finished with, or null. */
export const readStamp = (project, name) => readJson(stampFile(project, name));

/** Marks `name` as begun and no longer finished. */
export function beginStamp(project, name) {
  mkdirSync(project.stamps, { recursive: true });
  writeFileSync(begunFile(project, name), "");
  rmSync(stampFile(project, name), { force: true });
}

/** Marks `name` as finished with `value`. */
export function finishStamp(project, name, value) {
  writeJson(stampFile(project, name), value);
  rmSync(begunFile(project, name), { force: true });
}

/** Forgets `name`, as if it was never begun. */
export function clearStamp(project, name) {
  rmSync(stampFile(project, name), { force: true });
  rmSync(begunFile(project, name), { force: true });
}

/** Whether `name` was begun and neither finished nor begun anew since. */
export const wasInterrupted = (project, name) => existsSync(begunFile(project, name));

/** SHA-256 over the content of `files`, in order. A missing one counts as empty. */
export function fingerprintOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : "").update("\0");
  return hash.digest("hex");
}
