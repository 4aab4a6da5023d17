import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeTinyModel } from "../models/folders.js";
import { d90 } from "./spawn.js";

const folder = mkdtempSync(join(tmpdir(), "d90-files-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeTinyModel(join(folder, "model"));
const letters = "abcdefghij";
const rows = Array.from({ length: 60 }, (_unused, i) => `"${letters[i % 10]}, ${letters[i % 10]}",${(i % 10) / 4}`);
writeFileSync(join(folder, "scores.csv"), `words,points\n${rows.join("\n")}\n`);

const world = ["--model", "model", "--task", "scores.csv", "--batch-size", "8", "--max-length", "16", "--epochs", "3"];

test("a CSV whose labels are numbers is searched by Spearman's correlation, and each table names it", async () => {
  const search = ["find", ...world, "--lowest", "20", "--highest", "300", "--d", "40", "--lr", "0.01", "--max-trials", "2"];
  const { status, stdout, stderr } = await d90([...search, "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /scores\.csv: text "words", label "points" \(numbers\), measured by spearman\. Say otherwise by --text/);
  assert.match(stderr, /reaches Spearman correlation 0\.\d{3}; 90.% of it is 0\.\d{3}; a guess alone has 0\.000\./);
  const { metric, majority, full, id } = JSON.parse(stdout) as { metric: string; majority: number; full: number; id: string };
  assert.deepEqual([metric, majority], ["spearman", 0]);
  assert.ok(full > 0.2, `${full}`);
  const shown = await d90(["runs", "show", id], { cwd: folder });
  assert.match(shown.stdout, /Measured by Spearman correlation\.[^]*Guess[^]*0\.000[^]*Spearman correlation +Time/);
});

test("what was trained on a file is evaluated on the same rows, and the logit is the prediction", async () => {
  const trained = await d90(["train", ...world, "--d", "40", "--lr", "0.05", "--json"], { cwd: folder });
  const record = JSON.parse(trained.stdout) as { id: string; final: { metric: number; accuracy: null; pearson: number } };
  const evaluated = await d90(["evaluate", record.id, "--logits", "logits.tsv", "--json"], { cwd: folder });
  assert.equal(evaluated.status, 0, evaluated.stderr);
  const result = JSON.parse(evaluated.stdout) as { spearman: number; pearson: number; recorded: number; accuracy: null };
  assert.deepEqual([result.spearman, result.pearson, result.recorded, result.accuracy], [record.final.metric, record.final.pearson, record.final.metric, null]);
  const [heading, ...lines] = readFileSync(join(folder, "logits.tsv"), "utf8").trim().split("\n").map((line) => line.split("\t"));
  assert.deepEqual([heading, lines.length], [["row", "label", "prediction", "output"], 12]);
  for (const [, , prediction, logit] of lines) assert.ok(Math.abs(Number(prediction) - Number(logit)) < 1e-6);
});

test("a broken file ends with its line and a remedy, before any model is loaded", async () => {
  writeFileSync(join(folder, "broken.csv"), 'text,label\nfine,yes\n"not closed,no\n');
  const { status, stderr } = await d90(["find", "--task", "broken.csv"], { cwd: folder });
  assert.deepEqual([status, stderr.split("\n").at(-2)],
    [2, "d90: broken.csv:3: a quote that the row opens is never closed. Close it; put the whole text in quotes, and write each quote inside it twice."]);
});

test("a mistyped task is met with the list and the nearest name, a missing file with its path", async () => {
  assert.match((await d90(["find", "--task", "stb"], { cwd: folder })).stderr, /must be one of mrpc, .*, or a file of your own \(\.csv, .*\) or its folder\. Did you mean "stsb"\?/);
  assert.match((await d90(["find", "--task", "score.csv"], { cwd: folder })).stderr, /--task: there is no file or folder score\.csv/);
});
