import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { errorOf, plain, startHarness } from "../harness.js";
import { identityMap } from "../maps.js";

const folder = mkdtempSync(join(tmpdir(), "d90-traceback-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules", "somelib"), { recursive: true });
writeFileSync(join(folder, "node_modules", "somelib", "index.js"),
  "const inner = (f) => f(); exports.call = (f) => [1].map(() => inner(f)); exports.fail = () => { throw new RangeError('lib') };");

const { run, printed, latest, show } = startHarness({ cwd: folder });

test("an error names the cell's own lines, quotes the first and has a caret", async () => {
  const { ename, evalue, text } = errorOf(await run("function f(o) {\n  return o.x.y;\n}\nf({})"));
  assert.equal(ename, "TypeError");
  assert.match(evalue, /^Cannot read properties of undefined/);
  assert.equal(text, `TypeError: ${evalue}
In[${latest()}]:2:14
  1 | function f(o) {
> 2 |   return o.x.y;
    |              ^
    at f (In[${latest()}]:2:14)
    at In[${latest()}]:4:1`);
});

test("positions are mapped to the TypeScript source", async () => {
  const js = "const a = 1;\nthrow new Error('mapped');";
  const source = "interface Long {\n  x: number;\n}\nconst a = 1;\nthrow new Error('mapped');";
  const { text } = errorOf(await run(js, { source, map: identityMap(js, 3) }));
  assert.match(text, new RegExp(`In\\[${latest()}\\]:5:7\n  4 \\| const a = 1;\n> 5 \\| throw new Error\\('mapped'\\);\n    \\|       \\^`));
});

test("functions of earlier cells are named by their own", async () => {
  await run("exports.g = () => {\n  throw new Error('g') }");
  const cell = latest();
  const { text } = errorOf(await run("exports.g()"));
  assert.match(text, new RegExp(`at g \\(In\\[${cell}\\]:2:9\\)\n    at In\\[${latest()}\\]:1:9$`));
});

test("after an await, too", async () => {
  const { text } = errorOf(await run("async function slow() {\n  await null;\n  throw new Error('later');\n}\nawait slow();"));
  assert.match(text, new RegExp(`at async? ?slow \\(In\\[${latest()}\\]:3:9\\)\n    at async In\\[${latest()}\\]:5:1$`.replace("async? ?", "(?:async )?")));
});

test("frames of packages and of Node are shortened", async () => {
  const { text } = errorOf(await run("require('somelib').call(() => { throw new Error('back') })"));
  assert.match(text, new RegExp(`at In\\[${latest()}\\]:1:39\n    \\.\\.\\. 4 frames in somelib\n    at In\\[${latest()}\\]:1:20$`));
  assert.match(errorOf(await run("require('somelib').fail()")).text, /RangeError: lib\nIn\[\d+\]:1:20\n[^]*\.\.\. 1 frame in somelib\n {4}at In\[\d+\]:1:20$/);
  assert.match(errorOf(await run("require('node:fs').readFileSync('missing')")).text, /\.\.\. \d frames in Node\n {4}at In\[\d+\]:1:20\n {4}errno: -2\n {4}code: 'ENOENT'/);
});

test("the kernel's own frames are left out, in console.log(error) as well", async () => {
  await run("console.log(new Error('shown').stack); await new Promise((r) => setTimeout(r, 1)); console.log(new Error('x').stack)");
  assert.match(printed(), new RegExp(`^Error: shown\n    at In\\[${latest()}\\]:1:13\n`));
  assert.doesNotMatch(printed(), /kernel-ext/);
});

test("causes and collected errors are shown with their own places", async () => {
  const cause = errorOf(await run("try {\n  null.x\n} catch (e) {\n  throw new Error('outer', { cause: e })\n}"));
  assert.match(cause.text, /^Error: outer\n[^]*\n {2}\[cause\] TypeError: Cannot read properties of null[^]*:2:8/);
  const many = errorOf(await run("throw new AggregateError([new Error('first'), 'second'], 'both')"));
  assert.match(many.text, /^AggregateError: both\n[^]*\[errors\[0\]\] Error: first[^]*\[errors\[1\]\] 'second'/);
  const cycle = errorOf(await run("const e = new Error('self'); e.cause = e; throw e"));
  assert.match(cycle.text, /\[cause\] \(see above\)/);
});

test("whatever is thrown is reported", async () => {
  const reports = [];
  for (const thrown of ["'text'", "42", "undefined", "null", "{ a: 1 }", "Symbol('s')"]) {
    const { ename, evalue } = errorOf(await run(`throw ${thrown}`));
    reports.push(`${ename}: ${evalue}`);
  }
  assert.deepEqual(reports, ["Thrown: text", "Thrown: 42", "Thrown: undefined", "Thrown: null", "Thrown: { a: 1 }", "Thrown: Symbol(s)"]);
});

test("errors that misbehave are reported all the same", async () => {
  for (const thrown of [
    "Object.defineProperty(new Error('m'), 'stack', { get() { throw 1 } })", "Object.defineProperty(new Error(), 'message', { get() { throw 1 } })",
    "Object.assign(new Error('m'), { name: 5 })", "new Proxy(new Error('m'), {})", "require('node:vm').runInNewContext('new TypeError(\"other\")')",
    "new Proxy({}, { get() { throw 1 } })",
  ]) {
    const { text } = errorOf(await run(`throw ${thrown}`));
    assert.ok(text.length > 0, thrown);
  }
});

test("a deep recursion is cut", async () => {
  const { ename, text } = errorOf(await run("function deep() { deep() }\ndeep()"));
  assert.equal(ename, "RangeError");
  assert.ok(text.split("\n").length < 50);
});

test("an error's own message of several lines stays whole", async () => {
  const outcome = await run("throw new Error('one\\n  at two\\nthree')");
  assert.equal(outcome.status === "error" && outcome.error.evalue, "one\n  at two\nthree");
  assert.match(outcome.status === "error" ? plain(outcome.error.traceback) : "", /^Error: one\n {2}at two\nthree\nIn/);
});

test("an error that is shown as a value has the cell's frames alone", async () => {
  assert.match(await show("new Error('shown')"), /^Error: shown\n {4}at In\[\d+\]:1:\d+$/);
});
