/** The kernelspec in .venv: JupyterLab, nbconvert and papermill find the kernel there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { readJson } from "../support/stamps.mjs";

export function kernelStep(project) {
  const spec = join(project.venv, "share", "jupyter", "kernels", "d90", "kernel.json");
  const main = join(project.root, "dist", "kernel-ext", "main.js");
  return {
    name: "Jupyter kernel",
    after: ["TypeScript build", "Python environment"],
    state() {
      const [node, file] = readJson(spec)?.argv ?? [];
      // Another Node, or a clone that was moved: its paths are absolute.
      const todo = !existsSync(spec) ? "not installed" : node !== process.execPath || file !== main ? "of another place" : "";
      return { todo, detail: "TypeScript (d90), in .venv" };
    },
    run: () => runCommand(project, {
      log: "kernel", command: process.execPath,
      args: [join(project.root, "dist", "kernel-ext", "install", "main.js"), "install", "--prefix", project.venv],
      what: "the kernelspec could not be written", why: "JupyterLab finds the kernel by it",
    }),
  };
}
