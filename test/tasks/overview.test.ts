import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { tasks } from "../../lib/tasks/index.js";
import { taskTable } from "../../lib/tasks/overview.js";
import { endings } from "../../lib/tasks/readTable.js";

const path = join(projectRoot, "docs", "tasks.md");
const marked = /(?<=<!-- tasks -->\n)[^]*(?=<!-- \/tasks -->)/;

test("docs/tasks.md has the table that the tasks give; D90_UPDATE=1 writes it anew", () => {
  if (process.env.D90_UPDATE === "1") writeFileSync(path, readFileSync(path, "utf8").replace(marked, () => `${taskTable()}\n`));
  assert.equal(marked.exec(readFileSync(path, "utf8"))?.[0], `${taskTable()}\n`);
});

test("the table has a row for every task, and every row as many cells", () => {
  const lines = taskTable().split("\n");
  assert.equal(lines.length, tasks.length + 2);
  assert.deepEqual([...new Set(lines.map((line) => line.split("|").length))], [9]);
});

test("docs/tasks.md names every kind of file", () => {
  const page = readFileSync(path, "utf8");
  for (const ending of endings) assert.ok(ending === ".ndjson" || page.includes(`\`${ending}\``), ending);
});
