import assert from "node:assert/strict";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { planPrune, prune } from "../../lib/records/prune.js";
import { type RunRecord, summaryOf, type TrialRecord } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { withFolder } from "../models/folders.js";
import { interrupted, sampleSearch, sampleTrial } from "./samples.js";

const trial = (d: number): TrialRecord => sampleTrial({ d, budget: { counted: d, free: 0, total: d } });
const [first, second, lone] = [trial(100), trial(200), trial(300)] as const;
const search = { ...sampleSearch(), baseline: [], trials: [summaryOf(first), summaryOf(second)] };

async function fill(out: string, records: readonly RunRecord[]): Promise<void> {
  for (const record of records) await openStore(out).write(record);
}

const idsOf = (plan: { runs: { record: RunRecord }[] }): string[] => plan.runs.map(({ record: { id } }) => id);

test("trials that a search rests on stay, and it is said which search", () => withFolder(async (folder) => {
  const records = [first, second, lone, search];
  await fill(folder, records);
  const plan = await planPrune([first, lone], { folder, records });
  assert.deepEqual([idsOf(plan), plan.needed], [[lone.id], [{ id: first.id, by: [`search ${search.id}`] }]]);
  assert.ok(plan.runs[0]!.bytes > 500);
  assert.equal(await prune(plan, folder), 1);
  assert.deepEqual((await openStore(folder).list()).records.map(({ id }) => id).sort(), [first.id, second.id, search.id].sort());
  assert.deepEqual(idsOf(await planPrune([first, second, search], { folder, records })), [first.id, second.id, search.id], "with the search they go");
  const all = await planPrune([first], { folder, records, needed: true });
  assert.deepEqual([idsOf(all), all.needed.length], [[first.id], 1]);
}));

test("a search that a series rests on stays, and so do its trials and what their subspaces were learned from", () => withFolder(async (folder) => {
  const learned = sampleTrial({ method: "learned", projection: null, learned: { run: lone.id, snapshots: 4, by: "gram-pca" } });
  const of = { ...search, trials: [summaryOf(first), summaryOf(learned)] }, records = [first, lone, learned, of];
  await fill(folder, records);
  const plan = await planPrune([lone, first], { folder, records: [first, lone, learned] });
  assert.deepEqual([idsOf(plan), plan.needed], [[first.id], [{ id: lone.id, by: [`trial ${learned.id}`] }]]);
  const chain = await planPrune([lone, learned], { folder, records });
  assert.deepEqual([idsOf(chain), chain.needed.map(({ id }) => id).sort()], [[], [learned.id, lone.id].sort()]);
}));

test("an interrupted run whose files changed a moment ago is left alone", () => withFolder(async (folder) => {
  const stopped = interrupted(lone);
  await fill(folder, [stopped]);
  assert.deepEqual((await planPrune([stopped], { folder, records: [stopped] })).running, [lone.id]);
  const before = new Date(Date.now() - 600_000);
  utimesSync(join(folder, lone.id, "record.json"), before, before);
  assert.deepEqual(idsOf(await planPrune([stopped], { folder, records: [stopped] })), [lone.id]);
  writeFileSync(join(folder, lone.id, "checkpoint.safetensors"), "");
  assert.deepEqual((await planPrune([stopped], { folder, records: [stopped] })).running, [lone.id], "its checkpoint is new");
}));

test("an interruption ends the deleting between two runs", () => withFolder(async (folder) => {
  const records = [first, lone], stop = new AbortController();
  await fill(folder, records);
  stop.abort();
  assert.equal(await prune(await planPrune(records, { folder, records }), folder, stop.signal), 0);
  assert.equal(readdirSync(folder).filter((name) => name !== "latest").length, 2);
}));

test("while a record or a series cannot be read, nothing goes but with needed; what has no record yet holds nothing back", () => withFolder(async (folder) => {
  const records = [lone];
  await fill(folder, records);
  for (const name of ["0".repeat(12), "series-0123456789ab"]) mkdirSync(join(folder, name));
  assert.deepEqual(idsOf(await planPrune(records, { folder, records })), [lone.id]);
  for (const path of [join("0".repeat(12), "record.json"), join("series-0123456789ab", "series.json")]) {
    writeFileSync(join(folder, path), '{"half": ');
    const plan = await planPrune(records, { folder, records });
    assert.deepEqual([idsOf(plan), plan.unreadable.at(-1)?.path], [[], join(folder, path)]);
    assert.match(plan.unreadable.at(-1)!.message, /not JSON, so half-written or not a record/);
  }
  assert.deepEqual(idsOf(await planPrune(records, { folder, records, needed: true })), [lone.id]);
}));
