/** The paper's Figure 2: d90 against the updates of pre-training, a line for each task. */
import type { TopLevelSpec } from "vega-lite";
import type { SeriesRecord } from "../records/record.js";
import { chart, marginLabels, type Frame, type Layer } from "./frame.js";
import { formatCount } from "./scales.js";
import { dimensionScale, pointLayers, rowsInWords, seriesOrigins, seriesRows, tellsCorrected, type SeriesRow } from "./seriesRows.js";
import { light, type Palette } from "./theme.js";

const frame: Frame = { width: 536, height: 320, padding: { left: 64, right: 120, top: 30, bottom: 50 } };

/** The chart of d90 along a pre-training. @throws {RangeError} where no point tells how far its model's pre-training had come. */
export function d90AlongPretraining(record: SeriesRecord, palette: Palette = light): TopLevelSpec {
  const rows = seriesRows(record, palette, ({ update }) => update);
  if (rows.length === 0) throw new RangeError("d90AlongPretraining: record must have points with the updates of their pre-training, got none.");
  const vertical = dimensionScale(record, rows, frame.height);
  const last = Math.max(...rows.map((row) => row.x), 1);
  const x = { field: "x", type: "quantitative" as const, scale: { domain: [-0.03 * last, 1.03 * last], nice: false }, axis: { title: "Updates of pre-training", grid: false, titlePadding: 10, format: ",d", tickMinStep: 1 } };
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const ends = tasks.flatMap((task) => rows.filter((row) => row.task === task && row.y !== null).slice(-1));
  const labels = marginLabels(ends.map(({ y, task, color }) => ({ value: y!, text: task, color })), frame, vertical.scale);
  const lines: Layer = {
    data: { name: "points" }, transform: [{ filter: "isValid(datum.y)" }], mark: { type: "line", strokeWidth: 1.6 },
    encoding: { x, y: { field: "y", type: "quantitative", scale: { domain: vertical.scale.domain, nice: false, zero: false } }, color: { field: "color", type: "nominal", scale: null } },
  };
  return chart({
    frame, palette, title: title(record, rows, tasks), subtitle: seriesOrigins(record), datasets: { points: rows, labels: labels.rows },
    layers: [lines, ...pointLayers(x, vertical, palette), ...labels.layers],
    description: `d90 against updates of pre-training on logarithmic y. ${rowsInWords(rows)}.`,
  });
}

/** What the points say, of one task in numbers. */
function title(record: SeriesRecord, rows: readonly SeriesRow[], tasks: readonly string[]): string {
  const name = tellsCorrected(record) ? "Chance-corrected d90" : "d90";
  const known = rows.filter(({ y }) => y !== null), [first] = known, last = known.at(-1);
  if (first === undefined || last === undefined) return "No d90: full fine-tuning never beats the majority class";
  if (tasks.length > 1 || first === last) return `${name} along pre-training on ${tasks.join(", ")}`;
  return `${name} goes from ${first.dimension} (update ${formatCount(first.x)}) to ${last.dimension} (update ${formatCount(last.x)})`;
}
