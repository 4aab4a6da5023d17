import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { notebookSteps } from "../steps/index.mjs";

/** Sets up, then opens JupyterLab in notebooks/ with `args`; it ends as JupyterLab does. */
export async function main(args) {
  print("d90: set-up for notebooks");
  await setUp(thisProject, notebookSteps(thisProject));
  const lab = join(thisProject.venv, "bin", "jupyter-lab");
  process.on("SIGINT", () => {}); // JupyterLab asks what is meant; this process waits for its answer
  const { status } = spawnSync(lab, args, { cwd: join(thisProject.root, "notebooks"), stdio: "inherit" });
  process.exitCode = status ?? 1;
}
