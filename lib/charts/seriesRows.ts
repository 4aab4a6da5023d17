/** From a series' record to what its charts draw: a row a model and task. */
import type { Estimate, SeriesPoint, SeriesRecord } from "../records/record.js";
import { verticalAxis, verticalScale, type Layer, type VerticalScale } from "./frame.js";
import { counted, formatCount, formatShare, logTicks } from "./scales.js";
import type { Palette } from "./theme.js";
import { dimensionInWords, methodNames, presetInWords, seedsInWords } from "./words.js";

/** A point, placed: d on the logarithmic axis as its logarithm to base ten. */
export interface SeriesRow {
  name: string;
  task: string;
  x: number;
  /** Null where d90 cannot be computed. */
  y: number | null;
  low: number | null;
  high: number | null;
  /** Arrow where only one end is known. */
  shape: string;
  color: string;
  /** For tooltips. */
  dimension: string;
  full: string;
  perplexity: string;
}

/** Whether the charts must tell the chance-corrected d90: somewhere 90 % of full fine-tuning is not above the majority class. */
export function tellsCorrected({ points }: SeriesRecord): boolean {
  return points.some(({ d90, task }) => d90.threshold !== null && d90.threshold <= task.majority && computable(d90));
}

export const computable = ({ outcome }: Estimate): boolean => outcome !== "baseline-not-above-majority";

/** The estimate that the charts of this record tell of a point. */
export const estimateOf = (record: SeriesRecord, point: SeriesPoint): Estimate => (tellsCorrected(record) && computable(point.d90) ? point.chanceCorrected : point.d90);

/** Colours of tasks, in the order they come: each with a contrast of 4.5 on its background. */
const taskColors = ({ background, did, said, ink }: Palette): string[] =>
  [did, said, ...(background === "#ffffff" ? ["#00704f", "#8a3f80", "#766000"] : ["#4cc9a0", "#dd9ad3", "#e3c94f"]), ink];

/** All rows, by ascending x. @param x what a point is drawn over; null leaves it out. */
export function seriesRows(record: SeriesRecord, palette: Palette, x: (point: SeriesPoint) => number | null): SeriesRow[] {
  const colors = taskColors(palette), tasks = [...new Set(record.points.map(({ task }) => task.name))];
  return record.points.flatMap((point) => {
    const at = x(point);
    return at === null ? [] : [{ ...rowOf(estimateOf(record, point), point), x: at, color: colors[tasks.indexOf(point.task.name) % colors.length]! }];
  }).sort((a, b) => a.x - b.x);
}

const log = (value: number | null): number | null => (value === null ? null : Math.log10(value));

function rowOf(estimate: Estimate, { name, task, full, perplexity }: SeriesPoint): Omit<SeriesRow, "x" | "color"> {
  const { d90, lower, upper, interval } = estimate;
  const known = computable(estimate) ? d90 ?? upper ?? lower : null;
  const ends = interval === null ? [lower, upper] : [interval.low, interval.high];
  return {
    name: shortName(name), task: task.name, y: log(known), low: known === null ? null : log(ends[0] ?? known), high: known === null ? null : log(ends[1] ?? known),
    shape: upper === null && lower !== null ? "triangle-up" : lower === null && upper !== null && d90 === null ? "triangle-down" : "circle",
    dimension: computable(estimate) ? dimensionInWords(estimate) ?? "not known" : "unable to compute",
    full: full === null ? "-" : formatShare(full), perplexity: perplexity === null ? "-" : formatCount(perplexity),
  };
}

/** "pretrained/xs" -> "xs"; a hub id stays. */
export const shortName = (name: string): string => name.replace(/\/+$/, "").split("/").at(-1) ?? name;

/** The vertical scale that shows all rows, room for "unable to compute" on top where it is needed, and its axis. */
export function dimensionScale(record: SeriesRecord, rows: readonly SeriesRow[], height: number) {
  const shown = rows.flatMap(({ y, low, high }) => [y, low, high]).filter((value) => value !== null);
  const unable = rows.some(({ y }) => y === null);
  const [low, high] = shown.length === 0 ? [1, 4] : [Math.min(...shown), Math.max(...shown)], room = Math.max(high - low, 0.5);
  const scale = verticalScale(height, { value: low - 0.04 * room, pixel: height - 10 }, { value: low + room, pixel: unable ? 48 : 14 });
  const ticks = logTicks(10 ** low / 1.15, 10 ** (low + room) * 1.15, 8).map((value) => Math.log10(value));
  const title = tellsCorrected(record) ? "Chance-corrected d90 (log scale)" : "d90 (log scale)";
  return {
    scale, unableAt: unable ? scale.fromPixel(14) : null,
    axis: { values: ticks, labelExpr: "format(round(pow(10, datum.value)), ',d')", ...verticalAxis(title) },
  };
}

