/** Steps that are compiled where the backend can, and run op by op where it cannot. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { TensorflowBackend } from "./backend.js";
import { Unrecordable } from "./graph.js";
import { record, type StepFunction } from "./record.js";
import { openSession, type Session } from "./session.js";
import { engineInfo, tensorflowBackend } from "./start.js";

export type { StepFunction };

export interface CompiledStep {
  /** Runs the step: `inputs` are borrowed, the result is the caller's to dispose. */
  run(inputs: NamedTensors): Promise<NamedTensors>;
  /** Frees what the step keeps. Running it afterwards is an error. */
  dispose(): void;
}

/** Recordings of one step at most; the one that was not run for longest makes room. */
const SHAPES = 32;

/**
 * Compiles `fn`: recorded once for each set of input names, types and shapes, and run as one TensorFlow session; or op by
 * op where steps run eagerly (engineInfo().mode), and where `fn` cannot be recorded, which is said in one line.
 *
 * `fn` must be a pure function of its inputs and of what it closes over. Small tensors that it closes over become constants,
 * larger ones are given to every run without a copy and kept until dispose(); a variable is read anew in every run.
 * Randomness comes from a seed among the inputs (seededUniform).
 * @param options.name names the step in messages; defaults to "step".
 */
export function compileStep(fn: StepFunction, options: { name?: string } = {}): CompiledStep {
  const { name = "step" } = options;
  const sessions = new Map<string, Session>();
  const backend = engineInfo().mode === "recorded" ? tensorflowBackend() : null;
  let eager = backend === null;
  let disposed = false;

  function runNow(inputs: NamedTensors): NamedTensors {
    if (eager || backend === null) return runEagerly(fn, inputs);
    const key = signatureOf(inputs);
    const known = sessions.get(key);
    const { session, results } = known ? { session: known, results: known.run(inputs) } : firstRun(backend, fn, inputs, name);
    eager = session === null;
    if (session !== null) keepNewest(sessions, key, session);
    return results;
  }

  return {
    async run(inputs) {
      if (disposed) throw new Error(`compileStep: ${name} must not run after dispose().`);
      requireAlive(inputs, name);
      const results = runNow(inputs);
      await new Promise(setImmediate); // A run blocks: timers and signals get their turn between two.
      return results;
    },
    dispose() {
      for (const session of sessions.values()) session.dispose();
      sessions.clear();
      disposed = true;
    },
  };
}

/** Records `fn` for the shapes of `inputs` and runs it; if that cannot be, says why in one line and runs it op by op. */
function firstRun(backend: TensorflowBackend, fn: StepFunction, inputs: NamedTensors, name: string): { session: Session | null; results: NamedTensors } {
  const first = recordedRun(backend, fn, inputs, name);
  if (!("reason" in first)) return first;
  const results = runEagerly(fn, inputs); // Throws the step's own error, if that is what it was.
  const { reason } = first;
  console.error(`compileStep: ${name} runs op by op, about twice as slow: ${reason instanceof Error ? reason.message : String(reason)}.`);
  return { session: null, results };
}

/** A recording and its first run; or why there is none. */
function recordedRun(backend: TensorflowBackend, fn: StepFunction, inputs: NamedTensors, name: string): { session: Session; results: NamedTensors } | { reason: unknown } {
  const recorded = record(backend, fn, inputs);
  if (recorded instanceof Unrecordable) return { reason: recorded };
  const session = openSession(backend, recorded, name);
  try {
    return { session, results: session.run(inputs) };
  } catch (reason) {
    session.dispose();
    return { reason };
  }
}

/** Puts `session` last, and forgets the first when there are too many. */
function keepNewest(sessions: Map<string, Session>, key: string, session: Session): void {
  sessions.delete(key);
  sessions.set(key, session);
  const [oldest] = sessions;
  if (sessions.size <= SHAPES || oldest === undefined) return;
  sessions.delete(oldest[0]);
  oldest[1].dispose();
}

const signatureOf = (inputs: NamedTensors): string =>
  Object.entries(inputs).map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join()}]`).sort().join("; ");

function requireAlive(inputs: NamedTensors, name: string): void {
  for (const [input, tensor] of Object.entries(inputs)) {
    if (tensor.isDisposed) throw new Error(`compileStep: ${name}'s input ${input} must not be disposed before the step has run.`);
  }
}

/** Runs `fn` op by op; what it returns unchanged from its inputs or from outside comes back as a tensor of its own. */
function runEagerly(fn: StepFunction, inputs: NamedTensors): NamedTensors {
  return tf.tidy(() => Object.fromEntries(Object.entries(fn(inputs)).map(([name, tensor]) => [name, tensor.clone()])));
}
