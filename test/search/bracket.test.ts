import assert from "node:assert/strict";
import { test } from "node:test";
import { bracketOf, nextPosition, type Status, violationsOf } from "../../lib/search/bracket.js";

const letters: Record<string, Status> = { r: "reaches", f: "fails", o: "open" };
const statuses = (text: string): Status[] => [...text].map((letter) => letters[letter]!);

/** Searches a crossing (size: none reaches). @returns the bracket and the number of positions tried. */
function findCrossing(size: number, crossing: number, start: number, stride: number) {
  const known: Status[] = Array.from({ length: size }, () => "open");
  for (let tries = 0; ; tries++) {
    const position = nextPosition(bracketOf(known), size, { start, stride });
    if (position === null) return { ...bracketOf(known), tries };
    assert.equal(known[position], "open", "a position is tried once");
    known[position] = position >= crossing ? "reaches" : "fails";
  }
}

test("every crossing of every size is found from every start", () => {
  for (const size of [1, 2, 3, 7, 16, 33]) {
    for (let crossing = 0; crossing <= size; crossing++) {
      for (let start = 0; start < size; start++) {
        const { lower, upper } = findCrossing(size, crossing, start, 1 + (start % 9));
        assert.equal(upper, crossing === size ? null : crossing);
        assert.equal(lower, crossing === 0 ? null : crossing - 1);
      }
    }
  }
});

test("the number of tries grows with the logarithm of the distance", () => {
  for (const size of [64, 128, 1024]) {
    for (let crossing = 0; crossing <= size; crossing++) {
      const { tries } = findCrossing(size, crossing, 16, 8);
      const distance = Math.max(8, Math.abs(crossing - 16));
      assert.ok(tries <= 2 * Math.ceil(Math.log2(distance)) + 2, `${tries} tries at distance ${distance}`);
    }
  }
});

test("a start beside the crossing settles it in two tries", () => {
  assert.deepEqual(findCrossing(64, 20, 20, 1), { lower: 19, upper: 20, tries: 2 });
  assert.deepEqual(findCrossing(64, 21, 20, 1), { lower: 20, upper: 21, tries: 2 });
});

test("upper is the smallest position that reaches, and failures above it are violations", () => {
  assert.deepEqual(bracketOf(statuses("ofroofro")), { lower: 1, upper: 2 });
  assert.deepEqual(violationsOf(statuses("ofroofro")), [5]);
  assert.deepEqual(bracketOf(statuses("ooroof")), { lower: null, upper: 2 });
  assert.deepEqual(violationsOf(statuses("oofofo")), []);
  assert.deepEqual(bracketOf(statuses("ooo")), { lower: null, upper: null });
});

test("any pattern of answers, monotone or not, ends with neighbours or at an end", () => {
  for (let pattern = 0; pattern < 2 ** 10; pattern++) {
    const known: Status[] = Array.from({ length: 10 }, () => "open");
    let tries = 0;
    for (let p = nextPosition(bracketOf(known), 10, { start: 4, stride: 2 }); p !== null; tries++) {
      known[p] = pattern >> p & 1 ? "reaches" : "fails";
      p = nextPosition(bracketOf(known), 10, { start: 4, stride: 2 });
    }
    const { lower, upper } = bracketOf(known);
    assert.ok(tries <= 10);
    assert.ok(upper === null ? lower === 9 : upper === 0 || lower === upper - 1);
  }
});
