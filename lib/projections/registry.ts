/** Projections P [D, d] by name. Each has a file of its own, with its definition, source, cost and memory. */
import { shown } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import { denseProjection } from "./dense.js";
import { fastfoodBlockedProjection } from "./fastfood-blocked.js";
import { fastfoodProjection } from "./fastfood.js";
import { hostTensorProjection } from "./host-tensors.js";
import { kroneckerProjection } from "./kronecker.js";
import { layoutOf } from "./layout.js";
import { oneHotProjection } from "./one-hot.js";
import type { Projection, ProjectionName, ProjectionOptions } from "./projection.js";
import { sparseProjection } from "./sparse.js";
import { srhtBlockedTensors } from "./srht-blocked-tensors.js";
import { srhtBlockedProjection } from "./srht-blocked.js";
import { srhtProjection } from "./srht.js";
import { checkedTensors, type TensorProjection, type TensorProjectionOptions } from "./tensor-projection.js";


const MAKERS: Record<ProjectionName, (options: ProjectionOptions) => Projection> = {
  dense: denseProjection,
  sparse: sparseProjection,
  fastfood: fastfoodProjection,
  "fastfood-blocked": fastfoodBlockedProjection,
  srht: srhtProjection,
  "srht-blocked": srhtBlockedProjection,
  "one-hot": oneHotProjection,
  kronecker: kroneckerProjection,
};

/** What `makeProjection` takes when no name is given: the cheapest inside the graph, with exactly orthonormal columns. */
export const DEFAULT_PROJECTION: ProjectionName = "srht-blocked";

export const projectionNames = Object.keys(MAKERS) as ProjectionName[];

/** Whether `name` names a projection. */
export const isProjectionName = (name: string): name is ProjectionName => Object.hasOwn(MAKERS, name);

/** `name` as a projection's name. @throws {RangeError} naming the nearest one, and all of them. */
export function requireProjectionName(where: string, name: string): ProjectionName {
  if (typeof name === "string" && isProjectionName(name)) return name;
  const hint = typeof name === "string" ? didYouMean(name, projectionNames) : "";
  throw new RangeError(`${where}: projection must be one of ${projectionNames.join(", ")}, got ${shown(name)}.${hint}`);
}

/**
 * The projection of that name.
 * @param options.name defaults to "srht-blocked".
 * @throws {RangeError} on an unknown name, or if not 1 <= d <= D.
 */
export function makeProjection(options: ProjectionOptions & { name?: ProjectionName }): Projection {
  const { name = DEFAULT_PROJECTION } = options;
  return MAKERS[requireProjectionName("makeProjection", name)](options);
}

/**
 * P over named tensors; values are those of makeProjection with the same name, D, d and seed, up to float32 rounding.
 * @throws {RangeError} on an unknown name, or if not 1 <= d <= D.
 */
export function tensorProjection(options: TensorProjectionOptions): TensorProjection {
  const { shapes, groupOf, intrinsicDimension, seed } = options;
  const name = requireProjectionName("tensorProjection", options.name ?? DEFAULT_PROJECTION);
  const layout = layoutOf(shapes, groupOf);
  const P = { ambientDimension: layout.ambientDimension, intrinsicDimension, seed };
  if (name === "srht-blocked") return checkedTensors(srhtBlockedTensors(P, layout), layout);
  return checkedTensors(hostTensorProjection(makeProjection({ name, ...P }), layout), layout);
}
