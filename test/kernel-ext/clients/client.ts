/** A Jupyter client in TypeScript for tests: starts a kernel as Jupyter would and talks to its sockets. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request as HeartbeatSocket, Subscriber } from "zeromq";
import { createWire, type Json, type Message, type Wire } from "../../../kernel-ext/protocol/wire.js";
import { projectRoot } from "../../../lib/support/root.js";

/** How long anything may take on a busy machine before a test gives up. */
const PATIENCE = 60_000;

export interface Answer {
  reply: Message;
  /** What came on iopub for the request, busy and idle included, in order. */
  published: Message[];
}

export interface ExecuteOptions {
  silent?: boolean;
  store_history?: boolean;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
  user_expressions?: Record<string, string>;
}

export interface Client {
  process: ChildProcess;
  wire: Wire;
  folder: string;
  /** What the kernel wrote to its standard error. */
  log(): string;
  /** Everything on iopub so far. */
  published: Message[];
  /** Sends a request and waits for reply and idle. */
  request(type: string, content: Json, channel?: "shell" | "control"): Promise<Answer>;
  execute(code: string, options?: ExecuteOptions): Promise<Answer>;
  /** Sends without waiting; returns the msg_id. */
  send(type: string, content: Json, channel?: "shell" | "control" | "stdin", parent?: Json, buffers?: Uint8Array[]): Promise<string>;
  sendFrames(frames: (Buffer | string | Uint8Array)[], channel?: "shell" | "control"): Promise<void>;
  /** The next message on iopub, past or future, that `matches`. */
  waitFor(matches: (message: Message) => boolean, what: string): Promise<Message>;
  /** The answer to a request that was sent by send(). */
  answerTo(id: string): Promise<Answer>;
  /** The next input_request. */
  inputRequest(): Promise<Message>;
  beat(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a kernel in a folder of its own and waits until it answers. */
export async function startClient({ connection = {}, env = {}, cwd }: { connection?: Json; env?: NodeJS.ProcessEnv; cwd?: string } = {}): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), "d90-kernel-"));
  const file = join(folder, "connection.json");
  const key = randomUUID();
  const ports = Object.fromEntries(["shell", "iopub", "stdin", "control", "hb"].map((name, at) => [`${name}_port`, connection.transport === "ipc" ? at + 1 : 0]));
  const ip = connection.transport === "ipc" ? join(folder, "ipc") : "127.0.0.1";
  writeFileSync(file, JSON.stringify({ transport: "tcp", ip, ...ports, key, signature_scheme: "hmac-sha256", ...connection }));
  const process_ = spawn(process.execPath, [join(projectRoot, "dist", "kernel-ext", "main.js"), "--connection-file", file], {
    cwd: cwd ?? folder, stdio: ["ignore", "inherit", "pipe"],
    env: { ...process.env, D90_KERNEL_HISTORY: join(folder, "history.jsonl"), ...env },
  });
  let log = "";
  process_.stderr!.on("data", (data: Buffer) => (log += data.toString()));
  const written = await portsOf(file, process_, () => log);
  const client = connect(written, { process: process_, folder, log: () => log });
  try {
    // What is published before the subscription has arrived is lost.
    await client.waitFor(({ header }) => header.msg_type === "iopub_welcome", "iopub_welcome");
    await client.request("kernel_info_request", {});
    return client;
  } catch (error) {
    await client.close();
    throw new Error(`${(error as Error).message}; the kernel's log: ${log}`);
  }
}

type ConnectionFile = Record<string, string | number>;

/** The connection file once the kernel has written the ports it chose. */
async function portsOf(file: string, process_: ChildProcess, log: () => string): Promise<ConnectionFile> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (process_.exitCode !== null) throw new Error(`the kernel ended with ${process_.exitCode}: ${log()}`);
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

