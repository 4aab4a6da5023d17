import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test, { after } from "node:test";
import { amend } from "../../../kernel-ext/language/amendments.js";
import { tslabRequire } from "../../../kernel-ext/language/typescript.js";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
const documentation = async (code: string): Promise<string> =>
  (await notebook.language.inspect({ code, offset: code.length, detail: 0 }))?.["text/plain"] ?? "";

test("every place of the installed compiler is found", () => {
  const text = readFileSync(tslabRequire.resolve("@tslab/typescript-for-tslab"), "utf8");
  const amended = amend(text);
  assert.ok(amended.includes("(host.createTypeChecker || createTypeChecker)(program)"));
  assert.equal(amended.split("d90LateComments").length, 4);
  assert.ok(amended.includes("hasJSDocNodes(d90WithComments(node))"));
  assert.ok(amended.includes("!!compilerOptions.d90Require ||"));
});

test("of a compiler that has not all places of an amendment nothing is changed", () => {
  const text = "function getJSDocCommentsAndTags(hostNode, noCache) {}";
  assert.equal(amend(text), text);
});

test("comments of declarations are there when they are asked for, once and again", async () => {
  for (let time = 0; time < 2; time++) {
    const text = await documentation("Math.hypot");
    assert.match(text, /^\(method\) Math\.hypot\(.*\): number\n\nReturns the square root of the sum of squares of its arguments\.\n\n@param values Values/);
  }
  assert.match(await documentation("new Map<string, number>().get"), /\n\nReturns a specified element from the Map object\./);
  await notebook.run("import * as fs from 'node:fs';");
  assert.match(await documentation("fs.existsSync"), /Returns `true` if the path exists[^]*@since v0\.1\.21/);
});

test("what declarations call deprecated is", async () => {
  assert.match(await documentation("escape"), /@deprecated A legacy feature for browser compatibility/);
  const { items } = await notebook.language.complete({ code: "'x'.su", offset: 6 });
  // TypeScript sorts them behind the others.
  assert.deepEqual(items.map(({ text }) => text), ["substring", "sub", "substr", "sup"]);
});
