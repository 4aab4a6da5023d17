/** What the supervisor and the child say to each other. Both directions are frames (frames.ts). */
import type { SideModule } from "../language/types.js";
import type { CommMessage, ErrorReport, ExecutorEvent, MimeBundle } from "./types.js";

/** The child's file descriptors, beside standard output (1) and error (2). */
export const FD = { control: 3, interrupts: 4, events: 5 } as const;

/**
 * Kinds of interrupts; on FD.interrupts each is a byte, followed by the cell (4 bytes, little-endian). `ask` lets code that
 * watches the signal finish first; `force` does not; `free` ends no cell, only what keeps the main thread from its next
 * one: code that an interrupted cell has left behind.
 */
export const INTERRUPT = { ask: 1, force: 2, free: 3 } as const;

/** Milliseconds that code which took the cell's signal may go on after an interrupt: to look at it (a training's step may take seconds), and to wind up. */
export const STEP = 10_000;
export const COOPERATION = 10_000;

export interface RunMessage {
  type: "run";
  cell: number;
  /** "In[3]". */
  label: string;
  source: string;
  js: string;
  map: string;
  isAsync: boolean;
  lastExpression: string | null;
  modules: SideModule[];
  timed: boolean;
  allowStdin: boolean;
  /** A scratch cell (user_expressions): what it declares is removed again. */
  scratch: boolean;
}

export type ToChild =
  | RunMessage
  | { type: "answer"; value: string }
  | { type: "refuse"; reason: string }
  | { type: "comm"; id: number; cell: number; message: CommMessage };

/** A cell's end, as the child tells it. */
export type Outcome =
  | { status: "ok"; result: MimeBundle | null; names: string[]; payload: unknown[] }
  | { status: "error"; error: ErrorReport; names: string[]; payload: unknown[] };

export type FromChild =
  | { type: "up" }
  /** The cell's code begins. The marks of its streams say so; this does where both are closed. */
  | { type: "began"; cell: number }
  | { type: "event"; event: ExecutorEvent }
  /** What is printed from here on goes to the other standard stream: says nothing but its own place. */
  | { type: "switched" }
  | { type: "outcome"; cell: number; outcome: Outcome }
  /** The cell has taken its signal. */
  | { type: "signal_taken"; cell: number }
  /** ... and, interrupted, may see it now: it gets COOPERATION milliseconds. */
  | { type: "cooperating"; cell: number }
  | { type: "comm_done"; id: number }
  /** process.exit, by code of `cell` (0: unknown). */
  | { type: "exit"; cell: number; code: number };

/**
 * A message with its place in the output: `seq` counts the markers that were written to both standard streams just before
 * it; 0 has none and may overtake output.
 */
export interface Sequenced {
  seq: number;
  message: FromChild;
}
