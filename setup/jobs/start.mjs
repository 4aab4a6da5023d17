import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { mainSteps } from "../steps/index.mjs";

/** Sets up, then runs `d90 find --preset quick` with `args` after it, in this process: its signals and exit status are the job's. */
export async function main(args) {
  print("d90: set-up");
  await setUp(thisProject, mainSteps(thisProject));
  const commandLine = join(thisProject.root, "dist", "lib", "cli", "main.js");
  process.argv = [process.argv[0], commandLine, "find", ...(args.includes("--preset") ? [] : ["--preset", "quick"]), ...args];
  await import(pathToFileURL(commandLine).href);
}
