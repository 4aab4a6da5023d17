import { thisProject } from "../support/project.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { print, setUp } from "../support/steps.mjs";
import { runTests, testFiles } from "../support/tests.mjs";
import { testSteps } from "../steps/index.mjs";

/**
 * Sets up, then runs the tests whose path contains one of `filters`, or all. The last line reads `N passed, N failed`;
 * exit status 1 when a test fails or none ran. A set-up that fails counts as one failure.
 */
export async function main(filters) {
  let counts = { passed: 0, failed: 1 };
  try {
    print("d90: set-up");
    await setUp(thisProject, testSteps(thisProject));
    counts = await runTests(thisProject, testFiles(thisProject, filters));
  } catch (error) {
    print(error instanceof SetupProblem ? `\n${error.message}` : error.stack);
  }
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
}
