import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { thisProject } from "../support/project.mjs";
import { print } from "../support/steps.mjs";
import { npmCommand } from "../steps/packages.mjs";

const VERSIONS = ["20.19", "22", "24"];

/**
 * Runs `npm test` on other versions of Node, which npm brings as packages into .d90/nodes.
 * @param args Versions (20.19, 22 and 24 by default), then parts of test paths.
 */
export async function main(args) {
  const versions = args.filter((argument) => /^\d+(\.\d+)*$/.test(argument));
  const filters = args.filter((argument) => !versions.includes(argument));
  const failed = [];
  for (const version of versions.length > 0 ? versions : VERSIONS) {
    const node = await nodeOf(version);
    print(`\nNode ${version}: ${node}`);
    const { root } = thisProject;
    const { status } = spawnSync(node, [join(root, "setup", "test.mjs"), ...filters], { cwd: root, stdio: "inherit" });
    if (status !== 0) failed.push(version);
  }
  print(failed.length === 0 ? "\nThe tests pass on all of them." : `\nThe tests fail on Node ${failed.join(", ")}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** The binary of the newest Node `version`, installed first where it is missing. */
async function nodeOf(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(thisProject.state, "nodes", version);
  const node = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(node)) return node;
  const [command, ...args] = npmCommand();
  await runCommand(thisProject, {
    log: "nodes", command,
    args: [...args, "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${version}`],
    what: `npm could not install Node ${version}`, why: "the tests are to run on it",
  });
  return node;
}
