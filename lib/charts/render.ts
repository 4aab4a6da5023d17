/** A Vega-Lite spec as SVG and PNG, drawn in Node: no browser, no canvas, no network, and no fonts of the machine. */
import { createRequire } from "node:module";
import type { TopLevelSpec } from "vega-lite";

export interface PngOptions {
  /** Pixels of the image for one of the chart; default 2. */
  scale?: number;
}

/** The chart as SVG text. The heavy libraries are loaded at the first call (0.3 s). */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none", loader: offline(vega) });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

type Vega = typeof import("vega");

/** Charts carry their data; nothing is loaded from anywhere. */
function offline(vega: Vega) {
  const loader = vega.loader();
  loader.load = (uri: string) => Promise.reject(new Error(`renderSvg: charts carry their own data, but this one asks for ${uri}.`));
  return loader;
}

/** The chart as PNG. */
export async function renderPng(spec: TopLevelSpec, { scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  const [svg, { Resvg }] = await Promise.all([renderSvg(spec), import("@resvg/resvg-js")]);
  const require = createRequire(import.meta.url);
  const files = ["400Regular/SourceSans3_400Regular.ttf", "600SemiBold/SourceSans3_600SemiBold.ttf"];
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles: files.map((file) => require.resolve(`@expo-google-fonts/source-sans-3/${file}`)),
      defaultFontFamily: "Source Sans 3",
      sansSerifFamily: "Source Sans 3",
      // Reading them takes time: only for letters that Source Sans lacks, as in a folder's name in Chinese.
      loadSystemFonts: /[^\u0000-\u052f\u1e00-\u24ff]/.test(svg),
    },
  });
  return image.render().asPng();
}
