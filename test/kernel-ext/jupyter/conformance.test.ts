import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { runPython, testFolder } from "./python.js";

/** All thirteen of jupyter_kernel_test 0.7.0, each by its name: of its KernelTests twelve, of its IopubWelcomeTests one. */
const NAMES = [
  "kernel_info", "execute_stdout", "execute_stderr", "completion", "is_complete", "pager", "error", "execute_result", "display_data",
  "history", "inspect", "clear_output", "recv_iopub_welcome_msg",
].map((name) => `test_${name}`);

interface Line {
  test: string;
  outcome: "passed" | "failed" | "skipped";
  detail: string;
}

test("jupyter_kernel_test passes, none of its tests skipped", async (context) => {
  const { stdout, stderr } = await runPython("python", [join(testFolder, "conformance.py")]);
  const lines = stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
  assert.ok(lines.length > 0, `nothing ran: ${stderr}`);
  for (const name of NAMES) {
    await context.test(name, () => {
      const own = lines.filter((line) => line.test === name);
      assert.deepEqual(own.map(({ outcome, detail }) => `${outcome} ${detail}`.trim()), ["passed"]);
    });
  }
  assert.deepEqual(lines.map((line) => line.test).filter((name) => !NAMES.includes(name)), []);
  const skipped = lines.filter(({ outcome }) => outcome === "skipped").length;
  context.diagnostic(`jupyter_kernel_test: ${lines.length} run, ${skipped} skipped`);
  assert.deepEqual([lines.length, skipped], [13, 0]);
});
