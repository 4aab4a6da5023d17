import assert from "node:assert/strict";
import test from "node:test";
import { errorOf, isAlive, plain, sleep, startHarness } from "../harness.js";

const { run, show, events, until, printed, latest } = startHarness();

test("process.exit ends the cell with a clear error, and the kernel lives", { timeout: 60_000 }, async () => {
  await run("exports.state = 1");
  const outcome = errorOf(await run("console.log('before'); process.exit(3)"));
  assert.deepEqual([outcome.ename, outcome.evalue, outcome.lost],
    ["ProcessExit", "The cell called process.exit(3). A new process was started; every variable is gone.", true]);
  assert.equal(printed(), "before\n");
  assert.equal(await show("[exports.state, 1 + 1]"), "[ undefined, 2 ]");
});

for (const signal of ["SIGSEGV", "SIGKILL", "SIGABRT"] as const) {
  test(`a child that dies of ${signal} in a cell ends that cell`, { timeout: 60_000 }, async () => {
    const outcome = errorOf(await run(`console.log('x'); process.kill(process.pid, '${signal}'); while (true);`));
    assert.deepEqual([outcome.ename, outcome.lost], ["Crashed", true]);
    assert.match(outcome.evalue, new RegExp(`\\(${signal}\\).* every variable is gone`));
    assert.equal(printed(), "x\n");
    assert.equal(await show("1 + 1"), "2");
  });
}

test("a cell that needs more memory than there is says so", { timeout: 120_000 }, async () => {
  const options = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = "--max-old-space-size=64";
  const own = startHarness();
  if (options === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = options;
  const outcome = errorOf(await own.run("const all = []; while (true) all.push(new Array(1000).fill(0).map(() => ({})))"));
  assert.deepEqual([outcome.ename, outcome.lost], ["OutOfMemory", true]);
  assert.equal(await own.show("1 + 1"), "2");
});

test("an exception that nobody catches ends the cell that runs, and variables stay", { timeout: 60_000 }, async () => {
  await run("exports.state = 2");
  const outcome = errorOf(await run("setTimeout(() => { throw new Error('timer') }, 5);\nawait new Promise(() => {})"));
  assert.deepEqual([outcome.ename, outcome.evalue, outcome.lost], ["Error", "timer", false]);
  assert.match(outcome.text, new RegExp(`In\\[${latest()}\\]:1:26`));
  assert.equal(await show("exports.state"), "2");
});

test("so does a rejection that nobody handles", { timeout: 60_000 }, async () => {
  const outcome = errorOf(await run("Promise.reject(new TypeError('nobody')); await new Promise(() => {})"));
  assert.deepEqual([outcome.ename, outcome.lost], ["TypeError", false]);
  assert.equal(await show("exports.state"), "2");
});

test("late ones are told on the standard error of the cell that caused them", { timeout: 60_000 }, async () => {
  await run("setTimeout(() => { throw new Error('late') }, 30)");
  const first = latest();
  await run("setTimeout(() => Promise.reject(new Error('later')), 60)");
  const second = latest();
  assert.equal((await run("await new Promise((r) => setTimeout(r, 200)); exports.last = 1")).status, "ok");
  assert.match(plain([printed("stderr", first)]), new RegExp(`^Error: late\nIn\\[${first}\\]:1:26\n`));
  assert.match(plain([printed("stderr", second)]), new RegExp(`^Error: later\nIn\\[${second}\\]:1:33\n`));
  assert.equal(await show("exports.state"), "2");
});

test("a child that ends between cells is replaced, and the loss is told", { timeout: 60_000 }, async () => {
  events.length = 0;
  await run("setTimeout(() => process.exit(4), 20)");
  const event = await until(({ type }) => type === "lost");
  assert.match(event.type === "lost" ? event.reason : "", /^Code of an earlier cell called process\.exit\(4\)\. .*every variable is gone\.$/);
  assert.equal(await show("[exports.state, 3]"), "[ undefined, 3 ]");
});

test("a cell that was sent while the child was dying runs in the next one", { timeout: 60_000 }, async () => {
  for (let index = 0; index < 3; index++) {
    const dying = Number(await show("process.pid"));
    await run("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10)");
    await sleep(5 * index);
    const outcomes = [await run("exports.last = 1"), await run("exports.last = 2")];
    // The first may still have begun in the old one, or not.
    assert.ok(outcomes[0]?.status === "ok" || errorOf(outcomes[0]!).lost);
    while (isAlive(dying)) await sleep(20);
    assert.equal(await show("3"), "3");
  }
});

test("handlers of the user's own see exceptions, too, and do no harm", { timeout: 60_000 }, async () => {
  await run("process.on('uncaughtException', (error) => console.log('seen', error.message)); setTimeout(() => { throw new Error('x') }, 5); await new Promise((r) => setTimeout(r, 50)); process.removeAllListeners('uncaughtException')");
  assert.equal(printed(), "seen x\n");
});

test("grandchildren end with the process that is lost", { timeout: 60_000 }, async () => {
  await run("exports.last = 0; console.log(require('node:child_process').spawn('sleep', ['600']).pid)");
  const pid = Number(printed());
  await run("process.exit(0)");
  while (isAlive(pid)) await sleep(20);
});

test("an executor that cannot start says why, and starts once it can", { timeout: 60_000 }, async () => {
  const options = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = "--require=/nowhere/at-all.js";
  const own = startHarness();
  const outcome = errorOf(await own.run("1"));
  assert.equal(outcome.ename, "ExecutorFailed");
  assert.match(outcome.evalue, /at-all/);
  if (options === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = options;
  assert.equal(await own.show("1 + 1"), "2");
});
