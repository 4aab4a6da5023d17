/**
 * The frame of a chart with a logarithmic or linear x and a share on y: fixed sizes, so that direct labels can be placed without
 * measuring text, and every viewer (JupyterLab, a browser, resvg) shows the same layout.
 */
import type { TopLevelSpec } from "vega-lite";
import { themeConfig, type Palette } from "./theme.js";
import { spread, wrapped } from "./scales.js";

/** Vega-Lite's type of one layer, which the package does not export by name. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];
export type Rows = readonly object[];

/** Sizes in pixels; the plot lies inside the padding. All in all 720 wide: what JupyterLab shows beside its files on a screen of 1,200. */
export interface Frame {
  width: number;
  height: number;
  padding: { left: number; right: number; top: number; bottom: number };
}

export interface ChartOptions {
  frame: Frame;
  palette: Palette;
  title: string;
  subtitle: readonly string[];
  layers: Layer[];
  datasets: Record<string, Rows>;
  /** For those who cannot see the chart. */
  description: string;
}

/** Letters of a line of the title and of the subtitle: what fits, also in a browser that has but a wide font. */
const lineWidth = { title: 68, subtitle: 100 };

/** The complete spec: valid in Vega-Lite 5 and 6. */
export function chart({ frame, palette, title, subtitle, layers, datasets, description }: ChartOptions): TopLevelSpec {
  const text = wrapped(title, lineWidth.title), lines = subtitle.flatMap((line) => wrapped(line, lineWidth.subtitle));
  const { padding } = frame;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description,
    width: frame.width,
    height: frame.height,
    // Vega reserves room by guessing text widths where it cannot measure them; with "none" it takes the padding as given.
    autosize: { type: "none", contains: "content" },
    padding: { ...padding, top: padding.top + text.length * 21 + lines.length * 17 + 18 },
    title: { text, subtitle: lines, dx: -padding.left + 14, offset: 10 },
    datasets: Object.fromEntries(Object.entries(datasets).map(([name, rows]) => [name, rows.map((row) => ({ ...row }))])),
    layer: layers,
    config: themeConfig(palette),
  };
}

/** The chart without its title, for a page that has it as a heading. */
export function untitled({ title: _title, ...spec }: TopLevelSpec): TopLevelSpec {
  const padding = typeof spec.padding === "object" && "top" in spec.padding ? { ...spec.padding, top: 34 } : spec.padding;
  return { ...spec, padding } as TopLevelSpec;
}

/** A value and the text beside it, right of the plot. */
export interface MarginLabel {
  value: number;
  text: string;
  color: string;
}

/**
 * Labels in the right margin, moved apart where they would overlap, each tied to its value by a short line.
 */
export function marginLabels(labels: readonly MarginLabel[], { width }: Frame, { toPixel, fromPixel }: VerticalScale) {
  const places = spread(labels.map(({ value }) => toPixel(value)), 15);
  const rows = labels.map((label, index) => ({ ...label, place: fromPixel(places[index]!) }));
  const color = { field: "color", type: "nominal" as const, scale: null };
  const at = (field: string) => ({ field, type: "quantitative" as const });
  const layers: Layer[] = [
    {
      data: { name: "labels" }, mark: { type: "rule", strokeWidth: 0.8, clip: false },
      encoding: { x: { value: width + 1 }, x2: { value: width + 9 }, y: at("value"), y2: { field: "place" }, color },
    },
    {
      data: { name: "labels" }, mark: { type: "text", align: "left", baseline: "middle", clip: false },
      encoding: { x: { value: width + 12 }, y: at("place"), text: { field: "text", type: "nominal" }, color },
    },
  ];
  return { rows, layers };
}

/** Where a value of y is, in pixels from the top of the plot. */
export interface VerticalScale {
  toPixel(value: number): number;
  /** The inverse. */
  fromPixel(pixel: number): number;
  domain: [number, number];
}

/** A value and the pixel where it is to be. */
interface Anchor {
  value: number;
  pixel: number;
}

/** The linear scale of y that puts `low` and `high` where they are to be. */
export function verticalScale(height: number, low: Anchor, high: Anchor): VerticalScale {
  const perPixel = (high.value - low.value) / (low.pixel - high.pixel);
  const fromPixel = (pixel: number): number => high.value - (pixel - high.pixel) * perPixel;
  const toPixel = (value: number): number => high.pixel + (high.value - value) / perPixel;
  return { fromPixel, toPixel, domain: [fromPixel(height), fromPixel(0)] };
}

/** The axis of y: its title stands above it, read like any other text. */
export const verticalAxis = (title: string) => ({
  domain: false, ticks: false, title, titleAngle: 0, titleAlign: "left" as const, titleAnchor: "start" as const, titleX: -42, titleY: -8,
  titleBaseline: "bottom" as const,
});

/** Ticks at round shares within [low, high]: at most eight. */
export function shareTicks(low: number, high: number): number[] {
  const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((candidate) => (high - low) / candidate <= 7) ?? 0.5;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_unused, index) => Number(((first + index) * step).toFixed(4)));
}
