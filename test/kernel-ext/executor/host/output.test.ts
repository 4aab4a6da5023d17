import assert from "node:assert/strict";
import test from "node:test";
import { BUDGET, createOutput, TAIL, type Output } from "../../../../kernel-ext/executor/host/output.js";

function recording(): { output: Output; texts: string[] } {
  const texts: string[] = [];
  const output = createOutput((event) => { if (event.type === "stream") texts.push(`${event.cell} ${event.name} ${event.text}`); });
  return { output, texts };
}

test("small writes become one event", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { output, texts } = recording();
  for (let index = 0; index < 1_000; index++) output.text("stdout", 1, "x");
  assert.deepEqual(texts, []);
  t.mock.timers.tick(50);
  assert.deepEqual(texts, [`1 stdout ${"x".repeat(1_000)}`]);
});

test("another stream or cell sends what waits first", () => {
  const { output, texts } = recording();
  output.text("stdout", 1, "a");
  output.text("stderr", 1, "b");
  output.text("stderr", 2, "c");
  output.flush();
  assert.deepEqual(texts, ["1 stdout a", "1 stderr b", "2 stderr c"]);
});

test("a cell that prints too much shows its beginning, its end and what is missing", () => {
  const { output, texts } = recording();
  const total = 3 * BUDGET;
  for (let sent = 0; sent < total; sent += 64 * 1024) output.text("stdout", 1, "x".repeat(64 * 1024 - 1) + "\n");
  output.text("stdout", 1, "the end\n");
  output.finish(1);
  const shown = texts.map((text) => text.slice("1 stdout ".length)).join("");
  assert.ok(shown.length < BUDGET + TAIL + 200);
  assert.ok(shown.endsWith("\nthe end\n"));
  const dropped = (total + 8 - BUDGET - TAIL).toLocaleString("en-US");
  assert.ok(shown.includes(`\n... ${dropped} characters were dropped: a cell may print ${BUDGET.toLocaleString("en-US")} ...\n`));
});

test("what a cell prints after its end counts, too", () => {
  const { output, texts } = recording();
  output.text("stdout", 1, "x".repeat(BUDGET));
  output.finish(1);
  const before = texts.length;
  for (let index = 0; index < 3; index++) output.text("stdout", 1, "more");
  output.flush();
  assert.deepEqual(texts.slice(before), ["1 stdout \n... what this cell goes on printing is dropped ...\n"]);
});

test("each cell has a budget of its own", () => {
  const { output, texts } = recording();
  output.text("stdout", 1, "x".repeat(2 * BUDGET));
  output.finish(1);
  output.text("stdout", 2, "fine");
  output.finish(2);
  assert.equal(texts.at(-1), "2 stdout fine");
});
