/** The language's thread: answers one request after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { codeFolder } from "./codeCache.js";
import { limitGarbage, underDefaults } from "./heap.js";
import type { FromWorker, Reply, Request } from "./requests.js";
import { createSession, type Handlers } from "./session.js";
import type { Place } from "./types.js";
import { preloadTypescript } from "./typescript.js";

/** Milliseconds without a request, after which the compiler's code is kept: that takes a tenth of a second. */
const PAUSE = 1_000;

const place: Place = workerData;
const send = (message: FromWorker): void => parentPort?.postMessage(message);

function answer(handlers: Handlers, { id, name, input }: Request): Reply {
  try {
    // Each handler takes its own request's input; the union of both cannot say so.
    const handle = handlers[name] as (input: Request["input"]) => unknown;
    return { id, output: handle(input) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

/** Step by step, as long as no request has come: the user's own cells warm as well. */
function warmUp([step, ...rest]: readonly (() => void)[], isAsked: () => boolean): void {
  if (step === undefined || isAsked()) return;
  try {
    step();
  } catch {
    return; // What fails here fails in a cell, with its message.
  }
  setImmediate(warmUp, rest, isAsked);
}

/** Once, in the first pause. @returns to be called at every request. */
function inPause(action: () => void): () => void {
  let done = false;
  const begin = (): NodeJS.Timeout => setTimeout(() => {
    done = true;
    action();
  }, PAUSE);
  let timer = begin();
  return () => {
    clearTimeout(timer);
    if (!done) timer = begin();
  };
}

try {
  const keepCode = preloadTypescript(codeFolder());
  const { handlers, warmUp: steps } = createSession(place);
  let asked = false;
  let postpone = (): void => undefined;
  parentPort?.on("message", (request: Request) => {
    asked = true;
    postpone();
    send(answer(handlers, request));
  });
  send({ ready: true });
  limitGarbage();
  if (keepCode !== null) postpone = inPause(() => underDefaults(keepCode));
  setImmediate(warmUp, steps, () => asked);
} catch (error) {
  send({ ready: false, error: error instanceof Error ? error.stack ?? error.message : String(error) });
}
