/** From measurements to rows: what is compared with what, and the target. */
import { DEFAULT_PROJECTION } from "../../lib/projections/index.js";
import { bestOf, median, ratioByRound, type Trace } from "./rounds.js";
import { cast, isMasked, type Role } from "./participants.js";
import type { Pass, Timings } from "./processes.js";
import { toRow, type Goal, type Row } from "./row.js";

export interface Measurements {
  traces: Map<Role, Trace>;
  passes: Map<Role, Pass[]>;
  peakBytes: Map<Role, number | null>;
  loadMs: Map<Role, number>;
  tokenising: { ms: number; rows: number };
  /** Tokens a batch. */
  tokens: number;
  /** What P costs alone: within a step it is not told apart. */
  projections: readonly Timings[];
}

type Series = { ms: readonly number[]; who: string };

/** All rows that `measured` has the parts of. */
export function rowsOf(measured: Measurements): Row[] {
  return [...stepRows(measured), ...pretrainingRows(measured), ...evaluationRows(measured), ...memoryRows(measured), ...absoluteRows(measured)];
}

const stepsOf = (traces: Measurements["traces"]) => (role: Role): Series[] => {
  const steps = traces.get(role)?.steps ?? [];
  return steps.length === 0 ? [] : [{ ms: steps.map(({ ms }) => ms), who: cast[role].name }];
};

function stepRows({ traces, projections }: Measurements): Row[] {
  const series = stepsOf(traces);
  const row = (name: string, ours: Role, peers: Role[], goal: Goal): Row[] => compare(name, series(ours), peers.flatMap(series), goal);
  const projectionRow = (role: Role, goal: Goal): Row[] => {
    const { applyTensors, adjointTensors } = projections.find(({ name }) => name === DEFAULT_PROJECTION)?.ms ?? {};
    if (applyTensors == null || adjointTensors == null) return [];
    return compare("apply + adjoint, alone", [{ ms: [applyTensors + adjointTensors], who: DEFAULT_PROJECTION }], series(role), goal);
  };
  return [
    ...row("DID step, eager", "didEager", ["torch"], { target: 2.2 }),
    ...row("DID step", "did", ["torch"], { target: 1.2 }),
    ...row("DID step", "did", ["fastfood"], { target: 0.1 }),
    ...row("DID step", "did", ["full"], { aim: 1.05 }),
    ...projectionRow("did", { target: 0.3 }),
    ...row("full step", "full", ["torch"], { aim: 1 }),
    ...row("full step, bf16", "fullBf16", ["torch", "torchBf16", "torchCompiled"], { aim: 0.65 }),
    ...row("DID step, bf16", "didBf16", ["fullBf16"], { aim: 1.15 }),
    ...row("DID step, bf16", "didBf16", ["fastfood"], { aim: 0.02 }),
    ...row("DID step, bf16", "didBf16", ["oneHot", "oneHotBf16"], { aim: 0.5 }),
  ];
}

function pretrainingRows({ traces, tokens }: Measurements): Row[] {
  const series = stepsOf(traces), rate = (ms: number | null): number => (tokens / (ms ?? NaN)) * 1000;
  const row = (name: string, role: Role, peers: Role[]): Row[] => compare(name, series(role), peers.flatMap(series), { aim: 1 })
    .map((times) => ({ ...times, unit: "tokens/s", ours: rate(times.ours), peer: rate(times.peer) }));
  const fp32: Role[] = ["torchMaskedLm", "torchMaskedPositions"];
  return [
    ...row("masked-LM update", "maskedLm", fp32),
    ...row("masked-LM update, bf16", "maskedLmBf16", [...fp32, "torchMaskedLmBf16", "torchMaskedPositionsBf16"]),
  ];
}

function evaluationRows({ passes }: Measurements): Row[] {
  const series = (role: Role): Series[] => {
    const all = passes.get(role) ?? [];
    return all.length === 0 ? [] : [{ ms: all.map(({ ms }) => ms), who: cast[role].name }];
  };
  const rows = [...passes.values()][0]?.[0]?.rows ?? NaN;
  const rate = (ms: number | null): number => (rows / (ms ?? NaN)) * 1000;
  const row = (name: string, role: Role, peers: Role[]): Row[] => compare(name, series(role), peers.flatMap(series), { aim: 0.8 })
    .map((times) => ({ ...times, unit: "rows/s", ours: rate(times.ours), peer: rate(times.peer) }));
  return [...row("evaluation", "did", ["torch"]), ...row("evaluation, bf16", "didBf16", ["torch", "torchBf16"])];
}

function memoryRows({ peakBytes }: Measurements): Row[] {
  const row = (name: string, role: Role, goal: Goal): Row[] => {
    const ours = peakBytes.get(role), peer = peakBytes.get("torch");
    if (ours == null || peer == null) return [];
    return [toRow({ name, unit: "MB", ours: ours / 1e6, peer: peer / 1e6, against: cast.torch.name, ratio: ours / peer }, goal)];
  };
  return [
    ...row("peak memory, DID", "did", { target: 1.5 }),
    ...row("peak memory, DID, bf16", "didBf16", { target: 1.5 }),
    ...row("peak memory, full", "full", {}),
    ...row("peak memory, full, bf16", "fullBf16", {}),
  ];
}

function absoluteRows({ loadMs, tokenising, traces }: Measurements): Row[] {
  const ofSide = (side: string): number[] => [...loadMs].filter(([role]) => cast[role].side === side && !isMasked(role)).map(([, ms]) => ms);
  const did = traces.get("did") ?? traces.get("didBf16"), steps = did?.steps ?? [];
  const kept = (steps.at(-1)?.tensors ?? NaN) - (steps[0]?.tensors ?? NaN);
  const alone = (name: string, unit: Row["unit"], ours: number, goal: Goal): Row => toRow({ name, unit, ours, peer: null, against: null, ratio: null }, goal);
  return [
    alone("loading the model", "ms", median(ofSide("d90")), { target: 1000 }),
    alone(`tokenising ${tokenising.rows} rows`, "ms", tokenising.ms, { target: 5000 }),
    alone(`tensors more after ${steps.length} DID steps`, "tensors", kept, { target: 0 }),
    alone("first DID step, recording included", "ms", did?.warmUps[0]?.ms ?? NaN, {}),
  ];
}

/** Ours against the best of the peers; no row where either is missing. */
function compare(name: string, [ours]: Series[], peers: Series[], goal: Goal): Row[] {
  if (ours === undefined || peers.length === 0) return [];
  const best = bestOf(peers);
  return [toRow({
    name, unit: "ms", ours: median(ours.ms), peer: median(best.ms), against: best.who, ratio: ratioByRound(ours.ms, best.ms),
  }, goal)];
}
