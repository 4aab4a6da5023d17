import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { beginStamp, clearStamp, fingerprintOf, finishStamp, readStamp, wasInterrupted } from "../../setup/support/stamps.mjs";
import { put, temporaryProject } from "./project.mjs";

test("work that was begun and not finished is seen", (t) => {
  const project = temporaryProject(t);
  assert.deepEqual([readStamp(project, "x"), wasInterrupted(project, "x")], [null, false]);
  beginStamp(project, "x");
  assert.deepEqual([readStamp(project, "x"), wasInterrupted(project, "x")], [null, true]);
  finishStamp(project, "x", { a: 1 });
  assert.deepEqual([readStamp(project, "x"), wasInterrupted(project, "x")], [{ a: 1 }, false]);
  beginStamp(project, "x");
  assert.equal(readStamp(project, "x"), null, "begun again: no longer finished");
  clearStamp(project, "x");
  assert.deepEqual([readStamp(project, "x"), wasInterrupted(project, "x")], [null, false]);
});

test("a damaged stamp counts as none", (t) => {
  const project = temporaryProject(t);
  put(project, ".d90/stamps/x.json", "{\"half\":");
  assert.equal(readStamp(project, "x"), null);
});

test("a fingerprint changes with any of its files, and where one is missing", (t) => {
  const project = temporaryProject(t);
  const files = ["a", "b"].map((name) => join(project.root, name));
  const seen = [fingerprintOf(files)];
  for (const [name, content] of [["a", "1"], ["b", "1"], ["b", "2"]]) {
    put(project, name, content);
    seen.push(fingerprintOf(files));
  }
  assert.equal(new Set(seen).size, 4);
  assert.equal(fingerprintOf(files), seen.at(-1));
});
