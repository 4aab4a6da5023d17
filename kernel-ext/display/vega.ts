/** Vega and Vega-Lite specifications, recognised by their $schema. */
import { propertyOf, type Formatter } from "./formatter.js";
import { renderPng, widthOf } from "./vegaPng.js";

const SCHEMA = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v\d+(\.\d+)*(\.json)?$/;

/** What frontends have keys for: JupyterLab 4.6 knows neither vega-lite 6 nor vega 6. */
const KINDS = {
  vega: { mime: "application/vnd.vega.v5+json", schema: "https://vega.github.io/schema/vega/v5.json", name: "Vega" },
  "vega-lite": { mime: "application/vnd.vegalite.v5+json", schema: "https://vega.github.io/schema/vega-lite/v5.json", name: "Vega-Lite" },
} as const;

export const formatVega: Formatter = (value) => {
  const schema = propertyOf(value, "$schema");
  const language = typeof schema === "string" ? SCHEMA.exec(schema)?.[1] : undefined;
  if (language !== "vega" && language !== "vega-lite") return undefined;
  const { mime, schema: known, name } = KINDS[language];
  const spec: unknown = JSON.parse(JSON.stringify(value));
  const alt = describe(name, spec), data = { [mime]: { ...Object(spec), $schema: known }, "text/plain": alt };
  // No text/html: it would hide the native chart in JupyterLab.
  return renderPng(language, spec).then((png) => (png === null ? { data, metadata: {} }
    : { data: { ...data, "image/png": png }, metadata: { "image/png": { width: widthOf(png), alt } } }));
};

function describe(name: string, spec: unknown): string {
  const title = propertyOf(spec, "title");
  const text = typeof title === "string" ? title : propertyOf(title, "text");
  return typeof text === "string" ? `${name} chart: ${text}` : `${name} chart`;
}
