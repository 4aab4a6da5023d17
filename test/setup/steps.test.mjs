import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { SetupProblem } from "../../setup/support/problems.mjs";
import { setUp, stepLine } from "../../setup/support/steps.mjs";
import { temporaryProject } from "./project.mjs";

/** A step that notes what happens to it; `finished` tells whether there is nothing to do. */
function step(name, after, log, { finished = false, fails = false, sticks = false } = {}) {
  let done = finished;
  return {
    name, after,
    state: () => ({ todo: done ? "" : "not done", detail: "d" }),
    async run() {
      log.push(`${name} begins`);
      await new Promise((resolve) => { setImmediate(resolve); });
      if (fails) throw new SetupProblem({ what: `${name} is broken.`, remedy: "mend it" });
      done = !sticks;
      log.push(`${name} ends`);
    },
  };
}

test("a step begins when those it waits for have ended, others at once", async (t) => {
  const log = [];
  await setUp(temporaryProject(t), [step("a", [], log), step("b", [], log), step("c", ["a", "b"], log)]);
  assert.deepEqual(log.slice(0, 2).toSorted(), ["a begins", "b begins"]);
  assert.deepEqual(log.slice(-2), ["c begins", "c ends"]);
});

test("what is finished is not done again, and takes no lock", async (t) => {
  const project = temporaryProject(t);
  const log = [];
  const steps = [step("a", [], log, { finished: true }), step("b", ["a"], log)];
  await setUp(project, steps);
  await setUp(project, steps);
  assert.deepEqual(log, ["b begins", "b ends"]);
  assert.equal(existsSync(join(project.state, "setup.lock")), false);
});

test("a failure keeps the steps that wait for it from running, and the others go on", async (t) => {
  const log = [];
  const steps = [step("a", [], log, { fails: true }), step("b", ["a"], log), step("c", [], log)];
  await assert.rejects(setUp(temporaryProject(t), steps), /a is broken\.\n {2}do: {2}mend it/);
  assert.deepEqual(log.toSorted(), ["a begins", "c begins", "c ends"]);
});

test("a step that did its work in vain is a problem", async (t) => {
  await assert.rejects(setUp(temporaryProject(t), [step("a", [], [], { sticks: true })]), /a: still not done after the step was run/);
});

test("a line has a mark, a name, a time and what there is", () => {
  assert.equal(stepLine("✓", "TensorFlow", "2.21.0", 12_345), "  ✓ TensorFlow             12.3 s  2.21.0");
  assert.equal(stepLine("✓", "TensorFlow", "2.21.0", 1.2), "  ✓ TensorFlow               1 ms  2.21.0");
});
