/**
 * A problem whose true error is known: x is Gaussian in the plane, y the side of a line through 0, turned over with probability 0.1. The
 * classifiers are 256 lines, so 8 bits name one; that with the fewest errors is taken. Its true error is 0.1 + 0.8 angle / pi.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { boundDefinitions, evaluateBound, type Situation } from "../../lib/bounds/index.js";
import { gaussians, splitSeed, uniforms } from "../../lib/support/random.js";

const lines = 256, noise = 0.1, trueAngle = 0.7, rows = 60, delta = 0.05, draws = 1000;

const angleOf = (line: number): number => (2 * Math.PI * line) / lines;
const normalOf = (angle: number): [number, number] => [Math.cos(angle), Math.sin(angle)];
const normals = Array.from({ length: lines }, (_unused, line) => normalOf(angleOf(line)));

interface Draw { best: number; error: number; trueError: number }

/** Errors of every line on one sample; the best of them. */
function draw(seed: number, noiseRate: number): Draw {
  const x = gaussians(2 * rows, seed), flip = uniforms(rows, seed);
  const side = (row: number, [a, b]: [number, number]): boolean => x[2 * row] * a + x[2 * row + 1] * b > 0;
  const labels = Array.from({ length: rows }, (_unused, row) => side(row, normalOf(trueAngle)) !== (flip[row] < noiseRate));
  const errors = normals.map((normal) => labels.filter((label, row) => side(row, normal) !== label).length / rows);
  const best = errors.indexOf(Math.min(...errors));
  const turn = Math.abs(Math.atan2(Math.sin(angleOf(best) - trueAngle), Math.cos(angleOf(best) - trueAngle)));
  return { best, error: errors[best], trueError: noiseRate + (1 - 2 * noiseRate) * (turn / Math.PI) };
}

/** 8 bits of code, as a file would hold them, and nothing else; z is one number of 256 levels. */
const situationOf = ({ error }: Draw): Situation =>
  ({ rows, error, delta, dimension: 1, levels: lines, codebookBits: 0, codeBits: 8, choices: [], chance: 0.5, parameters: 2 });

const sample = (noiseRate: number, count: number): Draw[] =>
  Array.from({ length: count }, (_unused, i) => draw(splitSeed(20, `draw ${i} at ${noiseRate}`), noiseRate));

const draws10 = sample(noise, draws), random = sample(0.5, 200);

for (const definition of boundDefinitions) {
  if (evaluateBound(definition, situationOf(draws10[0])) === null) continue;

  test(`${definition.name}: over ${draws} draws the true error is below the bound at least 95 times in 100`, () => {
    const covered = draws10.filter((one) => one.trueError <= evaluateBound(definition, situationOf(one))!.value).length;
    assert.ok(covered / draws >= 1 - delta, `${covered} of ${draws}`);
  });

  test(`${definition.name}: is vacuous on random labels, over 200 draws`, () => {
    const claims = random.filter((one) => !evaluateBound(definition, situationOf(one))!.vacuous).length;
    assert.ok(claims / random.length <= delta, `${claims} of ${random.length} claim something`);
  });
}

test("the training error alone does not cover: the problem can tell a bound from none", () => {
  const covered = draws10.filter(({ trueError, error }) => trueError <= error).length;
  assert.ok(covered / draws < 0.5, `${covered} of ${draws}`);
});

test("a subsample of the rows covers too", () => {
  const definition = boundDefinitions.find(({ name }) => name === "subsampled")!;
  const covered = draws10.filter((one, i) => {
    const picks = uniforms(30, splitSeed(21, `picks ${i}`)), drawn = picks.filter((value) => value < one.error).length / 30;
    return one.trueError <= evaluateBound(definition, { ...situationOf(one), subsample: { rows: 30, error: drawn } })!.value;
  }).length;
  assert.ok(covered / draws >= 1 - delta, `${covered} of ${draws}`);
});

test("a prior from other rows covers too", () => {
  const definition = boundDefinitions.find(({ name }) => name === "split-prior")!;
  const covered = draws10.filter((one) =>
    one.trueError <= evaluateBound(definition, { ...situationOf(one), split: { rows, error: one.error, codeBits: 8 } })!.value).length;
  assert.ok(covered / draws >= 1 - delta, `${covered} of ${draws}`);
});
