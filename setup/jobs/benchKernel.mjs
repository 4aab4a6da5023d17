import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupProblem } from "../support/problems.mjs";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { denoOf, denoStep } from "../steps/deno.mjs";
import { notebookSteps } from "../steps/index.mjs";

/**
 * Sets up with Deno beside it, then runs dist/test/bench/kernel/main.js with `args`.
 * It finds Deno in D90_BENCH_DENO, ipykernel in .venv and tslab among the packages.
 */
export async function main(args) {
  print("d90: set-up for the kernels' benchmark");
  await setUp(thisProject, [...notebookSteps(thisProject), denoStep(thisProject)]);
  const benchmark = join(thisProject.root, "dist", "test", "bench", "kernel", "main.js");
  if (!existsSync(benchmark)) throw new SetupProblem({ what: `${benchmark} is missing.`, remedy: "git checkout -- test/bench" });
  const env = { ...process.env, D90_BENCH_DENO: denoOf(thisProject) };
  const { status } = spawnSync(process.execPath, [benchmark, ...args], { cwd: thisProject.root, stdio: "inherit", env });
  process.exitCode = status ?? 1;
}
