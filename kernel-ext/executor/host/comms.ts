/** Comm messages to the child, and which comms are open. */
import type { ToChild } from "../messages.js";
import type { CommMessage, ExecutorEvent } from "../types.js";

export interface CommTraffic {
  /** Resolves when the user's handlers have run, or the child has died. */
  send(message: CommMessage, cell: number): Promise<void>;
  done(id: number): void;
  /** Notes what the child opens and closes. */
  see(event: ExecutorEvent): void;
  list(): { commId: string; target: string }[];
  /** The child has died, and its comms with it. @returns what the frontend should know of it. */
  lose(cell: number): ExecutorEvent[];
}

/** @param sendToChild returns whether there is one. */
export function createCommTraffic(sendToChild: (message: ToChild) => boolean): CommTraffic {
  const open = new Map<string, string>();
  const waits = new Map<number, () => void>();
  let count = 0;

  function see(message: CommMessage | ExecutorEvent): void {
    if (message.type === "comm_open") open.set(message.commId, message.target);
    else if (message.type === "comm_close") open.delete(message.commId);
  }

  function done(id: number): void {
    waits.get(id)?.();
    waits.delete(id);
  }

  return {
    see,
    done,
    send(message, cell) {
      see(message);
      const id = ++count;
      return new Promise((resolve) => {
        waits.set(id, resolve);
        if (!sendToChild({ type: "comm", id, cell, message })) done(id);
      });
    },
    list: () => [...open].map(([commId, target]) => ({ commId, target })),
    lose(cell) {
      for (const id of [...waits.keys()]) done(id);
      const closed = [...open.keys()];
      open.clear();
      return closed.map((commId) => ({ type: "comm_close", cell, commId, data: {}, metadata: {}, buffers: [] }));
    },
  };
}
