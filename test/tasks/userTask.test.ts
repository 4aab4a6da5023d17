import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { loadTask, type LoadTaskOptions } from "../../lib/tasks/index.js";

const root = mkdtempSync(join(tmpdir(), "d90-files-"));
after(() => rmSync(root, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  mkdirSync(join(root, name, ".."), { recursive: true });
  writeFileSync(join(root, name), content);
  return join(root, name);
};

const rows = Array.from({ length: 10 }, (_unused, row) => ({ review: `Review ${row}, of a "film".`, mood: row % 2 === 0 ? "bad" : "good" }));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csv = (some: typeof rows): string => ["review,mood", ...some.map(({ review, mood }) => `${quoted(review)},${mood}`), ""].join("\n");
const files = {
  "reviews.csv": csv(rows),
  "reviews.tsv": ["review\tmood", ...rows.map(({ review, mood }) => `${review}\t${mood}`), ""].join("\r\n"),
  "reviews.jsonl": rows.map((row) => JSON.stringify(row)).join("\n"),
  "reviews.parquet": new Uint8Array(parquetWriteBuffer({ columnData: [
    { name: "review", data: rows.map(({ review }) => review), type: "STRING" }, { name: "mood", data: rows.map(({ mood }) => mood), type: "STRING" },
  ] })),
};

for (const [name, content] of Object.entries(files)) {
  test(`${name} is split by seed, its columns guessed and told`, async () => {
    const path = write(name, content);
    const data = await loadTask({ task: path });
    assert.deepEqual([data.train.length, data.dev.length, data.labels, data.metric, data.task], [8, 2, ["bad", "good"], "accuracy", name]);
    assert.ok([...data.train, ...data.dev].some(({ text, label }) => text === rows[3]!.review && label === 1));
    assert.equal(data.dataSource, `${path}, 20 % held out by seed 0`);
    assert.equal(data.notes[0], `${path}: text "review", label "mood" (2 classes: bad, good), measured by accuracy. ` +
      "Say otherwise by --text, --text2, --label, --labels and --metric.");
    assert.deepEqual(data.file, { path, dev: null, text: "review", text2: null, label: "mood", devShare: 0.2, splitSeed: 0 });
  });
}

test("the same rows have the same hash from every kind of file", async () => {
  const hashes = await Promise.all(Object.entries(files).map(async ([name, content]) => (await loadTask({ task: write(name, content) })).sha256));
  assert.equal(new Set(hashes).size, 1);
});

test("a folder has train and dev files, and a dev file may be named", async () => {
  write("folder/train.csv", csv(rows.slice(0, 6)));
  write("folder/validation.jsonl", rows.slice(6).map((row) => JSON.stringify(row)).join("\n"));
  const data = await loadTask({ task: "folder", data: root });
  assert.deepEqual([data.train.length, data.dev.length], [6, 4]);
  assert.equal(data.dataSource, `${join(root, "folder", "train.csv")}, ${join(root, "folder", "validation.jsonl")}`);
  const two = await loadTask({ task: join(root, "folder/train.csv"), dev: join(root, "folder/validation.jsonl") });
  assert.equal(two.sha256, data.sha256);
});

test("columns, order of labels, metric, share and seed can be said", async () => {
  const path = write("reviews.csv", csv(rows));
  const given: LoadTaskOptions = { text: "review", label: "mood", labels: ["good", "bad"], metric: "matthews", devShare: 0.4, splitSeed: 3 };
  const data = await loadTask({ task: path, ...given });
  assert.deepEqual([data.labels, data.metric, data.dev.length], [["good", "bad"], "matthews", 4]);
  assert.deepEqual(await loadTask({ task: path, ...given }), data);
  assert.notEqual((await loadTask({ task: path, ...given, splitSeed: 4 })).sha256, data.sha256);
});

test("numbers of a scale are measured by Spearman's correlation", async () => {
  const path = write("scores.csv", `text,score\n${rows.map((_row, i) => `text ${i},${i / 4}`).join("\n")}\n`);
  const { labels, metric, notes } = await loadTask({ task: path });
  assert.deepEqual([labels, metric], [[], "spearman"]);
  assert.match(notes[0]!, /label "score" \(numbers\), measured by spearman/);
});

for (const [what, name, content, options, message] of [
  ["an empty file", "bad.csv", "", {}, /bad\.csv: the file is empty\. It needs a row of column names/],
  ["a file without rows", "bad.csv", "text,label\n", {}, /bad\.csv: has no rows below its columns "text", "label"/],
  ["a wrong column", "bad.csv", csv(rows), { text: "reviews" }, /bad\.csv: has no column "reviews"; its columns are "review", "mood"\. Did you mean "review"\?/],
  ["a label that is not among those named", "bad.csv", csv(rows), { labels: ["bad", "fine"] }, /bad\.csv:3: column "mood" must hold bad or fine, got "good"/],
  ["one class", "bad.csv", "text,label\na,1\nb,1\n", {}, /every row has the label "1"/],
  ["an empty text", "bad.csv", `${csv(rows)}"",bad\n`, {}, /bad\.csv:12: a text is empty/],
  ["unbalanced quotes", "bad.csv", `${csv(rows)}"open,bad\n`, {}, /bad\.csv:12: a quote that the row opens is never closed/],
  ["another kind of file", "bad.xlsx", "x", {}, /bad\.xlsx: must end in \.csv, \.tsv, \.jsonl, \.ndjson, \.parquet, got "\.xlsx"\. Save it as one/],
  ["bytes that are no parquet", "bad.parquet", "text", {}, /bad\.parquet: cannot be read as parquet: .*snappy/],
  ["a folder without dev", "half/train.csv", csv(rows), {}, /folder .*half has train\.csv and needs a file named dev or validation .* --task .*half.train\.csv/],
] as const) {
  test(`${what} is an error with file and remedy`, async () => {
    const path = write(name, content);
    await assert.rejects(loadTask({ task: name.startsWith("half") ? join(root, "half") : path, ...options }), { name: "UsageError", message });
  });
}

test("a dev label that training lacks is an error with its line", async () => {
  const [task, dev] = [write("two/a.csv", csv(rows)), write("two/b.csv", "review,mood\nx,mixed\n")];
  await assert.rejects(loadTask({ task, dev }), /b\.csv:2: column "mood" must hold bad or good, got "mixed"/);
});

test("a missing file is not taken for a mistyped task, nor the other way round", async () => {
  await assert.rejects(loadTask({ task: join(root, "none.csv") }), /--task: there is no file or folder .*none\.csv/);
  await assert.rejects(loadTask({ task: "stb" }), /task must be one of .* got "stb"\. Did you mean "stsb"\?/);
});
