/** Where the learning rate of each method begins, when none is named. */
import type { Method } from "../records/record.js";
import type { DirectionsInfo } from "../training/directions.js";
import { spaceOf, type SessionFacts } from "./configurations.js";
import { rateAt, type RateRule } from "./rates.js";
import type { Settings, SubspaceMethod } from "./settings.js";

/**
 * Rates of the methods without a d, as multiples of full fine-tuning's. Papers and users train LoRA and BitFit at about ten
 * times its rate (Hu et al. 2021, tables D.2 and D.4; Ben Zaken et al. 2021, section 4), IA3's scales at 3e-3 and more (Liu et al. 2022,
 * section 3.3), and a linear head bears still more. Starting points, no optima.
 */
export const RATE_MULTIPLES: Readonly<Record<Exclude<Method, SubspaceMethod>, number>> = { full: 1, lora: 10, bitfit: 10, ia3: 100, head: 50 };

/** Updates of one training. */
export const updatesOf = ({ data }: SessionFacts, { epochs, batchSize }: Settings): number => epochs * Math.ceil(data.train.length / batchSize);

/**
 * The rule of rates of a method with a d: lr(d) = c lr(full) sqrt(D / d), D being the dimension of the space that z moves in.
 * A learned subspace has no useless directions, so nothing needs to be made up for by length: there the rate is the one with
 * which Adam goes the whole way of the fine-tuning that it was learned from in a quarter of the updates (the schedule halves the
 * sum of the rates), 8 reach / updates / sqrt(d), written in the same form.
 */
export function rateRuleOf(session: SessionFacts, settings: Settings, { method, directions }:
  { method: SubspaceMethod; directions?: DirectionsInfo | null }): RateRule {
  const fullRate = settings.fullRates[0]!;
  const ambientDimension = method === "uni-lora" ? spaceOf(session, settings, method) : session.records.model.parameters;
  if (method !== "learned") return { fullRate, rateMultiplier: settings.rateMultiplier, ambientDimension };
  const reach = directions?.reach ?? 1;
  const rateMultiplier = (8 * reach) / updatesOf(session, settings) / fullRate / Math.sqrt(ambientDimension);
  return { fullRate, rateMultiplier: Number(rateMultiplier.toPrecision(3)), ambientDimension };
}

/** The rate that a method begins with. */
export function startRate(session: SessionFacts, settings: Settings, plan: { method: Method; d: number | null; directions?: DirectionsInfo | null }): number {
  const { method, d, directions } = plan;
  if (method === "did" || method === "said" || method === "uni-lora" || method === "learned") {
    return rateAt(rateRuleOf(session, settings, { method, directions }), d ?? 1, 0);
  }
  return Number((settings.fullRates[0]! * RATE_MULTIPLES[method]).toPrecision(3));
}
