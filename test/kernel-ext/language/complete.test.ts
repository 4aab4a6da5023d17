import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Completion } from "../../../kernel-ext/language/types.js";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
before(async () => {
  await notebook.run("const table = {rows: 1, columns: 2, rename(to: string) { return to; }};\n"
    + "function tabulate(rows: number) { return rows; }\nclass Tableau {}");
  notebook.write("helpers.ts", "export const help = 1;\n");
});

/** At the `¦` of the code. */
function complete(marked: string): Promise<Completion> {
  const offset = marked.indexOf("¦");
  return notebook.language.complete({ code: marked.slice(0, offset) + marked.slice(offset + 1), offset });
}
const textsOf = async (marked: string): Promise<string[]> => (await complete(marked)).items.map(({ text }) => text);

test("names that begin with what was typed, with their kinds and types", async () => {
  const { start, end, items } = await complete("1;\ntab¦");
  assert.deepEqual([start, end], [3, 6]);
  assert.deepEqual(items, [
    { text: "table", type: "const", signature: "{ rows: number; columns: number; rename(to: string): string; }" },
    { text: "tabulate", type: "function", signature: "(rows: number) => number" },
  ]);
});

test("other case matches where the same case does not", async () => {
  assert.deepEqual(await textsOf("TABL¦"), ["table", "Tableau"]);
  assert.deepEqual(await textsOf("Tabl¦"), ["Tableau"]);
});

test("members", async () => {
  assert.deepEqual(await textsOf("table.¦"), ["columns", "rename", "rows"]);
  assert.deepEqual(await textsOf("table.r¦"), ["rename", "rows"]);
  assert.deepEqual(await textsOf("table?.ro¦"), ["rows"]);
  assert.deepEqual(await textsOf("'text'.toUpperC¦"), ["toUpperCase"]);
  const { items } = await complete("table.re¦");
  assert.deepEqual(items, [{ text: "rename", type: "method", signature: "(to: string) => string" }]);
});

test("names that begin with underscores come last, unless they are asked for", async () => {
  const object = "const own = { __deep: 1, _inner: 2, zebra: 3, Apple: 4 };\n";
  assert.deepEqual(await textsOf(`${object}own.¦`), ["Apple", "zebra", "_inner", "__deep"]);
  assert.deepEqual(await textsOf(`${object}own._¦`), ["_inner", "__deep"]);
});

test("names of the cell itself, also after the cursor's word", async () => {
  assert.deepEqual(await textsOf("const localName = 1;\nlocalN¦"), ["localName"]);
  const { start, end, items } = await complete("const localName = 1;\nlocal¦Na + 1");
  assert.deepEqual([start, end, items.map(({ text }) => text)], [21, 28, ["localName"]]);
});

test("with nothing typed only the notebook's names are offered", async () => {
  const texts = await textsOf("const mine = 1;\n¦");
  assert.deepEqual(texts, ["mine", "table", "Tableau", "tabulate"]);
});

test("modules and paths of imports", async () => {
  assert.deepEqual(await textsOf("import fs from 'node:fs/pro¦'"), ["promises"]);
  assert.deepEqual(await textsOf("import {help} from './hel¦'"), ["helpers"]);
  assert.deepEqual(await textsOf("import {he¦} from './helpers'"), ["help"]);
});

test("properties of literals by their type, and string unions", async () => {
  assert.deepEqual(await textsOf("const o: {alpha: number; beta: string} = {al¦"), ["alpha"]);
  assert.deepEqual(await textsOf("const s: 'left' | 'right' = 'le¦'"), ["left"]);
});

test("shell lines: none inside, and they move nothing behind", async () => {
  assert.deepEqual(await textsOf("!ls tab¦"), []);
  const { start, end, items } = await complete("!ls -l\ntabu¦");
  assert.deepEqual([start, end, items.length], [7, 11, 1]);
});

test("the kernel's own and Node's globals", async () => {
  assert.deepEqual(await textsOf("Jupyter.clearO¦"), ["clearOutput"]);
  assert.deepEqual(await textsOf("structuredCl¦"), ["structuredClone"]);
  assert.deepEqual(await textsOf("process.uptim¦"), ["uptime"]);
});

test("what a package exports again, and what was imported, is shown as what it is", async () => {
  notebook.write("again.ts", "export { help } from './helpers';\nexport { run, Runner } from './origin';\n");
  notebook.write("origin.ts", "export function run(): number { return 1; }\nexport class Runner {}\n");
  await notebook.run("import * as again from './again';\nimport { run as go } from './origin';\nvoid again; void go;");
  const kinds = async (marked: string): Promise<string[]> => (await complete(marked)).items.map(({ text, type }) => `${text}: ${type}`);
  assert.deepEqual(await kinds("again.¦"), ["help: const", "run: function", "Runner: class"]);
  assert.deepEqual(await kinds("agai¦"), ["again: module"]);
  assert.deepEqual(await kinds("go¦"), ["go: function"]);
});
