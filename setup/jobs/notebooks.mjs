import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { notebookSteps } from "../steps/index.mjs";

/**
 * Sets up, then runs the notebooks whose names are given, or all, to out/NAME.html: `d90 notebook`, in this process. The last line
 * reads `N passed, N failed`; exit status 1 when one fails.
 */
export async function main(args) {
  print("d90: set-up for notebooks");
  await setUp(thisProject, notebookSteps(thisProject));
  const commandLine = join(thisProject.root, "dist", "lib", "cli", "main.js");
  const named = args.some((argument) => !argument.startsWith("-"));
  process.chdir(thisProject.root);
  process.argv = [process.argv[0], commandLine, "notebook", ...(named ? [] : ["--all"]), ...args];
  await import(pathToFileURL(commandLine).href);
}
