/** The backends without TensorFlow, for toy sizes: wasm, and plain JavaScript. */
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs-core";
import { addSegmentSum } from "./kernels.js";

const require = createRequire(import.meta.url);

interface WasmModule { setThreadsCount(threads: number): void }

/** Starts the wasm backend on `threads` threads. @throws {Error} when it does not start. */
export async function startWasm(threads: number): Promise<"wasm"> {
  loadGradients();
  const wasm: WasmModule = require("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(threads);
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend does not start");
  addSegmentSum("wasm");
  return "wasm";
}

/** Starts the plain JavaScript backend. */
export async function startCpu(): Promise<"cpu"> {
  loadGradients();
  await tf.setBackend("cpu");
  addSegmentSum("cpu");
  withoutAdvice(() => tf.scalar(0).dispose());
  return "cpu";
}

/** The ops' gradients and the cpu backend come with the package that tfjs-node is built on. */
function loadGradients(): void {
  const resolve = createRequire(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  withoutAdvice(() => resolve("@tensorflow/tfjs"));
}

/** Without the cpu backend's advice, at its first tensor, to install another one. */
function withoutAdvice(action: () => void): void {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    action();
  } finally {
    console.warn = warn;
  }
}
