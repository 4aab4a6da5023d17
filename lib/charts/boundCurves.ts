/** Bounds against what they depend on: d, the rows, or the number of parameters. */
import type { TopLevelSpec } from "vega-lite";
import { chart, marginLabels, shareTicks, verticalAxis, verticalScale, type Frame, type Layer } from "./frame.js";
import { formatCount, formatShare, logTicks } from "./scales.js";
import { light, type Palette } from "./theme.js";

const frame: Frame = { width: 454, height: 280, padding: { left: 56, right: 210, top: 30, bottom: 50 } };

/** One value of a bound. */
export interface BoundPoint {
  /** Name of the line. */
  name: string;
  x: number;
  /** The bound; what is above 1 is drawn at 1. */
  value: number;
}

export interface BoundCurvesOptions {
  title: string;
  /** Data, model, seeds, preset: what the numbers are about. */
  about: readonly string[];
  /** Title of the x axis, which is logarithmic: "Rows m (log scale)". */
  axis: string;
  /** Error of the most frequent class: a bound above says nothing. */
  chance: number;
  /** Title of the y axis; default "True error at most". */
  vertical?: string;
}

/**
 * A line a bound, on a logarithmic x.
 * @throws {RangeError} without points, or with an x that is not positive.
 */
export function boundCurves(points: readonly BoundPoint[], { title, about, axis, chance, vertical = "True error at most" }: BoundCurvesOptions, palette: Palette = light): TopLevelSpec {
  if (points.length === 0 || !points.every(({ x }) => x > 0)) throw new RangeError(`boundCurves: points must be some with x above 0, got ${points.length}.`);
  const names = [...new Set(points.map(({ name }) => name))], colors = [palette.said, palette.did, palette.ink, palette.line];
  const rows = points.map((point) => ({
    ...point, drawn: Math.min(1, point.value), color: colors[names.indexOf(point.name) % colors.length]!, shown: formatShare(point.value), count: formatCount(point.x),
  }));
  const xs = points.map(({ x }) => x), values = rows.map(({ drawn }) => drawn);
  const low = Math.min(...values, chance), high = Math.max(...values, chance);
  const scale = verticalScale(frame.height, { value: low, pixel: frame.height - 16 }, { value: Math.max(high, low + 0.02), pixel: 12 });
  const ends = names.map((name) => rows.filter((row) => row.name === name).reduce((a, b) => (b.x > a.x ? b : a)));
  const labels = marginLabels([...ends.map((row) => ({ value: row.drawn, text: `${row.name}: ${row.value > 1 ? "above 100 %" : row.shown}`, color: row.color })),
    { value: chance, text: `most frequent class: ${formatShare(chance)}`, color: palette.muted }], frame, scale);
  return chart({
    frame, palette, title, subtitle: points.some(({ value }) => value > 1) ? [...about, "What is above 100 % is drawn at 100 %."] : about,
    description: `${title}: ${labels.rows.map(({ text }) => text).join("; ")}.`, datasets: { points: rows, labels: labels.rows, chance: [{ chance }] },
    layers: [...curveLayers({ axis, vertical, domain: scale.domain, ticks: shareTicks(low, high), xs, muted: palette.muted }), ...labels.layers],
  });
}

interface Axes {
  axis: string;
  vertical: string;
  domain: [number, number];
  ticks: number[];
  xs: readonly number[];
  muted: string;
}

function curveLayers({ axis, vertical, domain, ticks, xs, muted }: Axes): Layer[] {
  const xDomain = [Math.min(...xs), Math.max(...xs)] as const, round = logTicks(...xDomain);
  const x = {
    field: "x", type: "quantitative" as const, scale: { type: "log" as const, domain: [...xDomain], nice: false },
    // An axis too short for two round numbers shows where the points are.
    axis: { values: round.length >= 2 ? round : [...new Set(xs)], format: ",d", labelOverlap: true, grid: false, titlePadding: 10, title: axis },
  };
  const y = (field: string) => ({
    field, type: "quantitative" as const, scale: { domain, nice: false, zero: false },
    axis: { values: ticks, labelExpr: "format(100 * datum.value, '~r') + ' %'", ...verticalAxis(vertical) },
  });
  const color = { field: "color", type: "nominal" as const, scale: null };
  const tooltip = [{ field: "name", title: "bound" }, { field: "count", title: axis }, { field: "shown", title: "at most" }];
  return [
    { data: { name: "chance" }, mark: { type: "rule", strokeDash: [7, 4], strokeWidth: 1.2, color: muted }, encoding: { y: y("chance") } },
    { data: { name: "points" }, mark: { type: "line", strokeWidth: 1.8 }, encoding: { x, y: y("drawn"), color, detail: { field: "name", type: "nominal" } } },
    { data: { name: "points" }, mark: { type: "point", filled: true, size: 40, opacity: 1 }, encoding: { x, y: y("drawn"), color, tooltip } },
  ];
}
