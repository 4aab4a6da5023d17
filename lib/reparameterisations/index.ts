/** Reparameterisations by method: what is trained in place of all parameters. */
import { headPoliciesOf } from "../records/methods.js";
import { UsageError, shown } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import { didReparameterisation } from "./did.js";
import { fullReparameterisation } from "./full.js";
import { ia3Reparameterisation } from "./ia3.js";
import { learnedReparameterisation } from "./learned.js";
import { loraReparameterisation } from "./lora.js";
import { saidReparameterisation } from "./said.js";
import { bitfitReparameterisation, headReparameterisation } from "./selective.js";
import type { HeadPolicy, Method, Reparameterisation, ReparameterisationOptions } from "./types.js";
import { uniLoraReparameterisation } from "./uni-lora.js";

export { budgetFor, spaceDimension, type BudgetQuestion } from "./budget.js";
export { IA3_TARGETS } from "./ia3.js";
export { LORA_TARGETS } from "./low-rank.js";
export { ROLES as targetRoles } from "./targets.js";
export type { Budget, HeadPolicy, Method, Reparameterisation, ReparameterisationOptions } from "./types.js";

const MAKERS: Record<Method, (options: ReparameterisationOptions) => Reparameterisation> = {
  full: fullReparameterisation,
  did: didReparameterisation,
  said: saidReparameterisation,
  lora: loraReparameterisation,
  "uni-lora": uniLoraReparameterisation,
  ia3: ia3Reparameterisation,
  bitfit: bitfitReparameterisation,
  head: headReparameterisation,
  learned: learnedReparameterisation,
};
const POLICIES: Record<HeadPolicy, true> = { projected: true, free: true, frozen: true };
/** Names of what is trained beside parameters. */
const RESERVED = ["z", "lambda"];

/**
 * The reparameterisation of `options.method`; see each method's file for its formula.
 * @throws {UsageError} on an unknown method or head policy, one that the method does not have, a d out of range, targets
 * that the model lacks, or (said) a d that its lambdas use up.
 */
export function makeReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  requireKey("method", options.method, MAKERS);
  const headPolicy = requireHeadPolicy(options.method, options.headPolicy ?? headPoliciesOf(options.method)[0]!);
  const reserved = RESERVED.find((name) => Object.hasOwn(options.parameters, name));
  if (reserved !== undefined) {
    throw new UsageError(`makeReparameterisation: parameters must not be called ${reserved}: that is what is trained.`);
  }
  return MAKERS[options.method]({ ...options, headPolicy });
}

/** `policy`. @throws {UsageError} if it is no head policy, or none that `method` can follow. */
export function requireHeadPolicy(method: Method, policy: HeadPolicy): HeadPolicy {
  requireKey("headPolicy", policy, POLICIES);
  const allowed = headPoliciesOf(method);
  if (allowed.includes(policy)) return policy;
  const reason = method === "head" ? "there is nothing else to train" : "a projected head needs a subspace that it can lie in";
  throw new UsageError(`${method}: the head must be ${allowed.join(" or ")}, got ${shown(policy)}: ${reason}.`);
}

function requireKey(argument: string, value: string, known: object): void {
  const names = Object.keys(known);
  if (names.includes(value)) return;
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  throw new UsageError(`makeReparameterisation: ${argument} must be one of ${names.join(", ")}, got ${shown(value)}.${hint}`);
}
