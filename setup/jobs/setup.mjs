import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { mainSteps, notebookSteps } from "../steps/index.mjs";

/** Sets up what trainings need; with `--notebooks` JupyterLab, nbconvert and papermill too. */
export async function main(args) {
  print(`d90: set-up in ${thisProject.root}`);
  const withNotebooks = args.includes("--notebooks");
  await setUp(thisProject, withNotebooks ? notebookSteps(thisProject) : mainSteps(thisProject));
  print("Ready: `npx d90 doctor` shows what a run would use, `npx d90 find --preset smoke` tries it.");
  if (withNotebooks) print(`JupyterLab: ${thisProject.venv}/bin/jupyter-lab`);
}