/** Interval bars, marks, and the row of those that cannot be computed. @param x the encoding of x. */
export function pointLayers(x: object, { scale, axis, unableAt }: { scale: VerticalScale; axis: object; unableAt: number | null }, palette: Palette): Layer[] {
  const y = (field: string) => ({ field, type: "quantitative" as const, scale: { domain: scale.domain, nice: false, zero: false }, axis });
  const color = { field: "color", type: "nominal" as const, scale: null };
  const known = [{ filter: "isValid(datum.y)" }];
  const layers = [
    { data: { name: "points" }, transform: known, mark: { type: "rule", strokeWidth: 5, opacity: 0.22, strokeCap: "round" }, encoding: { x, y: y("low"), y2: { field: "high" }, color } },
    {
      data: { name: "points" }, transform: known, mark: { type: "point", filled: true, size: 70, opacity: 1 },
      encoding: { x, y: y("y"), color, shape: { field: "shape", type: "nominal", scale: null }, tooltip },
    },
    ...(unableAt === null ? [] : [{
      data: { name: "points" }, transform: [{ filter: "!isValid(datum.y)" }], mark: { type: "point", shape: "cross", angle: 45, filled: true, size: 55, opacity: 1 },
      encoding: { x, y: { datum: unableAt }, color, tooltip },
    }, {
      data: { values: [{}] }, mark: { type: "text", text: "× unable to compute: full fine-tuning is not above the majority class", align: "left", baseline: "middle", color: palette.muted },
      encoding: { x: { value: 4 }, y: { value: 29 } },
    }]),
  ];
  return layers as Layer[];
}

const tooltip = [
  { field: "name", title: "model" }, { field: "task", title: "task" }, { field: "dimension", title: "d90" }, { field: "full", title: "full fine-tuning" },
  { field: "perplexity", title: "perplexity" },
];

/** Data, models, method, preset and seeds of a series, and what it lacks. */
export function seriesOrigins(record: SeriesRecord): string[] {
  const { points, question: { method, preset, seeds, models, tasks, settings }, outcome } = record;
  const data = [...new Set(points.map(({ task }) => `${task.dataSource}, ${formatCount(task.trainRows)} training and ${formatCount(task.devRows)} dev rows`))];
  const how = [...pretrainings(record), methodNames[method], presetInWords({ preset, changed: Object.keys(settings) }),
    ...(typeof settings["epochs"] === "number" ? [counted(settings["epochs"], "epoch")] : []), seedsInWords(seeds)];
  const bars = seeds.length > 1 ? "Bars: smallest to largest d90 over the seeds." : "Bars: the bracket of d90; one seed.";
  const missing = models.length * tasks.length - points.length;
  return [...data, [...how, bars].join(" · "), ...(outcome !== "completed" && missing > 0 ? [`Unfinished: ${counted(missing, "measurement")} to go.`] : [])];
}

/** What ends the name of a checkpoint: its folder, its revision, or the end of its repository's name. */
const CHECKPOINT = /(?:[/_-]+(?:checkpoint|step|update)?s?[-_]*\d+k?\/?)?(?:@[^/]*)?$/i;

/** The pre-trainings of checkpoints, by what holds them; models of several sizes have their names beside their marks. */
function pretrainings({ kind, points }: SeriesRecord): string[] {
  if (kind === "models") return [];
  const of = points.map(({ name, model }) => `${name.replace(CHECKPOINT, "").split("/").slice(-2).join("/")} (${formatCount(model.parameters)} parameters)`);
  return [...new Set(of)];
}

/** Rows in words, for those who cannot see the chart. */
export const rowsInWords = (rows: readonly SeriesRow[]): string => rows.map(({ name, task, dimension }) => `${name} on ${task}: ${dimension}`).join("; ");
