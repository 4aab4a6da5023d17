import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after, beforeEach } from "node:test";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
beforeEach(() => notebook.reset());

/** What is sent with a cell, which then counts as run. */
async function pathsOf(code: string): Promise<string[]> {
  const conversion = await notebook.language.convert({ cell: 900, code });
  assert.ok(conversion.kind === "code");
  await notebook.language.keep({ cell: 900 });
  return conversion.modules.map(({ path }) => path.slice(notebook.folder.length + 1));
}

test("default, named, renamed and namespace imports of CommonJS and of Node", async () => {
  notebook.write("node_modules/common/index.js", "module.exports = {one: 1};");
  notebook.write("node_modules/common/index.d.ts", "declare const common: {one: number}; export = common;");
  assert.deepEqual(await notebook.run("import common, {one as uno} from 'common';\nimport * as all from 'common';\n"
    + "import fs, {sep} from 'path';\n[common.one, uno, all.one, fs.sep === sep]"), [1, 1, 1, true]);
  assert.deepEqual(await notebook.run("[common.one, uno, all.one, sep.length]"), [1, 1, 1, 1]);
});

test("imports are awaited, and stay where they stand", async () => {
  const { js, isAsync } = await notebook.accept("const before = 1;\nimport 'node:fs';\nimport {sep} from 'node:path';");
  assert.equal(isAsync, true);
  assert.match(js, /const before = 1;[^]*await __import\("node:fs"\);\n.*await __import\("node:path"\), sep = \w+\.sep;/);
});

test("types that are imported are no values", async () => {
  notebook.write("shapes.ts", "export interface Shape { sides: number }\nexport type Name = string;\n");
  const { names, js } = await notebook.accept("import {Shape, type Name} from './shapes';\n"
    + "import type {Shape as Form} from './shapes';\nconst s: Shape & Form = {sides: 3};");
  assert.deepEqual(names, ["s"]);
  assert.doesNotMatch(js, /__import/);
  await notebook.run("import {Shape} from './shapes';");
  assert.equal((await notebook.errors("const t: Shape = {sides: 'x'};")).length, 1);
});

test("import() gives a namespace, and import.meta is the cell's", async () => {
  notebook.write("dynamic.ts", "export default 4;\n");
  assert.deepEqual(await notebook.run("const m = await import('./dynamic');\nconst p = await import('path');\n"
    + "[m.default, p.default.sep === p.sep, typeof import.meta.url]"), [4, true, "string"]);
});

test("the user's files are compiled, with those that they import, deepest first", async () => {
  notebook.write("a.ts", "import {b} from './deep/b.js';\nexport const a: number = b + 1;\n");
  notebook.write("deep/b.ts", "import data from '../data.json';\nexport const b = data.start;\n");
  notebook.write("data.json", "{\"start\": 1}");
  const cell = "import {a} from './a.ts';\na";
  assert.deepEqual(await pathsOf(cell), ["data.json", "deep/b.ts", "a.ts"]);
  assert.deepEqual(await pathsOf(cell), []);
  await notebook.reset();
  assert.equal(await notebook.run(cell), 2);
});

test("files that have changed are sent again, with those that import them", async () => {
  notebook.write("top.ts", "export {value} from './bottom';\nexport const own = 1;\n");
  notebook.write("bottom.ts", "export const value = 1;\n");
  notebook.write("beside.ts", "export const beside = 1;\n");
  const cell = "import {value} from './top';\nimport './beside';\nvalue";
  assert.equal(await notebook.run(cell), 1);
  notebook.write("bottom.ts", "export const value = 'changed';\n");
  assert.deepEqual(await pathsOf(cell), ["bottom.ts", "top.ts"]);
  notebook.write("bottom.ts", "export const value = 'again!';\n");
  assert.equal(await notebook.run(`${cell}.toUpperCase()`), "AGAIN!");
});

test("files of a cell that never ran are sent again", async () => {
  notebook.write("once.ts", "export const once = 1;\n");
  const cell = "import {once} from './once';";
  assert.equal((await notebook.accept(cell)).modules.length, 1);
  assert.deepEqual([await pathsOf(cell), await pathsOf(cell)], [["once.ts"], []]);
});

test("a file that was missing is found when it is there", async () => {
  assert.equal((await notebook.errors("import {late} from './late';")).length, 1);
  notebook.write("late.ts", "export const late = 3;\n");
  assert.equal(await notebook.run("import {late} from './late';\nlate"), 3);
});

test("files that import each other run", async () => {
  notebook.write("even.ts", "import {odd} from './odd';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n");
  notebook.write("odd.ts", "import {even} from './even';\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\n");
  assert.equal(await notebook.run("import {even} from './even';\neven(10)"), true);
  notebook.write("odd.ts", "import {even} from './even';\nexport const odd = (n: number): boolean => n > 0 && even(n - 1);\n");
  assert.deepEqual((await pathsOf("import {even} from './even';")).sort(), ["even.ts", "odd.ts"]);
});

test("JSON is imported as default and by name, with its types", async () => {
  notebook.write("table.json", "{\"rows\": [{\"a\": 1}]}");
  assert.equal(await notebook.run("import table, {rows} from './table.json';\ntable.rows[0].a + rows.length"), 2);
  assert.equal((await notebook.errors("import t from './table.json';\nt.columns")).length, 1);
});

test("JavaScript of the user's is loaded too, and modules may await", async () => {
  notebook.write("plain.js", "export const plain = await Promise.resolve(1);\n");
  notebook.write("awaiting.ts", "const value = await Promise.resolve(2);\nexport default value;\n");
  assert.equal(await notebook.run("import {plain} from './plain.js';\nimport two from './awaiting';\nplain + two"), 3);
});

test("modules have source maps to their files", async () => {
  notebook.write("mapped.ts", "interface Gone {}\nexport const f = () => { throw new Error('x'); };\n");
  const [module] = (await notebook.accept("import {f} from './mapped';")).modules;
  const { sources }: { sources: string[] } = JSON.parse(module?.map ?? "{}");
  assert.deepEqual(sources, [join(notebook.folder, "mapped.ts")]);
  assert.doesNotMatch(module?.js ?? "", /sourceMappingURL/);
});

test("tslab's module cells are imported by the others, and replaced", async () => {
  const module = "/** @module greeting */\nexport const greet = (name: string) => `Hello ${name}`;";
  assert.equal(await notebook.run(module), undefined);
  assert.equal(await notebook.run("import {greet} from './greeting';\ngreet('you')"), "Hello you");
  await notebook.run(module.replace("Hello", "Bye"));
  assert.equal(await notebook.run("import {greet} from './greeting';\ngreet('you')"), "Bye you");
  assert.match((await notebook.errors("/** @module greeting */\nexport const greet: number = 'x';"))[0] ?? "", /^1:13 2322 /);
});
