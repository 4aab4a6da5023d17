/** Starts a kernel's process as Jupyter would: a connection file, and a command that is told where it is. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../../kernel-ext/protocol/wire.js";
import { projectRoot } from "../../../lib/support/root.js";
import { freePorts } from "../../support/ports.js";
import { PATIENCE } from "./inbox.js";

/** How a kernel is started. */
export interface Launch {
  /** The command, given the connection file; our kernel's by default. */
  command?(file: string): readonly string[];
  /** More for the connection file. */
  connection?: Json;
  env?: NodeJS.ProcessEnv;
  /** A fresh folder by default. */
  cwd?: string;
  /** Who chooses the ports: not every kernel can. */
  portsFrom?: "kernel" | "client";
}

export interface Started {
  process: ChildProcess;
  /** Its own, with the connection file and the history. */
  folder: string;
  /** performance.now() when the process was started. */
  startedAt: number;
  /** What the kernel wrote to its standard streams. */
  log(): string;
}

export type ConnectionFile = Record<string, string | number>;

const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"];

/** What our kernelspec starts. */
export const ourCommand = (file: string): readonly string[] =>
  [process.execPath, join(projectRoot, "dist", "kernel-ext", "main.js"), "--connection-file", file];

/** Starts the process; resolves as soon as its ports are known, which is at once where they are chosen here. */
export async function startProcess(launch: Launch): Promise<{ started: Started; connection: ConnectionFile }> {
  const { command = ourCommand, connection = {}, env = {}, cwd, portsFrom = "kernel" } = launch;
  const folder = mkdtempSync(join(tmpdir(), "d90-kernel-"));
  const file = join(folder, "connection.json");
  const ipc = connection.transport === "ipc";
  const numbers = ipc ? [1, 2, 3, 4, 5] : portsFrom === "client" ? await freePorts(CHANNELS.length) : [0, 0, 0, 0, 0];
  const content: ConnectionFile = {
    transport: "tcp", ip: ipc ? join(folder, "ipc") : "127.0.0.1", key: randomUUID(), signature_scheme: "hmac-sha256",
    ...Object.fromEntries(CHANNELS.map((name, i) => [`${name}_port`, numbers[i] ?? 0])), ...connection,
  };
  writeFileSync(file, JSON.stringify(content));
  const [program = "", ...args] = command(file);
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: cwd ?? folder, stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, D90_KERNEL_HISTORY: join(folder, "history.jsonl"), ...env },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  child.on("error", ({ message }) => (log += message));
  const started = { process: child, folder, startedAt, log: () => log };
  return { started, connection: await portsOf(file, started) };
}

/** The connection file once it has all ports: the kernel writes those that it chose. */
async function portsOf(file: string, { process: child, log }: Started): Promise<ConnectionFile> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`the kernel ended with ${child.exitCode}: ${log()}`);
    try {
      const connection = JSON.parse(readFileSync(file, "utf8")) as ConnectionFile;
      if (Object.entries(connection).every(([name, value]) => !name.endsWith("_port") || value !== 0)) return connection;
    } catch {
      // half written: look again
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the kernel chose no ports: ${log()}`);
}
