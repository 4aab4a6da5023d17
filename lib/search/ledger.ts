/** The trials of one search in the order they were made: run, taken up, counted, and where the search must stop. */
import type { TrialSummary } from "../records/record.js";
import type { ResolvedOptions } from "./options.js";

/** One training that the search asks for. */
export interface TrialRequest {
  kind: "full" | "subspace";
  /** Intrinsic dimension; null for full fine-tuning. */
  d: number | null;
  learningRate: number;
  /** Seed of the run, from which P, head, batches and dropout split theirs. */
  seed: number;
}

/** Trains and evaluates once. A divergence is an outcome; an error means that the search cannot go on. */
export type RunTrial = (request: TrialRequest, signal: AbortSignal) => Promise<TrialSummary>;

/** A trial already recorded, or null; interrupted ones are run (resumed) again. */
export type CachedTrial = (request: TrialRequest) => Promise<TrialSummary | null> | TrialSummary | null;

/** A trial and its place on the ladder of rates (0 for full fine-tuning). */
export interface Entry extends TrialSummary {
  rung: number;
}

export type StopReason = "trials" | "seconds" | "interrupted";

/** Leaves the search from wherever it is; what was tried stays. */
export class SearchStopped extends Error {
  override name = "SearchStopped";
  constructor(readonly reason: StopReason) {
    super(`The search stopped: ${reason}.`);
  }
}

export type TrialEvent =
  | { type: "trial-start"; request: TrialRequest }
  | { type: "trial-end"; trial: TrialSummary; cached: boolean };

export interface LedgerOptions {
  limits: Pick<ResolvedOptions, "maxTrials" | "maxSeconds">;
  runTrial: RunTrial;
  cached: CachedTrial;
  signal: AbortSignal;
  onEvent: (event: TrialEvent) => void;
}

/** The trials so far. */
export interface Trials {
  readonly entries: readonly Entry[];
  /** Those that ended in the subspace of d and seed, in order. */
  walk(d: number, seed: number): readonly Entry[];
}

export interface Ledger extends Trials {
  /** Makes one trial. @throws {SearchStopped} when the budget is used up or the search was interrupted. */
  run(request: TrialRequest, rung: number): Promise<void>;
}

/** An empty ledger. */
export function createLedger({ limits, runTrial, cached, signal, onEvent }: LedgerOptions): Ledger {
  const entries: Entry[] = [];
  const walks = new Map<string, Entry[]>();

  async function obtain(request: TrialRequest): Promise<{ trial: TrialSummary; cached: boolean }> {
    const known = await cached(request);
    if (known !== null && known.outcome !== "interrupted") return { trial: known, cached: true };
    onEvent({ type: "trial-start", request });
    try {
      return { trial: await runTrial(request, signal), cached: false };
    } catch (error) {
      if (signal.aborted) throw new SearchStopped("interrupted");
      throw error;
    }
  }

  async function run(request: TrialRequest, rung: number): Promise<void> {
    if (signal.aborted) throw new SearchStopped("interrupted");
    if (request.kind === "subspace") requireBudget(entries, limits);
    const obtained = await obtain(request);
    keep({ ...obtained.trial, rung });
    onEvent({ type: "trial-end", ...obtained });
    if (obtained.trial.outcome === "interrupted") throw new SearchStopped("interrupted");
  }

  function keep(entry: Entry): void {
    entries.push(entry);
    if (entry.kind === "full" || entry.outcome === "interrupted") return;
    const key = `${entry.d}/${entry.seed}`;
    walks.set(key, [...walks.get(key) ?? [], entry]);
  }

  return { entries, run, walk: (d, seed) => walks.get(`${d}/${seed}`) ?? [] };
}

/** The budget speaks of trials in subspaces, taken up or not: so a rerun ends where the first run did. */
function requireBudget(entries: readonly Entry[], { maxTrials, maxSeconds }: LedgerOptions["limits"]): void {
  const subspace = entries.filter(({ kind }) => kind === "subspace");
  const used = subspace.reduce((sum, { seconds }) => sum + seconds, 0);
  if (subspace.length >= (maxTrials ?? Infinity)) throw new SearchStopped("trials");
  if (used >= (maxSeconds ?? Infinity)) throw new SearchStopped("seconds");
}
