import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openStore } from "../../lib/records/store.js";
import { projectRoot } from "../../lib/support/root.js";
import { searchRecord, trialRecord } from "../charts/records.js";
import { d90 } from "./spawn.js";

const folder = mkdtempSync(join(tmpdir(), "d90-runs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const out = join(folder, "runs");
const first = trialRecord(), second = trialRecord({ method: "full", learningRate: 1e-4, metric: 0.811 });
const search = searchRecord({ method: "said" });
const store = openStore(out);
for (const record of [first, second, search]) await store.write(record);

test("runs list shows every run, and says what else lies there on standard error", async () => {
  mkdirSync(join(out, "notes"));
  const { status, stdout, stderr } = await d90(["runs", "list", "--out", out]);
  rmSync(join(out, "notes"), { recursive: true });
  assert.equal(status, 0);
  for (const { id } of [first, second, search]) assert.ok(stdout.includes(id));
  assert.match(stdout, /full fine-tuning +rate 1e-4, seed 0 +81\.1/);
  assert.match(stdout, /SAID +search, 13 trials +d90 /);
  assert.match(stderr, /notes: not a run of d90/);
});

test("runs list --json is one object", async () => {
  const { stdout, stderr } = await d90(["runs", "list", "--json", "--out", out]);
  const { runs, problems } = JSON.parse(stdout) as { runs: { id: string; d90?: number }[]; problems: unknown[] };
  assert.deepEqual(runs.map(({ id }) => id).sort(), [first, second, search].map(({ id }) => id).sort());
  assert.equal(runs.find(({ id }) => id === search.id)?.d90, search.result.d90);
  assert.deepEqual(problems, []);
  assert.equal(stderr, "");
});

test("an empty folder has no runs, which is no failure", async () => {
  const { status, stdout } = await d90(["runs", "list"]);
  assert.equal(status, 0);
  assert.match(stdout, /No run in runs yet/);
});

test("runs show takes the first digits or latest, and --json gives the whole record", async () => {
  assert.match((await d90(["runs", "show", first.id.slice(0, 5), "--out", out])).stdout, /accuracy +75\.00/);
  const { stdout } = await d90(["runs", "show", "--json", "--out", out]);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(search)));
});

test("runs show of a search has its result and every trial", async () => {
  const { stdout } = await d90(["runs", "show", search.id, "--out", out]);
  for (const { id } of [...search.baseline, ...search.trials]) assert.ok(stdout.includes(id));
  assert.match(stdout, /Chance-corrected/);
});

test("runs compare shows the settings that differ and the results", async () => {
  const { stdout } = await d90(["runs", "compare", first.id, second.id, "--out", out]);
  assert.match(stdout, /^learningRate +0\.1 +0\.0001$/m);
  assert.match(stdout, /^accuracy +0\.75 +0\.811$/m);
  const json = await d90(["runs", "compare", first.id, second.id, "--json", "--out", out]);
  const comparison = JSON.parse(json.stdout) as { a: string; results: unknown[] };
  assert.equal(comparison.a, first.id);
  assert.ok(comparison.results.length > 0);
});

test("a run that is not there is a mistake, a broken one a failure, with --json too", async () => {
  const missing = await d90(["runs", "show", "ffff", "--json", "--out", out]);
  assert.equal(missing.status, 2);
  assert.match((JSON.parse(missing.stdout) as { error: string }).error, /no run in .* begins with "ffff"/);
  mkdirSync(join(out, "0123456789ab"), { recursive: true });
  writeFileSync(join(out, "0123456789ab", "record.json"), "{");
  const broken = await d90(["runs", "show", "0123456789ab", "--out", out]);
  rmSync(join(out, "0123456789ab"), { recursive: true });
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /^d90: .*not JSON/);
});

test("a reader that closes the pipe does not make it fail", async () => {
  const child = spawn(process.execPath, [join(projectRoot, "dist", "lib", "cli", "main.js"), "runs", "list", "--json", "--out", out],
    { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr += text; });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(status, 0);
  assert.equal(stderr, "");
});
