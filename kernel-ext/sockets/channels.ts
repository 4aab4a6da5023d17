/** The kernel's five sockets, bound where the connection file says and nowhere else. */
import { Router, XPublisher, type Socket } from "zeromq";
import { addressOf, type ChannelName, type Connection } from "../protocol/connection.js";
import type { Message, Outgoing, Wire } from "../protocol/wire.js";
import { WireError } from "../protocol/wire.js";
import { startHeartbeat } from "./heartbeat.js";

export type RequestChannel = "shell" | "control" | "stdin";

export interface Channels {
  /** Sends on a channel; messages keep their order, and what fails to leave is logged. */
  send(channel: RequestChannel | "iopub", message: Outgoing): void;
  /** Resolves when everything sent so far has left. */
  flushed(): Promise<void>;
  /** Ports that were chosen where the connection file has 0. */
  ports: Partial<Record<`${ChannelName}_port`, number>>;
  close(): Promise<void>;
}

export interface ChannelHandlers {
  onMessage(channel: RequestChannel, message: Message): void;
  /** Somebody subscribed to iopub. */
  onSubscription(topic: string): void;
  log(text: string): void;
}

/** Messages to a slow subscriber that are kept; above, zeromq drops. Streams are coalesced, so that this is minutes of output. */
const IOPUB_QUEUE = 100_000;
/** Milliseconds that a closing socket waits for what has not left. */
const LINGER = 1_000;

/** Binds all sockets and starts to listen. @throws {Error} if an address is taken. */
export async function openChannels(connection: Connection, wire: Wire, handlers: ChannelHandlers): Promise<Channels> {
  const secret = connection.curve_secretkey;
  const curve = secret === undefined ? null : { curveServer: true as const, curveSecretKey: secret };
  const router = () => new Router({ linger: LINGER, handover: true, ...curve });
  const sockets = {
    shell: router(),
    control: router(),
    stdin: router(),
    iopub: new XPublisher({ linger: LINGER, sendHighWaterMark: IOPUB_QUEUE, verbosity: "allSubs", ...curve }),
  };
  const binding = Object.entries(sockets).map(([name, socket]) => socket.bind(addressOf(connection, name as ChannelName)));
  const [heartbeat] = await Promise.all([startHeartbeat({ address: addressOf(connection, "hb"), curve }), ...binding]);

  const senders = Object.fromEntries(
    Object.entries(sockets).map(([name, socket]) => [name, createSender(name, socket, wire, handlers.log)]),
  ) as Record<keyof typeof sockets, Sender>;
  for (const name of ["shell", "control", "stdin"] as const) void listen(name, sockets[name], wire, handlers);
  void listenForSubscriptions(sockets.iopub, handlers);

  const endpoints = { ...Object.fromEntries(Object.entries(sockets).map(([name, { lastEndpoint }]) => [name, lastEndpoint])), hb: heartbeat.endpoint };
  return {
    send: (channel, message) => senders[channel].send(message),
    flushed: async () => void (await Promise.all(Object.values(senders).map(({ flushed }) => flushed()))),
    ports: chosenPorts(connection, endpoints),
    async close() {
      for (const socket of Object.values(sockets)) socket.close();
      await heartbeat.close();
    },
  };
}

interface Sender {
  send(message: Outgoing): void;
  flushed(): Promise<void>;
}

/** A socket takes one message at a time: the others wait in a chain. */
function createSender(name: string, socket: Router | XPublisher, wire: Wire, log: (text: string) => void): Sender {
  let chain: Promise<void> = Promise.resolve();
  return {
    send(message) {
      const frames = wire.encode(message);
      chain = chain.then(() => socket.send(frames as Buffer[])).catch((error: Error) => {
        if (!socket.closed) log(`a ${message.type} could not be sent on ${name}: ${error.message}`);
      });
    },
    flushed: () => chain,
  };
}

async function listen(channel: RequestChannel, socket: Router, wire: Wire, { onMessage, log }: ChannelHandlers): Promise<void> {
  for await (const frames of receive(socket)) {
    try {
      onMessage(channel, wire.decode(frames));
    } catch (error) {
      log(error instanceof WireError ? `${channel}: dropped ${error.message}` : `${channel}: ${(error as Error).stack ?? String(error)}`);
    }
  }
}

/** A subscription is a frame that begins with 1 (0 ends one); the rest is the topic. */
async function listenForSubscriptions(socket: XPublisher, { onSubscription }: ChannelHandlers): Promise<void> {
  for await (const [frame] of receive(socket)) {
    if (frame?.[0] === 1) onSubscription(frame.subarray(1).toString("utf8"));
  }
}

/** What a socket receives, until it is closed. */
async function* receive(socket: (Router | XPublisher) & Socket): AsyncGenerator<Buffer[]> {
  while (!socket.closed) {
    let frames: Buffer[];
    try {
      frames = (await socket.receive()) as Buffer[];
    } catch (error) {
      if (socket.closed) return;
      throw error;
    }
    yield frames;
  }
}

/** The ports behind endpoints such as tcp://127.0.0.1:40123, of the channels that the file left at 0. */
function chosenPorts(connection: Connection, endpoints: Record<string, string | null>): Channels["ports"] {
  if (connection.transport === "ipc") return {};
  const chosen = Object.entries(endpoints).filter(([name]) => connection[`${name as ChannelName}_port`] === 0);
  return Object.fromEntries(chosen.map(([name, endpoint]) => [`${name}_port`, Number(/:(\d+)$/.exec(endpoint ?? "")?.[1])]));
}
