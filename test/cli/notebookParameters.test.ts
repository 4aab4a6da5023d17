import assert from "node:assert/strict";
import test from "node:test";
import { assignments, nameAndValue, parametersOf } from "../../lib/cli/notebookParameters.js";

const parameters = parametersOf(`// What may be changed.
let preset: "smoke" | "quick" = "smoke"; // how thorough
let d = 1_608; // numbers learned
let task = "mrpc"; // the task
let dropout = false; // in training
let seeds = [0, 1]; // of P
let rows: number | null = null; // null for all`);

const given = (...texts: string[]): string => assignments(parameters, texts.map(nameAndValue), "02-mrpc-d90");

test("parameters are read with type, value and what they are", () => {
  assert.deepEqual(parameters.map(({ name }) => name), ["preset", "d", "task", "dropout", "seeds", "rows"]);
  assert.deepEqual(parameters[0], { name: "preset", type: "\"smoke\" | \"quick\"", value: "\"smoke\"", help: "how thorough" });
  assert.deepEqual(parameters[1], { name: "d", type: null, value: "1_608", help: "numbers learned" });
});

test("values become TypeScript of the parameter's kind, and declared types stay", () => {
  assert.equal(given("d=200", "preset=quick", "task=sst-2", "dropout=true", "seeds=[3]", "rows=null"), [
    "let d = 200;", "let preset: \"smoke\" | \"quick\" = \"quick\";", "let task = \"sst-2\";", "let dropout = true;", "let seeds = [3];",
    "let rows: number | null = null;",
  ].join("\n"));
  assert.equal(given("d=1e-4"), "let d = 0.0001;");
  assert.equal(given("task=a \"b\" = c"), "let task = \"a \\\"b\\\" = c\";");
  assert.equal(given("task=\"7\""), "let task = \"7\";");
});

const mistakes: readonly [string, RegExp][] = [
  ["sed=3", /^notebook: 02-mrpc-d90 has no parameter "sed"; it has preset, d, task, dropout, seeds, rows\. Did you mean "seeds"\?$/],
  ["Seeds=3", /Did you mean "seeds"\?$/],
  ["preset=quik", /^notebook: 02-mrpc-d90: preset must be one of smoke, quick, got "quik"\. Did you mean "quick"\?$/],
  ["d=many", /d must be a number, got "many"\.$/],
  ["d=", /d must be a number, got ""\.$/],
  ["dropout=yes", /dropout must be true or false, got "yes"\.$/],
  ["seeds=0,1", /seeds must be JSON like \[0, 1\], got "0,1"\.$/],
  ["d", /-p takes name=value, e\.g\. -p seed=3, got "d"\.$/],
  ["=3", /-p takes name=value/],
];

for (const [text, message] of mistakes) {
  test(`-p ${text} is a mistake that says what was expected`, () => {
    assert.throws(() => given(text), (error: Error) => error.name === "UsageError" && message.test(error.message));
  });
}

test("no value becomes code", () => {
  assert.throws(() => given("d=1; process.exit()"), /must be a number/);
  assert.equal(given("task=\"; process.exit(); \""), "let task = \"; process.exit(); \";");
  assert.equal(given("task=`${1}`"), "let task = \"`${1}`\";");
});
