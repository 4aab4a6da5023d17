import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { modelTypes } from "../../lib/models/registry.js";
import { supportedModels } from "../../lib/models/supported.js";
import { projectRoot } from "../../lib/support/root.js";

test("docs/models.md holds the table that the code makes", () => {
  const docs = readFileSync(join(projectRoot, "docs", "models.md"), "utf8");
  assert.equal(/<!-- made from the code[^\n]*-->\n([\s\S]*?)\n<!-- end -->/.exec(docs)?.[1]?.trim(), supportedModels());
});

test("every architecture has an example and a word about positions", () => {
  for (const name of modelTypes) assert.match(supportedModels(), new RegExp(`\\| \`${name}\` \\| [^|]{3,} \\| [^|]{3,} \\| [^|]{3,} \\|`));
});
