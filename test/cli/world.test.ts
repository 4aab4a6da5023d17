import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { writeTinyModel } from "../models/folders.js";
import { d90 } from "./spawn.js";

const folder = mkdtempSync(join(tmpdir(), "d90-world-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeTinyModel(join(folder, "model"));
mkdirSync(join(folder, "data"));
for (const [name, count] of [["train", 60], ["dev", 20]] as const) writeFileSync(join(folder, "data", `${name}.tsv`), easyRows(count));

/** Rows that a tiny model learns in seconds: the label is whether the letters are a or b; two of three are 1. */
function easyRows(count: number): string {
  const lines = Array.from({ length: count }, (_unused, i) => {
    const label = i % 3 === 0 ? 0 : 1, letter = label === 1 ? "a" : "b";
    return [label, i, i + count, `${letter} ${letter}`, letter].join("\t");
  });
  return ["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", ...lines, ""].join("\n");
}

const world = ["--model", "model", "--data", "data", "--batch-size", "8", "--max-length", "16"];
const search = ["find", ...world, "--epochs", "2", "--lowest", "20", "--highest", "300", "--d", "40", "--lr", "0.01", "--max-trials", "2"];

/** Keys that scripts may count on. */
const keys = ["d90", "lower", "upper", "outcome", "threshold", "full", "majority", "chanceCorrectedD90", "trials", "task", "dataSource",
  "model", "method", "preset", "seeds"];

test("find --json prints one object with the result, writes the report, and says on the way what it does", async () => {
  const { status, stdout, stderr } = await d90([...search, "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  const result = JSON.parse(stdout) as Record<string, unknown> & { report: string; dataSource: string };
  for (const key of keys) assert.ok(key in result, key);
  assert.equal(result.method, "did");
  assert.match(result.dataSource, /not GLUE MRPC/);
  assert.match(stderr, /full fine-tuning, rate 0\.01, seed 0: /);
  const files = [result.report, result.report.replace(/html$/, "png"), join("runs", "latest", "record.json")];
  for (const file of files) assert.ok(existsSync(join(folder, file)), file);
});

test("find --method both computes again only what is not recorded, and prints a table", async () => {
  const { status, stdout, stderr } = await d90([...search, "--method", "both"], { cwd: folder });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^SAID: took up 1 recorded trial\.$/m);
  assert.match(stderr, /^SAID d \d+, rate /m);
  assert.match(stderr, /^DID: took up [23] recorded trials\.$/m);
  assert.doesNotMatch(stderr, /^DID d /m);
  assert.match(stdout, /^SAID /m);
  assert.match(stdout, /^DID /m);
  assert.match(stdout, /^Report: runs\/[0-9a-f]{12}\/report\.html$/m);
  const json = await d90([...search, "--method", "said", "--method", "did", "--json"], { cwd: folder });
  const both = JSON.parse(json.stdout) as Record<string, { method: string }>;
  assert.deepEqual(Object.entries(both).map(([name, { method }]) => [name, method]), [["said", "said"], ["did", "did"]]);
});

test("train keeps what it learned, and evaluate gives the same accuracy and each row's logits", async () => {
  const trained = await d90(["train", ...world, "--epochs", "2", "--d", "40", "--lr", "0.05", "--json"], { cwd: folder });
  assert.equal(trained.status, 0, trained.stderr);
  const record = JSON.parse(trained.stdout) as { id: string; final: { accuracy: number } };
  const { status, stdout, stderr } = await d90(["evaluate", record.id, "--data", "data", "--logits", "logits.tsv", "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  const result = JSON.parse(stdout) as { accuracy: number; rows: number; recorded: number };
  assert.equal(result.accuracy, record.final.accuracy);
  assert.equal(result.recorded, record.final.accuracy);
  const [heading, ...rows] = readFileSync(join(folder, "logits.tsv"), "utf8").trim().split("\n").map((line) => line.split("\t"));
  assert.deepEqual(heading, ["row", "label", "prediction", "logit:not_equivalent", "logit:equivalent"]);
  assert.equal(rows.length, result.rows);
  const right = rows.filter(([, label, prediction, no, yes]) => prediction === label && prediction === (Number(yes) > Number(no) ? "equivalent" : "not_equivalent"));
  assert.equal(right.length / rows.length, result.accuracy);
});

/** Starts a training that would take long, stops it by Ctrl-C once it takes steps, and returns what it said. */
async function interrupted(args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(projectRoot, "dist", "lib", "cli", "main.js"), ...args],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, D90_PROGRESS_SECONDS: "0" } });
  let stdout = "", stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (!/step \d/.test(stderr) && /step \d/.test(stderr + text)) child.kill("SIGINT");
    stderr += text;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stdout, stderr };
}

