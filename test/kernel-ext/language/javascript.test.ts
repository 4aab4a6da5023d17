import assert from "node:assert/strict";
import test, { after } from "node:test";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook(undefined, "javascript");
const { run, errors } = notebook;
after(() => notebook.close());

test("what TypeScript demands of JavaScript is not demanded", async () => {
  await run("class Hello {\n  constructor(name) { this.name = name; }\n  greet() { return `Hello, ${this.name}`; }\n}\nconst hello = new Hello('d90');");
  assert.equal(await run("hello.greet()"), "Hello, d90");
  assert.equal(await run("function Old(a) { this.a = a; }\nOld.prototype.twice = function () { return 2 * this.a; };\nnew Old(3).twice()"), 6);
  assert.equal(await run("new Old(4).twice()"), 8);
});

test("TypeScript's own syntax is an error, and so is what tslab's JavaScript finds in types", async () => {
  assert.match((await errors("let n: number = 3"))[0] ?? "", /Type annotations can only be used in TypeScript files/);
  assert.match((await errors("enum E { A }"))[0] ?? "", /can only be used in TypeScript files/);
  assert.match((await errors("let now = Date.now();\nnow += 'hello';")).join(), /^1:0 2322 Type 'string' is not assignable to type 'number'\.$/);
  assert.equal(await run("/** @type {any} */\nlet anything = 123;\nanything += ' hello';\nanything"), "123 hello");
  assert.equal(await run("/\u002f @ts-ignore\nhello.unknown"), undefined);
  assert.equal(await run("/\u002f Quick and dirty.\n/\u002f @ts-nocheck\nlet later = 1;\nlater = hello.unknown;\nlater += 'one';\nlater"), "undefinedone");
  assert.match((await errors("let checked = 1;\n/\u002f @ts-nocheck\nchecked = 'one';")).join(), /Type 'string' is not assignable/);
  assert.match((await errors("/\u002f @ts-nocheck\nlet 1 = 2;")).join(), /not allowed at this location/);
});

test("require is typed as import is, whole or in parts, from cell to cell", async () => {
  await run("const os = require('os');\nconst { readFileSync, existsSync: exists } = require('node:fs');");
  assert.equal(await run("typeof os.cpus()[0].model + typeof readFileSync + exists('/nowhere/at-all')"), "stringfunctionfalse");
  assert.match((await errors("os.cpuss()")).join(), /Property 'cpuss' does not exist/);
  await run("const cpus = os.cpus();");
  assert.match((await errors("cpus[0].modell")).join(), /Property 'modell' does not exist on type 'CpuInfo'/);
  const { items } = await notebook.language.complete({ code: "os.cpu", offset: 6 });
  assert.deepEqual(items.map(({ text, type }) => [text, type]), [["cpus", "function"]]);
  assert.equal(await run("import { join } from 'node:path';\njoin('a', 'b')"), "a/b");
  assert.equal(await run("join('c', 'd')"), "c/d");
});

test("a class of one cell has members of what another cell has required", async () => {
  await run("const http = require('http');");
  await run("class Site {\n  constructor() { this.server = http.createServer(); }\n}");
  assert.equal(await run("new Site().server.listening"), false);
  assert.match((await errors("new Site().server.listeningg")).join(), /Property 'listeningg' does not exist on type 'Server/);
});

test("names may be declared again as something else, a package's as well", async () => {
  assert.equal(await run("const os = { mine: 1 };\nos.mine"), 1);
  assert.equal(await run("class os {}\ntypeof os"), "function");
  await run("let changing = { a: 1 };\nlet action = () => 1;");
  assert.equal(await run("changing = { a: 2 };\naction = () => 2;\nchanging.a + action()"), 4);
});

test("objects stay open and functions take fewer arguments, as within one file", async () => {
  await run("const config = { rate: 1, nested: { on: true }, find(key) { return this[key]; } };\nconst empty = {};");
  await run("config.steps = 3;\nconfig.nested.off = false;\nempty.full = 1;");
  assert.deepEqual(await run("[config.find('steps'), Object.keys(config.nested), empty.full]"), [3, ["on", "off"], 1]);
  await run("function first(a, b) { return a; }\nconst second = (a, b) => b;");
  assert.deepEqual(await run("[first(), second(1)]"), [undefined, undefined]);
  assert.match((await errors("config.rate = 'x'")).join(), /2322/);
});

test("types are written in comments, and stand in later cells", async () => {
  await run("/** @typedef {{ x: number, y: number }} Point */\n1");
  await run("/** @param {number} a the one\n * @param {number} b the other */\nfunction sum(a, b) { return a + b; }");
  assert.equal(await run("/** @type {Point} */\nconst point = { x: 1, y: 2 };\nsum(point.x, point.y)"), 3);
  assert.match((await errors("/** @type {Point} */\nconst wrong = { x: 1 };")).join(), /Property 'y' is missing/);
  assert.match((await errors("sum(1)")).join(), /Expected 2 arguments/);
  const about = await notebook.language.inspect({ code: "sum", offset: 3, detail: 0 });
  assert.match(about?.["text/plain"] ?? "", /function sum\(a: number, b: number\): number[^]*the other/);
});

test("the user's own files are required and imported, again when they change, and not checked", async () => {
  notebook.write("own.js", "let n = 1;\nn = 'one';\nexports.name = n;\nexports.other = require('./other').value;");
  notebook.write("other.js", "module.exports = { value: 5 };");
  assert.equal(await run("const { name, other } = require('./own');\nname + other"), "one5");
  notebook.write("module.mjs", "export const version = 1;");
  assert.equal(await run("import { version } from './module.mjs';\nversion"), 1);
  notebook.write("module.mjs", "export const version = 'two';");
  assert.equal(await run("import { version } from './module.mjs';\nversion"), "two");
  await run("/** @module shared */\nexport const shared = 3;");
  assert.equal(await run("import { shared } from './shared';\nshared"), 3);
});

test("await, loops, exports and failing cells leave what they do in TypeScript", async () => {
  assert.equal(await run("for await (const v of [Promise.resolve(1), 2]) var sumOf = (sumOf ?? 0) + v;\nsumOf"), 3);
  assert.equal(await run("export const exported = await Promise.resolve(4);\nexported"), 4);
  await assert.rejects(run("const kept = 1;\nthrow new Error('stop');\nconst never = 2;"), /stop/);
  assert.equal(await run("kept"), 1);
  assert.equal((await errors("never")).length, 1);
});

test("completeness is JavaScript's", async () => {
  const ask = async (code: string): Promise<string> => (await notebook.language.isComplete({ code })).status;
  assert.deepEqual([await ask("function f() {"), await ask("f()"), await ask("let = = 1")], ["incomplete", "complete", "invalid"]);
});
