/** `d90 setup`: handed to the set-up, which is plain JavaScript and needs nothing that it installs. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../support/root.js";
import { exitCodes } from "./exitCodes.js";

/** Adds the command. Its lines go to standard error; Ctrl-C ends it, and the same command goes on from there. */
export function setupCommand(program: Command): void {
  program.command("setup")
    .description("set up the engine (TensorFlow), the default model and the kernel: what `npm start` does first in a clone")
    .option("--notebooks", "JupyterLab, nbconvert and papermill too")
    .action(({ notebooks = false }: { notebooks?: boolean }) => {
      const args = [join(projectRoot, "setup", "setup.mjs"), ...(notebooks ? ["--notebooks"] : [])];
      process.on("SIGINT", () => undefined); // the set-up has got it as well, and ends by itself
      const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
      process.exitCode = status ?? exitCodes.failure;
    });
}
