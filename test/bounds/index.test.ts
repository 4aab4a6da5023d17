import assert from "node:assert/strict";
import test from "node:test";
import { boundDefinitions, bounds, certificateBound } from "../../lib/bounds/index.js";
import { situation } from "./situations.js";

test("no two bounds share a name, and the certificate's comes first", () => {
  assert.equal(new Set(boundDefinitions.map(({ name }) => name)).size, boundDefinitions.length);
  assert.equal(bounds(situation())[0].name, certificateBound.name);
});

test("SST-2 at d = 300 and 3 bits with a training error of 0.15 is certified below 0.25", () => {
  const [certificate] = bounds(situation());
  assert.ok(certificate.value < 0.25 && certificate.value > 0.15, String(certificate.value));
});

test("the figures of the plan: MRPC at 4 bits says nothing, QQP at d = 774 does (finite class, no codebook, no choices)", () => {
  const gap = (rows: number, dimension: number, levels: number): number => {
    const given = { rows, error: 0, dimension, levels, codebookBits: 0, codeBits: 0, choices: [], chance: 0.3, parameters: 1e8 };
    return bounds(given).find(({ name }) => name === "finite-class")!.value;
  };
  assert.ok(Math.abs(gap(3668, 207, 16) - 0.28) < 0.002, String(gap(3668, 207, 16)));
  assert.ok(Math.abs(gap(363_846, 774, 2 ** 16) - 0.109) < 0.001);
  assert.ok(Math.abs(gap(363_846, 774, 16) - 0.054) < 0.001);
});
