/** The paper's Figure 3: d90 against the number of parameters, both logarithmic, with a straight line for each task. */
import type { TopLevelSpec } from "vega-lite";
import type { SeriesRecord } from "../records/record.js";
import { fitLine, type Line } from "../support/regression.js";
import { chart, type Frame, type Layer } from "./frame.js";
import { logTicks } from "./scales.js";
import { dimensionScale, pointLayers, rowsInWords, seriesOrigins, seriesRows, tellsCorrected, type SeriesRow } from "./seriesRows.js";
import { light, type Palette } from "./theme.js";

const frame: Frame = { width: 546, height: 320, padding: { left: 64, right: 110, top: 30, bottom: 50 } };

/** d90 = a D^slope for the points of one task; null with fewer than three whose d90 is known. */
export function fitOfSizes(record: SeriesRecord, task: string): Line | null {
  const points = seriesRows(record, light, ({ model }) => model.parameters).filter((row) => row.task === task && row.y !== null);
  return points.length < 3 ? null : fitLine(points.map(({ x }) => Math.log10(x)), points.map(({ y }) => y!));
}

/** The chart of d90 against size. @throws {RangeError} without points. */
export function d90BySize(record: SeriesRecord, palette: Palette = light): TopLevelSpec {
  const rows = seriesRows(record, palette, ({ model }) => model.parameters);
  if (rows.length === 0) throw new RangeError("d90BySize: record must have points, got none.");
  const vertical = dimensionScale(record, rows, frame.height);
  const sizes = rows.map((row) => row.x), domain: [number, number] = [Math.min(...sizes) / 1.6, Math.max(...sizes) * 1.6];
  const axis = { values: logTicks(...domain, 8), labelExpr: "datum.value >= 1e6 ? format(datum.value / 1e6, '~r') + ' M' : format(datum.value / 1e3, '~r') + ' k'", grid: false, titlePadding: 10, title: "Parameters (log scale)" };
  const x = { field: "x", type: "quantitative" as const, scale: { type: "log" as const, domain, nice: false }, axis };
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const fits = tasks.flatMap((task) => lineRows(rows, task, fitOfSizes(record, task)));
  return chart({
    frame, palette, title: title(record, tasks), subtitle: seriesOrigins(record), datasets: { points: rows, fits },
    layers: [...fitLayer(x, fits.length > 0, vertical.scale.domain), ...pointLayers(x, vertical, palette), nameLayer(x, vertical.scale.domain, palette)],
    description: `d90 against parameters, both logarithmic. ${rowsInWords(rows)}.`,
  });
}

/** Both ends of a task's fit. */
function lineRows(rows: readonly SeriesRow[], task: string, line: Line | null): { x: number; y: number; color: string; task: string }[] {
  const own = rows.filter((row) => row.task === task && row.y !== null);
  if (line === null) return [];
  return [own[0]!, own.at(-1)!].map(({ x, color }) => ({ x, y: line.intercept + line.slope * Math.log10(x), color, task }));
}

const color = { field: "color", type: "nominal" as const, scale: null };

function fitLayer(x: object, drawn: boolean, domain: [number, number]): Layer[] {
  if (!drawn) return [];
  return [{
    data: { name: "fits" }, mark: { type: "line", strokeDash: [6, 4], strokeWidth: 1.3 },
    encoding: { x, y: { field: "y", type: "quantitative", scale: { domain, nice: false, zero: false } }, color },
  } as Layer];
}

/** The models' names, beside their marks. */
function nameLayer(x: object, domain: [number, number], palette: Palette): Layer {
  return {
    data: { name: "points" }, transform: [{ filter: "isValid(datum.y)" }], mark: { type: "text", align: "left", baseline: "bottom", dx: 7, dy: -3, color: palette.muted },
    encoding: { x, y: { field: "y", type: "quantitative", scale: { domain, nice: false, zero: false } }, text: { field: "name", type: "nominal" } },
  } as Layer;
}

/** The slope with its interval, never without it. */
function title(record: SeriesRecord, tasks: readonly string[]): string {
  const name = tellsCorrected(record) ? "Chance-corrected d90" : "d90";
  const line = tasks.length === 1 ? fitOfSizes(record, tasks[0]!) : null;
  if (line === null || line.slopeInterval === null) return `${name} against the number of parameters${tasks.length > 1 ? `, ${tasks.join(", ")}` : ""}`;
  const [low, high] = line.slopeInterval, number = (value: number): string => value.toFixed(2).replace("-", "−");
  const sign = high < 0 ? "larger need fewer" : low > 0 ? "larger need more" : "no clear direction";
  return `${name} ~ parameters^${number(line.slope)} (95 %: ${number(low)} to ${number(high)}): ${sign}`;
}
