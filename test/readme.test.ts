import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { SearchRecord } from "../lib/records/record.js";
import { projectRoot } from "../lib/support/root.js";

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");

/** Runs `use` with a folder inside the project, where "d90" is the project itself. */
async function inProject(use: (folder: string) => Promise<void>): Promise<void> {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "readme-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As few rows as still train and measure: the README's own example takes minutes, and this asks whether it runs. */
const fewer = "settings: { trainRows: 32, devRows: 32, epochs: 1, maxLength: 32, maxTrials: 1 },";

test("the README's TypeScript runs, on fewer rows, and prints a result", () => inProject(async (folder) => {
  const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
  assert.equal(blocks.length, 1);
  const code = blocks[0].replace('task: "paraphrases",', (task) => `${task} ${fewer}`);
  assert.ok(code.includes(fewer));
  writeFileSync(join(folder, "example.mjs"), code);
  const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder });
  assert.match(stdout, /^d90 = \S+ in \(\S+, \S+\], \S+: \S+ of \S+$/m);
}));

test("the README's CSV goes through its own command line, to a record that names the file, its columns and its labels", () => inProject(async (folder) => {
  const csv = /```csv\n([^]*?)```/.exec(readme)![1], [, line] = /^npx d90 (find --task reviews\.csv --preset smoke .*--metric f1)$/m.exec(readme)!;
  writeFileSync(join(folder, "reviews.csv"), csv);
  const flags = [...line.split(" "), "--max-trials", "1", "--epochs", "1", "--json"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(projectRoot, "dist/lib/cli/main.js"), ...flags], { cwd: folder });
  assert.match(stderr, /reviews\.csv: text "review", label "mood" \(2 classes: bad, good\), measured by f1/);
  const { id, metric, dataSource } = JSON.parse(stdout) as { id: string; metric: string; dataSource: string };
  assert.deepEqual([metric, dataSource], ["f1", "reviews.csv, 20 % held out by seed 0"]);
  const { configuration } = JSON.parse(readFileSync(join(folder, "runs", id, "record.json"), "utf8")) as SearchRecord;
  const { name, labelNames, trainRows, devRows, file } = configuration.task;
  assert.deepEqual({ name, labelNames, trainRows, devRows, label: file?.label },
    { name: "reviews.csv", labelNames: ["bad", "good"], trainRows: 8, devRows: 2, label: "mood" });
}));

test("every file and folder that the README links to exists", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link);
  assert.ok(links.length > 5);
  assert.deepEqual(links.filter((link) => !existsSync(join(projectRoot, link))), []);
});

test("every npx d90 line of the README names a command and flags that exist", async () => {
  const lines = [...readme.matchAll(/^npx d90 ([^#\n]+)/gm)].map(([, line]) => line.trim().split(/\s+/));
  assert.ok(lines.length >= 4);
  for (const [command, ...words] of lines) {
    const { stdout } = await promisify(execFile)(process.execPath, [join(projectRoot, "dist/lib/cli/main.js"), command, "--help"]);
    for (const flag of words.filter((word) => word.startsWith("--"))) assert.ok(stdout.includes(flag), `${command} ${flag}`);
  }
});
