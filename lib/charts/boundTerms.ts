/** Every bound of one run, its terms stacked, beside the error that was measured. */
import type { TopLevelSpec } from "vega-lite";
import type { BoundRecord } from "../records/boundRecord.js";
import { chart, type Frame, type Layer } from "./frame.js";
import { formatCount, formatShare } from "./scales.js";
import { LETTER, light, type Palette } from "./theme.js";
import { presetInWords } from "./words.js";

/** Of a bound: its name, and below it its bar. */
const rowHeight = 44;
const frameOf = (bounds: number): Frame => ({ width: 564, height: bounds * rowHeight, padding: { left: 24, right: 132, top: 30, bottom: 92 } });

/** Terms in the order of their stack; what is always there first. */
const termNames = ["training error", "confidence", "searched choices", "description", "subsample", "norms"] as const;

const termColors = ({ line, ink, did, said, lora, muted }: Palette): Record<(typeof termNames)[number], string> =>
  ({ "training error": line, confidence: ink, "searched choices": did, description: said, subsample: lora, norms: muted });

/** "24.1 %", or a power of ten for what is far above 1: no text is longer than its margin. */
function valueText(value: number): string {
  if (value < 1e3) return value < 10 ? formatShare(value) : `${formatCount(Math.round(100 * value))} %`;
  return `10^${Math.floor(Math.log10(100 * value))} %`;
}

/** Bars as intervals, cut at 1: what lies above says nothing. */
function barsOf({ bounds }: BoundRecord, palette: Palette) {
  const colors = new Map<string, string>(Object.entries(termColors(palette)));
  return bounds.flatMap(({ title, terms, confidence, chargedBits }) => {
    let end = 0;
    return terms.filter(({ value }) => value > 0).map(({ name, value }) => {
      const start = end;
      end += value;
      return {
        title, term: name, color: colors.get(name) ?? palette.muted, start: Math.min(1, start), end: Math.min(1, end), share: valueText(value),
        confidence: formatShare(confidence, 0), bits: formatCount(Math.ceil(chargedBits)),
      };
    });
  });
}

/** Stacked bars, one a bound, with the error on the dev rows and that of the most frequent class as lines. */
export function boundTerms(record: BoundRecord, palette: Palette = light): TopLevelSpec {
  const { bounds } = record, bars = barsOf(record, palette);
  const titles = bounds.map(({ title }) => title);
  const ends = bounds.map(({ title, value, vacuous }) => ({ title, end: Math.min(1, value), text: `${valueText(value)}${vacuous ? ", vacuous" : ""}` }));
  return chart({
    frame: frameOf(bounds.length), palette, ...words(record),
    description: `Bounds on the true error: ${ends.map(({ title, text }) => `${title} ${text}`).join("; ")}.`,
    datasets: { bars, ends, lines: linesOf(record), legend: legendOf(bars) },
    layers: [...barLayers(titles), ...lineLayers(palette), ...nameLayers(titles, palette), ...legendLayers(bounds.length)],
  });
}

function words({ bounds, configuration, dataSource, rows, errors, file, chance, levels, delta }: BoundRecord) {
  const { model, method, d, seeds } = configuration, { value, vacuous } = bounds[0]!;
  const claim = vacuous ? "no certificate: its bound is" : "true error certified at most";
  return {
    title: `${method.toUpperCase()} with ${formatCount(d ?? 0)} numbers of ${levels} values: ${claim} ${formatShare(value)}`,
    subtitle: [
      `${dataSource} · bounds rest on ${formatCount(rows)} training rows, each holds with ${formatShare(1 - delta, 0)} confidence`,
      `${model.id} · ${presetInWords(configuration)} · seed ${seeds.run} · model.d90 of ${formatCount(file.bytes)} bytes`,
      `Measured: ${formatShare(errors.train)} of those rows wrong, ${formatShare(errors.dev)} of ${formatCount(errors.devRows)} dev rows; always the most frequent class: ${formatShare(chance)}`,
    ],
  };
}

