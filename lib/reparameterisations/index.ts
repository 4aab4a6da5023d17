/** Reparameterisations by method: what is trained in place of all parameters. */
import { UsageError, shown } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import { didReparameterisation } from "./did.js";
import { fullReparameterisation } from "./full.js";
import { saidReparameterisation } from "./said.js";
import type { HeadPolicy, Method, Reparameterisation, ReparameterisationOptions } from "./types.js";

export type { Budget, HeadPolicy, Method, Reparameterisation, ReparameterisationOptions } from "./types.js";

const MAKERS: Record<Method, (options: ReparameterisationOptions) => Reparameterisation> = {
  full: fullReparameterisation,
  did: didReparameterisation,
  said: saidReparameterisation,
};
const POLICIES: Record<HeadPolicy, true> = { projected: true, free: true, frozen: true };
/** Names of what is trained beside parameters. */
const RESERVED = ["z", "lambda"];

/**
 * The reparameterisation of `options.method`; see each method's file for its formula.
 * @throws {UsageError} on an unknown method or head policy, a d out of range, or (said) a d that its lambdas use up.
 */
export function makeReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  requireKey("method", options.method, MAKERS);
  requireKey("headPolicy", options.headPolicy ?? "projected", POLICIES);
  const reserved = RESERVED.find((name) => Object.hasOwn(options.parameters, name));
  if (reserved !== undefined) {
    throw new UsageError(`makeReparameterisation: parameters must not be called ${reserved}: that is what is trained.`);
  }
  return MAKERS[options.method](options);
}

function requireKey(argument: string, value: string, known: object): void {
  const names = Object.keys(known);
  if (names.includes(value)) return;
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  throw new UsageError(`makeReparameterisation: ${argument} must be one of ${names.join(", ")}, got ${shown(value)}.${hint}`);
}
