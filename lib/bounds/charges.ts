/** Bits: what it costs to name one classifier among all that could have been named. */
import { requireInteger, requireNumber } from "../support/checks.js";
import type { Charge, Choice } from "./situation.js";

/**
 * Length of a prefix-free code for a file of `bits` bits: bits + 2 log2(bits) + 1. There are 2^C files of C bits, so Kraft's sum is
 * at most sum over C of 1 / (2 C^2) = pi^2 / 12 < 1; without the last bit, as it is often written (Lotfi et al. 2022), it is 1.64.
 */
export function prefixFreeBits(bits: number): number {
  requireNumber("prefixFreeBits", "bits", bits, 0);
  return bits + 2 * Math.log2(Math.max(1, bits)) + 1;
}

/** Bits that name each searched setting among its candidates. @throws {RangeError} for a number of candidates below 1. */
export const choiceCharges = (choices: readonly Choice[]): Charge[] => choices.map(({ name, candidates }) =>
  ({ what: name, bits: Math.log2(requireInteger("choiceCharges", `candidates of ${name}`, candidates, 1)) }));

/** Sum of charges, in bits. */
export const sumBits = (charges: readonly Charge[]): number => charges.reduce((sum, { bits }) => sum + bits, 0);

/** Bits in nats. */
export const natsOf = (bits: number): number => bits * Math.LN2;
