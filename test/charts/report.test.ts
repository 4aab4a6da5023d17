import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeReport, writeReport } from "../../lib/charts/report.js";
import { searchRecord, trialRecord } from "./records.js";

const hostile = `</script><script>alert("x")</script><b>&'`;
const searches = [
  searchRecord({ method: "said", dataSource: hostile, result: { notes: [hostile] } }),
  searchRecord({ dataSource: hostile }),
];
const trials = [trialRecord(), trialRecord({ method: "full", metric: 0.81 })];
const report = await makeReport({ searches, trials, command: `npx d90 find --data '${hostile}'` });

test("a report shows both methods, every trial, the notes, the configuration and the command", () => {
  const parts = ["SAID", "DID", "All 26 trials", "srht-blocked", "SHA-256", "Run it again", "npx d90 find", "Training loss", "tensorflow"];
  for (const part of parts) assert.ok(report.html.includes(part), part);
});

test("what comes from outside is escaped everywhere", () => {
  assert.ok(!report.html.includes(hostile));
  assert.ok(!report.html.includes("<b>"));
  const scripts = [...report.html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const specs = ["accuracy-by-dimension", "training-curves"];
  assert.deepEqual(scripts, specs.map((id) => `<script type="application/vnd.vegalite.v5+json" id="${id}">`));
});

test("a report loads nothing", () => {
  const loads = report.html.match(/(?:src|href)\s*=\s*"(?!#)[^"]*"|url\((?!#)[^)]*\)|@import[^;]*/g) ?? [];
  assert.deepEqual(loads, []);
});

test("the charts' specs can be taken from the page", () => {
  for (const [, json] of report.html.matchAll(/<script[^>]*>(.*?)<\/script>/gs)) {
    assert.match((JSON.parse(json!) as { $schema: string }).$schema, /vega-lite\/v5/);
  }
});

test("a report without losses has no training chart", async () => {
  const { html } = await makeReport({ searches: [searchRecord()] });
  assert.ok(!html.includes("training-curves"));
  assert.ok(!html.includes("Run it again"));
});

test("page and image are written into every folder, and nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "d90-report-"));
  try {
    const folders = ["a", "b"].map((name) => join(folder, name));
    assert.equal(await writeReport(folders, report), join(folder, "a", "report.html"));
    for (const each of folders) assert.deepEqual(readdirSync(each).sort(), ["report.html", "report.png"]);
    assert.equal(readFileSync(join(folder, "b", "report.html"), "utf8"), report.html);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
