import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { isAlive, sleep, startHarness } from "./harness.js";

test("close ends the child and what it has started", { timeout: 60_000 }, async () => {
  const { run, printed, executor } = startHarness();
  await run("console.log(process.pid, require('node:child_process').spawn('sleep', ['600']).pid)");
  const pids = printed().trim().split(" ").map(Number);
  await executor.close();
  while (pids.some(isAlive)) await sleep(20);
  await executor.close();
  const late = await run("1");
  assert.equal(late.status === "error" && late.error.ename, "Closed");
});

test("close does not wait for a cell that goes on", { timeout: 60_000 }, async () => {
  const { run, executor, until } = startHarness();
  const pending = run("console.log('up'); while (true);");
  await until((event) => event.type === "stream");
  await executor.close(50);
  assert.equal((await pending).status, "error");
});

test("handlers of 'exit' run on close, and nothing is printed about debuggers", { timeout: 60_000 }, async () => {
  const { run, executor, events } = startHarness();
  const pending = run("while (true);");
  await sleep(200);
  executor.interrupt();
  await pending;
  await run("process.on('exit', () => console.log('bye'))");
  await executor.close(10_000);
  assert.deepEqual(events.map((event) => event.type === "stream" && event.text), ["bye\n"]);
});

test("the user's code runs in the given folder", { timeout: 60_000 }, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "d90-cwd-")));
  const { show, executor } = startHarness({ cwd: folder });
  assert.equal(await show("process.cwd()"), `'${folder}'`);
  await executor.close();
  rmdirSync(folder);
});

test("SIGINT, which clients send to the whole group, does not end the child", { timeout: 60_000 }, async () => {
  const { run, show } = startHarness();
  await run("process.kill(process.pid, 'SIGINT'); exports.x = 1");
  assert.equal(await show("exports.x"), "1");
});

test("two executors do not disturb each other", { timeout: 60_000 }, async () => {
  const [a, b] = [startHarness(), startHarness()];
  await Promise.all([a.run("exports.x = 'a'"), b.run("exports.x = 'b'")]);
  assert.deepEqual(await Promise.all([a.show("exports.x"), b.show("exports.x")]), ["'a'", "'b'"]);
});

test("a child whose supervisor is killed ends by itself, busy or not", { timeout: 60_000 }, async () => {
  const program = `
    import { startExecutor } from ${JSON.stringify(new URL("../../../kernel-ext/executor/host.js", import.meta.url).href)};
    const executor = startExecutor({ cwd: process.cwd(), onEvent: (event) => { if (event.type === "stream") process.stdout.write(event.text); } });
    const code = { kind: "code", js: "console.log(process.pid); while (true);", map: "{}", isAsync: false, lastExpression: null, names: [], modules: [], timed: false };
    void executor.run({ cell: 1, label: "In[1]", source: "", allowStdin: false, code });`;
  const supervisor = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [bytes] = await once(supervisor.stdout, "data");
  const pid = Number(bytes);
  assert.ok(isAlive(pid));
  supervisor.kill("SIGKILL");
  while (isAlive(pid)) await sleep(50);
});
