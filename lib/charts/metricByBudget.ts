/** Accuracy against the numbers that are trained, all methods on one chart, with full fine-tuning's line and 90 % of it. */
import type { TopLevelSpec } from "vega-lite";
import { isCorrelation, type MetricName, type TrialRecord } from "../records/record.js";
import { budgetRows, type BudgetRow } from "./budgets.js";
import { chart, marginLabels, shareTicks, verticalAxis, verticalScale, type Frame, type Layer, type VerticalScale } from "./frame.js";
import { counted, formatCount, formatMetric, formatRate, logTicks, spread } from "./scales.js";
import { colorOf, LETTER, light, shapes, type Palette } from "./theme.js";
import { capitalised, classWeightsInWords, guessOf, methodNames, metricNameOf, presetInWords, seedsInWords } from "./words.js";

const frame: Frame = { width: 484, height: 360, padding: { left: 56, right: 180, top: 30, bottom: 50 } };
/** d90's share of full fine-tuning. */
const SHARE = 0.9;

/**
 * The chart of trials of one model on the same rows, such as compareMethods returns.
 * @throws {RangeError} without completed trials, or when their models, rows or training differ.
 */
export function metricByBudget(trials: readonly TrialRecord[], palette: Palette = light): TopLevelSpec {
  const rows = budgetRows(trials), { metric } = trials[0]!.configuration.task, full = rows.find(({ method }) => method === "full");
  const references = referencesOf(trials, full, palette);
  const values = [...rows.flatMap(({ low, high }) => [low, high]), ...references.map(({ value }) => value)];
  const high = Math.max(...values), low = Math.min(Math.min(...values), high - 0.02);
  const scale = verticalScale(frame.height, { value: low, pixel: frame.height - 18 }, { value: high, pixel: 14 });
  const domain = budgetDomain(rows), labels = marginLabels(references, frame, scale);
  const points = placed(rows, domain, scale).map((row) => ({ ...row, color: colorOf(row.method, palette), shape: shapes[row.method], ...tooltips(row, metric) }));
  const name = `${capitalised(metricNameOf(trials[0]!))} on the dev rows`;
  return chart({
    frame, palette, title: findingOf(rows, full, trials[0]!), subtitle: captions(trials, rows),
    description: `${name} against the numbers that are trained: ${rows.map((row) => `${row.name} ${formatCount(row.trained)}: ${formatMetric(row.metric, metric)}`).join("; ")}.`,
    datasets: { points, lines: references, labels: labels.rows },
    layers: [lineLayer(), pathLayer(), rangeLayer(), nameLayer("left", palette), nameLayer("right", palette), pointLayer({ domain, scale, low, high, metric, name }),
      nameLayer("left"), nameLayer("right"), ...labels.layers],
  });
}

/** Full fine-tuning, 90 % of it, the majority class: lines with their labels. */
function referencesOf(trials: readonly TrialRecord[], full: BudgetRow | undefined, { ink, muted }: Palette) {
  const { majority, metric } = trials[0]!.configuration.task, shown = (value: number): string => formatMetric(value, metric);
  const lines = [{ value: majority, text: `${guessOf(trials[0]!).replace(/^the /, "")} ${shown(majority)}`, color: muted, dash: [2, 3] }];
  if (full === undefined) return lines;
  return [
    { value: full.metric, text: `full fine-tuning ${shown(full.metric)}`, color: ink, dash: [1, 0] },
    { value: SHARE * full.metric, text: `90 % of it ${shown(SHARE * full.metric)}`, color: ink, dash: [6, 3] },
    ...lines,
  ];
}

