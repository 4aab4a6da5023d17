/** Errors at the end of a command: what happened and what to do, without a stack unless D90_DEBUG=1 asks for it. */
import { exitCodes } from "./exitCodes.js";
import { printJson, say } from "./output.js";

/** Whether stacks are wanted. */
const debugging = (env: NodeJS.ProcessEnv = process.env): boolean => !["", "0", "false"].includes(env.D90_DEBUG ?? "");

/** Names of the errors that speak to the person who runs the command; others are mistakes of d90's own. */
const forPeople = new Set(["UsageError", "HubError", "RecordError", "SafetensorsError", "CodecError"]);

/** What the library's checks of arguments throw: "where: argument must be ..., got ...". */
const isCheck = ({ name, message }: Error): boolean => name === "RangeError" && /^[\w ]+: .+ must .+ got /s.test(message);

/** The exit status for an error that a command threw. */
export const statusOf = (error: unknown): number =>
  error instanceof Error && (error.name === "UsageError" || isCheck(error)) ? exitCodes.usage : exitCodes.failure;

/** What is printed about `error`. */
export function explain(error: unknown, env?: NodeJS.ProcessEnv): string {
  if (!(error instanceof Error)) return `d90: ${String(error)}`;
  if (debugging(env)) return `d90: ${error.stack ?? error.message}${causeOf(error)}`;
  if (forPeople.has(error.name) || isCheck(error) || isSystemError(error)) return `d90: ${error.message}`;
  return `d90: ${error.message}\nThis should not have happened: D90_DEBUG=1 shows where. Please report it with that.`;
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? `\nCause: ${cause.stack ?? cause.message}` : "");

/** Files and network: their messages say what was refused. */
const isSystemError = (error: NodeJS.ErrnoException): boolean => typeof error.code === "string" && typeof error.syscall === "string";

/** Prints the error and returns the exit status; with `json`, standard output still holds one object. */
export function report(error: unknown, { json }: { json: boolean }): number {
  say(explain(error));
  if (json) printJson({ error: error instanceof Error ? error.message : String(error) });
  return statusOf(error);
}
