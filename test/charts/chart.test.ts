import assert from "node:assert/strict";
import test from "node:test";
import { mergeConfig } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { themeConfig } from "../../lib/charts/theme.js";
import { chart } from "../../lib/charts/chart.js";
import { jupyterDisplay, jupyterMetadata } from "../../lib/support/notebook.js";

const spec: TopLevelSpec = { description: "two bars", data: { values: [{ a: 1, b: "x" }] }, mark: "bar", encoding: { x: { field: "a", type: "quantitative" } } };

test("a chart shows itself as a live chart, as an image and as text", async () => {
  const shown = chart(spec);
  const data = await shown[jupyterDisplay]();
  assert.deepEqual(Object.keys(data), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  assert.deepEqual(data["application/vnd.vegalite.v5+json"], { ...spec, config: themeConfig(), $schema: "https://vega.github.io/schema/vega-lite/v5.json" });
  assert.deepEqual([...Buffer.from(String(data["image/png"]), "base64").subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  assert.equal(data["text/plain"], "two bars");
});

test("its image is as wide as the chart, and says in words what it shows", async () => {
  const data = await chart({ ...spec, width: 300, padding: 10, autosize: "none" })[jupyterDisplay]();
  assert.deepEqual(data[jupyterMetadata], { "image/png": { width: 320, alt: "two bars" } });
  assert.equal(Buffer.from(String(data["image/png"]), "base64").readUInt32BE(16), 640);
});

test("a spec with a config of its own keeps it", () => {
  assert.deepEqual(chart({ ...spec, config: { background: "#eee" } }).spec.config, { background: "#eee" });
});

test("on JupyterLab's dark page a legend and headings are still to be read: nothing is white on our white", async () => {
  const white = { fill: "#fff" }; // the colours of Vega's theme "dark", which JupyterLab puts below a chart's own
  const theirs: NonNullable<TopLevelSpec["config"]> = { background: "#333", title: { color: "#fff", subtitleColor: "#fff" }, style: { "guide-label": white, "guide-title": white } };
  const encoding = { x: { field: "a", type: "quantitative" }, color: { field: "b", type: "nominal" }, column: { field: "b", type: "nominal" } };
  const parts = { ...spec, title: { text: "two", subtitle: "bars" }, encoding } as TopLevelSpec;
  assert.match(await chart({ ...parts, config: theirs }).svg(), /fill="#fff"/);
  assert.doesNotMatch(await chart({ ...parts, config: mergeConfig(theirs, themeConfig()) }).svg(), /fill="#fff"/);
});

test("a chart is drawn as SVG and PNG too", async () => {
  assert.match(await chart(spec).svg(), /^<svg /);
  assert.ok((await chart(spec).png()).length > 100);
});
