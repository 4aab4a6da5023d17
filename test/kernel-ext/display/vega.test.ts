import assert from "node:assert/strict";
import test from "node:test";
import { toBundle } from "../../../kernel-ext/display/bundle.js";

const chart = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json", title: "Losses", data: { values: [{ x: 1, y: 2 }, { x: 2, y: 3 }] },
  mark: "line", encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};
const v5 = "https://vega.github.io/schema/vega-lite/v5.json";

test("a Vega-Lite specification is shown as version 5, with a picture and a text, and no HTML", { timeout: 60_000 }, async () => {
  const { data, metadata } = await toBundle({ ...chart, width: 100, padding: 50, autosize: "none" });
  assert.deepEqual(metadata, { "image/png": { width: 200, alt: "Vega-Lite chart: Losses" } });
  assert.deepEqual(data["application/vnd.vegalite.v5+json"], { ...chart, width: 100, padding: 50, autosize: "none", $schema: v5 });
  assert.equal(data["text/plain"], "Vega-Lite chart: Losses");
  // The repository has vega and resvg installed.
  assert.equal(Buffer.from(String(data["image/png"]), "base64").subarray(1, 4).toString(), "PNG");
  assert.deepEqual(Object.keys(data).toSorted(), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
});

test("a Vega specification has its own type", { timeout: 60_000 }, async () => {
  const { data } = await toBundle({ $schema: "https://vega.github.io/schema/vega/v6.json", width: 10, height: 10, marks: [] });
  assert.equal((data["application/vnd.vega.v5+json"] as { $schema: string }).$schema, "https://vega.github.io/schema/vega/v5.json");
  assert.equal(data["text/plain"], "Vega chart");
});

test("a chart that cannot be drawn is still shown", { timeout: 60_000 }, async () => {
  const { data } = await toBundle({ $schema: v5, mark: { type: "nonsense" }, data: { url: "missing.csv" } });
  assert.equal(data["text/plain"], "Vega-Lite chart");
});

test("other schemas are no charts", async () => {
  assert.deepEqual(Object.keys((await toBundle({ $schema: "https://json-schema.org/draft/2020-12/schema" })).data), ["text/plain"]);
});
