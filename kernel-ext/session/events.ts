/** What happens in the executor, as messages to the clients. */
import { randomUUID } from "node:crypto";
import type { ExecutorEvent } from "../executor/types.js";
import type { Header, Json } from "../protocol/wire.js";
import type { Channels } from "../sockets/channels.js";
import type { Origin, Parents } from "./parents.js";
import type { Publisher } from "./publisher.js";

export interface Relay {
  onEvent(event: ExecutorEvent): void;
  /** How a question that nobody will answer is taken back. */
  refuseWith(refuse: (reason: string) => void): void;
  /** Whether an input_reply with this parent answers another question than the last: one that an interrupt has ended. */
  isStale(parent: Header | Json): boolean;
}

export interface RelayOptions {
  channels: Pick<Channels, "send">;
  publisher: Publisher;
  parents: Parents;
  /** Every variable is gone. */
  onLost(): void;
  log(text: string): void;
}

export function relayEvents({ channels, publisher, parents, onLost, log }: RelayOptions): Relay {
  let refuse: (reason: string) => void = () => undefined;
  /** msg_id of the last input_request. */
  let asked = "";

  /** What silent requests show: comms alone. */
  function show({ header, identities }: Origin, event: ExecutorEvent): void {
    switch (event.type) {
      case "stream":
        return publisher.publish("stream", { name: event.name, text: event.text }, header);
      case "display": {
        const type = event.update ? "update_display_data" : "display_data";
        const transient = event.displayId === undefined ? {} : { display_id: event.displayId };
        return publisher.publish(type, { data: event.bundle.data, metadata: event.bundle.metadata, transient }, header);
      }
      case "clear":
        return publisher.publish("clear_output", { wait: event.wait }, header);
      case "input":
        asked = randomUUID();
        return channels.send("stdin", {
          id: asked, identities, type: "input_request", parent: header, content: { prompt: event.prompt, password: event.password },
        });
      default:
    }
  }

  function onEvent(event: ExecutorEvent): void {
    if (event.type === "lost") {
      log(event.reason);
      return onLost();
    }
    const origin = parents.of(event.cell);
    if (origin === undefined) return log(`an output (${event.type}) before any request`);
    if (event.type.startsWith("comm_")) return publishComm(publisher, origin, event as Extract<ExecutorEvent, { commId: string }>);
    if (!origin.silent) return show(origin, event);
    if (event.type === "input") refuse("a silent request cannot ask");
  }

  return {
    onEvent,
    refuseWith(how) {
      refuse = how;
    },
    // Some clients name no parent: theirs answer the last.
    isStale: ({ msg_type: type, msg_id: id }) => type === "input_request" && id !== asked,
  };
}

function publishComm(publisher: Publisher, { header }: Origin, event: Extract<ExecutorEvent, { commId: string }>): void {
  const { commId, data, metadata, buffers } = event;
  const content: Json = { comm_id: commId, data, ...(event.type === "comm_open" ? { target_name: event.target } : {}) };
  publisher.publish(event.type, content, header, { metadata, buffers });
}
