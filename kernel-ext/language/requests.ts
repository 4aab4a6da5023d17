/** What the two threads of the language say to each other. */
import type { Completeness, Completion, Conversion } from "./types.js";

/** Each request by its name: what goes in, what comes back. */
export interface Requests {
  convert: { input: { cell: number; code: string; scratch?: boolean }; output: Conversion };
  keep: { input: { cell: number; names?: readonly string[] }; output: void };
  reset: { input: Record<string, never>; output: void };
  complete: { input: { code: string; offset: number }; output: Completion };
  inspect: { input: { code: string; offset: number; detail: 0 | 1 }; output: Record<string, string> | null };
  isComplete: { input: { code: string }; output: Completeness };
}

export type RequestName = keyof Requests;

export type Request = { [Name in RequestName]: { id: number; name: Name; input: Requests[Name]["input"] } }[RequestName];

export type Reply = { id: number; output: unknown } | { id: number; error: string };

export type FromWorker = { ready: true } | { ready: false; error: string } | Reply;
