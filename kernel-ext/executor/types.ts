/** What the kernel asks of the executor: a child process in which the user's code runs. */
import type { ConvertedCell } from "../language/types.js";

/** MIME type -> text, base64 for binary types, or JSON; and metadata by MIME type. */
export interface MimeBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** A cell to run. */
export interface RunRequest {
  /** Names the cell in events; unique in this kernel. */
  cell: number;
  /** As tracebacks call it: "In[3]". */
  label: string;
  /** The cell as it was typed: tracebacks quote its lines. */
  source: string;
  code: ConvertedCell;
  /** Whether input() may ask. */
  allowStdin: boolean;
}

export interface ErrorReport {
  ename: string;
  evalue: string;
  /** Lines, coloured with ANSI escapes. */
  traceback: string[];
}

/** How a cell ended. */
export type RunOutcome =
  /** `result`: the value of the last expression, where it has one that is not undefined. */
  | { status: "ok"; result: MimeBundle | null; names: string[]; payload: unknown[] }
  /** `names`: those that were declared before it threw. `lost`: the child has died and with it every variable; a new one runs. */
  | { status: "error"; error: ErrorReport; names: string[]; lost: boolean; payload: unknown[] };

/** What happens while cells run; `cell` is the one that caused it, also when it comes late. */
export type ExecutorEvent =
  | { type: "stream"; cell: number; name: "stdout" | "stderr"; text: string }
  | { type: "display"; cell: number; bundle: MimeBundle; displayId?: string; update: boolean }
  | { type: "clear"; cell: number; wait: boolean }
  /** Answered by answerInput. */
  | { type: "input"; cell: number; prompt: string; password: boolean }
  | { type: "comm_open"; cell: number; commId: string; target: string; data: unknown; metadata: Record<string, unknown>; buffers: Uint8Array[] }
  | { type: "comm_msg" | "comm_close"; cell: number; commId: string; data: unknown; metadata: Record<string, unknown>; buffers: Uint8Array[] }
  /** The child died outside a cell (a timer called process.exit, for example) and a new one runs: every variable is gone. */
  | { type: "lost"; reason: string };

/** A comm message from the frontend. */
export type CommMessage =
  | { type: "comm_open"; commId: string; target: string; data: unknown; metadata: Record<string, unknown>; buffers: Uint8Array[] }
  | { type: "comm_msg" | "comm_close"; commId: string; data: unknown; metadata: Record<string, unknown>; buffers: Uint8Array[] };

export interface Executor {
  /** Runs one cell at a time; the promise never rejects, and settles after every event of the cell was delivered. */
  run(request: RunRequest): Promise<RunOutcome>;
  /** Evaluates a converted scratch cell for user_expressions: its outcome is delivered as run's, without output. */
  evaluate(request: RunRequest): Promise<RunOutcome>;
  /** Stops the running cell: a signal that library code sees, after 60 ms termination, at last a new child. No cell: nothing. */
  interrupt(): void;
  answerInput(value: string): void;
  /** The frontend has no stdin, or a new request ended the wait. */
  refuseInput(reason: string): void;
  /** Hands a comm message to the user's handlers; resolves when they have run. What they output belongs to `cell`. */
  sendComm(message: CommMessage, cell: number): Promise<void>;
  /** Open comms, for comm_info_request. */
  comms(): { commId: string; target: string }[];
  /** Ends the child: politely, and after `graceMs` (default 500) by SIGKILL. */
  close(graceMs?: number): Promise<void>;
}

/** Starts a child (without waiting for it). */
export interface ExecutorOptions {
  /** Where the user's code runs; its imports resolve from here. */
  cwd: string;
  onEvent(event: ExecutorEvent): void;
}