function connect(connection: ConnectionFile, base: { process: ChildProcess; folder: string; log(): string }): Client {
  const session = randomUUID();
  const wire = createWire({ key: String(connection.key), scheme: String(connection.signature_scheme), session, username: "tester" });
  const address = (name: string): string =>
    connection.transport === "ipc" ? `ipc://${connection.ip}-${connection[`${name}_port`]}` : `tcp://${connection.ip}:${connection[`${name}_port`]}`;
  const curve = connection.curve_publickey === undefined ? {} : {
    curveServerKey: String(connection.curve_publickey), curvePublicKey: String(connection.curve_publickey), curveSecretKey: String(connection.curve_secretkey),
  };
  const options = { linger: 0, routingId: session, ...curve };
  const sockets = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
  const iopub = new Subscriber({ linger: 0, ...curve });
  for (const [name, socket] of Object.entries(sockets)) socket.connect(address(name));
  iopub.connect(address("iopub"));
  iopub.subscribe();

  const inbox = createInbox();
  const published: Message[] = [];
  for (const [name, socket] of Object.entries(sockets)) void drain(socket, wire, (message) => inbox.add(name, message));
  void drain(iopub, wire, (message) => {
    published.push(message);
    inbox.add("iopub", message);
  });

  async function send(type: string, content: Json, channel: "shell" | "control" | "stdin" = "shell", parent: Json = {}, buffers: Uint8Array[] = []) {
    const frames = wire.encode({ identities: [], type, parent, content, buffers });
    await sockets[channel].send(frames as Buffer[]);
    return (JSON.parse(String(frames[2])) as { msg_id: string }).msg_id;
  }

  async function answerTo(id: string): Promise<Answer> {
    const ours = ({ parent }: Message) => parent.msg_id === id;
    const reply = await inbox.wait(["shell", "control"], ours, `the reply to ${id}`);
    await inbox.wait(["iopub"], (message) => ours(message) && message.content.execution_state === "idle", `idle after ${reply.header.msg_type}`);
    return { reply, published: published.filter(ours) };
  }

  const request: Client["request"] = async (type, content, channel = "shell") => answerTo(await send(type, content, channel));
  return {
    ...base, wire, published, send, answerTo, request,
    execute: (code, more = {}) => request("execute_request", {
      code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true, ...more,
    }),
    sendFrames: (frames, channel = "shell") => sockets[channel].send(frames as Buffer[]),
    waitFor: (matches, what) => inbox.wait(["iopub"], matches, what),
    inputRequest: () => inbox.take("stdin", ({ header }) => header.msg_type === "input_request", "input_request"),
    async beat() {
      const socket = new HeartbeatSocket({ linger: 0, receiveTimeout: PATIENCE, ...curve });
      socket.connect(address("hb"));
      await socket.send("ping");
      const [answer] = await socket.receive();
      socket.close();
      if (String(answer) !== "ping") throw new Error(`heartbeat answered ${String(answer)}`);
    },
    async close() {
      if (base.process.exitCode === null && base.process.signalCode === null) {
        const ended = once(base.process, "exit");
        await send("shutdown_request", { restart: false }, "control");
        const late = setTimeout(() => base.process.kill("SIGKILL"), PATIENCE / 2);
        await ended;
        clearTimeout(late);
      }
      for (const socket of [...Object.values(sockets), iopub]) socket.close();
      rmSync(base.folder, { recursive: true, force: true });
    },
  };
}

async function drain(socket: Dealer | Subscriber, wire: Wire, onMessage: (message: Message) => void): Promise<void> {
  try {
    for await (const frames of socket) onMessage(wire.decode(frames as Buffer[]));
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

/** Messages by channel, and who waits for which. */
function createInbox() {
  const messages: { channel: string; message: Message }[] = [];
  const listeners = new Set<() => void>();

  async function find(channels: readonly string[], matches: (message: Message) => boolean, what: string): Promise<number> {
    for (const end = Date.now() + PATIENCE; ;) {
      const at = messages.findIndex(({ channel, message }) => channels.includes(channel) && matches(message));
      if (at >= 0) return at;
      if (Date.now() > end) throw new Error(`no ${what} within ${PATIENCE / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, 1_000);
        function wake(): void {
          clearTimeout(timer);
          listeners.delete(wake);
          resolve();
        }
        listeners.add(wake);
      });
    }
  }

  return {
    add(channel: string, message: Message): void {
      messages.push({ channel, message });
      for (const wake of [...listeners]) wake();
    },
    async wait(channels: readonly string[], matches: (message: Message) => boolean, what: string): Promise<Message> {
      return messages[await find(channels, matches, what)]!.message;
    },
    /** Takes the message out, so that the next call finds the next. */
    async take(channel: string, matches: (message: Message) => boolean, what: string): Promise<Message> {
      const at = await find([channel], matches, what);
      return messages.splice(at, 1)[0]!.message;
    },
  };
}
