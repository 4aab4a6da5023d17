import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidArgumentError } from "commander";
import { choice, decimal, integer, list, pathOr, words } from "../../lib/cli/values.js";

const refused = (act: () => unknown, message: RegExp): void =>
  assert.throws(act, (error) => error instanceof InvalidArgumentError && message.test(error.message));

test("whole numbers may have underscores and nothing else", () => {
  assert.equal(integer(1)("22_713_986"), 22713986);
  const wrong = ["", "1.5", "1e3", "-1", "0x10", " 1", "one", "9".repeat(17)];
  for (const text of wrong) refused(() => integer(0)(text), /whole number of at least 0/);
  refused(() => integer(1, 1024)("2000"), /whole number from 1 to 1024/);
});

test("numbers may be written as 1e-4", () => {
  assert.equal(decimal()("1e-4"), 1e-4);
  refused(() => decimal({ above: true })("0"), /number above 0/);
  refused(() => decimal({ max: 1 })("1.5"), /of at least 0 and at most 1/);
  for (const text of ["", " ", "NaN", "Infinity", "fast"]) refused(() => decimal()(text), /number of at least 0/);
});

test("lists have commas, and no value twice", () => {
  assert.deepEqual(list(integer(0))("0, 1,2"), [0, 1, 2]);
  refused(() => list(integer(0))("0,0"), /No value may come twice/);
  refused(() => list(integer(0))("0,,1"), /whole number/);
});

test("a mistyped name gets the near one", () => {
  assert.equal(choice(["said", "did"])("did"), "did");
  refused(() => choice(["said", "did"])("DID"), /one of said, did\. Did you mean "did"\?/);
  refused(() => choice(["said", "did"])("lora"), /one of said, did\.$/);
});

test("empty text is refused", () => {
  assert.equal(words("x"), "x");
  refused(() => words("  "), /must not be empty/);
});

test("a name is found whatever its case and hyphens, a path is taken as it is", () => {
  const parse = pathOr(["sst2", "anli-r1"], "a file of your own");
  assert.deepEqual(["SST-2", "anlir1", "reviews.csv", "my/folder"].map(parse), ["sst2", "anli-r1", "reviews.csv", "my/folder"]);
  refused(() => parse("sst3"), /must be one of sst2, anli-r1, or a file of your own\. Did you mean "sst2"\?/);
});
