/**
 * The trials of one search, several at once. A search asks for one after the other, and what it asks depends on those before: while one
 * runs, the places that are free run what may be asked next. The search itself, and so its result, stays as it is.
 */
import type { TrialSummary } from "../records/record.js";
import { keyOf, requestsAhead } from "./ahead.js";
import type { CachedTrial, RunTrial, TrialRequest } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";

/** Requests ahead for each place among which a running trial must be: with 1 too many are stopped that are asked for later. */
const FAR = 4;

const NOT_NEEDED = new Error("not needed any more");

export interface SideBySideOptions {
  /** Trials at once. */
  size: number;
  options: ResolvedOptions;
  runTrial: RunTrial;
  cached: CachedTrial;
  /** Stops the search: all that runs is told. */
  signal: AbortSignal;
}

/** What `findD90` is given in place of the hooks that it was made from. */
export interface SideBySide {
  runTrial: RunTrial;
  cached: CachedTrial;
  /** Stops what the search never asked for, which keeps its checkpoint. */
  end(): Promise<void>;
}

interface Running {
  stop: AbortController;
  outcome: Promise<TrialSummary>;
  /** Its place is free again; never rejects. */
  ended: Promise<void>;
}

export function sideBySide({ size, options, runTrial, cached, signal }: SideBySideOptions): SideBySide {
  const running = new Map<string, Running>(), known = new Map<string, TrialSummary>();
  /** Made here: the search is to hear of them as of its own. */
  const made = new Set<string>();
  /** Looked up in the store; failed before it was asked for. */
  const lookedUp = new Set<string>(), failed = new Set<string>();
  let over = false, asking = 0, asked = "";

  function begin(request: TrialRequest): Promise<TrialSummary> {
    const key = keyOf(request), stop = new AbortController();
    const outcome = runTrial(request, AbortSignal.any([signal, stop.signal]));
    const ended = outcome.then((trial) => {
      if (trial.outcome === "interrupted") return;
      known.set(key, trial);
      made.add(key);
    }, () => void failed.add(key)).then(() => void running.delete(key));
    running.set(key, { stop, outcome, ended });
    void ended.then(fill);
    return outcome;
  }

  /** What may be asked next, but for what is recorded. */
  async function ahead(): Promise<TrialRequest[]> {
    for (;;) {
      const requests = await requestsAhead(options, known, size);
      const unseen = requests.filter((request) => !lookedUp.has(keyOf(request)) && !running.has(keyOf(request)));
      let taken = 0;
      for (const request of unseen) {
        lookedUp.add(keyOf(request));
        const trial = await cached(request);
        if (trial === null || trial.outcome === "interrupted") continue;
        known.set(keyOf(request), trial);
        taken++;
      }
      if (taken === 0) return requests;
    }
  }

  /**
   * Stops what is not even far ahead any more, and so will hardly be asked for. What `fill` begins is among the near ones: a longer list
   * looks at more futures of each depth, so that it may end before the depth at which a short one found it.
   */
  async function stopUseless(): Promise<void> {
    const wanted = new Set([...await ahead(), ...await requestsAhead(options, known, FAR * size)].map(keyOf));
    for (const [key, { stop }] of running) if (!wanted.has(key) && key !== asked) stop.abort(NOT_NEEDED);
  }

  async function fill(): Promise<void> {
    while (running.size < size) {
      const next = (await ahead()).find((request) => !running.has(keyOf(request)) && !failed.has(keyOf(request)));
      if (over || signal.aborted || asking > 0 || next === undefined || running.size >= size) return;
      if (!running.has(keyOf(next)) && !known.has(keyOf(next))) begin(next).catch(() => undefined); // who asks for it meets the error
    }
    await stopUseless();
  }

  /** Stops a trial that is not ahead any more, or the latest, where all places are taken. */
  async function makeRoom(): Promise<void> {
    const wanted = new Set((await ahead()).map(keyOf));
    const victim = [...running].findLast(([key]) => !wanted.has(key)) ?? [...running].at(-1);
    victim?.[1].stop.abort(NOT_NEEDED);
    await victim?.[1].ended;
  }

  async function run(request: TrialRequest): Promise<TrialSummary> {
    const key = keyOf(request);
    asked = key;
    asking++;
    if (running.get(key)?.stop.signal.aborted) await running.get(key)?.ended; // it goes on from its checkpoint
    while (!running.has(key) && !known.has(key) && running.size >= size) await makeRoom();
    asking--;
    const outcome = running.get(key)?.outcome ?? known.get(key) ?? begin(request);
    void fill();
    return outcome;
  }

  return {
    runTrial: run,
    cached: (request) => (made.has(keyOf(request)) ? null : cached(request)),
    async end() {
      over = true;
      for (const { stop } of running.values()) stop.abort(NOT_NEEDED);
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
