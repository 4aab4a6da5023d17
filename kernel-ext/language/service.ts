/** The language for the session: a worker thread, so that nothing waits while the compiler works. */
import { createStanding } from "./standing.js";
import { startThread, type Thread } from "./thread.js";
import type { Conversion, Language, Place } from "./types.js";

/**
 * Starts the worker at once; see Language.ready. Where the thread dies (the compiler has run out of memory) its requests get
 * empty answers, a new one takes its place, and it knows no earlier cell.
 */
export function startLanguage(place: Place): Language {
  let closed = false;
  const standing = createStanding();
  let thread = start();
  const { ready } = thread;

  function start(): Thread {
    // One that never was ready would not be the next time either.
    return startThread(place, (_error, wasReady) => {
      standing.forget();
      if (!closed && wasReady) thread = start();
    });
  }
  function unlessClosed<Answer>(answer: (error: Error) => Answer): (error: Error) => Answer {
    return (error) => {
      if (closed) throw error;
      return answer(error);
    };
  }
  return {
    name: place.language,
    ready,
    convert: (request) => standing.convert(request, () => thread.ask("convert", request).catch(unlessClosed(failed))),
    keep(request) {
      standing.forget();
      return thread.ask("keep", request).catch(unlessClosed(() => {}));
    },
    reset() {
      standing.forget();
      return thread.ask("reset", {}).catch(unlessClosed(() => {}));
    },
    complete: (request) => thread.ask("complete", request)
      .catch(unlessClosed(() => ({ start: request.offset, end: request.offset, items: [] }))),
    inspect: (request) => thread.ask("inspect", request).catch(unlessClosed(() => null)),
    isComplete: (request) => thread.ask("isComplete", request).catch(unlessClosed(() => ({ status: "unknown" as const }))),
    async close() {
      closed = true;
      await thread.end();
    },
  };
}

/** A cell that got no answer. */
function failed({ message }: Error): Conversion {
  const start = { offset: 0, line: 0, column: 0 };
  const advice = "The cell was not checked and did not run. Where others work again, run the cells that declare what they need anew.";
  return { kind: "rejected", diagnostics: [{ start, end: start, message: `${message} ${advice}`, code: 0 }] };
}
