import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { heldMegabytes, processTree } from "../../bench/kernel/processes.js";
import { startClient } from "./client.js";

/** D90_CELLS=1000 runs them all. */
const CELLS = Number(process.env["D90_CELLS"] ?? 200);
/**
 * Megabytes that all processes may hold more at the end than after a fifth of the cells: garbage that is yet to be collected
 * (language/heap.ts limits the compiler's, V8 that of the process that runs cells), and a kilobyte of every cell.
 */
const GROWTH = 80;

const handlesOf = (pid: number): number => processTree(pid).reduce((sum, each) => sum + readdirSync(`/proc/${each}/fd`).length, 0);

/** Cells as a notebook that is worked on has them: declarations replaced, an import, output, an error now and then. */
const cellOf = (i: number): string => [
  `const values = Array.from({ length: 1_000 }, (_, j) => j * ${i}); values.length`,
  `class Point { constructor(readonly x: number, readonly y = ${i}) {} }\nnew Point(${i})`,
  `import { basename } from "node:path";\nconsole.log(basename("/cell/${i}"));`,
  `await new Promise((resolve) => setTimeout(resolve, 1)); throw new Error("cell ${i}");`,
][i % 4]!;

test(`${CELLS} cells leave neither processes nor handles, and hold no more memory`, { skip: process.platform !== "linux" && "/proc is needed" }, async () => {
  const client = await startClient();
  const pid = client.process.pid!;
  const measure = () => ({ processes: processTree(pid).length, handles: handlesOf(pid), megabytes: heldMegabytes(pid) });
  try {
    let before = measure();
    for (let i = 0; i < CELLS; i++) {
      const { reply } = await client.execute(cellOf(i));
      assert.equal(reply.content.status, i % 4 === 3 ? "error" : "ok", cellOf(i));
      client.forget();
      if (i === CELLS / 5) before = measure();
    }
    const after = measure();
    assert.equal(after.processes, before.processes);
    // A socket or a file may be on its way to be closed.
    assert.ok(after.handles <= before.handles + 3, `${before.handles} handles, then ${after.handles}`);
    const growth = after.megabytes - before.megabytes;
    assert.ok(growth < GROWTH, `expected less than ${GROWTH} MB more after ${CELLS} cells, got ${growth.toFixed(0)} MB`);
    console.log(`memory: ${before.megabytes.toFixed(0)} MB after a fifth of the cells, ${after.megabytes.toFixed(0)} MB after all`);
  } finally {
    await client.close();
  }
});
