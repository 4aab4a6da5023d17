/** A recording as a TensorFlow session: loaded through a private folder that is gone again before the first run. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { TensorflowBackend } from "./backend.js";
import type { Recording } from "./record.js";

/** Begins the name of every folder; this process's number follows. */
const PREFIX = "d90-step-";

export interface Session {
  run(inputs: NamedTensors): NamedTensors;
  dispose(): void;
}

/** Loads `recording`, which belongs to the session from here on. */
export function openSession(backend: TensorflowBackend, recording: Recording, name: string): Session {
  const session = load(backend, recording);
  const { inputs, feeds, outputs } = recording;
  const nodes = [...Object.values(inputs), ...feeds.map(({ node }) => node)].map((node) => ({ name: `${node}:0` }));
  const fetched = Object.values(outputs).map(({ node }) => `${node}:0`);
  return {
    run(given) {
      const tensors = [...Object.keys(inputs).map((key) => given[key]), ...feeds.map(({ tensor }) => tensor)];
      const results = backend.runSavedModel(session, tensors.map((tensor) => alive(tensor, name)), nodes, fetched);
      return Object.fromEntries(Object.entries(outputs).map(([key, { shape }], i) => [key, ofShape(alive(results[i], name), shape, key)]));
    },
    dispose() {
      backend.deleteSavedModel(session);
      recording.dispose();
    },
  };
}

function alive(tensor: tf.Tensor | undefined, name: string): tf.Tensor {
  if (tensor !== undefined && !tensor.isDisposed) return tensor;
  throw new Error(`compileStep: ${name} was given a tensor, or uses a variable, that is disposed: keep it until the step has run.`);
}

/** A rule of shapes.ts that is wrong would show here. */
function ofShape(tensor: tf.Tensor, shape: readonly number[], output: string): tf.Tensor {
  if (tensor.shape.join() === shape.join()) return tensor;
  throw new Error(`compileStep: output ${output} must have shape [${shape.join()}] as recorded, got [${tensor.shape.join()}]`);
}

function load(backend: TensorflowBackend, recording: Recording): number {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    writeFileSync(join(folder, "saved_model.pb"), recording.savedModel, { mode: 0o600 });
    return backend.loadSavedModelMetaGraph(folder, "serve");
  } catch (error) {
    recording.dispose();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the folders that killed processes left behind, once they are a minute old. */
export function sweepFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeIfOld(join(tmpdir(), name));
  }
}

function removeIfOld(folder: string): void {
  try {
    if (Date.now() - statSync(folder).mtimeMs > 60_000) rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another process swept it first, or another user owns it.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
