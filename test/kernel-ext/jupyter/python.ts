/** The project's Python with Jupyter, as its users have it: the kernel comes from the kernelspec in .venv. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lib/support/root.js";

/** How long a client may take on a busy machine. */
const PATIENCE = 180_000;

export const testFolder = join(projectRoot, "test", "kernel-ext", "jupyter");

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  cwd?: string;
  /** Beside that of jupyterEnvironment. */
  env?: NodeJS.ProcessEnv;
}

/** A folder that is removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "d90-jupyter-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a Jupyter program that reads and writes nothing of the user's own: all of it is in `home`. */
export const jupyterEnvironment = (home: string): NodeJS.ProcessEnv => ({
  ...process.env, HOME: home, JUPYTER_CONFIG_DIR: home, JUPYTER_DATA_DIR: join(home, "data"), JUPYTER_RUNTIME_DIR: join(home, "runtime"),
  IPYTHONDIR: home, PYTHONWARNINGS: "ignore", NO_COLOR: "1", NODE_OPTIONS: "",
});

/** Runs `.venv/bin/PROGRAM ARGS`; nothing of the user's own Jupyter is read or written. */
export function runPython(program: string, args: readonly string[], { input, cwd, env = {} }: RunOptions = {}): Promise<Finished> {
  const home = temporaryFolder();
  const child = spawn(join(projectRoot, ".venv", "bin", program), args, { cwd: cwd ?? home, timeout: PATIENCE, env: { ...jupyterEnvironment(home), ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}
