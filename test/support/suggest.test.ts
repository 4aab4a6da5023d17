import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, nearest, plainName } from "../../lib/support/suggest.js";

test("a mistyped value gets the nearest known one", () => {
  assert.equal(nearest("mprc", ["mrpc", "paraphrases"]), "mrpc");
  assert.equal(nearest("MRPC", ["mrpc", "paraphrases"]), "mrpc");
  assert.equal(nearest("parafrases", ["mrpc", "paraphrases"]), "paraphrases");
  assert.equal(didYouMean("sait", ["said", "did"]), ' Did you mean "said"?');
});

test("a value far from all gets none", () => {
  assert.equal(nearest("x", ["mrpc", "paraphrases"]), undefined);
  assert.equal(didYouMean("sst2", ["mrpc", "paraphrases"]), "");
  assert.equal(nearest("x", []), undefined);
});

test("names are the same whatever their case, hyphens and spaces", () => {
  assert.deepEqual(["SST-2", "sst_2", "Sst 2"].map(plainName), ["sst2", "sst2", "sst2"]);
});
