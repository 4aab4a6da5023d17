import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";

test("the project's root holds its package.json and its data", () => {
  assert.ok(existsSync(join(projectRoot, "package.json")));
  assert.ok(existsSync(join(projectRoot, "data", "paraphrases")));
});
