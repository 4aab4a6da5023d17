/** The parameters by what happens to them: moved (through P, or all by themselves), free (the head's own training) or frozen. */
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../support/checks.js";
import { shapesOf, totalSize, type NamedTensors } from "../support/tensors.js";
import type { Budget, HeadPolicy } from "./types.js";

export interface Parts {
  moved: NamedTensors;
  free: NamedTensors;
  frozen: NamedTensors;
}

/** Divides theta0 by the head's policy. @throws {UsageError} if a head's name is not there, or nothing is left to move. */
export function partsOf(parameters: NamedTensors, headNames: readonly string[], policy: HeadPolicy): Parts {
  const missing = headNames.find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined) throw new UsageError(`makeReparameterisation: headNames must name parameters, got "${missing}".`);
  const pick = (isHead: boolean): NamedTensors =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => headNames.includes(name) === isHead));
  if (policy === "projected") return { moved: parameters, free: {}, frozen: {} };
  const moved = pick(false), head = pick(true);
  if (Object.keys(moved).length === 0) throw new UsageError("makeReparameterisation: parameters must hold more than the head.");
  return policy === "free" ? { moved, free: head, frozen: {} } : { moved, free: {}, frozen: head };
}

/** How many scalars tensors hold. */
export const countOf = (tensors: NamedTensors): number => totalSize(shapesOf(tensors));

/** The budget of `counted` numbers beside the free head. */
export function budgetOf(counted: number, { free }: Parts): Budget {
  const freeCount = countOf(free);
  return { counted, free: freeCount, total: counted + freeCount };
}

/** The tensors named in `names`, as new handles on the same memory. */
export const handles = (tensors: NamedTensors, names: Iterable<string>): NamedTensors =>
  Object.fromEntries([...names].map((name) => [name, tf.clone(tensors[name]!)]));

/** theta in theta0's order: theta0 + change where something is moved, the trained value where free, theta0 where frozen. */
export function assemble(theta0: NamedTensors, { change, free }: { change: NamedTensors; free: NamedTensors }): NamedTensors {
  const moved = Object.entries(theta0).flatMap(([name, start]) => (change[name] === undefined ? [] : [[name, tf.add(start, change[name])]]));
  return inOrder(theta0, { moved: Object.fromEntries(moved), free });
}

/** theta in theta0's order: `moved`, which is handed on, new handles on what is free, and on theta0 where there is neither. */
export const inOrder = (theta0: NamedTensors, { moved, free }: { moved: NamedTensors; free: NamedTensors }): NamedTensors =>
  Object.fromEntries(Object.entries(theta0).map(([name, start]) => [name, moved[name] ?? tf.clone(free[name] ?? start)]));
