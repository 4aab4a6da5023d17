/** A step's time against D, and against d: the charts of docs/performance.md. */
import type { TopLevelSpec } from "vega-lite";
import { chart, type Layer } from "../../lib/charts/frame.js";
import { colorOf, light } from "../../lib/charts/theme.js";

export interface ScalingPoint {
  method: "full" | "did";
  D: number;
  /** null for full fine-tuning. */
  d: number | null;
  /** Median milliseconds of an update. */
  ms: number;
}

const WORDS = {
  D: { title: "Time of a step, by the model's size", axis: "parameters D, millions", names: ["full fine-tuning", "DID, d = 1,000"] },
  d: { title: "Time of a step, by the intrinsic dimension", axis: "intrinsic dimension d", names: ["full fine-tuning", "DID"] },
} as const;

/** By D: both methods at d = 1,000; by d: DID at the D that has several d, with full fine-tuning as a rule. @param where goes below the title. */
export function scalingChart(points: readonly ScalingPoint[], by: "D" | "d", where: string): TopLevelSpec {
  const { title, axis, names: [full, did] } = WORDS[by];
  const typical = points.find(({ d }) => d !== null && d !== 1000)?.D;
  const shown = points.filter(({ D, d }) => (by === "D" ? d === null || d === 1000 : D === typical));
  const values = shown.map(({ method, D, d, ms }) => ({ x: by === "D" ? D / 1e6 : d, ms, method: method === "full" ? full : did }));
  const last = Math.max(...values.map(({ x }) => x ?? 0));
  const x = { field: "x", type: "quantitative", title: axis, scale: { type: by === "d" ? "log" : "linear" } } as const;
  const y = { field: "ms", type: "quantitative", title: "milliseconds an update", scale: { zero: true, nice: true } } as const;
  const color = { field: "method", type: "nominal", scale: { domain: [full, did], range: [colorOf("full"), colorOf("did")] }, legend: null } as const;
  const layers = [
    { transform: [{ filter: "isValid(datum.x)" }], mark: { type: "line", point: true }, encoding: { x, y, color } },
    { transform: [{ filter: "!isValid(datum.x)" }], mark: { type: "rule", strokeDash: [4, 3] }, encoding: { y, color } },
    {
      transform: [{ filter: `!isValid(datum.x) || datum.x === ${last}` }, { calculate: `${last}`, as: "end" }],
      mark: { type: "text", align: "left", dx: 9 }, encoding: { x: { ...x, field: "end" }, y, color, text: { field: "method", type: "nominal" } },
    },
  ] satisfies Layer[];
  return chart({
    title, layers: layers.map((layer) => ({ data: { name: "points" }, ...layer })), datasets: { points: values }, palette: light,
    subtitle: ["BERT of six layers, random weights, batches of 16 x 64 tokens, fp32, medians of seven updates.", where],
    frame: { width: 480, height: 260, padding: { left: 88, right: 140, top: 12, bottom: 50 } },
    description: `${title}: ${values.map(({ method, x: at, ms }) => `${method}${at === null ? "" : ` at ${at}`} ${Math.round(ms)} ms`).join(", ")}.`,
  });
}
