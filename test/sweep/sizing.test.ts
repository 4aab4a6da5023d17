import assert from "node:assert/strict";
import { test } from "node:test";
import { sizingFor, thisMachine } from "../../lib/sweep/sizing.js";

const machine = { cores: 8, memory: 16e9 };

test("one process a core, fewer where memory or jobs are few, and the cores are shared out as threads", () => {
  assert.deepEqual(sizingFor(machine, { jobs: 100, memory: 1e9 }), { processes: 8, threads: 1, limit: "cores" });
  assert.deepEqual(sizingFor(machine, { jobs: 100, memory: 4e9 }), { processes: 3, threads: 2, limit: "memory" });
  assert.deepEqual(sizingFor(machine, { jobs: 2, memory: 1e9 }), { processes: 2, threads: 4, limit: "jobs" });
  assert.deepEqual(sizingFor(machine, { jobs: 100, memory: 99e9 }), { processes: 1, threads: 8, limit: "memory" }, "one is tried all the same");
  assert.deepEqual(sizingFor(machine, { jobs: 100, memory: null, asked: { threads: 4 } }), { processes: 2, threads: 4, limit: "cores" });
  assert.deepEqual(sizingFor(machine, { jobs: 100, memory: 4e9, asked: { processes: 4 } }), { processes: 4, threads: 2, limit: "asked" });
});

test("processes and threads are never more than there are cores, whatever is asked", () => {
  assert.throws(() => sizingFor(machine, { jobs: 9, memory: null, asked: { processes: 4, threads: 3 } }), /must be at most the 8 cores, got 4 x 3/);
  for (const jobs of [1, 3, 7, 50]) {
    for (const memory of [null, 1e9, 3e9, 9e9]) {
      const { processes, threads } = sizingFor(machine, { jobs, memory });
      assert.ok(processes >= 1 && threads >= 1 && processes * threads <= machine.cores, `${processes} x ${threads}`);
      assert.ok(memory === null || processes === 1 || processes * memory <= machine.memory);
    }
  }
});

test("this machine has cores and memory", () => {
  const { cores, memory } = thisMachine();
  assert.ok(cores >= 1 && memory > 1e6);
});
