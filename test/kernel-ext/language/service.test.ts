import assert from "node:assert/strict";
import test, { after } from "node:test";
import { startLanguage } from "../../../kernel-ext/language/service.js";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());

test("requests may come before the language is ready, and are answered in their order", async () => {
  const answered: string[] = [];
  await Promise.all([
    notebook.language.ready.then(() => answered.push("ready")),
    notebook.language.convert({ cell: 900, code: "const a = 1;" }).then(() => answered.push("convert")),
    notebook.language.keep({ cell: 900 }).then(() => answered.push("keep")),
    notebook.language.complete({ code: "a", offset: 1 })
      .then(({ items }) => answered.push(`complete ${items.some(({ text }) => text === "a")}`)),
  ]);
  assert.deepEqual(answered, ["ready", "convert", "keep", "complete true"]);
});

test("a cell on which the compiler fails is rejected, and the next ones are not", async () => {
  // So deep that the compiler's recursion ends the stack.
  const [error = ""] = await notebook.errors(`const deep = ${"[".repeat(20_000)}${"]".repeat(20_000)};`);
  assert.match(error, /^0:0 0 The TypeScript compiler failed on this cell \(Maximum call stack size exceeded\)\. Earlier cells /);
  assert.equal(await notebook.run("1 + 1"), 2);
});

test("many cells leave no more than their last declarations", async () => {
  for (let i = 0; i < 60; i++) await notebook.run(`let again = ${i};\nfunction f${i % 3}() { return again; }`);
  assert.equal(await notebook.run("again + f2()"), 118);
  const { items } = await notebook.language.complete({ code: "f", offset: 1 });
  assert.deepEqual(items.map(({ text }) => text).filter((text) => /^f\d$/.test(text)), ["f0", "f1", "f2"]);
});

test("requests after close are refused", async () => {
  const language = startLanguage({ cwd: process.cwd(), language: "typescript" });
  const pending = language.isComplete({ code: "1" });
  await language.close();
  await assert.rejects(pending, /The compiler's thread has ended/);
  await assert.rejects(language.isComplete({ code: "1" }), /The compiler's thread has ended/);
});
