/** Messages to the supervisor, each in its place among the output. */
import { encodeFrame } from "../frames.js";
import { FD, type FromChild, type Sequenced } from "../messages.js";
import type { ExecutorEvent } from "../types.js";
import { owner } from "./cells.js";
import { writeAll } from "./descriptors.js";
import { markMessage, stopInterrupted } from "./output.js";

let seq = 0;

/** Sends a message after everything that was printed before it. */
export function send(message: FromChild): void {
  // Encoded first: a value that cannot be sent must leave no mark behind.
  const frame = encodeFrame({ seq: seq + 1, message } satisfies Sequenced);
  markMessage(++seq);
  writeAll(FD.events, frame);
}

/** Sends a message that may overtake output. */
export function sendNow(message: FromChild): void {
  writeAll(FD.events, encodeFrame({ seq: 0, message } satisfies Sequenced));
}

/** As ExecutorEvent's members are, without the cell. */
type Unowned<T> = T extends { cell: number } ? Omit<T, "cell"> : never;

/** Sends an event of the cell that this code belongs to. */
export function emit(event: Unowned<ExecutorEvent>): void {
  const context = owner();
  stopInterrupted(context);
  send({ type: "event", event: { ...event, cell: context?.id ?? 0 } });
}
