import assert from "node:assert/strict";
import test from "node:test";
import { choiceCharges, natsOf, prefixFreeBits, sumBits } from "../../lib/bounds/charges.js";

test("Kraft: over all files of up to 2^20 bits the prefix-free weights sum to less than 1", () => {
  let sum = 0;
  for (let bits = 1; bits <= 2 ** 20; bits++) sum += 2 ** (bits - prefixFreeBits(bits)); // 2^bits files, each 2^-prefixFreeBits
  assert.ok(sum < 1 && sum > 0.8, String(sum));
});

test("a choice among n costs log2 n bits", () => {
  const charges = choiceCharges([{ name: "d", candidates: 8 }, { name: "seed", candidates: 1 }]);
  assert.deepEqual(charges, [{ what: "d", bits: 3 }, { what: "seed", bits: 0 }]);
  assert.equal(sumBits(charges), 3);
  assert.equal(natsOf(3), 3 * Math.LN2);
});
