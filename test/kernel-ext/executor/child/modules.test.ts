import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import type { SideModule } from "../../../../kernel-ext/language/types.js";
import { errorOf, startHarness } from "../harness.js";
import { identityMap } from "../maps.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "d90-modules-")));
after(() => rmSync(folder, { recursive: true, force: true }));

function install(name: string, manifest: object, files: Record<string, string>): void {
  const target = join(folder, "node_modules", name);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "package.json"), JSON.stringify({ name, ...manifest }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(target, file), text);
}
install("old", { main: "index.js" }, { "index.js": "module.exports = function old() { return 'cjs' }; module.exports.named = 1" });
install("only-import", { type: "module", exports: { ".": { import: "./index.js" } } }, { "index.js": "export default 'd'; export const n = 2" });
install("waits", { type: "module", exports: "./index.js" }, { "index.js": "export const v = await Promise.resolve(3)" });

const { run, show } = startHarness({ cwd: folder });

const path = (name: string): string => join(folder, name);
const side = (name: string, js: string, more: Partial<SideModule> = {}): SideModule =>
  ({ path: path(name), js, map: identityMap(js), isAsync: /\bawait\b/.test(js), ...more });

test("require and __import load packages from the working directory", async () => {
  assert.equal(await show("require('old')()"), "'cjs'");
  assert.equal(await show("(await __import('old'))()"), "'cjs'");
  assert.equal(await show("(await __import('node:path')).sep"), "'/'");
});

test("packages that only import() can load come as modules, for TypeScript's helpers as well", async () => {
  assert.equal(await show("(({ default: d, n, __esModule: m }) => [d, n, m])(await __import('only-import'))"), "[ 'd', 2, true ]");
  assert.equal(await show("(({ v, __esModule: m }) => [v, m])(await __import('waits'))"), "[ 3, true ]");
  assert.equal(await show("await __import('only-import') === await __import('only-import')"), "true");
});

test("as a namespace, a CommonJS module is its default", async () => {
  assert.equal(await show("(({ default: d, named }) => [d(), named])(await __import('old', true))"), "[ 'cjs', 1 ]");
  assert.equal(await show("(await __import('only-import', true)).default"), "'d'");
});

test("a module that is not there is an error of the user's line", async () => {
  const { evalue, text } = errorOf(await run("await __import('nowhere')"));
  assert.match(evalue, /Cannot find (module|package) 'nowhere'/);
  assert.match(text, /^Error: Cannot find module 'nowhere'\nIn\[\d+\]:1:7\n[^]*at In\[\d+\]:1:7\n {4}code: 'MODULE_NOT_FOUND'$/);
});

test("no warning about how modules are loaded reaches the user", async () => {
  const own = startHarness({ cwd: folder });
  await own.run("require('arquero-like')").catch(() => undefined);
  writeFileSync(path("esm.mjs"), "export const x = 1");
  await own.run("require('./esm.mjs'); await __import('only-import'); await import('only-import'); await new Promise((r) => setTimeout(r, 50))");
  assert.deepEqual(own.events, []);
});

test("side modules run once, until they are sent again; who imports them then runs anew, too", async () => {
  const load = `(await __import(${JSON.stringify(path("b.ts"))})).value`;
  const modules = [side("a.ts", "exports.a = (globalThis.runs = (globalThis.runs ?? 0) + 1)"),
    side("b.ts", `const a = await __import(${JSON.stringify(path("a.ts"))}); exports.value = "b" + a.a`)];
  await run("null", { modules });
  assert.deepEqual([await show(load), await show(load)], ["'b1'", "'b1'"]);
  await run("null", { modules: modules.slice(0, 1) });
  assert.equal(await show(load), "'b2'");
});

test("two imports of a module that still runs both wait for it", async () => {
  await run("null", { modules: [
    side("slow.ts", "await new Promise((r) => setTimeout(r, 30)); exports.v = 1"),
    side("p.ts", `exports.v = (await __import(${JSON.stringify(path("slow.ts"))})).v`),
    side("q.ts", `exports.v = (await __import(${JSON.stringify(path("slow.ts"))})).v`),
  ] });
  assert.equal(await show(`(await Promise.all([__import(${JSON.stringify(path("p.ts"))}), __import(${JSON.stringify(path("q.ts"))})])).map((m) => m.v)`), "[ 1, 1 ]");
});

test("of two modules that import each other, the second finds the first one's unfinished exports", { timeout: 60_000 }, async () => {
  await run("null", { modules: [
    side("x.ts", `exports.early = 1; const y = await __import(${JSON.stringify(path("y.ts"))}); exports.sum = y.seen + 1`),
    side("y.ts", `const x = await __import(${JSON.stringify(path("x.ts"))}); exports.seen = x.early; exports.late = x.sum`),
  ] });
  assert.equal(await show(`(await __import(${JSON.stringify(path("x.ts"))})).sum`), "2");
});

test("the user's own require finds side modules and JSON", async () => {
  await run("null", { modules: [side("util.ts", "exports.u = __filename"), side("data.json", "{\"k\": [1]}", { map: "" })] });
  assert.equal(await show("require('./util').u === require('./util.ts').u && require('./util.js').u"), `'${path("util.ts")}'`);
  assert.equal(await show(`(await __import(${JSON.stringify(path("data.json"))})).k`), "[ 1 ]");
});

test("errors in side modules name their own lines", async () => {
  const js = "exports.boom = () => {\n  throw new Error('side');\n}";
  writeFileSync(path("boom.ts"), js);
  const outcome = errorOf(await run(`(await __import(${JSON.stringify(path("boom.ts"))})).boom()`, { modules: [side("boom.ts", js)] }));
  assert.match(outcome.text, /^Error: side\nboom\.ts:2:9\n[^]*> 2 \| {3}throw new Error[^]*at boom \(boom\.ts:2:9\)\n {4}at In\[/);
});

test("a side module that throws is run again by the next import", async () => {
  const load = `(await __import(${JSON.stringify(path("flaky.ts"))})).v`;
  await run("null", { modules: [side("flaky.ts", "await null; if (!globalThis.fixed) throw new Error('not yet'); exports.v = 1")] });
  assert.equal(await show(load), "Error: not yet");
  await run("globalThis.fixed = true");
  assert.equal(await show(load), "1");
});

test("import.meta is the cell's and the module's own", async () => {
  assert.equal(await show("__import.meta.dirname"), `'${folder}'`);
  assert.equal(await show("__import.meta.resolve('old').endsWith('node_modules/old/index.js')"), "true");
  await run("null", { modules: [side("meta.ts", "exports.url = __import.meta.url")] });
  assert.match(await show(`(await __import(${JSON.stringify(path("meta.ts"))})).url`), /^'file:.*meta\.ts'$/);
});

test("process.chdir is the user's right, and packages are still found", async () => {
  await run("process.chdir('node_modules')");
  assert.equal(await show("[process.cwd().endsWith('node_modules'), require('old')()]"), "[ true, 'cjs' ]");
});
