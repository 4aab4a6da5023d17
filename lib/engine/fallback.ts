/** The backends without TensorFlow, for toy sizes: wasm, and plain JavaScript. */
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);

interface WasmModule { setThreadsCount(threads: number): void }

/** Starts the wasm backend on `threads` threads. @throws {Error} when it does not start. */
export async function startWasm(threads: number): Promise<"wasm"> {
  const wasm: WasmModule = require("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(threads);
  if (!(await tf.setBackend("wasm"))) throw new Error("startEngine: the wasm backend does not start.");
  return "wasm";
}

/** Starts the plain JavaScript backend, without its advice to install another one. */
export async function startCpu(): Promise<"cpu"> {
  require("@tensorflow/tfjs-backend-cpu");
  const { warn } = console;
  console.warn = () => undefined;
  try {
    await tf.setBackend("cpu");
    tf.scalar(0).dispose();
  } finally {
    console.warn = warn;
  }
  return "cpu";
}
