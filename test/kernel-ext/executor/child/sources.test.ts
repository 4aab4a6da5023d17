import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";
import { readFrames } from "../../../../kernel-ext/executor/child/frames.js";
import { installStacks, KEPT, registerCell, sourceShownAs } from "../../../../kernel-ext/executor/child/sources.js";
import { identityMap } from "../maps.js";

installStacks();

/** The frames of what a function of the cell throws. */
function framesOf(throws: () => void): string[] {
  try {
    throws();
  } catch (error) {
    return readFrames(error instanceof Error ? error.stack ?? "" : "").map(({ name, file, line, origin }) => `${name} ${file}:${line} ${String(origin)}`);
  }
  return [];
}

test(`the newest ${KEPT} cells keep their lines, and older ones their names`, () => {
  const text = "(function thrower() {\n  throw new Error('x');\n})";
  const file = registerCell("In[1]", 1, text, identityMap(text));
  const thrower: () => void = vm.runInThisContext(text, { filename: file });
  assert.equal(framesOf(thrower)[0], "thrower In[1]:2 user");
  for (let cell = 2; cell <= KEPT + 1; cell++) registerCell(`In[${cell}]`, cell, "x", identityMap("x"));
  assert.equal(sourceShownAs("In[1]"), undefined);
  assert.equal(sourceShownAs("In[2]")?.text, "x");
  assert.equal(framesOf(thrower)[0], "thrower In[1]:0 user");
});
