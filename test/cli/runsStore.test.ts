import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { summaryOf } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { interrupted, sampleSearch, sampleTrial } from "../records/samples.js";
import { d90 } from "./spawn.js";

const folder = mkdtempSync(join(tmpdir(), "d90-runs-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const out = join(folder, "runs"), store = openStore(out);
const small = sampleTrial({ d: 100 }), large = sampleTrial({ d: 2000 }), said = sampleTrial({ method: "said", groups: 8 });
const search = { ...sampleSearch(), baseline: [], trials: [summaryOf(small)] };
for (const record of [small, large, said, search, interrupted(sampleTrial({ d: 7 }))]) await store.write(record);

const idsOf = (stdout: string): string[] => (JSON.parse(stdout) as { runs: { id: string }[] }).runs.map(({ id }) => id).sort();
const there = (): string[] => readdirSync(out).filter((name) => /^[0-9a-f]{12}$/.test(name)).sort();

test("runs list shows the runs that the options choose", async () => {
  const listed = async (...options: string[]): Promise<string[]> => idsOf((await d90(["runs", "list", "--out", out, "--json", ...options])).stdout);
  assert.deepEqual(await listed("--record", "trial", "--method", "did", "--outcome", "completed"), [small.id, large.id].sort());
  assert.deepEqual(await listed("--where", "d > 1000 -- large"), [large.id]);
  assert.deepEqual(await listed("--since", "2027-01-01"), []);
  assert.match((await d90(["runs", "list", "--out", out, "--task", "qqp"])).stdout, /None of the 5 runs in .* is meant by these options/);
  const wrong = await d90(["runs", "list", "--out", out, "--where", "nope = 1"]);
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /column "nope" not found/);
});

test("runs query prints a table, and an object with --json", async () => {
  const sql = "select method, count(*) as n from trials group by method order by n desc";
  assert.match((await d90(["runs", "query", sql, "--out", out])).stdout, /^method +n\n-+ +-\ndid +3\nsaid +1\n$/);
  assert.deepEqual(JSON.parse((await d90(["runs", "query", sql, "--out", out, "--json"])).stdout),
    { columns: ["method", "n"], rows: [{ method: "did", n: 3 }, { method: "said", n: 1 }] });
});

test("runs export writes a file, runs tensorboard a folder for each trial", async () => {
  const file = join(folder, "d.csv");
  assert.match((await d90(["runs", "export", file, "--sql", "select d from trials order by d", "--out", out])).stdout, /d\.csv: 4 rows/);
  assert.equal(readFileSync(file, "utf8"), "d\n7\n100\n1000\n2000\n");
  const logs = join(folder, "logs");
  assert.match((await d90(["runs", "tensorboard", logs, "--record", "search", "--out", out])).stdout, /^1 run in /);
  assert.deepEqual(readdirSync(logs), [`did-d100-rate0.151-seed1-${small.id}`]);
});

test("runs prune deletes nothing without a selection, without being told to, or in a dry run", async () => {
  const before = there();
  const none = await d90(["runs", "prune", "--out", out]);
  assert.deepEqual([none.status, none.stdout], [2, ""]);
  assert.match(none.stderr, /say which runs/);
  const unasked = await d90(["runs", "prune", "--method", "said", "--out", out]);
  assert.equal(unasked.status, 2);
  assert.match(unasked.stderr, /nobody can be asked here. Give --yes/);
  assert.match((await d90(["runs", "prune", "--method", "said", "--dry-run", "--out", out])).stdout, /1 run of \d+ kB to delete\.\nNothing was deleted/);
  assert.deepEqual(there(), before);
});

test("runs prune --yes deletes what is chosen, and keeps and tells what a search needs or what is going on", async () => {
  const { status, stdout, stderr } = await d90(["runs", "prune", "--record", "trial", "--yes", "--out", out]);
  assert.equal(status, 0);
  assert.match(stdout, /2 runs deleted/);
  assert.match(stderr, new RegExp(`Kept: ${small.id}, needed by search ${search.id}; --needed`));
  assert.match(stderr, /less than two minutes ago/);
  assert.deepEqual(there(), [small.id, search.id, sampleTrial({ d: 7 }).id].sort());
  const { stdout: json } = await d90(["runs", "prune", small.id.slice(0, 6), "--needed", "--yes", "--json", "--out", out]);
  const { deleted, needed } = JSON.parse(json) as { deleted: number; needed: { id: string; by: string[] }[] };
  assert.deepEqual([deleted, needed], [1, [{ id: small.id, by: [`search ${search.id}`] }]]);
  assert.equal(existsSync(store.folderOf(small.id)), false);
});