const linesOf = ({ errors, chance }: BoundRecord) => [
  { value: errors.dev, text: "measured on dev", dash: "short", left: errors.dev <= chance },
  { value: chance, text: "most frequent class", dash: "long", left: chance < errors.dev },
];

/** The terms that occur, one after the other in a row below the axis, each with room for its words in a wide font. */
function legendOf(bars: ReturnType<typeof barsOf>) {
  const used = termNames.filter((name) => bars.some(({ term }) => term === name));
  let next = 0;
  return used.map((text) => {
    const x = next;
    next += LETTER * text.length + 32;
    return { text, x, color: bars.find(({ term }) => term === text)!.color };
  });
}

const share = { scale: { domain: [0, 1], nice: false }, type: "quantitative" as const };

const rowOf = (titles: readonly string[]) =>
  ({ field: "title", type: "nominal" as const, sort: [...titles], scale: { paddingInner: 0, paddingOuter: 0 }, axis: null });

function barLayers(titles: readonly string[]): Layer[] {
  const x = {
    ...share, field: "start", axis: { values: [0, 0.25, 0.5, 0.75, 1], labelExpr: "format(100 * datum.value, '~r') + ' %'", title: "True error at most", titlePadding: 10 },
  };
  return [
    {
      data: { name: "bars" }, mark: { type: "bar", size: 18, yOffset: 9 },
      encoding: {
        x, x2: { field: "end" }, y: rowOf(titles), color: { field: "color", type: "nominal", scale: null },
        tooltip: [{ field: "title", title: "bound" }, { field: "term" }, { field: "share", title: "adds" }, { field: "confidence" }, { field: "bits", title: "bits charged" }],
      },
    },
  ];
}

/** The bounds' names above their bars and the sums behind these, with a halo: lines run behind them. */
function nameLayers(titles: readonly string[], { background }: Palette): Layer[] {
  const y = rowOf(titles), data = { name: "ends" };
  const common = { type: "text" as const, align: "left" as const, baseline: "middle" as const, clip: false };
  return [{ stroke: background, strokeWidth: 4 }, {}].flatMap((halo): Layer[] => [
    { data, mark: { ...common, dy: -10, ...halo }, encoding: { x: { value: 0 }, y, text: { field: "title", type: "nominal" } } },
    { data, mark: { ...common, dx: 6, dy: 9, ...halo }, encoding: { x: { ...share, field: "end" }, y, text: { field: "text", type: "nominal" } } },
  ]);
}

/** What was measured, and what needs no model: lines through all bars, named above. */
function lineLayers({ ink }: Palette): Layer[] {
  const x = { ...share, field: "value" };
  return [
    {
      data: { name: "lines" }, mark: { type: "rule", strokeWidth: 1.2, color: ink },
      encoding: { x, strokeDash: { field: "dash", type: "nominal", scale: { domain: ["short", "long"], range: [[2, 3], [7, 4]] }, legend: null } },
    },
    lineName("datum.left", "right"), lineName("!datum.left", "left"),
  ];
}

/** The names of the left and of the right line stand on their outer sides: near lines keep theirs apart. */
const lineName = (filter: string, align: "left" | "right"): Layer => ({
  data: { name: "lines" }, transform: [{ filter }], mark: { type: "text", baseline: "bottom", clip: false, dx: align === "left" ? 3 : -3, dy: -4, align },
  encoding: { x: { ...share, field: "value" }, y: { value: 0 }, text: { field: "text", type: "nominal" } },
});

function legendLayers(bounds: number): Layer[] {
  const y = { value: bounds * rowHeight + 66 }, x = { field: "x", type: "quantitative" as const, scale: null };
  const data = { name: "legend" };
  return [
    { data, mark: { type: "square", size: 110, opacity: 1, clip: false }, encoding: { x, y, fill: { field: "color", type: "nominal", scale: null }, strokeWidth: { value: 0 } } },
    { data, mark: { type: "text", align: "left", baseline: "middle", dx: 10, clip: false }, encoding: { x, y, text: { field: "text", type: "nominal" } } },
  ];
}
