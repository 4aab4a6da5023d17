import assert from "node:assert/strict";
import test, { after, beforeEach } from "node:test";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
beforeEach(() => notebook.reset());

test("the value of the last expression is the cell's", async () => {
  assert.equal(await notebook.run("1 + 1"), 2);
  assert.equal(await notebook.run("const a = 1;\na + 1;\ninterface I {}"), 2);
  assert.equal((await notebook.accept("const b = 1;")).lastExpression, null);
});

test("a name of the last expression's own is left to the user", async () => {
  assert.equal(await notebook.run("const tsLastExpr = 5;\ntsLastExpr + 1"), 6);
  assert.equal(await notebook.run("tsLastExpr"), 5);
});

test("names of earlier cells are found, assigned and destructured", async () => {
  await notebook.run("let x = 1, y = 'a';\nconst {p, q: [r]} = {p: 2, q: [3]};");
  assert.deepEqual(await notebook.run("x = 5;\n({x, y: `${y}b`, p, r})"), { x: 5, y: "ab", p: 2, r: 3 });
  assert.deepEqual(await notebook.run("[x, y] = [7, 'c'];\n({x} = {x: 8});\n({y = 'd'} = {});\n[x, y]"), [8, "d"]);
});

test("properties are no names, whoever has declared them", async () => {
  await notebook.run("interface P { x: number; y?: {z: number} }\nconst point: P = {x: 1, y: {z: 2}};\n"
    + "let x = 'name', z = 'other';");
  await notebook.run("const {x: a, y: {z: b}} = point;\nconst read = ({x: c = 5}: P) => c;\nlet d: number;\n({x: d} = point);");
  assert.deepEqual(await notebook.run("const lit: P = {x: a};\n"
    + "[a, b, read(point), d, lit.x, x, z]"), [1, 2, 1, 1, 1, "name", "other"]);
});

test("functions and later cells share one variable", async () => {
  await notebook.run("let count = 0;\nfunction increase() { return ++count; }");
  await notebook.run("count = 10;\nincrease();");
  assert.equal(await notebook.run("count"), 11);
});

test("a cell may declare a name anew, with another type", async () => {
  await notebook.run("const x = 1;\nconst read = () => x;");
  await notebook.run("const x = 'text';");
  assert.deepEqual(await notebook.run("[x.toUpperCase(), read()]"), ["TEXT", 1]);
  await notebook.run("function x() { return 2; }");
  await notebook.run("class x { three = 3 }");
  assert.equal(await notebook.run("new x().three"), 3);
});

test("a value and a type of one name live beside each other", async () => {
  await notebook.run("interface Point { x: number }\nconst Point = {origin: 0};");
  await notebook.run("type Point = string;");
  assert.equal(await notebook.run("const p: Point = 'here';\nPoint.origin"), 0);
  await notebook.run("class Both {}");
  await notebook.run("interface Both { a: number }");
  assert.equal(await notebook.run("const both: Both = {a: 1};\ntypeof Both"), "function");
});

test("classes, enums, namespaces, generics and overloads are kept", async () => {
  await notebook.run(`enum Color { Red, Green }
namespace Shapes { export const sides = 4; }
class Box<T> { constructor(readonly value: T) {} }
function first(a: string): string;
function first(a: number): number;
function first(a: unknown): unknown { return a; }`);
  assert.deepEqual(await notebook.run("[Color.Green, Color[0], Shapes.sides]"), [1, "Red", 4]);
  assert.deepEqual(await notebook.run("[new Box(3).value.toFixed(1), first(2).toFixed(0)]"), ["3.0", "2"]);
});

test("variables of loops and blocks are seen as JavaScript has them", async () => {
  await notebook.run("for (var i = 0; i < 3; i++) { var inner = i; let hidden = 1; }");
  assert.deepEqual(await notebook.run("[i, inner]"), [3, 2]);
  assert.deepEqual(await notebook.errors("hidden"), ["0:0 2304 Cannot find name 'hidden'."]);
});

