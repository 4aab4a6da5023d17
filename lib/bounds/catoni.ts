import { codeCharges, type BoundDefinition } from "./define.js";

/** a: how finely the union over g steps, Lotfi et al.'s value. */
const step = 1e-4;

/**
 * The bound at one g: (1 - e^(-(g/m) q)) / (1 - e^(-g/m)), q = R_hat + (1 + a)/g [nats + 2 ln(2 + ln g / ln(1 + a))].
 * `nats` is KL + ln(1/delta). Holds for all g > 1 at once.
 */
export function catoniAt(g: number, { error, nats, rows }: { error: number; nats: number; rows: number }): number {
  const union = 2 * Math.log(2 + Math.log(g) / Math.log1p(step));
  const q = error + ((1 + step) / g) * (nats + union);
  return Math.expm1(-(g / rows) * q) / Math.expm1(-g / rows);
}

/** The smallest of catoniAt over g in (1, 50 m]: a grid in ln g, then golden sections around its best. */
export function catoniValue(situation: { error: number; nats: number; rows: number }): number {
  const at = (logG: number): number => catoniAt(Math.exp(logG), situation);
  const points = 200, low = 1e-9, high = Math.log(50 * situation.rows), width = (high - low) / points;
  let best = 0;
  for (let i = 1; i <= points; i++) if (at(low + i * width) < at(low + best * width)) best = i;
  return goldenMinimum(at, Math.max(low, low + (best - 1) * width), Math.min(high, low + (best + 1) * width));
}

/** Minimum of a function with one valley in [a, b]. */
function goldenMinimum(f: (x: number) => number, a: number, b: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 80; i++) {
    const left = b - ratio * (b - a), right = a + ratio * (b - a);
    if (f(left) < f(right)) b = right;
    else a = left;
  }
  return f((a + b) / 2);
}

/**
 * PAC-Bayes by Catoni 2007 (Lecture Notes-Monograph Series 56), theorem 1.2.8, with the prior 2^-C' as Lotfi et al. 2022
 * (arXiv 2211.13609) use it: minimised over g, whose union is in the formula.
 */
export const catoni: BoundDefinition = {
  name: "catoni",
  title: "PAC-Bayes compression, Catoni",
  source: "Catoni 2007; Lotfi et al. 2022",
  theorem: ({ rows, error, delta, codeBits }) => ({
    rows, error, confidenceNats: Math.log(1 / delta), description: codeCharges(codeBits), at: (nats) => catoniValue({ error, nats, rows }),
  }),
};
