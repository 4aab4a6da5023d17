import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { indexFile, openDatabase } from "../../../lib/records/database/open.js";
import { exportRuns, idsWhere, queryRuns } from "../../../lib/records/database/query.js";
import { tables } from "../../../lib/records/database/tables.js";
import { openStore } from "../../../lib/records/store.js";
import { UsageError } from "../../../lib/support/checks.js";
import { projectRoot } from "../../../lib/support/root.js";
import { withFolder } from "../../models/folders.js";
import { interrupted, sampleSearch, sampleTrial } from "../samples.js";

const rates = [0.05, 0.15, 0.5];

/** A store of six trials in two d, one of them not finished, and a search. */
async function filled(out: string): Promise<void> {
  const store = openStore(out);
  const trials = [100, 1000].flatMap((d) => rates.map((learningRate, index) => {
    const trial = sampleTrial({ d, learningRate, budget: { counted: d, free: 0, total: d } });
    return { ...trial, final: { ...trial.final!, metric: d / 2000 + index / 100 } };
  }));
  for (const trial of [...trials.slice(1), interrupted(trials[0]!), sampleSearch()]) await store.write(trial);
}

test("SQL over records answers what their files say", () => withFolder(async (out) => {
  await filled(out);
  const found = await queryRuns("select d, count(*) as n, max(metric) as best, min(startedAt) as started from trials where d >= $least group by d order by d",
    { out, values: { least: 100 } });
  const startedAt = new Date("2026-01-02T03:04:05.678Z");
  assert.deepEqual(found.objects(), [{ d: 100, n: 3, best: 0.07, started: startedAt }, { d: 1000, n: 3, best: 0.52, started: startedAt }]);
  const search = await queryRuns("select d90, correctedD90, correctedOutcome, (select count(*) from searchTrials s where s.search = searches.id) as n from searches", { out });
  assert.deepEqual(search.objects(), [{ d90: 1389, correctedD90: null, correctedOutcome: "open", n: 3 }]);
  const curve = await queryRuns("select id, step, loss from losses join trials using (id) where d = 100 and learningRate = 0.5 order by step", { out });
  assert.deepEqual([curve.array("step"), curve.array("loss")], [[1, 690], [0.69, 0.4]]);
  assert.equal((await idsWhere("outcome = 'interrupted' -- a comment", out)).size, 1);
}));

test("a folder without runs, and one with a broken run, can be asked", () => withFolder(async (folder) => {
  assert.equal((await queryRuns("from runs", { out: join(folder, "none") })).numRows(), 0);
  await filled(folder);
  mkdirSync(join(folder, "0123456789ab"));
  writeFileSync(join(folder, "0123456789ab", "record.json"), "{");
  const problems: string[] = [];
  const found = await queryRuns("select record, count(*) as n from runs group by record order by record", { out: folder, onProblem: ({ message }) => problems.push(message) });
  assert.deepEqual(found.objects(), [{ record: "search", n: 1 }, { record: "trial", n: 6 }]);
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /not JSON/);
}));

test("what is no single query is refused in one message that holds the query", () => withFolder(async (out) => {
  for (const [sql, expected] of [["selec 1", /syntax error/], ["delete from trials", /must be a query/], ["select 1; select 2", /got 2 statements/],
    ["select nope from trials", /"nope" not found/], ["select $x", /not provided/], [" ; ", /got an empty text/]] as const) {
    await assert.rejects(queryRuns(sql, { out }), (error: unknown) => error instanceof UsageError && expected.test(error.message), sql);
  }
  await assert.rejects(exportRuns(join(out, "runs.txt"), { out }), /must end in \.parquet or \.csv/);
  assert.deepEqual(readdirSync(out), []);
}));

test("the index reads again what changed, forgets what is gone, and is made anew where it is damaged", () => withFolder(async (out) => {
  await filled(out);
  const look = async (): Promise<[number, number]> => {
    const { connection, readAnew, close } = await openDatabase(out, { keptFrom: 1 });
    const [[count] = []] = (await connection.runAndReadAll("select count(*) from runs")).getRowsJS();
    close();
    return [readAnew, Number(count)];
  };
  assert.deepEqual([await look(), await look()], [[7, 7], [0, 7]]);
  const store = openStore(out), trial = sampleTrial({ d: 7 });
  await store.write(interrupted(trial));
  assert.deepEqual(await look(), [1, 8]);
  await store.write(trial);
  assert.deepEqual(await look(), [1, 8], "the record was replaced");
  rmSync(store.folderOf(trial.id), { recursive: true });
  assert.deepEqual(await look(), [0, 7]);
  writeFileSync(join(out, indexFile), "not a database");
  assert.deepEqual(await look(), [7, 7]);
  assert.deepEqual((await store.list()).problems, [], "the index is no run");
}));

test("while another holds the index, records are read into memory", () => withFolder(async (out) => {
  await filled(out);
  const held = await openDatabase(out, { keptFrom: 1 });
  const other = await openDatabase(out, { keptFrom: 1 });
  assert.equal((await other.connection.runAndReadAll("from trials")).currentRowCount, 6);
  other.close();
  held.close();
}));

test("few records leave no index behind", () => withFolder(async (out) => {
  await filled(out);
  await queryRuns("from runs", { out });
  assert.equal(existsSync(join(out, indexFile)), false);
}));

test("exports hold the rows of the query, as other readers see them", () => withFolder(async (out) => {
  await filled(out);
  const parquet = join(out, "files", "o'runs.parquet"), csv = join(out, "files", "best.csv");
  assert.equal(await exportRuns(parquet, { out }), 7);
  const bytes = await readFile(parquet), file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file });
  assert.deepEqual(rows.filter(({ record }) => record === "trial").map(({ d }) => Number(d)).sort((a, b) => a - b), [100, 100, 100, 1000, 1000, 1000]);
  assert.equal(await exportRuns(csv, { out, sql: "select d, max(metric) as best from trials group by d order by d;" }), 2);
  assert.equal(readFileSync(csv, "utf8"), "d,best\n100,0.07\n1000,0.52\n");
  assert.deepEqual(readdirSync(join(out, "files")).sort(), ["best.csv", "o'runs.parquet"]);
}));

test("docs/sweeps.md lists every column", () => {
  const text = readFileSync(join(projectRoot, "docs", "sweeps.md"), "utf8");
  const missing = Object.values(tables).flatMap((columns) => Object.keys(columns)).filter((column) => !text.includes(`\`${column}\``));
  assert.deepEqual(missing, []);
});

test("a query never asks the network for an extension", () => withFolder(async (out) => {
  const { connection, close } = await openDatabase(out);
  const [[value] = []] = (await connection.runAndReadAll("select current_setting('autoinstall_known_extensions')")).getRowsJS();
  close();
  assert.equal(value, false);
}));
