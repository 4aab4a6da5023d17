/** Runs the built command line as a process. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/root.js";

export interface Spawned {
  status: number | null;
  stdout: string;
  stderr: string;
}

export const executable = join(projectRoot, "dist", "lib", "cli", "main.js");

/** The environment without the D90_ settings of whoever runs the tests. */
export const ownEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(D90_|NODE_OPTIONS|NODE_TEST)/.test(name)));

/** Runs `d90` with `args` in an empty folder (or `cwd`) and in the environment above. */
export async function d90(args: readonly string[], { cwd, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Spawned> {
  const folder = cwd ?? mkdtempSync(join(tmpdir(), "d90-cli-"));
  try {
    const child = spawn(process.execPath, [executable, ...args], { cwd: folder, env: { ...ownEnvironment(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => { chunks[name] += text; });
    const status = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    return { status, ...chunks };
  } finally {
    if (cwd === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