/** The smallest budget tried that reaches 90 %; a learned subspace does not run, because its basis is not in its budget. */
function findingOf(rows: readonly BudgetRow[], full: BudgetRow | undefined, trial: TrialRecord): string {
  if (full === undefined) return "What is reached against the numbers that are trained";
  if (SHARE * full.metric <= trial.configuration.task.majority) return `90 % of full fine-tuning is not above ${guessOf(trial)}: reaching it says nothing`;
  const reaching = rows.find(({ method, metric }) => method !== "full" && method !== "learned" && metric >= SHARE * full.metric - 1e-12);
  if (reaching === undefined) return "None of the methods tried reaches 90 % of full fine-tuning";
  const share = full.trained / reaching.trained;
  return `${counted(reaching.trained, "trained number")} (${reaching.name}) reach 90 % of full fine-tuning, which trains ${formatCount(share)} times as many`;
}

/** Data, model, training, seeds; and what the numbers count. */
function captions(trials: readonly TrialRecord[], rows: readonly BudgetRow[]): string[] {
  const { configuration } = trials[0]!, { task, model, epochs, batchSize } = configuration, weights = classWeightsInWords(configuration);
  const seeds = [...new Set(rows.flatMap((row) => row.seeds))].sort((a, b) => a - b);
  const heads = rows.some(({ free }) => free > 0) ? " A head that is trained beside a method is counted." : "";
  const basis = trials.some(({ configuration }) => configuration.learned !== undefined)
    ? " A learned subspace needs a basis, too, which is not counted: d times all parameters." : "";
  return [
    `${task.dataSource} · ${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows`,
    `${model.id} (${formatCount(model.parameters)} parameters) · ${presetInWords(configuration)} · `
      + `${counted(epochs, "epoch")} in batches of ${batchSize} · ${seedsInWords(seeds)}${precisionInWords(trials)}${weights === null ? "" : ` · ${weights}`}`,
    `One learning rate a method unless it was tried at several.${heads}${basis}`,
  ];
}

/** Which trials were in bf16; nothing where none was. */
function precisionInWords(trials: readonly TrialRecord[]): string {
  const methodsOf = (of: readonly TrialRecord[]): string[] => [...new Set(of.map((trial) => methodNames[trial.configuration.method]))];
  const low = methodsOf(trials.filter(({ configuration }) => configuration.bf16));
  if (low.length === 0) return "";
  return trials.every(({ configuration }) => configuration.bf16) ? " · bf16" : ` · bf16: ${low.join(", ")}`;
}

/** A little beyond the smallest and the largest budget. */
function budgetDomain(rows: readonly BudgetRow[]): [number, number] {
  const sizes = rows.map(({ trained }) => trained);
  return [Math.min(...sizes) / 2, Math.max(...sizes) * 2];
}

/** Pixels between two names. */
const LINE = 14;

/**
 * Where the names stand: right of their mark, or left where there is no room; moved apart where names of marks that are near each
 * other would overlap.
 */
function placed(rows: readonly BudgetRow[], [low, high]: [number, number], { toPixel, fromPixel }: VerticalScale) {
  const pixelOf = (trained: number): number => (frame.width * Math.log(trained / low)) / Math.log(high / low);
  const boxes = rows.map((row) => {
    const x = pixelOf(row.trained), width = row.name.length * LETTER + 12, align = x + width > frame.width ? "right" : "left";
    return { row, align, from: align === "left" ? x : x - width, to: align === "left" ? x + width : x };
  });
  const places = new Map(rows.map((row) => [row, toPixel(row.metric)]));
  for (const cluster of clustersOf(boxes.filter(({ row }) => isNamed(row, rows)))) {
    spread(cluster.map(({ row }) => places.get(row)!), LINE).forEach((place, i) => places.set(cluster[i]!.row, place));
  }
  return boxes.map(({ row, align }) => ({ ...row, align, nameAt: fromPixel(places.get(row)!), named: isNamed(row, rows) }));
}

/** Sizes of one method beyond which its largest alone is named: a curve needs one name. */
const MANY = 3;

