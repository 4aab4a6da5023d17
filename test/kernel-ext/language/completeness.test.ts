import assert from "node:assert/strict";
import test from "node:test";
import { isComplete } from "../../../kernel-ext/language/completeness.js";
import { cellParser } from "../../../kernel-ext/language/parse.js";
import { loadTypescript } from "../../../kernel-ext/language/typescript.js";

const parse = cellParser(loadTypescript(), "typescript");

const COMPLETE = [
  "", "1 + 1", "let x = 1", "if (x) { y() }", "if (x) y()", "await f()", "for await (const a of b) {}", "`a${b}c`",
  "// c", "/* c */", "import a from 'b'", "declare function f(): void", "function f(): void;", "class A {}", "x = {\n  a: 1,\n}", "a?.b",
  "<T>(a: T) => a",  "label: for (;;) {}", "!ls", "!echo \"open", "const a = 1\n!ls (", "%%time\n1",
];

for (const code of COMPLETE) {
  test(`complete: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(parse, code), { status: "complete" }));
}

const INCOMPLETE: Record<string, string> = {
  // Blocks and their headers.
  "function f() {": "  ", "function f()": "  ", "async function f()": "  ", "if (x)": "  ", "  if (x) {": "    ",
  "for (const a of b)": "  ", "while (true)": "  ", "do x()": "", "try {}": "", "try {\n} finally {": "  ",
  "if (x) {\n  y()\n} else": "  ", "class A {\n  m() {": "    ", "switch (x) {\n  case 1:": "    ", "@decorator": "",
  // Brackets.
  "foo(": "  ", "foo(1,": "", "[1,\n 2": " ", "x = {\n  a: 1,": "  ", "import {a": "", "f(a, // why": "", "%%time\nf(": "  ",
  // Operators.
  "const a =": "  ", "1 +": "  ", "a &&": "  ", "x.": "  ", "() =>": "  ", "else_ = a ? b :": "  ", "type A =": "  ",
  "let x: ": "  ", "new": "", "return_ = typeof": "",
  // Templates, comments, strings, shell lines.
  "`open": "", "`a ${": "  ", "/* open": "", "/** doc": "", "const s = 'a\\": "", "!echo \\": "  ",
};

for (const [code, indent] of Object.entries(INCOMPLETE)) {
  test(`incomplete: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(parse, code), { status: "incomplete", indent }));
}

for (const code of ["const = 1", "foo)", "}", "const a = 'open", "1 2", "x = = 2", "if (x) }", "foo(]", "class 1 {}",
  "/a", "const a = {b: )"]) {
  test(`invalid: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(parse, code), { status: "invalid" }));
}
