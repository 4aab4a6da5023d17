/** The kernel's process: `node main.js --connection-file FILE`, as the kernelspec has it. */
import { startLanguage } from "./language/service.js";

// The compiler takes longest to be ready: its thread begins before the rest of the kernel is even loaded.
const language = startLanguage({ cwd: process.cwd(), language: process.argv.includes("--javascript") ? "javascript" : "typescript" });
const { log, startKernel } = await import("./kernel.js");
try {
  await startKernel(process.argv.slice(2), language);
} catch (error) {
  log((error as Error).message);
  process.exit(1);
}
