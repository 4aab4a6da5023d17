import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupProblem } from "../support/problems.mjs";
import { pythonOf, thisProject } from "../support/project.mjs";
import { setUp, print } from "../support/steps.mjs";
import { benchVenv, pytorchStep } from "../steps/pytorch.mjs";
import { mainSteps } from "../steps/index.mjs";

/**
 * Sets up with PyTorch beside it, then runs dist/test/bench/main.js with `args`.
 * It finds the Python that has PyTorch and Transformers in D90_BENCH_PYTHON.
 */
export async function main(args) {
  print("d90: set-up for the benchmarks");
  await setUp(thisProject, [...mainSteps(thisProject), pytorchStep(thisProject)]);
  const benchmark = join(thisProject.root, "dist", "test", "bench", "main.js");
  if (!existsSync(benchmark)) throw new SetupProblem({ what: `${benchmark} is missing.`, remedy: "git checkout -- test/bench" });
  const env = { ...process.env, D90_BENCH_PYTHON: pythonOf(benchVenv(thisProject)) };
  const options = { cwd: thisProject.root, stdio: "inherit", env };
  const { status } = spawnSync(process.execPath, ["--expose-gc", benchmark, ...args], options);
  process.exitCode = status ?? 1;
}
