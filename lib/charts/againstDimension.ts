/** The paper's Figures 4 and 5: what was trained in d90 dimensions, its accuracy or its generalization gap, against d90. */
import type { TopLevelSpec } from "vega-lite";
import type { SearchWithTrials } from "../records/trialsOf.js";
import { chart, marginLabels, shareTicks, verticalAxis, verticalScale, type Frame, type Layer } from "./frame.js";
import { generalizationPoints, rankCorrelation, type GeneralizationPoint } from "./generalization.js";
import { formatCount, formatShare, logTicks } from "./scales.js";
import { colorOf, light, methodScale, type Palette } from "./theme.js";
import { presetInWords, seedsInWords } from "./words.js";

const frame: Frame = { width: 414, height: 300, padding: { left: 56, right: 250, top: 30, bottom: 50 } };

/** What is drawn upwards. */
const quantities = {
  accuracy: { name: "accuracy on the dev rows", axis: "Accuracy on the dev rows", figure: "Evaluation accuracy against d90" },
  gap: {
    name: "relative generalization gap", axis: "Relative gap: (train − dev) / (1 − dev)", figure: "Relative generalization gap against d90",
  },
} as const;

export type Quantity = keyof typeof quantities;
type Row = GeneralizationPoint & { value: number };

/**
 * One mark a search, labelled by model, task and method.
 * @throws {RangeError} when no search has both a d90, or an upper end of it, and the quantity.
 */
export function againstDimension(searches: readonly SearchWithTrials[], quantity: Quantity, palette: Palette = light): TopLevelSpec {
  const rows = generalizationPoints(searches).flatMap((point): Row[] => {
    const value = point[quantity];
    return value === null ? [] : [{ ...point, value }];
  });
  if (rows.length === 0) {
    throw new RangeError("againstDimension: searches must include one with an upper end of d90 and its trial's " +
      `${quantity}, got ${searchesIn(searches.length)} without.`);
  }
  const { scale, low, high, xDomain } = placed(rows);
  const labels = marginLabels(rows.map(({ value, label, method }) => ({ value, text: label, color: colorOf(method, palette) })), frame, scale);
  const { figure, name } = quantities[quantity];
  return chart({
    frame, palette, title: figure, subtitle: subtitleOf(searches, rows),
    description: `${name} against d90 on a logarithmic axis: ${rows.map(({ label, d, value }) => `${label}: ${formatCount(d)}, ${formatShare(value)}`).join("; ")}.`,
    datasets: { points: rows.map(tooltips), labels: labels.rows },
    layers: [...pointLayers({ quantity, domain: scale.domain, ticks: shareTicks(low, high), xDomain, palette }), ...labels.layers],
  });
}

const searchesIn = (count: number): string => `${count} ${count === 1 ? "search" : "searches"}`;

/** Where the values are: at least two percent of height, at least a factor of ten of width. */
function placed(rows: readonly Row[]) {
  const values = rows.map(({ value }) => value), ds = rows.flatMap(({ d, lower }) => [d, lower ?? d]);
  const middle = (Math.min(...values) + Math.max(...values)) / 2, half = Math.max(0.01, (Math.max(...values) - Math.min(...values)) / 2);
  const low = middle - half, high = middle + half;
  const least = Math.min(...ds), most = Math.max(...ds), margin = Math.max(1.35, Math.sqrt((10 * least) / most));
  const scale = verticalScale(frame.height, { value: low, pixel: frame.height - 18 }, { value: high, pixel: 14 });
  return { scale, low, high, xDomain: [least / margin, most * margin] as [number, number] };
}

/** Data, presets and seeds of all searches; what a mark is; how strong the relation is, and what is not shown. */
function subtitleOf(searches: readonly SearchWithTrials[], rows: readonly Row[]): string[] {
  const each = searches.map(({ search: { configuration } }) => configuration);
  const unique = (values: readonly string[]): string => [...new Set(values)].join(", ");
  const correlation = rankCorrelation(rows.map(({ d, value }) => ({ x: d, y: value })));
  const missing = searches.length - rows.length, seeds = [...new Set(each.flatMap(({ search }) => search.seeds))];
  return [
    `${unique(each.map(({ task }) => task.dataSource))} · ${unique(each.map(({ model }) => model.id))}`,
    `${unique(each.map(presetInWords))} · ${seedsInWords(seeds)}`,
    "A mark is a search: what was trained with d90 numbers, the best rate of each seed, the mean over seeds.",
    "Its line begins at the largest d that failed; without a line d90 is at the mark or below it.",
    correlation === null ? `${searchesIn(rows.length)}: too few to tell whether the two go together.`
      : `Spearman's rank correlation ${correlation.toFixed(2)} over ${rows.length} searches.`,
    missing === 0 ? "" : `Not shown: ${missing} without an upper end of d90, or not measured.`,
  ].filter((line) => line !== "");
}

const tooltips = (row: Row) => ({
  ...row, dimension: formatCount(row.d), failed: row.lower === null ? "unknown" : formatCount(row.lower), dev: formatShare(row.accuracy),
  train: row.trainAccuracy === null ? "not measured" : formatShare(row.trainAccuracy), relative: row.gap === null ? "unknown" : formatShare(row.gap),
});

interface Drawn {
  quantity: Quantity;
  domain: [number, number];
  ticks: number[];
  xDomain: [number, number];
  palette: Palette;
}

function pointLayers({ quantity, domain, ticks, xDomain, palette }: Drawn): Layer[] {
  const x = {
    field: "d", type: "quantitative" as const, scale: { type: "log" as const, domain: xDomain, nice: false },
    axis: { values: logTicks(...xDomain), format: ",d", labelOverlap: false, grid: false, titlePadding: 10, title: "d90: how many numbers are learned (log scale)" },
  };
  const y = {
    field: "value", type: "quantitative" as const, scale: { domain, nice: false, zero: false },
    axis: { values: ticks, labelExpr: "format(100 * datum.value, '~r') + ' %'", ...verticalAxis(quantities[quantity].axis) },
  };
  const { color, shape } = methodScale(palette), data = { name: "points" };
  const tooltip = [
    { field: "label", title: "search" }, { field: "dimension", title: "d90" }, { field: "failed", title: "fails at" }, { field: "dev", title: "dev accuracy" },
    { field: "train", title: "training accuracy" }, { field: "relative", title: "relative gap" }, { field: "seeds", title: "seeds" },
  ];
  return [
    { data, mark: { type: "rule", strokeDash: [1, 4], strokeWidth: 0.8 }, encoding: { x, x2: { value: frame.width }, y, color } },
    { data, transform: [{ filter: "isValid(datum.lower)" }], mark: { type: "rule", strokeWidth: 1.6 }, encoding: { x: { field: "lower", type: "quantitative" }, x2: { field: "d" }, y, color } },
    { data, mark: { type: "point", size: 70, strokeWidth: 1.4, opacity: 1 }, encoding: { x, y, shape, tooltip, fill: color, stroke: color } },
  ];
}
