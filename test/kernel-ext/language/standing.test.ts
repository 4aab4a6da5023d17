import assert from "node:assert/strict";
import test from "node:test";
import { createStanding } from "../../../kernel-ext/language/standing.js";
import type { Conversion } from "../../../kernel-ext/language/types.js";

const cell: Conversion = {
  kind: "code", js: "1", map: "", isAsync: false, lastExpression: null, names: [], modules: [], timed: false, leavesNothing: true, stands: true,
};

/** A standing whose questions are counted. */
function counting(answer: Conversion | (() => Promise<Conversion>) = cell) {
  const standing = createStanding();
  let asked = 0;
  const convert = (code: string, scratch = false): Promise<Conversion> => standing.convert({ cell: 1, code, scratch }, () => {
    asked++;
    return typeof answer === "function" ? answer() : Promise.resolve(answer);
  });
  return { standing, convert, asked: () => asked };
}

test("a cell that comes again is not asked about again", async () => {
  const { convert, asked } = counting();
  assert.equal(await convert("a"), await convert("a"));
  assert.equal(asked(), 1);
  await convert("b");
  await convert("a");
  assert.equal(asked(), 3);
});

test("what was forgotten, also while it was asked about, is asked about again", async () => {
  const { standing, convert, asked } = counting();
  await convert("a");
  standing.forget();
  const pending = convert("a");
  standing.forget();
  await pending;
  await convert("a");
  assert.equal(asked(), 3);
});

test("rejected cells, cells that rest on files and scratch cells are asked about each time", async () => {
  const answers: Conversion[] = [{ ...cell, stands: false }, { kind: "rejected", diagnostics: [] }];
  for (const answer of answers) {
    const { convert, asked } = counting(answer);
    await convert("a");
    await convert("a");
    assert.equal(asked(), 2);
  }
  const { convert, asked } = counting();
  await convert("a", true);
  await convert("a", true);
  assert.equal(asked(), 2);
});

test("a question that fails is no answer", async () => {
  let fails = true;
  const { convert, asked } = counting(() => (fails ? Promise.reject(new Error("closed")) : Promise.resolve(cell)));
  await assert.rejects(convert("a"), /closed/);
  fails = false;
  assert.equal(await convert("a"), cell);
  assert.equal(asked(), 2);
});
