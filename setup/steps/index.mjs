/** The steps of the set-up, in the order of their lines. */
import { requirePlatform } from "../support/prerequisites.mjs";
import { bindingStep } from "./binding.mjs";
import { buildStep } from "./build.mjs";
import { kernelStep } from "./kernel.mjs";
import { modelStep } from "./model.mjs";
import { notebooksStep } from "./notebooks.mjs";
import { packagesStep } from "./packages.mjs";
import { redisStep } from "./redis.mjs";
import { tensorflowStep } from "./tensorflow.mjs";
import { venvStep } from "./venv.mjs";

/** What every job needs. @throws {SetupProblem} on a system that TensorFlow is not built for. */
export function mainSteps(project) {
  requirePlatform();
  return [packagesStep, buildStep, venvStep, tensorflowStep, bindingStep, modelStep, kernelStep].map((make) => make(project));
}

/** What notebooks and tests need beside it. */
export const notebookSteps = (project) => [...mainSteps(project), notebooksStep(project)];

/** What the tests need beside those. */
export const testSteps = (project) => [...notebookSteps(project), redisStep(project)];
