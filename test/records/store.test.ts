import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RecordError } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { UsageError } from "../../lib/support/checks.js";
import { randomIndices } from "../../lib/support/random.js";
import { interrupted, sampleSearch, sampleTrial } from "./samples.js";

/** A folder of its own for one test, removed afterwards. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "d90-store-"));
  try {
    await use(join(folder, "runs"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("what is written is read again: by id, by prefix, as the latest, by its configuration", () => withFolder(async (folder) => {
  const store = openStore(folder), trial = sampleTrial(), search = sampleSearch();
  assert.equal(await store.write(trial), join(folder, trial.id));
  await store.write(search);
  assert.deepEqual(await store.read(trial.id), trial);
  assert.deepEqual(await store.read(trial.id.slice(0, 6)), trial);
  assert.deepEqual(await store.read("latest"), search);
  assert.deepEqual(await store.findTrial(trial.configuration), trial);
  assert.deepEqual(await store.findSearch(search.configuration), search);
  assert.equal(await store.findTrial(sampleTrial({ learningRate: 0.3 }).configuration), null);
  assert.equal(await readlink(join(folder, "latest")), search.id);
  assert.deepEqual((await store.list()).records.map(({ id }) => id), [trial.id, search.id]);
}));

test("a store that does not exist yet is empty, and says how to fill it", () => withFolder(async (folder) => {
  const store = openStore(folder);
  assert.deepEqual(await store.list(), { records: [], problems: [] });
  await assert.rejects(store.read("latest"), (error) =>
    error instanceof UsageError && /no run in .* yet. Make one with `d90 find`/.test(error.message));
}));

test("an id that fits no run or several is an error that lists them", () => withFolder(async (folder) => {
  const store = openStore(folder);
  const trials = Array.from({ length: 20 }, (_, i) => sampleTrial({ epochs: i + 1 }));
  for (const trial of trials) await store.write(trial);
  const first = trials.map(({ id }) => id[0]!).find((digit, i, all) => all.indexOf(digit) !== i)!;
  await assert.rejects(store.read(first), /begins the ids of \d+ runs: [0-9a-f]{12}, .* Type more of it/);
  await assert.rejects(store.read("zz"), /no run in .* has an id that begins with "zz". It has [0-9a-f]{12}, /);
  await assert.rejects(store.read(""), UsageError);
  await assert.rejects(store.read("../.."), UsageError);
}));

test("a finished trial is not replaced by an interrupted one, an interrupted one is by its end", () => withFolder(async (folder) => {
  const store = openStore(folder), trial = sampleTrial();
  await store.write(interrupted(trial));
  assert.equal((await store.findTrial(trial.configuration))!.outcome, "interrupted");
  await store.write(trial);
  await store.write(interrupted(trial));
  assert.equal((await store.findTrial(trial.configuration))!.outcome, "completed");
}));

test("half-written and foreign entries are reported, not fatal", () => withFolder(async (folder) => {
  const store = openStore(folder), trial = sampleTrial();
  await store.write(trial);
  await mkdir(join(folder, "0123456789ab"));
  await mkdir(join(folder, "ba9876543210"));
  await writeFile(join(folder, "ba9876543210", "record.json"), JSON.stringify(trial).slice(0, 100));
  await mkdir(join(folder, "aaaaaaaaaaaa"));
  await writeFile(join(folder, "aaaaaaaaaaaa", "record.json"), JSON.stringify(trial));
  await mkdir(join(folder, "bbbbbbbbbbbb", "record.json"), { recursive: true });
  await mkdir(join(folder, "my notes"));
  await writeFile(join(folder, "README"), "mine");
  await symlink("nowhere", join(folder, "cccccccccccc"));
  const { records, problems } = await store.list();
  assert.deepEqual(records, [trial]);
  const messages = problems.map(({ message }) => message.slice(folder.length + 1)).join("\n");
  for (const expected of [/0123456789ab\/record.json: missing/, /ba9876543210\/record.json: not JSON/, /aaaaaaaaaaaa: holds the record/,
    /bbbbbbbbbbbb\/record.json: EISDIR/, /my notes: not a run/, /README: not a run/, /cccccccccccc: not a run/]) assert.match(messages, expected);
  assert.equal(problems.length, 7);
}));

test("a record cut at any place, or with random bytes, is a problem or the same record, and is written anew", () => withFolder(async (folder) => {
  const store = openStore(folder), trial = sampleTrial();
  const path = join(await store.write(trial), "record.json");
  const whole = await readFile(path);
  const index = randomIndices(11, "damage");
  for (let round = 0; round < 300; round++) {
    const damaged = Buffer.from(whole.subarray(0, round % 3 === 0 ? index(whole.length) : whole.length));
    if (round % 3 !== 0) for (let i = 0; i < round % 7 + 1; i++) damaged[index(damaged.length)] = index(256);
    await writeFile(path, damaged);
    const { records, problems } = await store.list();
    assert.equal(records.length + problems.length, 1);
    if (round % 30 === 0 && problems.length === 1) assert.equal(await store.findTrial(trial.configuration), null);
  }
  await writeFile(path, whole.subarray(0, 50));
  await store.write(trial);
  assert.deepEqual(await readFile(path), whole);
}));

test("a record of a newer version is neither read nor overwritten", () => withFolder(async (folder) => {
  const store = openStore(folder), trial = sampleTrial();
  const path = join(await store.write(trial), "record.json");
  const newer = JSON.stringify({ ...trial, version: 9 });
  await writeFile(path, newer);
  await assert.rejects(store.findTrial(trial.configuration), /version must be 1, got 9. A newer d90/);
  await assert.rejects(store.write(trial), RecordError);
  assert.equal(await readFile(path, "utf8"), newer);
  assert.match((await store.list()).problems[0]!.message, /got 9/);
}));

test("a full disk is explained, and what was recorded stays", () => withFolder(async (folder) => {
  const trial = sampleTrial();
  await openStore(folder).write(interrupted(trial));
  for (const [code, reason] of [["ENOSPC", "the disk is full"], ["EROFS", "read-only"], ["EIO", "input error"]] as const) {
    const broken = openStore(folder, { writeFile: async () => { throw Object.assign(new Error("input error"), { code }); } });
    await assert.rejects(broken.write(trial), (error: Error) => error instanceof UsageError && error.message.includes(reason)
      && /run the same command again. Every record written before is kept/.test(error.message));
  }
  assert.deepEqual(await openStore(folder).findTrial(trial.configuration), interrupted(trial));
}));

test("where links cannot be made, latest is a file that names the run", () => withFolder(async (folder) => {
  const store = openStore(folder, { makeLink: async () => { throw Object.assign(new Error("EPERM"), { code: "EPERM" }); } });
  const trial = sampleTrial(), search = sampleSearch();
  await store.write(search);
  await store.write(trial);
  assert.equal(await readFile(join(folder, "latest"), "utf8"), `${trial.id}\n`);
  assert.deepEqual(await store.read("latest"), trial);
}));

test("a latest that points nowhere, or is a folder of someone's, falls back on the newest record", () => withFolder(async (folder) => {
  const store = openStore(folder), search = sampleSearch();
  await store.write(search);
  await rm(join(folder, "latest"));
  assert.deepEqual(await store.read("latest"), search);
  await symlink("0123456789ab", join(folder, "latest"));
  assert.deepEqual(await store.read("latest"), search);
  await rm(join(folder, "latest"));
  await mkdir(join(folder, "latest", "mine"), { recursive: true });
  await store.write(search);
  assert.deepEqual(await store.read("latest"), search);
  assert.deepEqual(await readdir(join(folder, "latest")), ["mine"]);
}));

test("writers at the same time leave whole records and no litter", () => withFolder(async (folder) => {
  const trials = Array.from({ length: 6 }, (_, i) => sampleTrial({ epochs: i + 1 }));
  const writes = Array.from({ length: 10 }, () => openStore(folder)).flatMap((store) => trials.map((trial) => store.write(trial)));
  await Promise.all([...writes, ...Array.from({ length: 20 }, () => openStore(folder).list())]);
  const { records, problems } = await openStore(folder).list();
  assert.deepEqual(problems, []);
  assert.deepEqual(records.map(({ id }) => id).sort(), trials.map(({ id }) => id).sort());
  const latest = await readlink(join(folder, "latest"));
  assert.deepEqual((await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".tmp")), []);
  assert.ok(trials.some(({ id }) => id === latest), latest);
}));
