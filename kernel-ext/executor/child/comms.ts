/** Comms: channels between the user's code and widgets in the frontend. */
import { randomUUID } from "node:crypto";
import type { CommMessage } from "../types.js";
import { emit } from "./events.js";

type Handler = (data: unknown, message: Jupyter.CommMessage) => unknown;
type OpenHandler = (comm: Jupyter.Comm, data: unknown, buffers: Uint8Array[]) => unknown;

interface Entry {
  comm: Jupyter.Comm;
  onMessage?: Handler;
  onClose?: Handler;
}

const open = new Map<string, Entry>();
const targets = new Map<string, OpenHandler>();

const bytesOf = (buffer: ArrayBufferView | ArrayBuffer): Uint8Array =>
  (buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));

/** The wire is JSON: what it cannot carry is an error here, at the call. */
const json = (value: unknown): unknown => (value === undefined ? {} : JSON.parse(JSON.stringify(value)));

function content(commId: string, data: unknown, options: Jupyter.CommOptions = {}) {
  const metadata = Object.fromEntries(Object.entries(options.metadata ?? {}));
  return { commId, data: json(data), metadata, buffers: (options.buffers ?? []).map(bytesOf) };
}

function createComm(id: string, target: string): Jupyter.Comm {
  const entry: Entry = {
    comm: {
      id,
      target,
      send(data, options) {
        if (!open.has(id)) throw new Error(`comm.send: comm ${id} (${target}) is closed.`);
        emit({ type: "comm_msg", ...content(id, data, options) });
      },
      close(data, options) {
        if (open.delete(id)) emit({ type: "comm_close", ...content(id, data, options) });
      },
      onMessage: (handler) => void (entry.onMessage = handler as Handler),
      onClose: (handler) => void (entry.onClose = handler as Handler),
    },
  };
  open.set(id, entry);
  return entry.comm;
}

export const comms: typeof Jupyter.comms = {
  open(target, data, options) {
    const comm = createComm(randomUUID(), target);
    emit({ type: "comm_open", target, ...content(comm.id, data, options) });
    return comm;
  },
  onOpen: (target, handler) => void targets.set(target, handler as OpenHandler),
};

/** Hands a message of the frontend to the user's handlers. Rejects with what they throw. */
export async function receive(message: CommMessage): Promise<void> {
  const { commId, data, metadata, buffers } = message;
  if (message.type === "comm_open") {
    const handler = targets.get(message.target);
    // As the protocol asks: who does not know the target closes the comm.
    if (handler === undefined) return emit({ type: "comm_close", commId, data: {}, metadata: {}, buffers: [] });
    await handler(createComm(commId, message.target), data, buffers);
    return;
  }
  const entry = open.get(commId);
  if (message.type === "comm_close") open.delete(commId);
  await (message.type === "comm_close" ? entry?.onClose : entry?.onMessage)?.(data, { data, metadata, buffers });
}
