#!/usr/bin/env node
/** `d90 kernel`: installs, lists and uninstalls the kernelspec. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { DEFAULTS, findKernelSpecs, InstallUsageError, writeKernelSpec } from "./kernelspec.js";
import type { LanguageName } from "../language/types.js";
import { searchFolders, targetFolder, type TargetFlags } from "./targets.js";

interface KernelFlags extends TargetFlags {
  javascript?: boolean;
  name?: string;
}

interface InstallFlags extends KernelFlags {
  displayName?: string;
}

/** Exit statuses, as all of d90 has them. */
const [FAILURE, USAGE] = [1, 2];

const projectFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const addTargets = (command: Command): Command => command
  .option("--user", "in your own Jupyter folder (default)")
  .option("--sys-prefix", "in the active Python environment")
  .option("--prefix <path>", "in PATH/share/jupyter, a virtual environment for example")
  .option("--javascript", "the kernel of cells in JavaScript")
  .option("--name <name>", `name of the kernelspec (default: ${DEFAULTS.typescript.name}, or ${DEFAULTS.javascript.name})`);

const languageOf = ({ javascript }: KernelFlags): LanguageName => (javascript ? "javascript" : "typescript");

function install(flags: InstallFlags): void {
  const language = languageOf(flags);
  const { name, displayName } = { ...DEFAULTS[language], ...flags };
  const folder = writeKernelSpec({ dataFolder: targetFolder(flags), name, language, displayName });
  say(`Kernel ${name.toLowerCase()} installed in ${folder}`);
  say(`Choose "${displayName}" in JupyterLab or VS Code; restart them if they are open.`);
}

function uninstall(flags: KernelFlags): void {
  const { name } = { ...DEFAULTS[languageOf(flags)], ...flags };
  const dataFolder = targetFolder(flags);
  const spec = findKernelSpecs([dataFolder]).find((one) => one.name === name.toLowerCase());
  if (spec === undefined) throw new Error(`No kernel "${name}" of d90 in ${dataFolder}; "d90 kernel list" shows where there are some.`);
  try {
    rmSync(spec.folder, { recursive: true });
  } catch (error) {
    throw new Error(`${spec.folder} could not be removed: ${(error as Error).message}. Ask who owns it, or remove it with their rights.`);
  }
  say(`Kernel ${spec.name} removed from ${spec.folder}`);
}

function list({ json }: { json?: boolean }): void {
  const specs = findKernelSpecs(searchFolders(join(projectFolder, ".venv")));
  if (json) return say(JSON.stringify({ kernels: specs }));
  if (specs.length === 0) return say("No kernel of d90 is installed where Jupyter looks from here. Install it with: npx d90 kernel install");
  for (const { name, folder, displayName, problem } of specs) say(`${name}  ${displayName}  ${folder}${problem ? `\n  broken: ${problem}` : ""}`);
}

const program = new Command("d90 kernel").description("The Jupyter kernel for TypeScript and JavaScript: installs, lists and uninstalls it.").exitOverride();
addTargets(program.command("install")).description("Tells Jupyter of the kernel.")
  .option("--display-name <text>", `what launchers show (default: ${DEFAULTS.typescript.displayName}, or ${DEFAULTS.javascript.displayName})`).action(install);
addTargets(program.command("uninstall")).description("Makes Jupyter forget it.").action(uninstall);
program.command("list").description("Shows where it is installed.").option("--json", "one JSON object").action(list);
program.addHelpText("after", `
Examples:
  $ npx d90 kernel install                     for you, in every environment
  $ npx d90 kernel install --prefix .venv      in one environment
  $ npx d90 kernel install --javascript        the kernel of JavaScript, beside the one of TypeScript
  $ npx d90 kernel list`);

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed its complaint already; of help the status is 0.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    process.stderr.write(`d90 kernel: ${(error as Error).message}\n`);
    process.exitCode = error instanceof InstallUsageError ? USAGE : FAILURE;
  }
}