test("await and for await stand at the top level, in blocks too", async () => {
  assert.equal(await notebook.run("const a = await Promise.resolve(2);\nif (a) { await null; }\na"), 2);
  await notebook.run("const seen: number[] = [];\n"
    + "for await (const n of (async function* () { yield 1; yield 2; })()) seen.push(n);");
  assert.deepEqual(await notebook.run("seen"), [1, 2]);
  assert.equal((await notebook.accept("const f = async () => { await 1; };")).isAsync, false);
  assert.match((await notebook.errors("function f() { await 1; }"))[0] ?? "", /^0:15 1308 /);
  assert.match((await notebook.errors("const o = { m() { await 1; } };"))[0] ?? "", /^0:18 1308 /);
});

test("export says nothing: every declaration is kept", async () => {
  await notebook.run("export const k = 1;\nexport function g() { return 2; }\nexport interface I { a: number }\nexport { k };");
  assert.equal(await notebook.run("const i: I = {a: k};\ng() + i.a"), 3);
  assert.equal(await notebook.run("export default g()"), 2);
  assert.equal(await notebook.run("export default function named() { return 4; }\nnamed()"), 4);
});

test("what ran before a cell threw is kept, and no more", async () => {
  await notebook.run("const late = 'old';");
  await assert.rejects(notebook.run("interface Early { a: number }\nconst early: Early = {a: 1};\n"
    + "throw new Error('here');\nconst late = 2;"), /here/);
  assert.deepEqual(await notebook.run("[early.a, late.toUpperCase()]"), [1, "OLD"]);
  assert.deepEqual(await notebook.errors("const e: Early = {a: 'x'}"),
    ["0:18 2322 Type 'string' is not assignable to type 'number'."]);
});

test("a cell that was not kept leaves nothing; a scratch cell never does", async () => {
  await notebook.convert("const unkept = 1;");
  assert.equal((await notebook.errors("unkept")).length, 1);
  await notebook.run("const kept = 2;");
  const scratch = await notebook.language.convert({ cell: 900, code: "const temporary = kept;\nkept * 2", scratch: true });
  assert.equal(scratch.kind, "code");
  await notebook.language.keep({ cell: 900 });
  assert.deepEqual(await notebook.errors("temporary"), ["0:0 2304 Cannot find name 'temporary'."]);
});

test("reset forgets every declaration", async () => {
  await notebook.run("const gone = 1;");
  await notebook.reset();
  assert.equal((await notebook.errors("gone")).length, 1);
});

test("what has no name in declarations does not stop a cell", async () => {
  await notebook.run("const Anonymous = class { private secret = 1; read() { return this.secret; } };\n"
    + "const made = new Anonymous();");
  assert.equal(await notebook.run("made.read()"), 1);
  await notebook.run("const key: unique symbol = Symbol('k');\nconst table = {[key]: 1};");
  assert.equal(await notebook.run("table[key]"), 1);
});

test("declarations of globals and modules hold in later cells", async () => {
  await notebook.run("declare global { interface Array<T> { lastItem(): T } }\n"
    + "Array.prototype.lastItem = function () { return this[this.length - 1]; };");
  assert.equal(await notebook.run("[1, 2].lastItem()"), 2);
});

test("a cell may have a require of its own", async () => {
  assert.equal(await notebook.run("import {createRequire} from 'module';\n"
    + "const require = createRequire(import.meta.url + 'cell.js');\nrequire('path').sep.length"), 1);
});

test("a directive, an empty cell and a comment are cells", async () => {
  assert.equal(await notebook.run("'use strict'"), "use strict");
  assert.equal(await notebook.run(""), undefined);
  assert.equal(await notebook.run("// nothing\n/* at all */"), undefined);
});

test("the kernel's own globals are typed", async () => {
  assert.deepEqual(await notebook.errors("const answer: string = await input('?');\n"
    + "await Jupyter.display(answer, {raw: true});\nrequire('fs');"), []);
});

test("decorators, satisfies and private fields compile", async () => {
  await notebook.run("function twice(_: unknown, name: string) { void name; }\n"
    + "class D { #p = 1; @twice m() { return this.#p; } }\nconst s = {a: 1} satisfies Record<string, number>;");
  assert.deepEqual(await notebook.run("[new D().m(), s.a]"), [1, 1]);
});
