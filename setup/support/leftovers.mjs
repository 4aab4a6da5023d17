/** Commands that outlived a killed set-up (SIGKILL): found by process id and folder, and stopped before work begins. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./lock.mjs";
import { readJson, writeJson } from "./stamps.mjs";

const folderOf = (project) => join(project.state, "children");

/** Notes that `pid` works for the set-up in `cwd`. */
export function rememberChild(project, pid, cwd) {
  mkdirSync(folderOf(project), { recursive: true });
  writeJson(join(folderOf(project), `${pid}.json`), { cwd });
}

/** Notes that `pid` has ended. */
export function forgetChild(project, pid) {
  rmSync(join(folderOf(project), `${pid}.json`), { force: true });
}

/** Stops what an earlier set-up left running. Call it with the lock held. @returns how many there were. */
export async function stopLeftovers(project, patience = 5_000) {
  const folder = folderOf(project);
  const notes = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  const pids = notes.map((name) => Number.parseInt(name, 10));
  const ours = pids.filter((pid) => isAlive(pid) && workingFolder(pid) === readJson(join(folder, `${pid}.json`))?.cwd);
  for (const pid of ours) signalGroup(pid, "SIGTERM");
  for (let waited = 0; ours.some(isAlive) && waited < patience; waited += 50) await sleep(50);
  for (const pid of ours.filter(isAlive)) signalGroup(pid, "SIGKILL");
  for (const pid of pids) forgetChild(project, pid);
  return ours.length;
}

function signalGroup(pid, how) {
  try {
    process.kill(-pid, how);
  } catch {
    // It ended by itself, or the id is another user's by now.
  }
}

/** The folder a process works in, or "" when that cannot be told: process ids are used again, folders tell whose one is. */
function workingFolder(pid) {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
  const { stdout = "" } = spawnSync("lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fn"], { encoding: "utf8" });
  return /^n(.*)$/m.exec(stdout ?? "")?.[1] ?? "";
}
