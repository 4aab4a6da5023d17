/** A picture of a chart, for viewers that draw none themselves (GitHub, PDF): where the user has vega and resvg installed. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { asBase64 } from "./helpers.js";

/** What is used of vega, vega-lite and @resvg/resvg-js. */
interface Vega {
  parse(spec: unknown): unknown;
  View: new (runtime: unknown, options: { renderer: "none"; logLevel: number }) => { toSVG(): Promise<string>; finalize(): unknown };
}
interface VegaLite {
  compile(spec: unknown, options: { logger: unknown }): { spec: unknown };
}
interface Resvg {
  Resvg: new (svg: string, options: object) => { render(): { asPng(): Uint8Array } };
}

/** Sharp on screens with two pixels to the point. */
const ZOOM = 2;

const silent = { level: () => silent, error: () => silent, warn: () => silent, info: () => silent, debug: () => silent };

/** @returns base64; null where a package is missing or the chart cannot be drawn (the frontend shows why). */
export async function renderPng(language: "vega" | "vega-lite", spec: unknown): Promise<string | null> {
  try {
    const resvg: Resvg = await load("@resvg/resvg-js");
    const vega: Vega = await load("vega");
    const compiled = language === "vega" ? spec : (await load<VegaLite>("vega-lite")).compile(spec, { logger: silent }).spec;
    const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: 0 });
    const svg = await view.toSVG();
    view.finalize();
    return asBase64(new resvg.Resvg(svg, { fitTo: { mode: "zoom", value: ZOOM }, background: "white" }).render().asPng());
  } catch {
    return null;
  }
}

/** The chart's own width, of a picture that renderPng made: a PNG's first chunk begins with its pixels. */
export const widthOf = (png: string): number => Math.round(Buffer.from(png.slice(0, 32), "base64").readUInt32BE(16) / ZOOM);

/** A package as the user's folder has it. `T`: what is used of it; nothing else checks it. */
async function load<T>(name: string): Promise<T> {
  const require = createRequire(join(process.cwd(), "cell.js"));
  return import(pathToFileURL(resolvePackage(require, name)).href) as Promise<T>;
}

/** Its entry for `import`: vega and vega-lite have no other. */
function resolvePackage(require: NodeJS.Require, name: string): string {
  const folder = require.resolve.paths(name)?.map((path) => join(path, name)).find((path) => {
    try {
      require.resolve(join(path, "package.json"));
      return true;
    } catch {
      return false;
    }
  });
  if (folder === undefined) throw new Error(`${name} is not installed.`);
  const { exports, module, main }: { exports?: unknown; module?: string; main?: string } = require(join(folder, "package.json"));
  const root = Object(exports)["."] ?? exports;
  const entry: unknown = typeof root === "string" ? root : Object(root).import ?? Object(root).default ?? module ?? main;
  if (typeof entry !== "string") throw new Error(`${name} has no entry for import.`);
  return join(folder, entry);
}
