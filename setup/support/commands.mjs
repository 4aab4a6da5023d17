/** Runs commands with their output in a log, and stops them with this process. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { forgetChild, rememberChild } from "./leftovers.mjs";
import { SetupProblem, remedyFor } from "./problems.mjs";

const TAIL_LINES = 12;
const running = new Set();

/** Variables that would send pip or a virtual environment elsewhere. A package index's settings stay. */
const MISLEADING = ["PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV",
  "__PYVENV_LAUNCHER__"];

function environment(extra) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.includes(name)));
  return { ...inherited, ...extra };
}

/**
 * Runs `command` in the project's folder, its output appended to .d90/logs/`log`.log.
 * @param options.timeout Milliseconds; no limit by default.
 * @param options.remedy What to do when it fails; by default what its last lines suggest.
 * @throws {SetupProblem} with the last lines and a remedy when it fails.
 */
export async function runCommand(project, { log, command, args, what, why, remedy, env = {}, cwd = project.root, timeout = 0 }) {
  const logFile = join(project.logs, `${log}.log`);
  mkdirSync(dirname(logFile), { recursive: true });
  const output = openSync(logFile, "a");
  writeSync(output, `$ ${[command, ...args].join(" ")}\n`);
  const start = statSync(logFile).size;
  let ended;
  try {
    ended = await spawned(project, command, args, { cwd, env: environment(env), stdio: ["ignore", output, output], timeout });
  } finally {
    closeSync(output);
  }
  if (ended === "") return;
  const tail = lastLines(readFileSync(logFile).subarray(start).toString());
  const advice = remedy ?? remedyFor(`${ended}\n${tail}`);
  throw new SetupProblem({ what: `${what} (${ended}).`, output: tail, why, remedy: advice, log: relative(project.root, logFile) });
}

/** Runs the command as a process group of its own; "" or how it ended. */
function spawned(project, command, args, { timeout, ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, detached: true });
    const timer = timeout > 0 ? setTimeout(() => stopGroup(child.pid, "SIGTERM"), timeout) : undefined;
    const finish = (ended) => {
      clearTimeout(timer);
      running.delete(child);
      if (child.pid !== undefined) forgetChild(project, child.pid);
      resolve(ended);
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (code, killedBy) => finish(killedBy !== null ? `ended by ${killedBy}` : code === 0 ? "" : `exit status ${code}`));
    if (child.pid === undefined) return;
    running.add(child);
    rememberChild(project, child.pid, options.cwd);
  });
}

/** Stops all running commands and waits for them, at most `patience` milliseconds before killing them. */
export async function stopCommands(patience = 3_000) {
  for (const child of running) stopGroup(child.pid, "SIGTERM");
  for (let waited = 0; running.size > 0 && waited < patience; waited += 50) await sleep(50);
  for (const child of running) stopGroup(child.pid, "SIGKILL");
}

function stopGroup(pid, how) {
  try {
    process.kill(-pid, how);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** The last lines of `text` without blank ones and pip's notices. */
function lastLines(text) {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "" && !line.startsWith("[notice]"));
  return lines.slice(-TAIL_LINES).map((line) => (line.length > 300 ? `${line.slice(0, 297)}...` : line)).join("\n");
}

/** What a short command prints, or null when it does not run or fails. For questions, not for work. */
export function ask(command, args, { timeout = 20_000, env = {} } = {}) {
  const options = { encoding: "utf8", timeout, env: environment(env), stdio: ["ignore", "pipe", "ignore"] };
  const { status, stdout } = spawnSync(command, args, options);
  return status === 0 ? stdout : null;
}
