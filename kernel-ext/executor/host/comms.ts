/** Which comms are open, from what passes by. */
import type { CommMessage, ExecutorEvent } from "../types.js";

export interface CommList {
  see(message: CommMessage | ExecutorEvent): void;
  list(): { commId: string; target: string }[];
  /** The child has died, and its comms with it. @returns those that were open. */
  clear(): string[];
}

export function createCommList(): CommList {
  const open = new Map<string, string>();
  return {
    see(message) {
      if (message.type === "comm_open") open.set(message.commId, message.target);
      else if (message.type === "comm_close") open.delete(message.commId);
    },
    list: () => [...open].map(([commId, target]) => ({ commId, target })),
    clear() {
      const ids = [...open.keys()];
      open.clear();
      return ids;
    },
  };
}
