/** Picks the backend once per process, and tells what runs. */
import * as tf from "@tensorflow/tfjs-core";
import { UsageError, requireInteger, shown } from "../support/checks.js";
import { canonicalJson } from "../support/files.js";
import { startCpu, startWasm } from "./fallback.js";
import { availableThreads, hasBf16 } from "./hardware.js";
import type { TensorflowBackend } from "./backend.js";
import { sweepFolders } from "./session.js";
import { loadOperations, loadTensorflow, type OwnOperations } from "./tensorflow.js";

export type EngineBackend = "tensorflow" | "wasm" | "cpu";

export interface EngineOptions {
  /** Threads that compute, within an op and beside each other; defaults to all cores of this process. */
  threads?: number;
  /**
   * The model's matrix products in bfloat16, summed in fp32 (matMul); defaults to false. Compiled steps only. A processor without
   * bfloat16 instructions rounds alike at fp32's speed or less: for repeating or going on with a run of another machine.
   */
  bf16?: boolean;
  /** "auto" (default): TensorFlow, or else wasm, or else cpu, saying why. A named backend fails when it cannot start. */
  backend?: "auto" | EngineBackend;
}

export interface EngineInfo {
  backend: EngineBackend;
  /** TensorFlow's version; null on another backend. */
  tensorflow: string | null;
  device: "CPU" | "GPU";
  threads: number;
  bf16: boolean;
  /** Whether bf16 is rounding alone, around fp32 products: the processor has no bfloat16 instructions. */
  bf16Emulated: boolean;
  /** How compiled steps run: as one recorded TensorFlow session, or op by op. */
  mode: "recorded" | "eager";
}

interface Engine { info: EngineInfo; node: TensorflowBackend | null; operations: OwnOperations | null; key: string }

let started: Promise<Engine> | null = null;
let running: Engine | null = null;

/**
 * Starts the engine: backend, threads, log level and, opt-in, bfloat16. Once per process; a second call with the same
 * options, or with none, returns the same information.
 * @throws {RangeError} on a bad number of threads; {UsageError} when the engine runs already with other options, or with
 *   bf16 op by op or without TensorFlow; {Error} when the backend asked for does not start.
 */
export async function startEngine(options: EngineOptions = {}): Promise<EngineInfo> {
  const { threads = availableThreads(), bf16 = false, backend = "auto" } = options;
  requireInteger("startEngine", "threads", threads, 1, 1024);
  const key = canonicalJson({ threads, bf16, backend });
  started ??= start({ threads, bf16, backend }, key);
  const engine = await started.catch((error: unknown) => { started = null; throw error; });
  if (engine.key !== key && Object.keys(options).length > 0) {
    throw new UsageError(`startEngine: the engine runs already with ${engine.key}, got ${key}: use one process for each setting.`);
  }
  return { ...engine.info };
}

/** What runs. @throws {Error} when the engine was not started. */
export function engineInfo(): EngineInfo {
  return { ...runningEngine().info };
}

/** The TensorFlow backend, or null on another one. @throws {Error} when the engine was not started. */
export function tensorflowBackend(): TensorflowBackend | null {
  return runningEngine().node;
}

/** Whether its recorded steps have the project's own operations. */
export const hasOperations = (): boolean => runningEngine().operations !== null;

/** Whether the model's products are among them. */
export const hasProducts = (): boolean => runningEngine().operations?.products ?? false;

function runningEngine(): Engine {
  if (running === null) throw new Error("engineInfo: the engine must be started first: await startEngine().");
  return running;
}

async function start(options: Required<EngineOptions>, key: string): Promise<Engine> {
  const { backend } = options;
  if (backend === "auto" || backend === "tensorflow") {
    try {
      return running = { ...startTensorflow(options), key };
    } catch (error) {
      if (backend === "tensorflow" || error instanceof UsageError) throw error;
      console.error(`${error instanceof Error ? error.message : String(error)} Without it steps run on wasm or cpu, tens of times slower.`);
    }
  }
  const info = await startFallback(options);
  return running = { info, node: null, operations: null, key };
}

function startTensorflow({ threads, bf16 }: Required<EngineOptions>): Omit<Engine, "key"> {
  const mode = process.env["D90_ENGINE"] === "eager" ? "eager" : "recorded";
  if (bf16 && mode === "eager") throw new UsageError("startEngine: bf16 must be false with D90_ENGINE=eager, got true: only compiled steps have it.");
  const node = loadTensorflow({ threads, bf16 });
  const device = node.isUsingGpuDevice ? "GPU" : "CPU";
  const bf16Emulated = bf16 && device === "CPU" && !hasBf16();
  if (bf16Emulated) console.error("startEngine: this processor has no bfloat16 instructions: bf16 is emulated by rounding, slower than fp32.");
  sweepFolders();
  return { info: { backend: "tensorflow", tensorflow: String(node.binding.TF_Version), device, threads, bf16, bf16Emulated, mode }, node, operations: loadOperations(node, { threads, bf16 }) };
}

async function startFallback({ backend, threads, bf16 }: Required<EngineOptions>): Promise<EngineInfo> {
  if (bf16) throw new UsageError(`startEngine: bf16 must be false without TensorFlow, got ${shown(bf16)}: leave out --bf16.`);
  const name = backend === "cpu" ? await startCpu() : await startWasm(threads).catch((error: unknown) => {
    if (backend === "wasm") throw error;
    console.error(`startEngine: wasm does not start (${error instanceof Error ? error.message : String(error)}), so cpu: toy sizes only.`);
    return startCpu();
  });
  await tf.ready();
  return { backend: name, tensorflow: null, device: "CPU", threads: name === "cpu" ? 1 : threads, bf16: false, bf16Emulated: false, mode: "eager" };
}
