/** What every projection is: a linear map P from d coordinates to D weights, made from a seed. */
import { requireInteger, requireLength } from "../support/checks.js";

export type ProjectionName =
  | "dense" | "sparse" | "fastfood" | "fastfood-blocked" | "srht" | "srht-blocked" | "one-hot" | "kronecker";

export interface ProjectionOptions {
  /** D: how many weights P writes to. */
  ambientDimension: number;
  /** d: how many coordinates are trained; 1 <= d <= D. */
  intrinsicDimension: number;
  /** An integer in [0, 2^32); the same seed gives the same P, bit for bit, on every machine. */
  seed: number;
}

/**
 * P [D, d]. Its columns have norm 1 over all of theta (exactly, or in expectation over seeds), so that a step of 1 in z moves
 * theta by 1, whatever d and however theta is cut into tensors. E[P^T P] = I_d. Nothing differentiates through P: a
 * gradient g of the loss with respect to theta becomes P^T g.
 */
export interface Projection extends Readonly<ProjectionOptions> {
  readonly name: ProjectionName;
  /** P z [D] for z [d]; written to `out` if given. @throws {RangeError} on a wrong length. */
  apply(z: Float32Array, out?: Float32Array): Float32Array;
  /** P^T g [d] for g [D]; written to `out` if given. @throws {RangeError} on a wrong length. */
  adjoint(g: Float32Array, out?: Float32Array): Float32Array;
}

/** The two maps, of vectors that have the right lengths; `out` may hold anything before. */
export interface Maps {
  apply(z: Float32Array, out: Float32Array): void;
  adjoint(g: Float32Array, out: Float32Array): void;
}

/** The options as the formulas call them. @throws {RangeError} if not 1 <= d <= D. */
export function checkedOptions(where: string, options: ProjectionOptions): { D: number; d: number; seed: number } {
  const D = requireInteger(where, "ambientDimension", options.ambientDimension, 1, 2 ** 31);
  const d = requireInteger(where, "intrinsicDimension", options.intrinsicDimension, 1, D);
  return { D, d, seed: requireInteger(where, "seed", options.seed, 0, 2 ** 32 - 1) };
}

/** A projection from its maps: with checked lengths, and results of its own where the caller gives no `out`. */
export function projection(name: ProjectionName, options: ProjectionOptions, maps: Maps): Projection {
  const { ambientDimension, intrinsicDimension, seed } = options;
  const run = (map: keyof Maps, argument: string, from: number, to: number) =>
    (x: Float32Array, out = new Float32Array(to)): Float32Array => {
      requireLength(`${name} ${map}`, argument, x, from);
      requireLength(`${name} ${map}`, "out", out, to);
      maps[map](x, out);
      return out;
    };
  return {
    name, ambientDimension, intrinsicDimension, seed,
    apply: run("apply", "z", intrinsicDimension, ambientDimension),
    adjoint: run("adjoint", "g", ambientDimension, intrinsicDimension),
  };
}
