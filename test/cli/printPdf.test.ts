/** Pages as PDF, by the Chromium of the tests. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { renderPng } from "../../lib/charts/render.js";
import { printer } from "../../lib/cli/printPdf.js";

const picture = await renderPng({ data: { values: [{ a: 1 }] }, mark: "bar", encoding: { x: { field: "a", type: "quantitative" } } });
const page = `<h1>A page</h1><img alt="a bar" src="data:image/png;base64,${Buffer.from(picture).toString("base64")}">`;

test("a page becomes a PDF beside it, which has the page's images", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-print-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "a b.html"), page);
  const printPdf = await printer();
  const pdf = await printPdf(join(folder, "a b.html"));
  assert.equal(pdf, join(folder, "a b.pdf"));
  const text = readFileSync(pdf, "latin1");
  assert.match(text, /^%PDF-1/);
  assert.equal(text.match(/\/Subtype \/Image\b/g)?.length, 1);
  assert.deepEqual(readdirSync(folder).sort(), ["a b.html", "a b.pdf"]);
});

test("a signal ends it, and nothing is left", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-print-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "page.html"), page);
  const printPdf = await printer();
  await assert.rejects(printPdf(join(folder, "page.html"), AbortSignal.abort()), /notebook --pdf: .* could not print .*page\.html: /);
  assert.deepEqual(readdirSync(folder), ["page.html"]);
});
