import { thisProject } from "../support/project.mjs";
import { inspectSetup } from "../support/inspect.mjs";

/** Prints what the set-up has, without anything that it installs. Exit status 1 when something is to be done. */
export async function main() {
  const checks = inspectSetup(thisProject);
  for (const { name, value, ok, remedy } of checks) {
    console.log(`${ok ? "✓" : "✗"} ${name.padEnd(20)} ${value}`);
    if (remedy !== undefined) console.log(`  ${" ".repeat(20)} do: ${remedy}`);
  }
  process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
}
