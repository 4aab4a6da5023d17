import assert from "node:assert/strict";
import test, { after, beforeEach } from "node:test";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
beforeEach(() => notebook.reset());

test("every error of a cell is told, in its order and at its place", async () => {
  assert.deepEqual(await notebook.errors("const a: number = 'x';\n\n  missing(a);\nnope;"), [
    "0:6 2322 Type 'string' is not assignable to type 'number'.",
    "2:2 2304 Cannot find name 'missing'.",
    "3:0 2304 Cannot find name 'nope'.",
  ]);
});

test("a cell that begins with @ts-nocheck is not checked, and the next one is", async () => {
  assert.deepEqual(await notebook.errors("/\u002a Ported as it was. *\u002f\n/\u002f @ts-nocheck\nlet count: number = 'two';"), []);
  assert.equal((await notebook.errors("let count: number = 'two';")).length, 1);
  assert.equal((await notebook.errors("/\u002a /\u002f @ts-nocheck *\u002f\nlet count: number = 'two';")).length, 1);
});

test("places have offset, line and column of both ends", async () => {
  const conversion = await notebook.convert("1;\nfoo.bar");
  assert.ok(conversion.kind === "rejected");
  const [{ start, end, code, file } = assert.fail()] = conversion.diagnostics;
  assert.deepEqual([start, end], [{ offset: 3, line: 1, column: 0 }, { offset: 6, line: 1, column: 3 }]);
  assert.deepEqual([code, file], [2304, undefined]);
});

test("a message with reasons is one message", async () => {
  const errors = await notebook.errors("const o: {a: {b: number}} = {a: {b: 1, ...({b: 'x'})}};\n"
    + "const f: (a: string) => void = (a: number) => {};");
  assert.equal(errors.length, 2);
  assert.match(errors[1] ?? "", /^1:6 2322 Type .* is not assignable to type .*\n {2}Types of parameters 'a' and 'a' are incompatible\.\n {4}/);
});

test("syntax errors are told alone", async () => {
  assert.deepEqual(await notebook.errors("const a = ;\nmissing"), ["0:10 1109 Expression expected."]);
  assert.deepEqual(await notebook.errors("foo("), ["0:4 1005 ')' expected."]);
});

test("shell lines before an error do not move it", async () => {
  const code = "!echo 'a long command'\nif (true) {\n  !echo b\n}\nlet z: number = 'a'; missing";
  assert.deepEqual(await notebook.errors(code), [
    "4:4 2322 Type 'string' is not assignable to type 'number'.", "4:21 2304 Cannot find name 'missing'.",
  ]);
});

test("a shell line in a function that is not async is told at its place", async () => {
  assert.match((await notebook.errors("function f() {\n  !ls\n}"))[0] ?? "", /^1:2 1308 /);
});

test("unknown magics are told, and what there is", async () => {
  const [error] = await notebook.errors("1;\n%matplotlib inline");
  assert.match(error ?? "", /^1:0 0 %matplotlib is no magic of this kernel\. It has %%time .* !command/);
  assert.equal((await notebook.errors("%%bash\nls")).length, 1);
  assert.deepEqual(await notebook.errors("const a = 7\n%3;\nconst b = `\n%x`"), []);
});

test("an import that cannot be found is told by its name", async () => {
  assert.deepEqual(await notebook.errors("import {a} from 'no-such-package'"), [
    "0:16 2307 Cannot find module 'no-such-package' or its corresponding type declarations.",
  ]);
});

test("errors of imported files are told with the file", async () => {
  notebook.write("lib/broken.ts", "export const a: number = 'x';\n");
  notebook.write("through.ts", "export * from './lib/broken';\n");
  assert.deepEqual(await notebook.errors("import {a} from './through.ts'"), [
    "lib/broken.ts:0:13 2322 Type 'string' is not assignable to type 'number'.",
  ]);
  notebook.write("lib/broken.ts", "export const a: number = 1;\n");
  assert.deepEqual(await notebook.errors("import {a} from './through.ts'"), []);
});

test("unused and loosely typed code is no error", async () => {
  assert.deepEqual(await notebook.errors("function f(a, b) { return a; }\nlet n: string = null;"), []);
});
