/**
 * The one theme of all charts. Colours after Okabe and Ito 2008 ("Color Universal Design"), darkened or lightened so that
 * text in them has a contrast of at least 4.5 on its background: methods differ in lightness and shape too, not in hue alone.
 */
import type { TopLevelSpec } from "vega-lite";

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
}

export const light: Palette = {
  background: "#ffffff", ink: "#1f2328", muted: "#5c636b", line: "#8a9199", grid: "#eceef0", said: "#0068a8", did: "#bf4a00",
};

export const dark: Palette = {
  background: "#16191d", ink: "#e6e8ea", muted: "#a3abb3", line: "#747c85", grid: "#272c32", said: "#62b5ee", did: "#f49a5c",
};

/** Fonts in the order of preference; renderPng brings the first. */
export const fontFamily = '"Source Sans 3", "Helvetica Neue", Helvetica, Arial, sans-serif';

/** Colour and shape of a method, everywhere the same. */
export const shapes = { said: "square", did: "circle", full: "diamond" } as const;

export const colorOf = (method: "full" | "did" | "said", palette: Palette = light): string =>
  (method === "full" ? palette.ink : palette[method]);

/** The part of a Vega-Lite spec that makes it look like the others. */
export function themeConfig(palette: Palette = light): NonNullable<TopLevelSpec["config"]> {
  const { ink, muted, line, grid, background } = palette;
  return {
    background,
    font: fontFamily,
    view: { stroke: null },
    title: {
      anchor: "start", frame: "group", color: ink, fontSize: 17, fontWeight: 600, lineHeight: 21,
      subtitleColor: muted, subtitleFontSize: 12.5, subtitleLineHeight: 17, subtitlePadding: 6,
    },
    axis: {
      domainColor: line, tickColor: line, gridColor: grid, labelColor: muted, titleColor: muted, labelFontSize: 12,
      titleFontSize: 12.5, titleFontWeight: "normal", labelPadding: 5, tickSize: 4,
    },
    text: { color: muted, fontSize: 12.5 },
  };
}
