/** Loads the TensorFlow backend of TensorFlow.js: its environment first, since the addon reads that once. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TensorflowBackend } from "./backend.js";
import { hasBf16Pairs } from "./hardware.js";
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

/** What there is of the project's own operations (operations.ts). */
export interface OwnOperations {
  /** Whether the model's products of bfloat16 are among them. */
  products: boolean;
}

const operationsFile = (): string => join(dirname(bindingFile()), "operations.node");

/** Whether the model's products will be among them, as far as can be told before they are loaded. */
const expectsProducts = (bf16: boolean): boolean => bf16 && hasBf16Pairs() && existsSync(operationsFile());

/** Has TensorFlow know the project's own operations. @returns null where it does not: without a compiler in the set-up, or on a GPU. */
export function loadOperations({ isUsingGpuDevice }: TensorflowBackend, { threads, bf16 }: Settings): OwnOperations | null {
  const file = operationsFile();
  if (isUsingGpuDevice || !existsSync(file)) return null;
  try {
    const addon: { setThreads(threads: number, watching: boolean): void; hasProducts(): boolean } = require(file);
    const products = expectsProducts(bf16) && addon.hasProducts();
    addon.setThreads(threads, products);
    return { products };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`startEngine: ${file} does not load (${reason}), so steps are slower: run \`${setupCommandLine}\`, which builds it again.`);
    return null;
  }
}

interface Settings { threads: number; bf16: boolean }

/**
 * Sets what TensorFlow reads when its library is loaded; a log level that the user has set stays. Where the products are our own, operations run one after
 * another, each with all threads: beside each other they would take the threads, and the cache, from each other.
 */
function setEnvironment({ threads, bf16 }: Settings): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
  process.env["TF_NUM_INTEROP_THREADS"] = String(expectsProducts(bf16) ? 1 : threads);
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
export function loadTensorflow(settings: Settings): TensorflowBackend {
  const file = bindingFile();
  if (!existsSync(file)) {
    throw new Error(`startEngine: TensorFlow's binding ${file} is missing: run \`${setupCommandLine}\`, which builds it.`);
  }
  setEnvironment(settings);
  replaceOldUtilities();
  try {
    const native = nativeProcess(addonFile());
    native?.shareHeap();
    const { nodeBackend } = quietly(native, (): BackendModule => {
      require(PACKAGE);
      return require(`${PACKAGE}/dist/nodejs_kernel_backend.js`);
    });
    native?.unmapLoaded("libtensorflow");
    const backend = nodeBackend();
    replaceGather(backend);
    replaceSelect(backend);
    return backend;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`startEngine: TensorFlow's binding ${file} does not load (${reason}): run \`${setupCommandLine}\`, which builds it again.`);
  }
}
