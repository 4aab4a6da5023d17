import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { mainSteps } from "../steps/index.mjs";

/** What the job is asked where `args` do not say otherwise. */
const defaults = { "--preset": "quick", "--method": "both" };

/**
 * Sets up, then runs `d90 find --preset quick --method both` with `args` after it, in this process: its signals and exit
 * status are the job's.
 */
export async function main(args) {
  print("d90: set-up");
  await setUp(thisProject, mainSteps(thisProject));
  const commandLine = join(thisProject.root, "dist", "lib", "cli", "main.js");
  const given = (flag) => args.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const asked = Object.entries(defaults).filter(([flag]) => !given(flag));
  process.argv = [process.argv[0], commandLine, "find", ...asked.flat(), ...args];
  await import(pathToFileURL(commandLine).href);
}
