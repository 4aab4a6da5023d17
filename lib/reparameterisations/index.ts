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
  const allowed = headPoliciesOf(options.method), headPolicy = options.headPolicy ?? allowed[0]!;
  requireKey("headPolicy", headPolicy, POLICIES);
  if (!allowed.includes(headPolicy)) {
    throw new UsageError(`${options.method}: the head must be ${allowed.join(" or ")}, got ${shown(headPolicy)}: `
      + "a projected head needs a subspace that it can lie in.");
  }
  const reserved = RESERVED.find((name) => Object.hasOwn(options.parameters, name));
  if (reserved !== undefined) {
    throw new UsageError(`makeReparameterisation: parameters must not be called ${reserved}: that is what is trained.`);
  }
  return MAKERS[options.method]({ ...options, headPolicy });
}

function requireKey(argument: string, value: string, known: object): void {
  const names = Object.keys(known);
  if (names.includes(value)) return;
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  throw new UsageError(`makeReparameterisation: ${argument} must be one of ${names.join(", ")}, got ${shown(value)}.${hint}`);
}
