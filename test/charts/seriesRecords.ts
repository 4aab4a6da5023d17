/** Records of series that never ran: numbers are made up, shapes are real. */
import { seriesId, type Estimate, type SeriesPoint, type SeriesRecord } from "../../lib/records/record.js";
import { searchRecord } from "./records.js";

const { configuration: { model, task }, environment, result } = searchRecord();

/** An estimate of d90; null is "unable to compute". */
function estimate(d90: number | null, seeds: number): Estimate {
  const { full: _full, fullRate: _rate, majority: _majority, chanceCorrectedD90: _chance, ...plain } = result;
  if (d90 === null) return { ...plain, d90, lower: null, upper: null, exact: false, outcome: "baseline-not-above-majority", interval: null, bySeed: [], notes: [] };
  const interval = seeds > 1 ? { low: Math.round(d90 / 1.4), high: Math.round(d90 * 1.5) } : null;
  return { ...plain, d90, lower: Math.round(d90 / 1.16), upper: d90, exact: true, outcome: "found", interval, bySeed: [], notes: [] };
}

export interface SeriesWorld {
  kind: SeriesRecord["kind"];
  /** d90 by task, in the order of the models; null is "unable to compute". */
  d90: Record<string, (number | null)[]>;
  /** Parameters, or updates, of the models. */
  x: number[];
  seeds?: number[];
  threshold?: number;
  outcome?: SeriesRecord["outcome"];
}

/** The record of a series in that world. */
export function seriesRecord({ kind, d90, x, seeds = [0, 1, 2], threshold = 0.73, outcome = "completed" }: SeriesWorld): SeriesRecord {
  const names = x.map((value) => (kind === "models" ? `pretrained/${value}` : `pretrained/quick/checkpoint-${String(value).padStart(6, "0")}`));
  const points = Object.entries(d90).flatMap(([name, values]) => values.map((value, i): SeriesPoint => ({
    name: names[i]!, model: { ...model, id: names[i]!, parameters: kind === "models" ? x[i]! : 400_000 }, task: { ...task, name },
    update: kind === "models" ? null : x[i]!, tokens: kind === "models" ? null : x[i]! * 2000, perplexity: kind === "models" ? null : 4000 / (1 + x[i]! / 50),
    search: "0123456789ab", d90: { ...estimate(value, seeds.length), threshold }, chanceCorrected: estimate(value === null ? null : value * 3, seeds.length),
    full: value === null ? 0.684 : 0.81, seconds: 60,
  })));
  const question = { models: names, tasks: Object.keys(d90), method: "did" as const, preset: "quick", settings: {}, seeds };
  return {
    record: "series", version: 1, id: seriesId(kind, question), kind, question, environment, outcome, points, command: "npx d90 curve pretrained/quick",
    startedAt: "2026-01-02T03:04:05.000Z", finishedAt: "2026-01-02T05:04:05.000Z",
  };
}
