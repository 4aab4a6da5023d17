import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exitCodes } from "../../lib/cli/exitCodes.js";
import { makeProgram } from "../../lib/cli/program.js";
import { findSummary, searchOutcomeSchema } from "../../lib/records/record.js";
import { presets } from "../../lib/search/settings.js";
import { projectRoot } from "../../lib/support/root.js";
import { searchRecord } from "../charts/records.js";

const page = readFileSync(join(projectRoot, "docs", "cli.md"), "utf8");

test("docs/cli.md names every command and every option", () => {
  for (const command of makeProgram().commands.flatMap((each) => [each, ...each.commands])) {
    assert.ok(page.includes(command.name()), command.name());
    for (const { long, flags } of command.options) assert.ok(page.includes(`\`${long}\``) || page.includes(`\`${long} [run]\``), flags);
  }
});

test("docs/cli.md names every preset, outcome and exit status", () => {
  for (const name of [...Object.keys(presets), ...searchOutcomeSchema.options]) assert.ok(page.includes(`\`${name}\``), name);
  for (const status of Object.values(exitCodes)) assert.match(page, new RegExp(`^\\| ${status} \\|`, "m"));
});

test("docs/cli.md names every key that find --json prints", () => {
  const described = page.slice(page.indexOf("`d90 find --json` for one method"));
  for (const key of Object.keys(findSummary(searchRecord()))) {
    assert.ok(["id", "violations", "fullRate"].includes(key) || described.includes(`\`${key}\``), key);
  }
});
