/** What goes out on iopub, under the request that caused it. */
import type { Channels } from "../sockets/channels.js";
import type { Header, Json } from "../protocol/wire.js";

export interface Publisher {
  publish(type: string, content: Json, parent: Header | Json, extra?: { metadata?: Json; buffers?: readonly Uint8Array[] }): void;
  status(state: "starting" | "busy" | "idle", parent: Header | Json): void;
}

/** `kernelId` begins every topic, as ipykernel's do. */
export function createPublisher(channels: Pick<Channels, "send">, kernelId: string): Publisher {
  const publish: Publisher["publish"] = (type, content, parent, { metadata, buffers } = {}) => {
    const topic = type === "stream" ? `stream.${String(content.name)}` : type;
    channels.send("iopub", {
      identities: [`kernel.${kernelId}.${topic}`],
      type,
      parent,
      content,
      ...(metadata ? { metadata } : {}),
      ...(buffers ? { buffers } : {}),
    });
  };
  return { publish, status: (state, parent) => publish("status", { execution_state: state }, parent) };
}
