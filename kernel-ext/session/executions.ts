/** execute_request: one cell after the other, through compiler and executor. */
import type { Executor, RunOutcome, MimeBundle, ErrorReport } from "../executor/types.js";
import type { ConvertedCell, Language } from "../language/types.js";
import type { History } from "../history/history.js";
import type { Content } from "../protocol/requests.js";
import type { Json, Message } from "../protocol/wire.js";
import { rejectionReport } from "./diagnostics.js";
import type { Parents } from "./parents.js";
import type { Publisher } from "./publisher.js";

export interface Request {
  message: Message;
  content: Content<"execute_request">;
  /** Sends the reply. */
  reply(content: Json, metadata?: Json): void;
}

export interface Executions {
  /** Queues a request; the promise resolves when its reply was sent and everything of it is published. */
  enqueue(request: Request): Promise<void>;
  /** Stops the running cell; those that wait behind it are aborted, as after an error, even if it ends well with what it has. */
  interrupt(): void;
  /** Number of the last counted cell. */
  count(): number;
}

export interface ExecutionsOptions {
  language: Language;
  executor: Executor;
  history: History;
  publisher: Publisher;
  parents: Parents;
}

const interrupted: ErrorReport = {
  ename: "Interrupted",
  evalue: "the cell was interrupted before it ran",
  traceback: ["\x1b[31mInterrupted\x1b[39m: the cell was interrupted before it ran"],
};

/** What a cell without code does. */
const nothing: RunOutcome = { status: "ok", result: null, names: [], payload: [] };

export function createExecutions({ language, executor, history, publisher, parents }: ExecutionsOptions): Executions {
  let count = 0;
  let queue: Promise<void> = Promise.resolve();
  /** Requests that arrived before this one failed or was interrupted are aborted: their order numbers are below. */
  let abortedBelow = 0;
  let executing: Request | null = null;
  let arrived = 0;
  let compiling: { interrupt(): void } | null = null;
  /** Tells the compiler, once, what the cell has left. Nobody waits: it answers in order, so what comes next finds it. */
  let keep = (): void => undefined;

  /** Compiles; an interrupt meanwhile is answered at once and lets the compiler finish for nobody. */
  async function compile(cell: number, code: string, label: string): Promise<ConvertedCell | ErrorReport> {
    const stop = new Promise<ErrorReport>((resolve) => {
      compiling = { interrupt: () => resolve(interrupted) };
    });
    try {
      const conversion = await Promise.race([language.convert({ cell, code }), stop]);
      if (!("kind" in conversion)) return conversion;
      return conversion.kind === "code" ? conversion : rejectionReport(conversion.diagnostics, code, label);
    } finally {
      compiling = null;
    }
  }

  async function run(cell: number, label: string, { content }: Request): Promise<RunOutcome> {
    const { code, allow_stdin: allowStdin } = content;
    const compiled = await compile(cell, code, label);
    if (!("kind" in compiled)) return { status: "error", error: compiled, names: [], lost: false, payload: [] };
    const outcome = await executor.run({ cell, label, source: code, code: compiled, allowStdin });
    keep = () => {
      keep = () => undefined;
      const lost = outcome.status === "error" && outcome.lost;
      if (compiled.leavesNothing === true && !lost) return; // a message to another thread takes a twentieth of a small cell's time
      const kept = outcome.status === "ok" ? language.keep({ cell }) : lost ? language.reset() : language.keep({ cell, names: outcome.names });
      kept.catch(() => undefined); // it has been closed
    };
    return outcome;
  }

  async function userExpressions({ content, message }: Request): Promise<Json> {
    const answers: Json = {};
    for (const [name, expression] of Object.entries(content.user_expressions)) {
      keep(); // before the compiler is asked again
      const cell = parents.open({ header: message.header, identities: message.identities, silent: true });
      const conversion = await language.convert({ cell, code: expression, scratch: true });
      if (conversion.kind === "rejected") {
        answers[name] = { status: "error", ...rejectionReport(conversion.diagnostics, expression, name) };
        continue;
      }
      const outcome = await executor.evaluate({ cell, label: name, source: expression, code: conversion, allowStdin: false });
      answers[name] = outcome.status === "ok"
        ? { status: "ok", ...(outcome.result ?? { data: { "text/plain": "undefined" }, metadata: {} }) }
        : { status: "error", ...outcome.error };
    }
    return answers;
  }

  async function execute(request: Request): Promise<void> {
    const { message, content } = request;
    const { header } = message;
    const { code, silent } = content;
    // Where frontends have the time that a cell took from, as ipykernel tells it.
    const metadata = { started: new Date().toISOString() };
    const blank = code.trim() === "";
    const stored = !silent && !blank && (content.store_history ?? true);
    const executionCount = silent || blank ? count : count + 1;
    if (stored) count = executionCount;
    const cell = parents.open({ header, identities: message.identities, silent });
    // The compiler's thread is at work while this one tells of the cell.
    const running = blank ? nothing : run(cell, `In[${executionCount}]`, request);
    if (!silent) publisher.publish("execute_input", { code, execution_count: executionCount }, header);
    if (stored) history.add(executionCount, code);
    const outcome = await running;
    if (outcome.status === "ok") {
      if (!silent && outcome.result) publishResult(outcome.result, executionCount, request);
      if (stored && outcome.result) history.addOutput(executionCount, String(outcome.result.data["text/plain"] ?? ""));
      const answers = await userExpressions(request);
      request.reply({ status: "ok", execution_count: executionCount, user_expressions: answers, payload: outcome.payload }, metadata);
      return;
    }
    if (content.stop_on_error) abortedBelow = arrived;
    const { error, payload } = outcome;
    if (!silent) publisher.publish("error", { ...error }, header);
    request.reply({ status: "error", execution_count: executionCount, ...error, user_expressions: {}, payload }, metadata);
  }

  const publishResult = ({ data, metadata }: MimeBundle, executionCount: number, { message }: Request): void =>
    publisher.publish("execute_result", { data, metadata, execution_count: executionCount }, message.header);

  return {
    enqueue(request) {
      const order = arrived++;
      const { header } = request.message;
      queue = queue.then(async () => {
        try {
          publisher.status("busy", header);
          if (order < abortedBelow) request.reply({ status: "aborted" });
          else await execute(executing = request);
        } catch (error) {
          // The kernel's own fault, or its end while the cell ran: the client hears of it either way.
          const { name: ename, message: evalue } = error as Error;
          request.reply({ status: "error", execution_count: count, ename, evalue, traceback: [`${ename}: ${evalue}`] });
        } finally {
          executing = null;
          publisher.status("idle", header);
          keep();
        }
      });
      return queue;
    },
    interrupt() {
      if (executing?.content.stop_on_error) abortedBelow = arrived;
      if (compiling) compiling.interrupt();
      else executor.interrupt();
    },
    count: () => count,
  };
}
