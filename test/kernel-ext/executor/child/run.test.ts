import assert from "node:assert/strict";
import test from "node:test";
import { errorOf, startHarness } from "../harness.js";

const { run, show, printed, executor, request, events } = startHarness();

test("the last expression's value is the result; undefined is none", async () => {
  assert.deepEqual(await run("exports.last = 1 + 1"), { status: "ok", result: { data: { "text/plain": "2" }, metadata: {} }, names: [], payload: [] });
  assert.deepEqual(await run("exports.last = undefined"), { status: "ok", result: null, names: [], payload: [] });
  assert.equal((await run("exports.last = null")).status, "ok");
  assert.equal(await show("null"), "null");
});

test("a bare promise is shown as one, an awaited one as its value", async () => {
  assert.match(await show("Promise.resolve(3)"), /^Promise \{ 3 \}$/);
  assert.equal(await show("[Promise.resolve(3), { p: Promise.reject(4).catch(() => 5) }]"), "[ Promise { 3 }, { p: Promise { <pending> } } ]");
  assert.equal(await show("await Promise.resolve(3)"), "3");
});

test("declarations are seen by later cells and can be declared anew", async () => {
  await run("const x = 1; exports.x = x; function f() { return exports.x } exports.f = f");
  assert.equal(await show("exports.f() + exports.x"), "2");
  await run("exports.x = 10");
  assert.equal(await show("exports.f()"), "10");
});

test("names are live: what a cell's functions change, later cells see, and the other way round", async () => {
  const live = (name: string): string => `Object.defineProperty(exports, "${name}", { get: () => ${name}, set: (v) => ${name} = v, enumerable: true, configurable: true });`;
  await run(`let n = 1; ${live("n")} function add() { n++ } exports.add = add;`);
  await run("exports.add(); exports.n += 10; exports.add()");
  assert.equal(await show("exports.n"), "13");
  const again = await run(`let n = 'anew'; ${live("n")}`);
  assert.deepEqual(again.status === "ok" && again.names, ["n"]);
  assert.equal(await show("exports.n"), "'anew'");
});

test("a cell that throws keeps what it declared before, and what it would have declared anew stays as it was", async () => {
  await run("exports.kept = 1; exports.old = 'old'");
  const outcome = errorOf(await run("exports.kept = 2; exports.fresh = undefined; throw new Error('no'); exports.old = 3; exports.never = 4"));
  assert.deepEqual(outcome.names, ["kept", "fresh"]);
  assert.equal(await show("[exports.kept, exports.old, 'never' in exports]"), "[ 2, 'old', false ]");
});

test("%%time tells the time after the cell's output, also when it throws", async () => {
  await run("console.log('out')", { timed: true });
  assert.match(printed(), /^out\nWall time: \d+ ms \(CPU \d+ ms\)\n$/);
  await run("throw 1", { timed: true });
  assert.match(printed(), /^Wall time: /);
});

test("an evaluated scratch cell gives its value, prints nothing and leaves no name", async () => {
  const before = events.length;
  const outcome = await executor.evaluate(request("console.log('quiet'); exports.scratch = 5; exports.last = exports.scratch"));
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "5");
  assert.deepEqual(events.slice(before), []);
  assert.equal(await show("'scratch' in exports"), "false");
});

test("a cell that cannot be compiled is an error of that cell", async () => {
  const { ename, lost } = errorOf(await run("const a = ;"));
  assert.deepEqual([ename, lost], ["SyntaxError", false]);
});

test("cells run one at a time, in order", async () => {
  const outcomes = await Promise.all([run("await new Promise((r) => setTimeout(r, 50)); exports.order = [1]"), run("exports.order.push(2)"), run("exports.last = exports.order")]);
  assert.deepEqual(outcomes.map(({ status }) => status), ["ok", "ok", "ok"]);
  assert.equal(outcomes[2]?.status === "ok" && outcomes[2].result?.data["text/plain"], "[ 1, 2 ]");
});

test("cells run without growth", { timeout: 120_000 }, async () => {
  await run("global.gc = require('node:v8').setFlagsFromString('--expose-gc') ?? require('node:vm').runInNewContext('gc')");
  const heap = async (): Promise<number> => Number(await show("(gc(), process.memoryUsage().heapUsed)"));
  for (let index = 0; index < 50; index++) await run("exports.last = 1 + 1");
  const before = await heap();
  for (let index = 0; index < 300; index++) await run("exports.last = 1 + 1");
  const growth = (await heap()) - before;
  // Each cell's text stays, for tracebacks: a few hundred bytes, and what V8 keeps of its code.
  assert.ok(growth < 300 * 8_000, `${growth} bytes`);
});
