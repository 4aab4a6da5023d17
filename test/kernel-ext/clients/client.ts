/** A Jupyter client in TypeScript for tests and benchmarks: starts a kernel as Jupyter would and talks to its sockets. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { Dealer, Request as HeartbeatSocket, Subscriber } from "zeromq";
import { createWire, type Json, type Message, type Wire } from "../../../kernel-ext/protocol/wire.js";
import { createInbox, PATIENCE, type Matches } from "./inbox.js";
import { startProcess, type ConnectionFile, type Launch, type Started } from "./start.js";

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

export interface Client extends Started {
  wire: Wire;
  /** Everything on iopub so far. */
  published: Message[];
  /** Sends a request and waits for reply and idle. */
  request(type: string, content: Json, channel?: "shell" | "control"): Promise<Answer>;
  execute(code: string, options?: ExecuteOptions): Promise<Answer>;
  /** Sends without waiting; returns the msg_id. */
  send(type: string, content: Json, channel?: "shell" | "control" | "stdin", parent?: Json, buffers?: Uint8Array[]): Promise<string>;
  sendFrames(frames: (Buffer | string | Uint8Array)[], channel?: "shell" | "control"): Promise<void>;
  /** The next message on iopub, past or future, that `matches`. */
  waitFor(matches: Matches, what: string, patience?: number): Promise<Message>;
  /** The reply to a request that was sent by send(). */
  replyTo(id: string, patience?: number): Promise<Message>;
  /** The reply, and idle too. */
  answerTo(id: string, patience?: number): Promise<Answer>;
  /** The next input_request. */
  inputRequest(): Promise<Message>;
  /** Resolves when the heartbeat has answered. */
  beat(patience?: number): Promise<void>;
  /** Forgets every message so far. */
  forget(): void;
  /** Shuts the kernel down, and ends it after `patience` milliseconds; its folder goes. */
  close(patience?: number): Promise<void>;
}

/** Milliseconds between a client's attempts to connect: what is measured is the kernel's start, not zeromq's waiting. */
const RECONNECT = 5;

/** Starts our kernel (or another one that welcomes subscribers) and waits until it answers. */
export async function startClient(launch: Launch = {}): Promise<Client> {
  const client = await startKernel(launch);
  try {
    // What is published before the subscription has arrived is lost.
    await client.waitFor(({ header }) => header.msg_type === "iopub_welcome", "iopub_welcome");
    await client.request("kernel_info_request", {});
    return client;
  } catch (error) {
    await client.close();
    throw new Error(`${(error as Error).message}; the kernel's log: ${client.log()}`);
  }
}

/** Starts a kernel and connects, without waiting for an answer. */
export async function startKernel(launch: Launch): Promise<Client> {
  const { started, connection } = await startProcess(launch);
  return connect(connection, started);
}

function connect(connection: ConnectionFile, base: Started): Client {
  const session = randomUUID();
  const wire = createWire({ key: String(connection.key), scheme: String(connection.signature_scheme), session, username: "tester" });
  const { sockets, iopub, beat, close: closeSockets } = openSockets(connection, session);
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

  const answers = (id: string): Matches => ({ parent }) => parent.msg_id === id;
  const replyTo: Client["replyTo"] = (id, patience) => inbox.wait(["shell", "control"], answers(id), `the reply to ${id}`, patience);

  async function answerTo(id: string, patience?: number): Promise<Answer> {
    const ours = answers(id);
    const reply = await replyTo(id, patience);
    const what = `idle after ${reply.header.msg_type}`;
    await inbox.wait(["iopub"], (message) => ours(message) && message.content.execution_state === "idle", what, patience);
    return { reply, published: published.filter(ours) };
  }

  const request: Client["request"] = async (type, content, channel = "shell") => answerTo(await send(type, content, channel));
  return {
    ...base, wire, published, send, replyTo, answerTo, request, beat,
    execute: (code, more) => request("execute_request", executeContent(code, more)),
    sendFrames: (frames, channel = "shell") => sockets[channel].send(frames as Buffer[]),
    waitFor: (matches, what, patience) => inbox.wait(["iopub"], matches, what, patience),
    inputRequest: () => inbox.take("stdin", ({ header }) => header.msg_type === "input_request", "input_request"),
    forget() {
      published.length = 0;
      inbox.clear();
    },
    async close(patience = PATIENCE / 2) {
      await shutDown(base, () => send("shutdown_request", { restart: false }, "control"), patience);
      closeSockets();
      rmSync(base.folder, { recursive: true, force: true });
    },
  };
}

/** The content of an execute_request as notebooks send it. */
export const executeContent = (code: string, more: ExecuteOptions = {}): Json => ({
  code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true, ...more,
});

function openSockets(connection: ConnectionFile, session: string) {
  const address = (name: string): string =>
    connection.transport === "ipc" ? `ipc://${connection.ip}-${connection[`${name}_port`]}` : `tcp://${connection.ip}:${connection[`${name}_port`]}`;
  const curve = connection.curve_publickey === undefined ? {} : {
    curveServerKey: String(connection.curve_publickey), curvePublicKey: String(connection.curve_publickey), curveSecretKey: String(connection.curve_secretkey),
  };
  const options = { linger: 0, reconnectInterval: RECONNECT, ...curve };
  const dealer = () => new Dealer({ ...options, routingId: session });
  const sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
  const iopub = new Subscriber({ ...options, receiveHighWaterMark: 0 });
  for (const [name, socket] of Object.entries(sockets)) socket.connect(address(name));
  iopub.connect(address("iopub"));
  iopub.subscribe();
  let heart: HeartbeatSocket | undefined;
  async function beat(patience = PATIENCE): Promise<void> {
    if (heart === undefined) {
      heart = new HeartbeatSocket(options);
      heart.connect(address("hb"));
    }
    heart.receiveTimeout = patience;
    try {
      await heart.send("ping");
      const [answer] = await heart.receive();
      if (String(answer) !== "ping") throw new Error(`heartbeat answered ${String(answer)}`);
    } catch (error) {
      // A request without its answer lets no other be sent.
      heart.close();
      heart = undefined;
      throw error;
    }
  }
  const close = (): void => { for (const socket of [...Object.values(sockets), iopub, heart]) socket?.close(); };
  return { sockets, iopub, beat, close };
}

async function shutDown({ process: child }: Started, ask: () => Promise<unknown>, patience: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  await ask();
  const late = setTimeout(() => child.kill("SIGKILL"), patience);
  await ended;
  clearTimeout(late);
}

async function drain(socket: Dealer | Subscriber, wire: Wire, onMessage: (message: Message) => void): Promise<void> {
  try {
    for await (const frames of socket) onMessage(wire.decode(frames as Buffer[]));
  } catch (error) {
    if (!socket.closed) throw error;
  }
}
