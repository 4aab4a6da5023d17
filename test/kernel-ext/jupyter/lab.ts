/** JupyterLab itself, with a home of its own, and a notebook of it as a person handles it: clicks, keys, and what is on the page. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../lib/support/root.js";
import { freePort } from "../../support/ports.js";
import { jupyterEnvironment, temporaryFolder } from "./python.js";

/** Milliseconds that the server may take to answer on a busy machine. */
const PATIENCE = 120_000;

export interface Lab {
  /** Address of a page, with its token. */
  url(path: string): string;
  close(): Promise<void>;
}

/**
 * Starts JupyterLab of .venv on a free port for the notebooks in `folder`; no browser opens.
 * @throws {Error} with the server's log if it does not come up.
 */
export async function startLab(folder: string, settings: LabSettings = {}): Promise<Lab> {
  const home = temporaryFolder();
  const token = randomUUID();
  const port = await freePort();
  writeSettings(home, { ...QUIET, ...settings });
  const child = spawn(join(projectRoot, ".venv", "bin", "jupyter-lab"), [
    "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`, "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${folder}`, "--LabApp.extension_manager=readonly",
  ], { cwd: folder, env: { ...jupyterEnvironment(home), JUPYTER_TOKEN: token }, stdio: ["ignore", "ignore", "pipe"] });
  // A test that is ended must leave no server behind.
  const kill = (): void => void child.kill();
  process.on("exit", kill);
  child.on("exit", () => process.off("exit", kill));
  let log = "";
  child.stderr.on("data", (data: Buffer) => (log += data.toString()));
  const url = (path: string): string => `http://127.0.0.1:${port}/${path}${path.includes("?") ? "&" : "?"}token=${token}`;
  const lab = { url, close: () => end(child) };
  for (const start = Date.now(); Date.now() - start < PATIENCE && child.exitCode === null; await sleep(100)) {
    if (await fetch(url("api/status")).then(({ ok }) => ok, () => false)) return lab;
  }
  await lab.close();
  throw new Error(`JupyterLab did not start:\n${log.slice(-3_000)}`);
}

/** Settings of JupyterLab's extensions, by their places: { "notebook-extension/tracker": { windowingMode: "defer" } }. */
export type LabSettings = Readonly<Record<string, object>>;

/** No news and no question about news. */
const QUIET: LabSettings = { "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false } };

function writeSettings(home: string, settings: LabSettings): void {
  for (const [place, values] of Object.entries(settings)) {
    const path = join(home, "lab", "user-settings", "@jupyterlab", `${place}.jupyterlab-settings`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(values));
  }
}

/** Ends the server, and its kernels with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(timer);
}
