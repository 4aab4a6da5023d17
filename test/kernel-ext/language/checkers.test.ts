/** One checker for many cells must find what a checker of the cell's own would find. */
import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { createCells } from "../../../kernel-ext/language/cells.js";
import { createDeclarations } from "../../../kernel-ext/language/declarations.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "d90-checkers-")));
after(() => rmSync(folder, { recursive: true }));
const { convert, compiler } = createCells({ cwd: folder, language: "typescript" }, new Set());
const declarations = createDeclarations();

/** Converts a cell and keeps what it declares. @returns the numbers of its errors, and what it declares. */
function run(code: string): { errors: number[]; declared: string[] } {
  const { conversion, declared } = convert({ code, declarations });
  declarations.keep(declared);
  return { errors: conversion.kind === "code" ? [] : conversion.diagnostics.map((each) => each.code), declared: declared.map(({ text }) => text) };
}
const errorsOf = (code: string): number[] => run(code).errors;

/** How many checkers these cells have; one shares its methods with every program that it serves. */
function checkersOf(cells: readonly string[]): number {
  const methods = cells.map((code) => {
    assert.deepEqual(errorsOf(code), [], code);
    return compiler.programs.current().getTypeChecker().getTypeAtLocation;
  });
  return new Set(methods).size;
}

test("the first cell has the checker that was made with the compiler", () => {
  const before = compiler.programs.current().getTypeChecker().getTypeAtLocation;
  errorsOf("1 + 1");
  assert.equal(compiler.programs.current().getTypeChecker().getTypeAtLocation, before);
});

test("cells that differ in their text share one checker", () => {
  errorsOf("const start = 1;");
  assert.equal(checkersOf(Array.from({ length: 20 }, (_, i) => `let n${i} = start + ${i}; n${i}`)), 1);
});

test("a name that is declared anew has its new type at once, also for a cell that comes again", () => {
  const use = "size.toFixed(1)";
  errorsOf("const size = 1;");
  assert.deepEqual(errorsOf(use), []);
  errorsOf("const size = 'one';");
  assert.deepEqual(errorsOf(use), [2551]);
  errorsOf("const size = 2;");
  assert.deepEqual(errorsOf(use), []);
  errorsOf("class Box { constructor(readonly value: number) {} }");
  errorsOf("class Box { constructor(readonly text: string) {} }");
  assert.deepEqual(errorsOf("new Box('a').text.length"), []);
  assert.deepEqual(errorsOf("const wrong: number = new Box('a').text;"), [2322]);
});

test("a cell that declares what it reads is checked against the newest each time it comes", () => {
  errorsOf("let turn: string | number = 0 as string | number;");
  const cell = "let turn = [1]; turn";
  assert.deepEqual(run(cell).declared, ["declare let turn: number[];"]);
  errorsOf("const next = turn;");
  assert.deepEqual(errorsOf("const next = turn.map((each) => each + 1); next"), []);
  assert.deepEqual(errorsOf("const next = turn.map((each) => each + 1); next"), []);
});

test("a cell that comes again when everything was forgotten is checked against nothing", () => {
  errorsOf("let gone = 1;");
  assert.deepEqual(errorsOf("gone + 1"), []);
  declarations.reset();
  assert.deepEqual(errorsOf("gone + 1"), [2304]);
});

test("an error is told every time its cell comes, and by no cell behind it", () => {
  for (let time = 0; time < 3; time++) {
    assert.deepEqual(errorsOf("const n: number = 'text';"), [2322]);
    assert.deepEqual(errorsOf("1 + 1"), []);
    assert.deepEqual(errorsOf("missing()"), [2304]);
  }
});

test("what completion and inspection find wrong is no error of the next cell, and hides none", () => {
  const text = "const half: number = missingName.";
  compiler.converter.complete(declarations.text(), `${text}\n;`, text.length);
  compiler.converter.inspect(declarations.text(), "const n: number = 'text';", 8);
  assert.deepEqual(errorsOf("const half = 1; half"), []);
  compiler.converter.inspect(declarations.text(), "const n: number = 'text';", 8);
  assert.deepEqual(errorsOf("const n: number = 'text';"), [2322]);
});

test("directives about errors hold", () => {
  const directive = (name: string): string => `${"/".repeat(2)} @ts-${name}\n`;
  assert.deepEqual(errorsOf(`${directive("expect-error")}const n: number = 'text';`), []);
  assert.deepEqual(errorsOf(`${directive("expect-error")}const n: number = 1;`), [2578]);
  assert.deepEqual(errorsOf(`${directive("ignore")}missing();`), []);
});

test("globals that a cell adds are there in the next, as long as they are kept", () => {
  assert.deepEqual(errorsOf("hello"), [2304]);
  assert.deepEqual(errorsOf("declare global { var hello: string }"), []);
  assert.deepEqual(errorsOf("hello.length"), []);
  declarations.reset();
  assert.deepEqual(errorsOf("hello"), [2304]);
});

test("files that a cell adds, and what becomes of them, are there in the next", () => {
  writeFileSync(join(folder, "own.ts"), "export const own = 1;\nexport interface Own { a: number }\nexport const make = (): Own => ({ a: 1 });\n");
  assert.deepEqual(errorsOf("import { own } from './own';\nown.toFixed()"), []);
  assert.deepEqual(errorsOf("own.toFixed(2)"), []);
  writeFileSync(join(folder, "own.ts"), "export const own = 'text';\n");
  assert.deepEqual(errorsOf("own.toFixed(3)"), [2551]);
  writeFileSync(join(folder, "own.ts"), "export const own = 10;\n");
  assert.deepEqual(errorsOf("own.toFixed(2)"), []);
  writeFileSync(join(folder, "own.ts"), "export const own = 'texts';\n");
  assert.deepEqual(errorsOf("own.toFixed(2)"), [2551]);
  assert.deepEqual(errorsOf("own.length"), []);
});

test("types of another cell's imports are written so that later cells can read them", () => {
  writeFileSync(join(folder, "shapes.ts"), "export interface Shape { sides: number }\nexport const make = (): Shape => ({ sides: 3 });\n");
  errorsOf("import { make, type Shape } from './shapes';\nconst first: Shape = make();");
  errorsOf("import { make } from './shapes';");
  errorsOf("class Shape {}");
  errorsOf("const second = make();");
  assert.deepEqual(errorsOf("second.sides + 1"), []);
  assert.deepEqual(errorsOf("const third: string = second.sides;"), [2322]);
});

test("after a hundred programs there is another checker", () => {
  declarations.reset();
  const made = checkersOf(Array.from({ length: 250 }, (_, i) => `${i} + 1`));
  assert.ok(made === 3 || made === 4, `${made} checkers`);
});
