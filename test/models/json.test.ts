import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readJson } from "../../lib/models/json.js";
import { UsageError } from "../../lib/support/checks.js";
import { withFolder } from "./folders.js";

test("JSON is read; what is missing, a folder or no JSON is an error that names the file", () => withFolder(async (folder) => {
  const path = join(folder, "a.json");
  await assert.rejects(readJson(path), (error) => error instanceof UsageError && error.message.startsWith(`${path} cannot be read (ENOENT)`));
  await assert.rejects(readJson(folder), /cannot be read \(EISDIR\)/);
  writeFileSync(path, "{\"a\":[1]}");
  assert.deepEqual(await readJson(path), { a: [1] });
  writeFileSync(path, "nope");
  await assert.rejects(readJson(path), /a\.json is no JSON/);
}));
