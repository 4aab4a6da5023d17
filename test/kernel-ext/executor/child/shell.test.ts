import assert from "node:assert/strict";
import test from "node:test";
import { startHarness } from "../harness.js";

const { show, printed, run } = startHarness();

test("a command's output is the cell's, and its status the value", async () => {
  assert.equal(await show("await Jupyter.sh('echo out; echo err >&2')"), "0");
  assert.deepEqual([printed(), printed("stderr")], ["out\n", "err\n"]);
});

test("a failure prints its status and does not throw", async () => {
  assert.equal(await show("await Jupyter.sh('exit 3')"), "3");
  assert.equal(printed("stderr"), "exit status 3\n");
  assert.equal(await show("await Jupyter.sh('kill -TERM $$')"), "143");
  assert.equal(printed("stderr"), "ended by SIGTERM\n");
});

test("commands run in the user's folder, one after the other", async () => {
  await run("process.chdir('/'); await Jupyter.sh('pwd'); await Jupyter.sh('echo two'); console.log('three')");
  assert.equal(printed(), "/\ntwo\nthree\n");
});
