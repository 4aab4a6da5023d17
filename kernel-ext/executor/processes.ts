/** The processes that another has started, at whatever remove. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface Entry {
  pid: number;
  parent: number;
  group: number;
}

/**
 * Descendants of `root` in its own process group: who has left it (a daemon) means to live on. Parents come first: a shell
 * whose command is killed before it would start the next one.
 */
export function descendants(root: number): number[] {
  const all = listProcesses();
  const group = all.find(({ pid }) => pid === root)?.group;
  const found: number[] = [];
  const visit = (parent: number): void => {
    for (const entry of all) {
      if (entry.parent !== parent) continue;
      if (entry.group === group) found.push(entry.pid);
      visit(entry.pid);
    }
  };
  visit(root);
  return found;
}

/** Signals processes that may have ended already. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

function listProcesses(): Entry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): Entry[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      // "12 (a name) S 1 12 ...": the name may hold anything, so from its last parenthesis.
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
    } catch {
      return [];
    }
  });
}

function fromPs(): Entry[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
  return (stdout ?? "").trim().split("\n").map((line) => {
    const [pid = 0, parent = 0, group = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, group };
  });
}
