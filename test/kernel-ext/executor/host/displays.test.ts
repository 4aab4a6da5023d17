import assert from "node:assert/strict";
import test from "node:test";
import { createDisplays, DISPLAYED, DISPLAYS, type Displays } from "../../../../kernel-ext/executor/host/displays.js";

interface Recording {
  displays: Displays;
  shown: string[];
  notes: string[];
  show(text: string, displayId?: string): void;
}

function recording(): Recording {
  const [shown, notes]: [string[], string[]] = [[], []];
  const displays = createDisplays(({ bundle }) => shown.push(String(bundle.data["text/plain"])), (cell, text) => notes.push(`${cell} ${text}`));
  const show = (text: string, displayId?: string): void => displays.show({
    type: "display", cell: 1, bundle: { data: { "text/plain": text }, metadata: {} }, update: displayId !== undefined,
    ...(displayId === undefined ? {} : { displayId }),
  });
  return { displays, shown, notes, show };
}

test("a cell that displays without end shows the first outputs, and says how many it dropped", () => {
  const { displays, shown, notes, show } = recording();
  for (let i = 0; i < DISPLAYS + 1_234; i++) show(`${i}`);
  assert.equal(shown.length, DISPLAYS);
  displays.finish(1);
  assert.match(notes.join("|"), /^1 \.\.\. 1,234 outputs were dropped: a cell may display 2,000, of 256 MB in all\.[^|]*$/);
});

test("few outputs may be too large in all", () => {
  const { displays, shown, notes, show } = recording();
  const large = "x".repeat(DISPLAYED / 4);
  for (let i = 0; i < 6; i++) show(large);
  displays.finish(1);
  assert.equal(shown.length, 4);
  assert.match(notes.join(), /^1 \.\.\. 2 outputs were dropped/);
});

test("updates beyond what one can watch wait for each other, the last one is always shown, and outputs keep their room", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { displays, shown, notes, show } = recording();
  for (let i = 0; i < DISPLAYS; i++) show(`${i}`, "bar");
  assert.equal(shown.length, DISPLAYS);
  for (let i = 0; i < 500; i++) show(`late ${i}`, i % 2 === 0 ? "bar" : "chart");
  t.mock.timers.tick(100);
  assert.deepEqual(shown.slice(DISPLAYS), ["late 498", "late 499"]);
  show("last", "bar");
  show("figure");
  displays.finish(1);
  assert.deepEqual(shown.slice(DISPLAYS + 2), ["figure", "last"]);
  assert.deepEqual(notes, []);
});

test("what a cell displays after its end counts too, and is told once", () => {
  const { displays, notes, show } = recording();
  for (let i = 0; i < DISPLAYS; i++) show("x");
  displays.finish(1);
  for (let i = 0; i < 3; i++) show("more");
  assert.deepEqual(notes, ["1 ... what this cell goes on displaying is dropped ...\n"]);
});
