/**
 * The one theme of all charts. Colours after Okabe and Ito 2008 ("Color Universal Design"), darkened or lightened so that
 * text in them has a contrast of at least 4.5 on its background: methods differ in lightness and shape too, not in hue alone.
 */
import type { TopLevelSpec } from "vega-lite";
import { DIMENSIONED, type Method } from "../records/record.js";

export interface Palette {
  background: string;
  /** Titles and full fine-tuning. */
  ink: string;
  /** Axis labels, subtitles. */
  muted: string;
  /** Lines of reference, ticks. */
  line: string;
  /** Grid: hardly there. */
  grid: string;
  said: string;
  did: string;
  lora: string;
  "uni-lora": string;
  ia3: string;
  bitfit: string;
  head: string;
  learned: string;
}

export const light: Palette = {
  background: "#ffffff", ink: "#1f2328", muted: "#5c636b", line: "#8a9199", grid: "#eceef0", said: "#0068a8", did: "#bf4a00",
  lora: "#00705a", "uni-lora": "#b0306a", ia3: "#7a6200", bitfit: "#4a5fb5", head: "#6b5b4b", learned: "#8a2fb0",
};

export const dark: Palette = {
  background: "#16191d", ink: "#e6e8ea", muted: "#a3abb3", line: "#747c85", grid: "#272c32", said: "#62b5ee", did: "#f49a5c",
  lora: "#4fc9a8", "uni-lora": "#f08ab8", ia3: "#d8bd4a", bitfit: "#9fb0f5", head: "#c4b09a", learned: "#cf9af0",
};

/** Pixels that a letter of text takes at most, also where a browser has none of the fonts but a wide one. */
export const LETTER = 7.2;

/** Fonts in the order of preference; renderPng brings the first. */
export const fontFamily = '"Source Sans 3", "Helvetica Neue", Helvetica, Arial, sans-serif';

/** Colour and shape of a method, everywhere the same. */
export const shapes: Readonly<Record<Method, string>> = {
  said: "square", did: "circle", full: "diamond", lora: "triangle-up", "uni-lora": "triangle-down", ia3: "cross", bitfit: "triangle-right",
  head: "triangle-left", learned: "M0,-1L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z",
};

export const colorOf = (method: Method, palette: Palette = light): string =>
  (method === "full" ? palette.ink : palette[method]);

/** Colour and shape by method, without a legend: words beside the marks name them. */
export function methodScale(palette: Palette) {
  const field = { field: "method", type: "nominal" as const, legend: null };
  return {
    color: { ...field, scale: { domain: [...DIMENSIONED], range: DIMENSIONED.map((method) => colorOf(method, palette)) } },
    shape: { ...field, scale: { domain: [...DIMENSIONED], range: DIMENSIONED.map((method) => shapes[method]) } },
  };
}

/** The part of a Vega-Lite spec that makes it look like the others. */
export function themeConfig(palette: Palette = light): NonNullable<TopLevelSpec["config"]> {
  const { ink, muted, line, grid, background } = palette;
  const words = { labelColor: muted, titleColor: muted, labelFontSize: 12, titleFontSize: 12.5, titleFontWeight: "normal" } as const;
  return {
    background,
    font: fontFamily,
    view: { stroke: null },
    title: {
      anchor: "start", frame: "group", color: ink, fontSize: 17, fontWeight: 600, lineHeight: 21,
      subtitleColor: muted, subtitleFontSize: 12.5, subtitleLineHeight: 17, subtitlePadding: 6,
    },
    axis: { ...words, domainColor: line, tickColor: line, gridColor: grid, labelPadding: 5, tickSize: 4 },
    // Of specs of one's own. Whatever has no colour here gets that of JupyterLab's dark theme on a dark page: white, on our white.
    legend: words,
    header: words,
    text: { color: muted, fontSize: 12.5 },
  };
}
