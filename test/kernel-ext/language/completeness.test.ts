import assert from "node:assert/strict";
import test from "node:test";
import { isComplete } from "../../../kernel-ext/language/completeness.js";
import { loadTypescript } from "../../../kernel-ext/language/typescript.js";

const ts = loadTypescript();

const COMPLETE = [
  "", "1 + 1", "let x = 1", "if (x) { y() }", "if (x) y()", "await f()", "for await (const a of b) {}", "`a${b}c`", "// c", "/* c */", "!ls", "%%time\n1",
  "import a from 'b'", "declare function f(): void", "function f(): void;", "class A {}", "x = {\n  a: 1,\n}", "!echo \"open", "const a = 1\n!ls (",
  "label: for (;;) {}", "a?.b", "<T>(a: T) => a",
];

for (const code of COMPLETE) {
  test(`complete: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(ts, code), { status: "complete" }));
}

const INCOMPLETE: Record<string, string> = {
  "function f() {": "  ", "if (x)": "  ", "  if (x) {": "    ", "for (const a of b)": "  ", "while (true)": "  ", "else_ = a ? b :": "  ", "foo(": "  ", "foo(1,": "",
  "[1,\n 2": " ", "x = {\n  a: 1,": "  ", "const a =": "  ", "1 +": "  ", "a &&": "  ", "x.": "  ", "() =>": "  ", "try {\n} finally {": "  ", "try {}": "",
  "`open": "", "`a ${": "  ", "/* open": "", "/** doc": "", "class A {\n  m() {": "    ", "switch (x) {\n  case 1:": "    ", "function f()": "  ",
  "async function f()": "  ", "do x()": "", "if (x) {\n  y()\n} else": "  ", "import {a": "", "!echo \\": "  ", "const s = 'a\\": "", "@decorator": "", "%%time\nf(": "  ",
  "f(a, // why": "", "type A =": "  ", "let x: ": "  ", "new": "", "return_ = typeof": "",
};

for (const [code, indent] of Object.entries(INCOMPLETE)) {
  test(`incomplete: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(ts, code), { status: "incomplete", indent }));
}

for (const code of ["const = 1", "foo)", "}", "const a = 'open", "1 2", "x = = 2", "if (x) }", "foo(]", "class 1 {}", "/a", "const a = {b: )"]) {
  test(`invalid: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(ts, code), { status: "invalid" }));
}
