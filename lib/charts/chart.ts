/** Charts as notebooks show them. */
import type { TopLevelSpec } from "vega-lite";
import { jupyterDisplay, jupyterMetadata, type MimeData } from "../support/notebook.js";
import { renderPng, renderSvg } from "./render.js";
import { themeConfig } from "./theme.js";

/** A chart: a notebook shows it when it is a cell's last value. */
export interface Chart {
  /** Vega-Lite, valid in versions 5 and 6. */
  readonly spec: TopLevelSpec;
  svg(): Promise<string>;
  /** PNG at twice the chart's size. */
  png(): Promise<Uint8Array>;
  /** Live where Vega-Lite is known (JupyterLab), an image everywhere else (GitHub, HTML, PDF), its description as text. */
  [jupyterDisplay](): Promise<MimeData>;
}

/** Makes a chart of a spec, one of this library's or your own; a spec without a `config` gets the one theme. */
export function chart(own: TopLevelSpec): Chart {
  const spec = own.config === undefined ? { ...own, config: themeConfig() } : own;
  return {
    spec,
    svg: () => renderSvg(spec),
    png: () => renderPng(spec),
    async [jupyterDisplay]() {
      const png = Buffer.from(await renderPng(spec, { scale: SCALE })), description = spec.description ?? "a chart";
      return {
        "application/vnd.vegalite.v5+json": { ...spec, $schema: V5 }, "image/png": png.toString("base64"), "text/plain": description,
        [jupyterMetadata]: { "image/png": { width: Math.round(pngWidth(png) / SCALE), alt: description } },
      };
    },
  };
}

/** Pixels of the image for one of the chart: sharp on screens with two to the point, which show it in the chart's own width. */
const SCALE = 2;

/** A PNG's first chunk begins with its width. */
const pngWidth = (png: Buffer): number => png.readUInt32BE(16);

/** JupyterLab has a key for version 5 and none for 6; the specs are valid in both. */
const V5 = "https://vega.github.io/schema/vega-lite/v5.json";
