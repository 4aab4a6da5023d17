import assert from "node:assert/strict";
import test from "node:test";
import { errorOf, sleep, startHarness } from "../harness.js";

/** How often each is interrupted; the project's promise is 50 in a row. */
const REPETITIONS = Number(process.env.D90_INTERRUPTS ?? 2);

const { run, show, executor, events, until, printed, latest } = startHarness();

/** Cells that do not end, and print "up" (or show) when they are at it. */
const CELLS: Record<string, string> = {
  "a busy loop": "console.log('up'); while (true);",
  "a busy loop after an await": "await null; console.log('up'); while (true);",
  "a busy loop in a timer": "await new Promise(() => setTimeout(() => { console.log('up'); while (true); }, 5))",
  "a promise chain": "console.log('up'); const next = () => Promise.resolve().then(next); await next()",
  "a regular expression": "console.log('up'); /^(a+)+$/.test('a'.repeat(50) + 'b')",
  "a sort": "console.log('up'); const a = Array.from({ length: 1e5 }, Math.random); while (true) a.sort(() => Math.random() - 0.5)",
  "a child process": "console.log('up'); require('node:child_process').execSync('sleep 600')",
  "a shell command": "await Jupyter.sh('echo up; sleep 600')",
  "an await that never ends": "console.log('up'); await new Promise(() => {})",
  "a loop that awaits and prints": "while (true) { await new Promise((r) => setTimeout(r, 1)); console.log('up') }",
  "a loop that prints": "while (true) console.log('up')",
  "a loop that displays": "console.log('up'); while (true) Jupyter.display(1)",
  "a wait on shared memory": "console.log('up'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
};

for (const [name, js] of Object.entries(CELLS)) {
  test(`${name} is interrupted ${REPETITIONS} times in a row, and variables stay`, { timeout: 30_000 + REPETITIONS * 10_000 }, async () => {
    for (let index = 0; index < REPETITIONS; index++) {
      await run(`exports.kept = ${index}`);
      const pending = run(js);
      await until((event) => event.type === "stream" && event.cell === latest() && event.text.includes("up"));
      await sleep(index % 7);
      executor.interrupt();
      const { ename, evalue, lost } = errorOf(await pending);
      assert.deepEqual([ename, evalue, lost], ["Interrupted", "The cell was interrupted.", false]);
      assert.equal(await show("exports.kept"), String(index));
      events.length = 0;
    }
  });
}

test("commands that ignore the interrupt are killed", { timeout: 60_000 }, async () => {
  const pending = run("console.log('up'); require('node:child_process').execSync(\"trap '' INT; sleep 600; sleep 600\")");
  await until((event) => event.type === "stream" && event.text.includes("up"));
  executor.interrupt();
  const { ename, lost } = errorOf(await pending);
  assert.deepEqual([ename, lost], ["Interrupted", false]);
});

test("code that has taken the signal stops by itself, and its result counts", { timeout: 60_000 }, async () => {
  for (const taken of ["Jupyter.signal", "globalThis[Symbol.for('Jupyter.signal')]"]) {
    const pending = run(`const signal = ${taken}; console.log('ready'); while (!signal.aborted) await new Promise((r) => setTimeout(r, 5));
      await new Promise((r) => setTimeout(r, 50)); console.log('checkpoint'); exports.last = 'partial'`);
    await until((event) => event.type === "stream" && event.cell === latest() && event.text.includes("ready"));
    executor.interrupt();
    const outcome = await pending;
    assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'partial'");
    assert.match(printed(), /checkpoint/);
  }
});

test("what such code throws, and what an aborted function throws, is the interrupt", { timeout: 60_000 }, async () => {
  const pending = run("console.log('waits'); await require('node:timers/promises').setTimeout(600_000, null, { signal: Jupyter.signal })");
  await until((event) => event.type === "stream" && event.text.includes("waits"));
  executor.interrupt();
  assert.equal(errorOf(await pending).ename, "Interrupted");
});

