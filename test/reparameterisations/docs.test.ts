import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findDefaultModel } from "../../lib/models/default-model.js";
import { readConfig } from "../../lib/models/registry.js";
import { METHODS, type Method } from "../../lib/records/methods.js";
import { budgetFor } from "../../lib/reparameterisations/index.js";
import { projectRoot } from "../../lib/support/root.js";

const page = readFileSync(join(projectRoot, "docs", "methods.md"), "utf8");

test("docs/methods.md has every method", () => {
  for (const method of METHODS) assert.match(page, new RegExp(`^\\| \`${method}\` \\|`, "m"));
});

test("its numbers are those of the default model", async () => {
  const { folder } = findDefaultModel();
  assert.ok(folder !== null, "the set-up installs the default model");
  const { architecture, config } = await readConfig(folder);
  const rows = [...page.matchAll(/^\| `([\w-]+)`(?:, rank (\d+))? \| ([\d,]+) \| (\d+) \|$/gm)];
  assert.equal(rows.length, 6);
  for (const [row, method, rank, numbers, head] of rows) {
    const { total, free } = budgetFor({ method: method as Method, rank: rank === undefined ? undefined : Number(rank),
      headPolicy: method === "full" ? "projected" : "free", shapes: architecture.shapes(config, 2), headNames: architecture.headNames(config) });
    assert.deepEqual([total.toLocaleString("en-US"), String(free)], [numbers, head], row);
  }
});
