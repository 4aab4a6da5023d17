/**
 * Under the curve, one row a search: the bracket of d90 as a band up to its threshold, d90 as a mark, the range over seeds as a
 * line, and the same in words.
 */
import type { DimensionedMethod, Estimate, SearchRecord } from "../records/record.js";
import type { Layer } from "./frame.js";
import { LETTER, methodScale, type Palette } from "./theme.js";
import { methodOf } from "./trials.js";
import { dimensionInWords, guessHeading, intervalInWords, methodNames, toldEstimate } from "./words.js";

/** Pixels of one row. */
export const rowHeight = 19;

/** What a search concludes, placed. Fields that are null are not drawn. */
export interface Finding {
  method: DimensionedMethod;
  /** Value of y at the row, and at the threshold. */
  y: number;
  threshold: number | null;
  /** Where d90 is marked: d90 itself, or the only end that is known. */
  d: number | null;
  shape: string;
  lower: number | null;
  upper: number | null;
  /** The range over seeds. */
  low: number | null;
  high: number | null;
  text: string;
  align: "left" | "right";
  /** d at which the text begins or ends. */
  textAt: number;
}

export interface Place {
  fromPixel(pixel: number): number;
  xDomain: [number, number];
  width: number;
  height: number;
}

/** The rows of all searches, and the height at which diverged trials are drawn. */
export function findings(records: readonly SearchRecord[], place: Place): { rows: Finding[]; divergedAt: number } {
  const yOf = (row: number): number => place.fromPixel(place.height - 11 - row * rowHeight);
  // The largest d90 on top: then no line down to a row crosses the words of another, which stand to its right.
  const sorted = [...records].sort((a, b) => sizeOf(b) - sizeOf(a));
  return {
    rows: sorted.map((record, index) => findingOf(record, yOf(records.length - 1 - index), place)),
    divergedAt: yOf(records.length),
  };
}

function sizeOf(record: SearchRecord): number {
  const { d90, upper, lower } = toldEstimate(record).estimate;
  return d90 ?? upper ?? (lower === null ? 0 : Infinity);
}

function findingOf(record: SearchRecord, y: number, { xDomain, width }: Place): Finding {
  const { estimate } = toldEstimate(record);
  const { d90, lower, upper, interval, threshold } = estimate;
  const d = d90 ?? upper ?? lower;
  const low = interval && (interval.low ?? xDomain[0]), high = interval && (interval.high ?? xDomain[1]);
  const known = [d, lower, upper, low, high].filter((value) => value !== null);
  const [left, right] = known.length === 0 ? [xDomain[0], xDomain[0]] : [Math.min(...known), Math.max(...known)];
  const share = (value: number): number => Math.log(value / xDomain[0]) / Math.log(xDomain[1] / xDomain[0]);
  const text = sentence(record);
  // Where the text does not fit to the right it stands to the left.
  const room = text.length * LETTER + 10;
  const align = (1 - share(right)) * width > room || share(left) * width < room ? "left" : "right";
  return {
    method: methodOf(record), y, threshold, d, shape: shapeOf(estimate), text, align, textAt: align === "left" ? right : left,
    ...(lower !== null && upper !== null ? { lower, upper } : { lower: null, upper: null }), low, high,
  };
}

/** An arrow where only one end is known: it points to where d90 is. */
function shapeOf({ lower, upper }: Estimate): string {
  if (upper === null) return "triangle-right";
  return lower === null ? "triangle-left" : "diamond";
}

function sentence(record: SearchRecord): string {
  const { estimate, name } = toldEstimate(record), method = methodNames[methodOf(record)];
  const dimension = dimensionInWords(estimate), seeds = intervalInWords(estimate);
  if (dimension !== null) return `${method} ${name}: ${dimension}${seeds === null ? "" : ` (${seeds})`}`;
  return `${method}: no ${name} ${estimate.outcome === "baseline-not-above-majority" ? `(full fine-tuning is not above ${guessHeading(record).toLowerCase()})` : "yet"}`;
}

const y = { field: "y", type: "quantitative" as const };
const at = (field: keyof Finding) => ({ field, type: "quantitative" as const });
const having = (...fields: (keyof Finding)[]) => [{ filter: fields.map((field) => `isValid(datum.${field})`).join(" && ") }];

/** Bands and drop lines; they lie under everything else. */
export function bracketLayers(palette: Palette): Layer[] {
  const data = { name: "findings" }, { color } = methodScale(palette);
  return [
    {
      data, transform: having("lower", "upper", "threshold"), mark: { type: "rect", opacity: 0.08 },
      encoding: { x: at("lower"), x2: { field: "upper" }, y: at("threshold"), y2: { field: "y" }, fill: color },
    },
    {
      data, transform: having("d", "threshold"), mark: { type: "rule", strokeWidth: 1 },
      encoding: { x: at("d"), y: at("threshold"), y2: { field: "y" }, color },
    },
  ];
}

/** The words of the rows that stand to one side of their mark; `halo` keeps lines behind them from crossing letters. */
function textLayer(align: "left" | "right", palette: Palette, halo = false): Layer {
  const outline = halo ? { stroke: palette.background, strokeWidth: 4 } : {};
  return {
    data: { name: "findings" }, transform: [{ filter: `datum.align === '${align}'` }],
    mark: { type: "text", align, baseline: "middle", dx: align === "left" ? 9 : -9, fontWeight: 600, ...outline },
    encoding: { x: at("textAt"), y, text: { field: "text", type: "nominal" }, ...(halo ? {} : { color: methodScale(palette).color }) },
  };
}

/** The rows: ranges, marks and words. */
export function findingLayers(palette: Palette): Layer[] {
  const data = { name: "findings" }, { color } = methodScale(palette);
  return [
    {
      data, transform: having("lower", "upper"), mark: { type: "rule", strokeWidth: 9, opacity: 0.3 },
      encoding: { x: at("lower"), x2: { field: "upper" }, y, color },
    },
    {
      data, transform: having("low", "high"), mark: { type: "rule", strokeWidth: 1.5 },
      encoding: { x: at("low"), x2: { field: "high" }, y, color },
    },
    ...(["low", "high"] as const).map((end): Layer => ({
      data, transform: having("low", "high"), mark: { type: "tick", orient: "vertical", size: 9, thickness: 1.5 },
      encoding: { x: at(end), y, color },
    })),
    {
      data, transform: having("d"), mark: { type: "point", size: 60, filled: true, opacity: 1 },
      encoding: { x: at("d"), y, fill: color, shape: { field: "shape", type: "nominal", scale: null } },
    },
    textLayer("left", palette, true), textLayer("right", palette, true), textLayer("left", palette), textLayer("right", palette),
  ];
}
