/** Projections: linear maps P from d coordinates to D weights, on typed arrays and on named tensors. */
export {
  DEFAULT_PROJECTION, isProjectionName, makeProjection, projectionNames, requireProjectionName, tensorProjection,
} from "./registry.js";
export type { Projection, ProjectionName, ProjectionOptions } from "./projection.js";
export type { SplitProjection, TableRows, TensorProjection, TensorProjectionOptions } from "./tensor-projection.js";
