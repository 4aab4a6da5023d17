import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { codeFolder, loadWithCode } from "../../../kernel-ext/language/codeCache.js";

const folder = mkdtempSync(join(tmpdir(), "d90-code-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const cacheFolder = join(folder, "cache");
const modulePath = join(folder, "library.cjs");
const source = "const path = require('node:path'); exports.twice = (n) => 2 * n; exports.self = path.basename(__filename);";
writeFileSync(modulePath, source);

interface Library {
  twice(n: number): number;
  self: string;
}

/** Loads the module anew. */
function load(into: string | null = cacheFolder): { library: Library; keep: (() => void) | null } {
  const require = createRequire(modulePath);
  delete require.cache[modulePath];
  const keep = loadWithCode(require.cache, modulePath, { folder: into });
  const library: Library = require(modulePath);
  return { library, keep };
}

const kept = (): string[] => readdirSync(cacheFolder).map((name) => join(cacheFolder, name));

test("the module works, its code is kept for its owner alone, and is used the next time", () => {
  const { library, keep } = load();
  assert.deepEqual([library.twice(21), library.self], [42, "library.cjs"]);
  keep?.();
  const [file = ""] = kept();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = load();
  assert.deepEqual([again.library.twice(4), again.keep], [8, null]);
});

test("what is not ASCII stays what it is", () => {
  const path = join(folder, "words.cjs");
  writeFileSync(path, "exports.words = 'é→😀'; // ’");
  const require = createRequire(path);
  loadWithCode(require.cache, path, { folder: null });
  const { words }: { words: string } = require(path);
  assert.equal(words, "é→😀");
});

test("code that was cut or changed is not given to V8, and is replaced", () => {
  const [file = ""] = kept();
  const bytes = readFileSync(file);
  for (const broken of [bytes.subarray(0, bytes.length / 2), Buffer.alloc(0), Buffer.concat([bytes, Buffer.of(0)])]) {
    writeFileSync(file, broken);
    const { library, keep } = load();
    assert.equal(library.twice(3), 6);
    assert.ok(keep !== null, "broken code was taken");
    keep();
    assert.equal(load().keep, null);
  }
});

test("a module that has changed is compiled anew, and the newest four are kept", () => {
  for (let version = 1; version <= 6; version++) {
    writeFileSync(modulePath, `${source} exports.twice = (n) => ${version} * n; //${" ".repeat(version)}`);
    const { library, keep } = load();
    assert.equal(library.twice(10), 10 * version);
    assert.ok(keep !== null, "old code was taken");
    keep();
    const [, ...older] = kept();
    for (const file of older) utimesSync(file, new Date(), new Date(Date.now() - 60_000));
  }
  assert.equal(kept().length, 4);
});

test("a text that is edited another way has code of its own", () => {
  rmSync(cacheFolder, { recursive: true });
  const edited = (edit: (text: string) => string) => {
    const require = createRequire(modulePath);
    delete require.cache[modulePath];
    return loadWithCode(require.cache, modulePath, { folder: cacheFolder, edit });
  };
  const [plain, longer] = [(text: string) => text, (text: string) => `${text}\nexports.more = 1;`];
  edited(plain)?.();
  edited(longer)?.();
  assert.deepEqual([edited(plain), edited(longer)], [null, null]);
  const library: Library & { more?: number } = createRequire(modulePath)(modulePath);
  assert.equal(library.more, 1);
});

test("without a folder, or with one that cannot be written, the module works all the same", () => {
  assert.equal(load(null).keep, null);
  const { library, keep } = load(join(modulePath, "below-a-file"));
  assert.ok(keep !== null);
  keep();
  assert.equal(library.twice(1), 6);
});

test("the folder is the user's cache's, or the one that is named", () => {
  assert.equal(codeFolder({ D90_KERNEL_CACHE: "" }), null);
  assert.equal(codeFolder({ D90_KERNEL_CACHE: "/there" }), "/there");
  if (process.platform === "linux") assert.equal(codeFolder({ XDG_CACHE_HOME: "/caches" }), "/caches/d90/kernel");
});