test("its steps may be long: it is asked at the next one", { timeout: 60_000 }, async () => {
  const pending = run(`const signal = Jupyter.signal; const step = () => { const end = Date.now() + 400; while (Date.now() < end); };
    console.log('steps'); while (!signal.aborted) { step(); await new Promise((r) => setImmediate(r)); } exports.last = 'checkpoint'`);
  await until((event) => event.type === "stream" && event.text.includes("steps"));
  await sleep(30);
  executor.interrupt();
  const outcome = await pending;
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'checkpoint'");
});

test("the report names the line that was running", { timeout: 60_000 }, async () => {
  const pending = run("console.log('line');\nfunction forever() {\n  for (;;) ;\n}\nforever();");
  await until((event) => event.type === "stream" && event.cell === latest());
  executor.interrupt();
  const { text } = errorOf(await pending);
  assert.match(text, new RegExp(`^Interrupted: The cell was interrupted\\.\nIn\\[${latest()}\\]:3:\\d+\n[^]*at forever [^]*at In\\[${latest()}\\]:5:1$`));
  // The next one, which waits, has no line.
  const waiting = run("console.log('w'); await new Promise(() => {})");
  await until((event) => event.type === "stream" && event.cell === latest());
  executor.interrupt();
  assert.equal(errorOf(await waiting).text, "Interrupted: The cell was interrupted.");
});

test("a second interrupt does not wait for the first one's code to wind up", { timeout: 60_000 }, async () => {
  const pending = run("Jupyter.signal.addEventListener('abort', () => console.log('winding')); console.log('begun'); await new Promise(() => {})");
  await until((event) => event.type === "stream" && event.text.includes("begun"));
  executor.interrupt();
  await until((event) => event.type === "stream" && event.text.includes("winding"));
  await sleep(100);
  executor.interrupt();
  assert.deepEqual([errorOf(await pending).ename, latest() > 0], ["Interrupted", true]);
});

test("each cell has a signal of its own", { timeout: 60_000 }, async () => {
  await run("exports.first = Jupyter.signal");
  assert.equal(await show("[exports.first === Jupyter.signal, Jupyter.signal === globalThis[Symbol.for('Jupyter.signal')], Jupyter.signal.aborted]"), "[ false, true, false ]");
});

test("what an interrupted cell has left behind does not keep the next one", { timeout: 60_000 }, async () => {
  const pending = run("setTimeout(() => { while (true); }, 60); console.log('left'); await new Promise(() => {})");
  await until((event) => event.type === "stream" && event.text.includes("left"));
  executor.interrupt();
  await pending;
  await sleep(100);
  assert.equal(await show("1 + 1"), "2");
});

test("a loop that goes on after its interrupt ends at its next output", { timeout: 60_000 }, async () => {
  const pending = run("globalThis.rounds = 0; console.log('loops'); while (true) { await new Promise((r) => setTimeout(r, 5)); globalThis.rounds++; if (rounds > 3) console.log('r') }");
  await until((event) => event.type === "stream" && event.text.includes("r\n"));
  executor.interrupt();
  await pending;
  // It may still be on its way to that output.
  for (let last = "", rounds = "none"; rounds !== last; await sleep(200)) [last, rounds] = [rounds, await show("globalThis.rounds")];
});

test("an interrupt without a cell does nothing", { timeout: 60_000 }, async () => {
  executor.interrupt();
  await sleep(100);
  assert.equal(await show("exports.kept >= 0"), "true");
});

test("a cell that cannot be stopped loses its process, which is said plainly", { timeout: 60_000 }, async () => {
  // Stops the process, watcher and all: as native code that never returns would.
  const pending = run("console.log('stuck'); process.kill(process.pid, 'SIGSTOP'); while (true);");
  await until((event) => event.type === "stream" && event.text.includes("stuck"));
  executor.interrupt();
  const { ename, evalue, lost } = errorOf(await pending);
  assert.deepEqual([ename, lost], ["Interrupted", true]);
  assert.match(evalue, /did not stop .* every variable is gone/);
  assert.equal(await show("exports.kept"), "undefined");
});