test("Ctrl-C keeps a checkpoint and names the command that goes on; --resume takes the run's id", async () => {
  const args = ["train", ...world, "--epochs", "100000", "--d", "40", "--lr", "0.001", "--json"];
  const { status, stdout, stderr } = await interrupted(args);
  assert.equal(status, 130, stderr);
  const record = JSON.parse(stdout) as { id: string; outcome: string; steps: number; checkpoint: string };
  assert.equal(record.outcome, "interrupted");
  assert.ok(existsSync(join(folder, "runs", record.id, record.checkpoint)));
  assert.match(stderr, new RegExp(`Stopped after ${record.steps} updates; go on with:\\n {2}npx d90 train --model model`));
  const again = await interrupted(["train", "--resume", record.id, "--data", "data", "--json"]);
  assert.equal(again.status, 130, again.stderr);
  const later = JSON.parse(again.stdout) as { id: string; steps: number };
  assert.equal(later.id, record.id);
  assert.ok(later.steps > record.steps);
});

test("evaluating a search says to name a trial", async () => {
  const { runs } = JSON.parse((await d90(["runs", "list", "--json"], { cwd: folder })).stdout) as { runs: { id: string; record: string }[] };
  const { status, stderr } = await d90(["evaluate", runs.find(({ record }) => record === "search")!.id], { cwd: folder });
  assert.equal(status, 2);
  assert.match(stderr, /is a search, and this takes one of its trials, e\.g\. [0-9a-f]{12}/);
});

test("compare trains each method, shows what each trains, draws the chart, and takes up what is recorded", async () => {
  const compare = ["compare", ...world, "--epochs", "2", "--methods", "full@0.01,did:30,lora:2@0.01,head,learned:1", "--directions", "3", "--chart", "methods.svg"];
  const { status, stdout, stderr } = await d90(compare, { cwd: folder });
  assert.equal(status, 0, stderr);
  const text = stdout.replaceAll("\u00a0", " ");
  assert.match(text, /^LoRA, rank 2 +290 +34 /m);
  assert.match(text, /^learned subspace +1 +0 /m);
  assert.match(text, /^full fine-tuning .* 100\.0 % +0\.01 /m);
  assert.match(readFileSync(join(folder, "methods.svg"), "utf8"), />LoRA, rank 2</);
  const again = await d90([...compare, "--json"], { cwd: folder });
  const { rows, trials } = JSON.parse(again.stdout) as { rows: { name: string }[]; trials: { seconds: number }[] };
  assert.deepEqual([rows.length, trials.length], [5, 5]);
  assert.doesNotMatch(again.stderr, /step/);
});

test("find measures d90 in a learned subspace and inside LoRA's space beside the random one, with what the learned basis costs", async () => {
  const how = ["--method", "did", "--method", "learned", "--method", "uni-lora", "--directions", "3", "--rank", "2"];
  const { status, stdout, stderr } = await d90([...search, ...how, "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout) as Record<string, { full: number; trials: { d: number | null }[]; notes: string[]; learned?: { run: string } }>;
  assert.deepEqual(Object.keys(found), ["did", "learned", "uni-lora"]);
  assert.equal(found.learned!.full, found.did!.full);
  assert.ok(found.learned!.trials.length >= 1 && found.learned!.trials.every(({ d }) => d === null || d <= 3), stdout);
  assert.match(found.learned!.notes.join(), /learned by the full fine-tuning [0-9a-f]{12}.*Each holds 6,226 numbers, which d90 does not count/);
  assert.ok(found["uni-lora"]!.trials.some(({ d }) => d !== null && d >= 20), stdout);
  assert.match(stderr, /Learning directions: 3 snapshots of a full fine-tuning with seed 100/);
});

test("find refuses a method that has no d, and says what takes it", async () => {
  const { status, stderr } = await d90(["find", "--method", "lora"], { cwd: folder });
  assert.equal(status, 2);
  assert.match(stderr, /lora has no d to search.*d90 compare --methods full,lora/);
});

test("a projected head with a method that has no subspace is a mistake that says what is possible", async () => {
  const { status, stderr } = await d90(["train", ...world, "--method", "ia3", "--head", "projected"], { cwd: folder });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /ia3: the head must be free or frozen, got "projected"/);
});
