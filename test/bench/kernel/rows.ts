/** From samples to rows: what is compared with whom, and the targets. */
import { median, ratioByRound } from "../rounds.js";
import { toRow, type Goal, type Row } from "../row.js";
import type { KernelName } from "./kernels.js";
import { quantile, type Measure, type Samples } from "./samples.js";

interface Spec {
  measure: Measure;
  name: string;
  unit: "ms" | "MB";
  /** Of the samples; the median by default. */
  statistic?: (values: readonly number[]) => number;
  /** For ours alone. */
  target?: number;
  /** For the ratio to a peer's. */
  against?: Partial<Record<KernelName, Goal>>;
  /** Differences have no ratio. */
  noRatio?: boolean;
}

const largest = (values: readonly number[]): number => quantile(values, 1);

const specs: readonly Spec[] = [
  { measure: "start", name: "start to kernel_info reply", unit: "ms", against: { ipykernel: { target: 1 } } },
  { measure: "firstCell", name: "start to first cell's result", unit: "ms", target: 2_000 },
  { measure: "roundTrip", name: "1+1", unit: "ms", target: 10, against: { tslab: { target: 0.6 } } },
  { measure: "freshText", name: "1+2, 1+3, ...: new text each time", unit: "ms", target: 10 },
  { measure: "completion", name: "completion, 50 cells", unit: "ms", target: 30 },
  { measure: "heartbeat", name: "heartbeat in a busy loop, 99 %", unit: "ms", target: 5, statistic: (values) => quantile(values, 0.99) },
  { measure: "interrupt", name: "interrupt to idle", unit: "ms", target: 300 },
  { measure: "interrupt", name: "interrupt to idle, slowest", unit: "ms", target: 300, statistic: largest },
  { measure: "smallWrites", name: "10,000 small writes", unit: "ms", target: 2_000 },
  { measure: "idle", name: "memory at rest", unit: "MB", target: 350 },
  { measure: "growth", name: "memory growth over the cells", unit: "MB", noRatio: true },
  { measure: "bulk", name: "100 MB of output", unit: "ms" },
  { measure: "bulkPeak", name: "100 MB of output, peak memory", unit: "MB" },
];

/** All rows: ours alone where it has a target or nobody to compare with, then a row for each peer. */
export function rowsOf(samples: Samples, names: readonly KernelName[]): Row[] {
  return specs.flatMap((spec) => {
    const ours = samples.of("d90", spec.measure);
    const peers = names.filter((name) => name !== "d90" && samples.of(name, spec.measure).length > 0);
    const alone = spec.target !== undefined || peers.length === 0 ? [aloneRow(spec, ours)] : [];
    return [...alone, ...peers.map((name) => peerRow(spec, ours, { name, values: samples.of(name, spec.measure) }))];
  });
}

const statisticOf = ({ statistic = median }: Spec, values: readonly number[]): number => statistic(values);

const aloneRow = (spec: Spec, ours: readonly number[]): Row => toRow({
  name: spec.name, unit: spec.unit, ours: statisticOf(spec, ours), peer: null, against: null, ratio: null,
}, spec.target === undefined ? {} : { target: spec.target });

function peerRow(spec: Spec, ours: readonly number[], { name, values }: { name: KernelName; values: readonly number[] }): Row {
  const [mine, peer] = [statisticOf(spec, ours), statisticOf(spec, values)];
  // Medians of as many rounds: what slowed the machine for a while slowed both.
  const ratio = spec.statistic === undefined && ours.length === values.length ? ratioByRound(ours, values) : mine / peer;
  return toRow({ name: spec.name, unit: spec.unit, ours: mine, peer, against: name, ratio: spec.noRatio === true ? null : ratio }, spec.against?.[name] ?? {});
}
