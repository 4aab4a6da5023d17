/** Loads the TensorFlow backend of TensorFlow.js: its environment first, since the addon reads that once. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TensorflowBackend } from "./backend.js";
import { setupCommandLine } from "../support/root.js";
import { replaceGather, replaceSelect } from "./kernels.js";
import { nativeProcess, quietly } from "./process.js";

interface BackendModule { nodeBackend(): TensorflowBackend }

const require = createRequire(import.meta.url);
const PACKAGE = "@tensorflow/tfjs-node-gpu";

/** The file that the set-up compiles against the TensorFlow in .venv. */
export function bindingFile(): string {
  return join(dirname(require.resolve(`${PACKAGE}/package.json`)), "lib", "napi-v8", "tfjs_binding.node");
}

const addonFile = (): string => join(dirname(bindingFile()), "process.node");

/**
 * Has memory that is freed stay with this process from here on, where the C library is glibc: for steps that make several tensors of
 * a model's size, whose pages the system would clear anew each time. Costs a quarter of memory more.
 * @param bytes of the model's parameters.
 */
export const keepFreedMemory = (bytes: number): void => nativeProcess(addonFile())?.keepFreedMemory(bytes);

/** Has TensorFlow know the project's own operations (operations.ts). @returns whether it does: not without a compiler in the set-up, or on a GPU. */
export function loadOperations({ isUsingGpuDevice }: TensorflowBackend, threads: number): boolean {
  const file = join(dirname(bindingFile()), "operations.node");
  if (isUsingGpuDevice || !existsSync(file)) return false;
  try {
    const addon: { setThreads(threads: number): void } = require(file);
    addon.setThreads(threads);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`startEngine: ${file} does not load (${reason}), so steps are slower: run \`${setupCommandLine}\`, which builds it again.`);
    return false;
  }
}

/** Sets what TensorFlow reads when its library is loaded; a log level that the user has set stays. */
function setEnvironment(threads: number): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
  process.env["TF_NUM_INTEROP_THREADS"] = String(threads);
}

/** What tfjs-node still calls: Node 23 removed one, without which every op fails, and Node 22 warns of both. */
function replaceOldUtilities(): void {
  const util: Record<string, unknown> = require("node:util");
  util["isNullOrUndefined"] = (value: unknown): boolean => value === null || value === undefined;
  util["isArray"] = Array.isArray;
}

/**
 * Loads TensorFlow and makes it the current TensorFlow.js backend.
 * @throws {Error} that names the binding's file and the remedy when it is missing or does not load.
 */
export function loadTensorflow(threads: number): TensorflowBackend {
  const file = bindingFile();
  if (!existsSync(file)) {
    throw new Error(`startEngine: TensorFlow's binding ${file} is missing: run \`${setupCommandLine}\`, which builds it.`);
  }
  setEnvironment(threads);
  replaceOldUtilities();
  try {
    const native = nativeProcess(addonFile());
    native?.shareHeap();
    return quietly(native, () => {
      require(PACKAGE);
      const module: BackendModule = require(`${PACKAGE}/dist/nodejs_kernel_backend.js`);
      const backend = module.nodeBackend();
      replaceGather(backend);
      replaceSelect(backend);
      return backend;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`startEngine: TensorFlow's binding ${file} does not load (${reason}): run \`${setupCommandLine}\`, which builds it again.`);
  }
}
