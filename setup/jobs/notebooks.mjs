import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SetupProblem } from "../support/problems.mjs";
import { thisProject } from "../support/project.mjs";
import { print, setUp } from "../support/steps.mjs";
import { notebookSteps } from "../steps/index.mjs";

/** Seconds that one cell may take: far above what any needs on two cores. */
const CELL_SECONDS = 1_800;

/**
 * Sets up, then executes the notebooks whose name contains one of `filters`, or all, to out/NAME.html. One after the other: a
 * training uses every core. The last line reads `N passed, N failed`; exit status 1 when one fails.
 */
export async function main(filters) {
  print("d90: set-up for notebooks");
  await setUp(thisProject, notebookSteps(thisProject));
  const folder = join(thisProject.root, "notebooks");
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb")).toSorted()
    .filter((name) => filters.length === 0 || filters.some((part) => name.includes(part)));
  if (names.length === 0) {
    throw new SetupProblem({ what: `no notebook's name contains ${filters.join(" or ")}.`, remedy: "npm run notebooks -- 00" });
  }
  mkdirSync(join(thisProject.root, "out"), { recursive: true });
  let failed = 0;
  for (const name of names) failed += (await execute(name, folder)) ? 0 : 1;
  process.exitCode = failed > 0 ? 1 : 0;
  process.stdout.write(`${names.length - failed} passed, ${failed} failed\n`);
}

/** One notebook; a copy is executed, the file itself stays as it is. */
async function execute(name, folder) {
  const start = performance.now();
  const { status, output } = await nbconvert(name, folder);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${status === 0 ? "✓" : "✗"} ${seconds} s  notebooks/${name}\n`);
  if (status !== 0) process.stdout.write(`${output.trim().split("\n").slice(-40).map((line) => `    ${line}`).join("\n")}\n`);
  return status === 0;
}

function nbconvert(name, folder) {
  const args = ["--to", "html", "--execute", `--ExecutePreprocessor.timeout=${CELL_SECONDS}`, "--output-dir", join("..", "out"), name];
  const child = spawn(join(thisProject.venv, "bin", "jupyter-nbconvert"), args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { output += data; });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ status: 1, output: error.message }));
    child.on("close", (status) => resolve({ status, output }));
  });
}
