import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ask, runCommand, stopCommands } from "../../setup/support/commands.mjs";
import { rememberChild, stopLeftovers } from "../../setup/support/leftovers.mjs";
import { isAlive } from "../../setup/support/lock.mjs";
import { temporaryProject } from "./project.mjs";

const node = (script, more = {}) => ({ log: "x", command: process.execPath, args: ["-e", script], what: "It failed", ...more });

test("a command's output goes to its log, and its process is forgotten", async (t) => {
  const project = temporaryProject(t);
  await runCommand(project, node("console.log('out'); console.error('err')"));
  const log = readFileSync(join(project.logs, "x.log"), "utf8");
  assert.match(log, /^\$ .*\nout\nerr\n$/);
  assert.deepEqual(readdirSync(join(project.state, "children")), []);
});

test("a failing command ends in a problem with its last lines, the remedy and the log", async (t) => {
  const project = temporaryProject(t);
  await runCommand(project, node("console.log('of an earlier command')"));
  const script = "for (let i = 0; i < 50; i++) console.log('line ' + i); console.error('ENOSPC'); process.exit(3)";
  await assert.rejects(runCommand(project, node(script, { why: "because" })), ({ message }) => {
    assert.match(message, /^It failed \(exit status 3\)\.\n/);
    assert.match(message, /line 49\n {4}ENOSPC\n {2}why: because\n {2}do: {2}the disk is full.*\n {2}log: \.d90\/logs\/x\.log$/s);
    assert.doesNotMatch(message, /line 30\n|earlier/);
    return true;
  });
});

test("a command that is not there, hangs or is killed is a problem too", async (t) => {
  const project = temporaryProject(t);
  const missing = runCommand(project, { ...node(""), command: "no-such-command-of-d90" });
  await assert.rejects(missing, /It failed \(spawn no-such-command-of-d90 ENOENT\)/);
  await assert.rejects(runCommand(project, node("setInterval(() => {}, 1000)", { timeout: 200 })), /ended by SIGTERM/);
  await assert.rejects(runCommand(project, node("process.kill(process.pid, 'SIGKILL')")), /ended by SIGKILL/);
});

test("settings that lead pip astray are kept from it, an index stays", async (t) => {
  const project = temporaryProject(t);
  const env = { PIP_TARGET: process.env.PIP_TARGET, PIP_INDEX_URL: process.env.PIP_INDEX_URL };
  t.after(() => {
    for (const [name, value] of Object.entries(env)) value === undefined ? delete process.env[name] : process.env[name] = value;
  });
  Object.assign(process.env, { PIP_TARGET: "/elsewhere", PIP_INDEX_URL: "https://index.example/simple" });
  const script = "console.log(process.env.PIP_TARGET, process.env.PIP_INDEX_URL, process.env.EXTRA)";
  await runCommand(project, node(script, { env: { EXTRA: "1" } }));
  assert.match(readFileSync(join(project.logs, "x.log"), "utf8"), /\nundefined https:\/\/index\.example\/simple 1\n$/);
});

test("stopping ends the commands with what they have started", async (t) => {
  const project = temporaryProject(t);
  const script = `const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    console.log(child.pid); setInterval(() => {}, 1000)`;
  const running = assert.rejects(runCommand(project, node(script)), /ended by SIG/);
  const grandchild = await pollFor(() => /^(\d+)$/m.exec(readFileSync(join(project.logs, "x.log"), "utf8"))?.[1]);
  await stopCommands();
  await running;
  await pollFor(() => !isRunning(Number(grandchild)));
});

test("what a killed set-up has left running in this folder is stopped, other processes are not", async (t) => {
  const project = temporaryProject(t);
  const other = temporaryProject(t);
  const sleeper = (cwd) => spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { cwd, detached: true, stdio: "ignore" });
  const [ours, theirs] = [sleeper(project.root), sleeper(other.root)];
  t.after(() => theirs.kill("SIGKILL"));
  for (const { pid } of [ours, theirs]) rememberChild(project, pid, project.root);
  const ended = once(ours, "exit");
  assert.equal(await stopLeftovers(project), 1);
  await ended;
  assert.equal(isAlive(theirs.pid), true);
  assert.deepEqual(readdirSync(join(project.state, "children")), []);
});

test("a question has an answer, or null", () => {
  assert.equal(ask(process.execPath, ["-p", "1 + 1"]), "2\n");
  assert.equal(ask(process.execPath, ["-e", "process.exit(1)"]), null);
  assert.equal(ask("no-such-command-of-d90", []), null);
});

/** Waits for a truthy answer. */
async function pollFor(question) {
  for (;;) {
    const answer = question();
    if (answer) return answer;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
function isRunning(pid) {
  const state = ask("ps", ["-o", "stat=", "-p", String(pid)]);
  return state === null ? false : !state.trim().startsWith("Z");
}
