/**
 * The compiler's code as V8 has compiled it, kept from one start to the next: a fifth of the time until the first cell. What
 * does not fit (another Node, another compiler, a broken file) is not used, and replaced.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { homedir, platform } from "node:os";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import vm from "node:vm";

/** Files that are kept, the newest: one for each Node. */
const KEPT = 4;
const ENDING = ".v8";
/** Bytes of a file's own hash, in front. */
const DIGEST = 32;

/** Where code is kept; D90_KERNEL_CACHE names another folder, and an empty one keeps none. */
export function codeFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.D90_KERNEL_CACHE;
  if (named !== undefined) return named === "" ? null : named;
  const caches = platform() === "darwin" ? join(homedir(), "Library", "Caches") : env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(caches, "d90", "kernel");
}

/**
 * Loads the CommonJS module at `path` into a `require`'s cache, with its code from `folder` where it is there.
 * @param options.edit What is run in place of the module's text.
 * @returns keeps the code, once it has run for a while: what has not run yet is not compiled. Nothing to keep: null.
 */
export function loadWithCode(cache: NodeJS.Require["cache"], path: string, { folder, edit = (text) => text }: {
  folder: string | null; edit?(text: string): string;
}): (() => void) | null {
  const text = edit(readText(path));
  const file = folder === null ? null : join(folder, `${keyOf(path, text)}${ENDING}`);
  const cachedData = file === null ? undefined : readCode(file);
  const script = new vm.Script(Module.wrap(text), { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
  const body: unknown = script.runInThisContext();
  if (typeof body !== "function") throw new Error(`loadWithCode: expected ${path} to be a CommonJS module.`);
  const module = new Module(path);
  module.filename = path;
  module.loaded = true;
  Reflect.apply(body, module.exports, [module.exports, createRequire(path), module, path, dirname(path)]);
  cache[path] = module;
  const isKnown = cachedData !== undefined && script.cachedDataRejected !== true;
  return file === null || isKnown ? null : () => writeCode(file, script.createCachedData());
}

/**
 * A script's text with escapes for what is not ASCII: V8 needs half the memory and reads it faster. (In a template's raw text, and
 * there alone, an escape is another text.)
 */
function readText(path: string): string {
  const escaped = (bytes: string): string =>
    [...Buffer.from(bytes, "latin1").toString()].map((char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join("");
  return readFileSync(path, "latin1").replace(/[\x80-\xff]+/g, escaped);
}

/** Another one for every version of the module and of V8, with the flags that V8 runs under; V8 itself tells texts apart by their length. */
function keyOf(path: string, text: string): string {
  const { size, mtimeMs } = statSync(path);
  return createHash("sha256").update(JSON.stringify([path, size, mtimeMs, text.length, cachedDataVersionTag()])).digest("hex").slice(0, 16);
}

const digestOf = (code: Uint8Array): Buffer => createHash("sha256").update(code).digest();

/** V8 believes what it reads: a file that was cut must not reach it. */
function readCode(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(DIGEST);
    return digestOf(code).equals(bytes.subarray(0, DIGEST)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Where nothing can be written the next start takes as long as this one. */
function writeCode(file: string, code: Uint8Array): void {
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(fresh, Buffer.concat([digestOf(code), code]), { mode: 0o600 });
    renameSync(fresh, file);
    removeOld(dirname(file));
  } catch {
    if (existsSync(fresh)) rmSync(fresh);
  }
}

function removeOld(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith(ENDING)).map((name) => join(folder, name));
  const newest = files.map((file) => ({ file, time: statSync(file).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { file } of newest.slice(KEPT)) rmSync(file, { force: true });
}
