/** The steps of the set-up, in the order of their lines. */
import { requirePlatform } from "../support/prerequisites.mjs";
import { bindingStep } from "./binding.mjs";
import { buildStep } from "./build.mjs";
import { modelStep } from "./model.mjs";
import { packagesStep } from "./packages.mjs";
import { tensorflowStep } from "./tensorflow.mjs";
import { venvStep } from "./venv.mjs";

/** What every job needs. @throws {SetupProblem} on a system that TensorFlow is not built for. */
export function mainSteps(project) {
  requirePlatform();
  return [packagesStep, buildStep, venvStep, tensorflowStep, bindingStep, modelStep].map((make) => make(project));
}
