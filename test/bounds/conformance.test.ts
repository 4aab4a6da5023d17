import assert from "node:assert/strict";
import test from "node:test";
import { boundDefinitions, bounds, evaluateBound, type BoundDefinition, type Situation } from "../../lib/bounds/index.js";
import { moreDimensions, moreRows, situation } from "./situations.js";

/** What does not depend on d at all: for contrast. */
const flat = ["parameter-count", "norm"];
const contrast = flat;

const valueOf = (definition: BoundDefinition, given: Situation): number => {
  const bound = evaluateBound(definition, given);
  assert.ok(bound !== null);
  return bound.value;
};

const rises = (values: number[]): boolean => values.every((value, i) => i === 0 || value > values[i - 1]);

for (const definition of boundDefinitions) {
  const { name } = definition;

  test(`${name}: its terms add up, none is negative, and the training error is among them`, () => {
    const bound = evaluateBound(definition, situation())!;
    assert.ok(Math.abs(bound.terms.reduce((sum, { value }) => sum + value, 0) - bound.value) < 1e-12 * bound.value);
    assert.ok(bound.terms.every(({ value }) => value >= 0));
    assert.equal(bound.terms[0].name, "training error");
    assert.equal(new Set(bound.terms.map((term) => term.name)).size, bound.terms.length);
  });

  test(`${name}: says its confidence, its rows, its source, and what it charged`, () => {
    const bound = evaluateBound(definition, situation({ delta: 0.01 }))!;
    assert.equal(bound.confidence, 0.99);
    assert.ok(bound.rows > 0 && bound.source.length > 10 && bound.title.length > 5);
    assert.ok(Math.abs(bound.charged.reduce((sum, { bits }) => sum + bits, 0) - bound.chargedBits) < 1e-9);
    assert.ok(bound.charged.some(({ what, bits }) => what === "d" && bits === Math.log2(6)));
  });

  test(`${name}: falls with the rows`, () => {
    assert.ok(rises([64, 16, 4, 2, 1].map((factor) => valueOf(definition, moreRows(factor)))));
  });

  test(`${name}: rises with the confidence asked for`, () => {
    assert.ok(rises([0.5, 0.1, 0.05, 1e-3, 1e-9].map((delta) => valueOf(definition, situation({ delta })))));
  });

  test(`${name}: ${flat.includes(name) ? "is the same for every d" : "rises with d"}`, () => {
    const values = [1, 2, 5, 20].map((factor) => valueOf(definition, moreDimensions(factor)));
    assert.ok(flat.includes(name) ? new Set(values).size === 1 : rises(values), values.join(", "));
  });

  test(`${name}: rises with every searched choice, and one candidate costs nothing`, () => {
    const of = (candidates: number): number => valueOf(definition, situation({ choices: [{ name: "seed", candidates }] }));
    assert.ok(rises([1, 2, 1000, 1e6].map(of)));
    assert.equal(of(1), valueOf(definition, situation({ choices: [] })));
  });

  test(`${name}: is above the error that was measured`, () => {
    const given = situation();
    assert.ok(valueOf(definition, given) > Math.min(given.error, given.split!.error));
  });

  test(`${name}: is ${contrast.includes(name) ? "vacuous here" : "not vacuous here"}`, () => {
    assert.equal(evaluateBound(definition, situation())!.vacuous, contrast.includes(name));
  });

  test(`${name}: is vacuous where the labels are random`, () => {
    const half = situation({ error: 0.5, chance: 0.5, subsample: { rows: 2000, error: 0.5 }, split: { rows: 30_000, error: 0.5, codeBits: 300 } });
    assert.equal(evaluateBound(definition, half)!.vacuous, true);
  });
}

test("a bound is left out where the situation lacks what it needs", () => {
  const names = (given: Situation): string[] => bounds(given).map(({ name }) => name);
  assert.deepEqual(names(situation()), boundDefinitions.map(({ name }) => name));
  assert.deepEqual(names(situation({ norms: undefined, split: undefined, subsample: undefined })),
    ["occam", "catoni", "mcallester", "finite-class", "parameter-count"]);
});

test("numbers out of range are refused by name", () => {
  const refused: [Partial<Situation>, RegExp][] = [
    [{ rows: 0 }, /evaluateBound: rows must be an integer of at least 1, got 0/], [{ error: 1.2 }, /error must be a number in \[0, 1\], got 1.2/],
    [{ delta: 0 }, /delta must be a number in/], [{ codeBits: 100 }, /codeBits must be a number of at least 128, got 100/],
    [{ choices: [{ name: "d", candidates: 0 }] }, /candidates of d must be an integer of at least 1, got 0/],
  ];
  for (const [given, message] of refused) assert.throws(() => bounds(situation(given)), message);
});
