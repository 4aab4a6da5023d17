/** `d90 kernel`: handed to the kernel's own program; lib and kernel-ext do not import each other. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../support/root.js";
import { exitCodes } from "./exitCodes.js";

/** Adds the command; its arguments and its help are the kernel's. */
export function kernelCommand(program: Command): void {
  program.command("kernel").summary("install, list and uninstall the Jupyter kernel")
    .description("Installs, lists and uninstalls the Jupyter kernel.")
    .argument("[args...]").allowUnknownOption().helpOption(false)
    .action((args: string[]) => {
      const { status } = spawnSync(process.execPath, [join(projectRoot, "dist", "kernel-ext", "install", "main.js"), ...args], { stdio: "inherit" });
      process.exitCode = status ?? exitCodes.failure;
    });
}