/** Whether a mark has a name: full fine-tuning's line has one. */
const isNamed = ({ method, name, trained }: BudgetRow, rows: readonly BudgetRow[]): boolean => {
  const same = rows.filter((row) => row.name === name);
  return method !== "full" && (same.length <= MANY || trained === Math.max(...same.map((row) => row.trained)));
};

/** Groups of boxes that overlap from left to right, directly or through others. */
function clustersOf<T extends { from: number; to: number }>(boxes: readonly T[]): T[][] {
  const clusters: T[][] = [];
  let end = -Infinity;
  for (const box of [...boxes].sort((a, b) => a.from - b.from)) {
    if (box.from > end) clusters.push([]);
    clusters.at(-1)!.push(box);
    end = Math.max(end, box.to);
  }
  return clusters;
}

const tooltips = ({ trained, free, metric, learningRate, seconds, seeds }: BudgetRow, measured: MetricName) => ({
  numbers: formatCount(trained), headNumbers: formatCount(free), reached: formatMetric(metric, measured), rate: formatRate(learningRate),
  time: `${seconds.toFixed(0)} s`, seedList: seeds.join(", "),
});

const x = { field: "trained", type: "quantitative" as const }, y = (field: string) => ({ field, type: "quantitative" as const });
const color = { field: "color", type: "nominal" as const, scale: null };

const lineLayer = (): Layer => ({
  data: { name: "lines" }, mark: { type: "rule", strokeWidth: 1.2 },
  encoding: { y: y("value"), color, strokeDash: { field: "dash", type: "nominal", scale: null } },
});

function pointLayer({ domain, scale, low, high, metric, name }:
  { domain: [number, number]; scale: VerticalScale; low: number; high: number; metric: MetricName; name: string }): Layer {
  const labelExpr = isCorrelation(metric) ? "format(datum.value, '~r')" : "format(100 * datum.value, '~r') + ' %'";
  return {
    data: { name: "points" }, mark: { type: "point", size: 80, filled: true, opacity: 1 },
    encoding: {
      x: {
        ...x, scale: { type: "log", domain, nice: false },
        axis: { values: logTicks(...domain), format: ",d", labelOverlap: true, grid: false, titlePadding: 10, title: "Numbers that are trained (log scale)" },
      },
      y: {
        ...y("metric"), scale: { domain: scale.domain, nice: false, zero: false },
        axis: { values: shareTicks(low, high), labelExpr, ...verticalAxis(name) },
      },
      fill: color, shape: { field: "shape", type: "nominal", scale: null },
      tooltip: [
        { field: "name", title: "method" }, { field: "numbers", title: "trained" }, { field: "headNumbers", title: "of these the head's" },
        { field: "reached", title: name }, { field: "rate", title: "learning rate" }, { field: "seedList", title: "seeds" }, { field: "time" },
      ],
    },
  };
}

/** Thin lines from one size of a method to the next. */
const pathLayer = (): Layer => ({
  data: { name: "points" }, mark: { type: "line", strokeWidth: 1, opacity: 0.5 }, encoding: { x, y: y("metric"), color, detail: { field: "curve", type: "nominal" } },
});

/** The range over seeds. */
const rangeLayer = (): Layer => ({
  data: { name: "points" }, transform: [{ filter: "datum.high > datum.low" }], mark: { type: "rule", strokeWidth: 1.2 },
  encoding: { x, y: y("low"), y2: { field: "high" }, color },
});

/** The names beside the marks, or the halo that keeps lines behind them from crossing letters. */
const nameLayer = (align: "left" | "right", halo?: Palette): Layer => ({
  data: { name: "points" }, transform: [{ filter: `datum.align === '${align}' && datum.named` }],
  mark: {
    type: "text", align, baseline: "middle", dx: align === "left" ? 9 : -9, fontWeight: 600,
    ...(halo === undefined ? {} : { stroke: halo.background, strokeWidth: 4 }),
  },
  encoding: { x, y: y("nameAt"), text: { field: "name", type: "nominal" }, ...(halo === undefined ? { color } : {}) },
});
