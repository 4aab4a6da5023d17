/** What a search may ask for next: it is rehearsed from the trials that are known, with either outcome of those that are not. */
import type { TrialSummary } from "../records/record.js";
import { createLedger, SearchStopped, type TrialRequest } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";
import { search } from "./search.js";

/** The same for equal requests. */
export const keyOf = ({ kind, d, learningRate, seed }: TrialRequest): string => [kind, d, learningRate, seed].join("/");

/** Finished trials by their requests' keys. */
export type Known = ReadonlyMap<string, TrialSummary>;

/**
 * Up to `count` requests that are not known: the next one first, then those that follow whichever way it ends, and so on.
 * Full fine-tuning is supposed to come out as the others of it did; a trial in a subspace to reach the threshold, or to stay at the majority class.
 */
export async function requestsAhead(options: ResolvedOptions, known: Known, count: number): Promise<TrialRequest[]> {
  const found = new Map<string, TrialRequest>();
  let futures: Known[] = [known];
  while (futures.length > 0) {
    const after: Known[] = [];
    for (const future of futures) {
      const request = await nextRequest(options, future);
      if (request === null) continue;
      found.set(keyOf(request), request);
      if (found.size === count) return [...found.values()];
      for (const metric of outcomesOf(request, known, options)) {
        after.push(new Map(future).set(keyOf(request), { id: "", ...request, outcome: "completed", metric, seconds: 0 }));
      }
    }
    futures = after.slice(0, count);
  }
  return [...found.values()];
}

/** What the search asks for when it has taken up all of `known`; null when it ends. */
async function nextRequest(options: ResolvedOptions, known: Known): Promise<TrialRequest | null> {
  let next: TrialRequest | null = null;
  const ledger = createLedger({
    limits: options, signal: new AbortController().signal, onEvent: () => undefined,
    cached: (request) => known.get(keyOf(request)) ?? null,
    runTrial: (request) => {
      next = request;
      throw new SearchStopped("trials");
    },
  });
  await search(ledger, options, () => undefined);
  return next;
}

function outcomesOf({ kind }: TrialRequest, known: Known, { majority }: ResolvedOptions): number[] {
  if (kind === "subspace") return [majority, 1];
  const others = [...known.values()].flatMap(({ kind: of, metric }) => (of === "full" && metric !== null ? [metric] : []));
  return [others.length === 0 ? 1 : others.reduce((sum, metric) => sum + metric, 0) / others.length];
}
