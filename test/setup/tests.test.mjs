import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { runTests } from "../../setup/support/tests.mjs";
import { put, temporaryProject } from "./project.mjs";

/** Runs `content` as a test file. @returns the counts and what was written. */
const runContent = (t, content) => runContents(t, { "x.test.mjs": content });

/** Runs test files, name to content, one after the other. @returns the counts and what was written. */
async function runContents(t, contents) {
  const project = temporaryProject(t);
  for (const [name, content] of Object.entries(contents)) put(project, name, `import test, { describe, it } from "node:test";\n${content}`);
  // The runner refuses to run inside a test.
  const context = process.env.NODE_TEST_CONTEXT;
  delete process.env.NODE_TEST_CONTEXT;
  t.after(() => { process.env.NODE_TEST_CONTEXT = context; });
  let text = "";
  const files = Object.keys(contents).map((source) => ({ source, file: join(project.root, source) }));
  const counts = await runTests(project, files, { write: (part) => { text += part; }, concurrency: 1 });
  return { counts, text };
}

test("tests are counted, suites are not; what is skipped did not pass", async (t) => {
  const { counts } = await runContent(t, `describe("s", () => { it("a", () => {}); it.skip("b", () => {}); it.todo("c"); });
    test("d", () => {});`);
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 2 });
});

test("a failure is counted once, with its name and error", async (t) => {
  const { counts, text } = await runContent(t, `describe("s", () => {
    it("breaks", () => { throw new Error("boo"); }); it("a", () => {}); });`);
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(text, /✗ breaks\n {4}Error: boo/);
});

test("what a test says of itself is told, and not the runner's own summary", async (t) => {
  const { text } = await runContent(t, `test("a", (t) => { t.diagnostic("suite x: 13 run, 0 skipped"); });`);
  assert.match(text, /^✓ +[\d.]+ s {2}x\.test\.mjs: 1 passed, 0 failed\n {4}suite x: 13 run, 0 skipped\n\n1 files, 0 tests skipped\n$/);
});

test("a file that crashes, breaks at loading, or ends early fails", async (t) => {
  const crash = await runContent(t, "console.log(\"last words\"); process.exit(3);");
  assert.deepEqual(crash.counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(crash.text, /the process ended with exit status 3\n[^]*last words/);
  assert.equal((await runContent(t, "throw new Error(\"at load\");")).counts.failed, 1);
  const late = await runContent(t, "test(\"a\", () => {}); process.on(\"exit\", () => { process.exitCode = 4; });");
  assert.deepEqual(late.counts, { passed: 1, failed: 1, skipped: 0 });
});

test("a file without a test fails", async (t) => {
  const { counts, text } = await runContent(t, "");
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(text, /no test ran/);
});

test("what failed is told again after the last file", async (t) => {
  const { text } = await runContents(t, { "x.test.mjs": "test(\"breaks\", () => { throw new Error(\"boo\"); });", "y.test.mjs": "test(\"a\", () => {});" });
  const [told, again] = text.split("\nFailed:\n");
  assert.match(told, /y\.test\.mjs: 1 passed/);
  assert.match(again, /^✗ +[\d.]+ s {2}x\.test\.mjs: 0 passed, 1 failed\n {2}✗ breaks\n {4}Error: boo[^]*\n\n2 files, 0 tests skipped\n$/);
});
