import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../lib/cli/exitCodes.js";
import { makeProgram } from "../../lib/cli/program.js";
import { d90Version } from "../../lib/support/root.js";
import { d90 } from "./spawn.js";

const commands = ["find", "train", "compare", "evaluate", "runs", "doctor"];

test("help lists every command and every exit status, on standard output", async () => {
  const { status, stdout, stderr } = await d90(["--help"]);
  assert.equal(status, exitCodes.ok);
  assert.equal(stderr, "");
  for (const name of commands) assert.match(stdout, new RegExp(`^ {2}${name} `, "m"));
  for (const code of Object.values(exitCodes)) assert.match(stdout, new RegExp(`\\b${code}\\b`));
});

test("the version is the package's", async () => {
  assert.deepEqual(await d90(["--version"]), { status: 0, stdout: `${d90Version}\n`, stderr: "" });
});

for (const name of commands) {
  test(`d90 ${name} --help has a description for every option`, () => {
    const command = makeProgram().commands.find((each) => each.name() === name)!;
    for (const each of [command, ...command.commands]) {
      assert.ok(each.description() !== "", each.name());
      for (const option of each.options) assert.ok(option.description !== "", `${each.name()} ${option.flags}`);
    }
  });
}

for (const name of ["find", "train", "compare", "evaluate", "runs"]) {
  test(`d90 ${name} --help has examples`, async () => {
    const { stdout } = await d90([name, "--help"]);
    assert.match(stdout, /Examples?:\n {2}\$ npx d90 /);
  });
}

test("help does not load TensorFlow.js", async () => {
  const loaded = 'import module from "node:module"; process.on("exit", () => console.error(JSON.stringify(Object.keys(module._cache))));';
  const { stderr } = await d90(["find", "--help"], { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(loaded)}` } });
  const modules = JSON.parse(stderr) as string[];
  assert.ok(modules.some((path) => path.includes("commander")));
  assert.deepEqual(modules.filter((path) => path.includes("tensorflow")), []);
});

const mistakes: readonly [string[], RegExp][] = [
  [["fnd"], /unknown command 'fnd'\n\(Did you mean find\?\)/],
  [["compare", "--methods", "full,lroa:4"], /must be one of full, did, .*\. Did you mean "lora"\?/],
  [["compare", "--methods", "did"], /did needs its d: did:1000\./],
  [["compare", "--methods", "ia3:4"], /ia3 has no size, got ia3:4: write ia3 alone\./],
  [["compare", "--methods", "lora:4@fast"], /must be a number above 0/],
  [["compare", "--chart", "chart.gif"], /must end in \.png or \.svg/],
  [["find", "--modle", "x"], /unknown option '--modle'\n\(Did you mean --model\?\)/],
  [["find", "--preset", "smok"], /must be one of smoke, quick, full\. Did you mean "smoke"\?/],
  [["find", "--task", "mrcp"], /must be one of mrpc, qqp, .*paraphrases, or a file of your own .*\. Did you mean "mrpc"\?/],
  [["find", "--method", "sade"], /must be one of said, did, uni-lora, learned, both\. Did you mean "said"\?/],
  [["train", "--method", "ful", "--d", "3"], /must be one of full, did, .*, learned\. Did you mean "full"\?/],
  [["find", "--projection", "srht-block"], /Did you mean "srht-blocked"\?/],
  [["find", "--epochs", "2.5"], /must be a whole number of at least 1/],
  [["find", "--lr", "1e-4,fast"], /must be a number above 0/],
  [["find", "--seeds", "1,1"], /No value may come twice/],
  [["find", "--model", ""], /must not be empty/],
  [["find", "mrpc"], /too many arguments/],
  [["train"], /method did needs --d/],
  [["train", "--d", "10", "--lr", "1,2"], /--lr must be one value, got 1,2/],
  [["train", "--d", "10", "--seeds", "1,2"], /--seed must be one value, got 1,2/],
  [["runs"], /Usage: d90 runs/],
  [["runs", "lst"], /Did you mean list\?/],
  [["runs", "compare", "a"], /missing required argument 'b'/],
];

for (const [args, message] of mistakes) {
  test(`d90 ${args.join(" ")} is a mistake: status 2, a message, nothing on standard output, no stack`, async () => {
    const { status, stdout, stderr } = await d90(args);
    assert.equal(status, exitCodes.usage);
    assert.match(stderr, message);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test("with --json a mistake is one JSON object too", async () => {
  const { status, stdout, stderr } = await d90(["find", "--json", "--preset", "smok"]);
  assert.equal(status, exitCodes.usage);
  assert.match((JSON.parse(stdout) as { error: string }).error, /^option '--preset <name>' argument 'smok' is invalid/);
  assert.match(stderr, /Did you mean "smoke"/);
});
