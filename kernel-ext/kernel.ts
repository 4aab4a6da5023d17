/** The kernel: sockets, session and executor put together, around the language that main.ts has started. */
import { randomUUID } from "node:crypto";
import { startExecutor } from "./executor/host.js";
import { openHistory } from "./history/history.js";
import { historyFile } from "./install/jupyterPaths.js";
import type { Language } from "./language/types.js";
import { readConnection, writePorts } from "./protocol/connection.js";
import { createWire } from "./protocol/wire.js";
import { createSession, type Session } from "./session/session.js";
import { openChannels } from "./sockets/channels.js";

/** Milliseconds between looks at whether the process that started the kernel still lives. */
const PARENT_CHECK = 1_000;

/** Clients show a kernel's standard error in their server's log. */
export const log = (text: string): void => void process.stderr.write(`[d90 kernel] ${text}\n`);

/** The connection file: after --connection-file or -f, or the only argument. */
function connectionFileOf(args: readonly string[]): string {
  const flag = args.findIndex((arg) => arg === "--connection-file" || arg === "-f");
  const file = flag >= 0 ? args[flag + 1] : args.find((arg) => arg.startsWith("--connection-file="))?.slice(18) ?? args[0];
  if (file !== undefined && !file.startsWith("-")) return file;
  throw new Error("kernel: a connection file is needed: node main.js --connection-file FILE. Jupyter passes it; `npx d90 kernel install` tells Jupyter how.");
}

/** @throws {Error} if the connection file is no good, or an address of it is taken. */
export async function startKernel(args: readonly string[], language: Language): Promise<void> {
  const file = connectionFileOf(args);
  const connection = readConnection(file);
  const cwd = process.cwd();
  const kernelId = randomUUID();
  const wire = createWire({ key: connection.key, scheme: connection.signature_scheme, session: kernelId });
  let session: Session;
  const history = openHistory(historyFile(), log);
  const channels = await openChannels(connection, wire, {
    onMessage: (channel, message) => session.handle(channel, message),
    onSubscription: (topic) => session.welcome(topic),
    log,
  });
  writePorts(file, channels.ports);

  let ending = false;
  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    await Promise.all([session.executor.close(), language.close()]);
    history.flush();
    await channels.flushed();
    await channels.close();
    process.exit(0);
  }

  session = createSession({
    channels,
    kernelId,
    language,
    history,
    startExecutor: (onEvent) => startExecutor({ cwd, onEvent }),
    onShutdown: () => void end(),
    log,
  });
  process.on("SIGINT", () => undefined); // clients signal the whole group; interrupts come as messages
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end());
  // A fault of the kernel's own must not cost the user's variables: it is logged, and the kernel goes on.
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) process.on(fault, (error: Error) => log(error.stack ?? String(error)));
  watchParent(() => void end());
}

/** A kernel whose server died without a word ends too. */
function watchParent(onOrphaned: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onOrphaned();
  }, PARENT_CHECK).unref();
}
