/** Which TensorFlow.js backend runs, and steps compiled for it. The only folder that imports a backend. */
export { engineInfo, startEngine } from "./start.js";
export type { EngineBackend, EngineInfo, EngineOptions } from "./start.js";
export { compileStep } from "./compile.js";
export type { CompiledStep, StepFunction } from "./compile.js";
export { hasBf16, hasBf16Pairs } from "./hardware.js";
export { negatedWhere } from "./kernels.js";
export { operations, requiredOperations } from "./operations.js";
export type { Operations, QueriesKeysValues } from "./operations.js";
export { matMul } from "./precision.js";
export { keepFreedMemory } from "./tensorflow.js";
export { seededUniform } from "./random.js";
export { writeScalars, type Scalar } from "./summary.js";
