import assert from "node:assert/strict";
import test from "node:test";
import { startHarness } from "../harness.js";

const { run, printed, events, latest, until, show } = startHarness();

/** Output of the latest cell in order, by stream. */
const inOrder = (): string => events.map((event) => (event.type === "stream" && event.cell === latest() ? `${event.name === "stdout" ? "o" : "e"}<${event.text}>`
  : event.type === "display" ? `d<${String(event.bundle.data["text/plain"])}>` : "")).join("").replaceAll("\n>o<", "\n");

test("console and process.stdout go to their streams", async () => {
  await run("console.log('a', {b: 1}); console.error('c'); process.stdout.write('d'); process.stderr.write(Buffer.from('e')); console.table([{x: 1}])");
  assert.match(printed("stdout"), /^a \{ b: 1 \}\nd┌/);
  assert.equal(printed("stderr"), "c\ne");
});

test("text, child processes, native writes and displays keep their order", async () => {
  await run(`const { execSync } = require("node:child_process"), fs = require("node:fs");
    console.log("1"); execSync("echo 2; sh -c 'echo 3'", { stdio: "inherit" }); fs.writeSync(1, "4\\n"); Jupyter.display(Jupyter.md("5"));
    process.stdout.write("6\\n"); Jupyter.display(Jupyter.md("7")); execSync("echo 8", { stdio: "inherit" })`);
  assert.equal(inOrder(), "o<1\n2\n3\n4\n>d<5>o<6\n>d<7>o<8\n>");
});

test("standard output and standard error keep their order", async () => {
  await run("console.log('1'); console.error('2'); console.log('3'); process.stdout.write('4\\n'); console.warn('5'); console.info('6')");
  const parts = events.flatMap((event) => (event.type === "stream" && event.cell === latest() ? [`${event.name}: ${event.text}`] : []));
  assert.deepEqual(parts, ["stdout: 1\n", "stderr: 2\n", "stdout: 3\n4\n", "stderr: 5\n", "stdout: 6\n"]);
});

test("the outcome comes after all output", async () => {
  await run("require('node:child_process').execSync('for i in 1 2 3 4 5; do echo line $i; done', { stdio: 'inherit' }); for (let i = 0; i < 1000; i++) console.log(i)");
  assert.equal(printed().split("\n").length, 1_006);
});

test("late output belongs to the cell that caused it", async () => {
  await run("exports.timer = setTimeout(() => { console.log('late'); console.error('late too') }, 20)");
  const cell = latest();
  await run("console.log('now'); await new Promise((resolve) => setTimeout(resolve, 100)); console.log('then')");
  assert.equal(printed("stdout", cell), "late\n");
  assert.equal(printed("stderr", cell), "late too\n");
  assert.equal(printed("stdout"), "now\nthen\n");
});

test("output between cells arrives, too", async () => {
  await run("setTimeout(() => console.log('between'), 20)");
  const cell = latest();
  const event = await until((one) => one.type === "stream" && one.text.includes("between"));
  assert.equal(event.type === "stream" && event.cell, cell);
});

test("characters that are written in pieces arrive whole", async () => {
  await run("const fs = require('node:fs'); for (const byte of Buffer.from('a\\u00e9\\u{1f600}b')) fs.writeSync(1, Buffer.of(byte)); console.log('\\u{1f600}'.repeat(40000))");
  assert.equal(printed(), `a\u00e9\u{1f600}b${"\u{1f600}".repeat(40_000)}\n`);
});

test("ten thousand small writes become few events", async () => {
  const before = events.length;
  await run("for (let i = 0; i < 10000; i++) process.stdout.write('x')");
  assert.equal(printed().length, 10_000);
  assert.ok(events.length - before < 2_000, `${events.length - before} events`);
});

test("a cell that prints 100 MB shows its beginning and end, and says what was dropped", { timeout: 120_000 }, async () => {
  await run("const line = 'x'.repeat(1023) + '\\n'; for (let i = 0; i < 100 * 1024; i++) process.stdout.write(line); console.log('the end')");
  assert.ok(printed().length < 9e6);
  assert.match(printed(), /characters were dropped: a cell may print 8,388,608 \.\.\.\n/);
  assert.ok(printed().endsWith("\nthe end\n"));
  events.length = 0;
});

test("the streams behave as Node's where programs look", async () => {
  assert.equal(await show("[process.stdout.fd, process.stderr.fd, process.stdout.isTTY, process.stdout.writable]"), "[ 1, 2, undefined, true ]");
  await run("await new Promise((resolve) => process.stdout.write('cb', resolve)); process.stdout.end(); console.log('still'); require('node:stream').Readable.from(['p', 'q']).pipe(process.stdout); await new Promise((r) => setTimeout(r, 20))");
  assert.equal(printed(), "cbstill\npq");
});

test("what programs that the user starts find in their arguments and options is theirs", async () => {
  assert.equal(await show("[process.argv.length, process.execArgv]"), "[ 1, [] ]");
});

test("a cell that closes its standard streams still ends", { timeout: 60_000 }, async () => {
  const own = startHarness();
  const outcome = await own.run("require('node:fs').closeSync(1); exports.last = 1");
  assert.equal(outcome.status, "ok");
});
