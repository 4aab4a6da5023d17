/** Charts as notebooks show them. */
import type { TopLevelSpec } from "vega-lite";
import { jupyterDisplay, type MimeData } from "../support/notebook.js";
import { renderPng, renderSvg } from "./render.js";

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

/** Makes a chart of a spec, one of this library's or your own. */
export function chart(spec: TopLevelSpec): Chart {
  return {
    spec,
    svg: () => renderSvg(spec),
    png: () => renderPng(spec),
    async [jupyterDisplay]() {
      const png = Buffer.from(await renderPng(spec)).toString("base64");
      return { "application/vnd.vegalite.v5+json": { ...spec, $schema: V5 }, "image/png": png, "text/plain": spec.description ?? "a chart" };
    },
  };
}

/** JupyterLab has a key for version 5 and none for 6; the specs are valid in both. */
const V5 = "https://vega.github.io/schema/vega-lite/v5.json";
