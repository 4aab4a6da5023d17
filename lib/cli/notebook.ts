/** `d90 notebook`: the notebooks without JupyterLab, with parameters of one's own, to HTML. */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { UsageError } from "../support/checks.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import type { NotebookFile } from "./notebookFile.js";
import { print, say } from "./output.js";
import { run } from "./run.js";
import { words } from "./values.js";

interface NotebookFlags {
  param: string[];
  smoke?: boolean;
  all?: boolean;
  pdf?: boolean;
  out: string;
}

const examples = `
Examples:
  $ npx d90 notebook                             what there is, with its parameters
  $ npx d90 notebook 01                          to out/01-subspace.html
  $ npx d90 notebook 00 -p seed=3 -p method=said
  $ npx d90 notebook mine.ipynb -p rows=200
  $ npx d90 notebook 01 --pdf                    to out/01-subspace.html and out/01-subspace.pdf`;

/** Adds the command. */
export function notebookCommand(program: Command): void {
  program.command("notebook").summary("run a notebook with parameters, to HTML")
    .description("Runs notebooks headless and writes them as HTML with their charts as images; without a name, lists those that come with d90.")
    .argument("[names...]", "names, or parts of them (02), or files that end in .ipynb")
    .addOption(new Option("-p, --param <name=value>", "a parameter of the notebook; may be given several times").argParser(collect).default([], "none"))
    .addOption(new Option("--smoke", "with the parameters that the notebook names for a run of seconds"))
    .addOption(new Option("--all", "all notebooks that come with d90"))
    .addOption(new Option("--pdf", "a PDF beside the HTML, printed by Chromium or Chrome"))
    .addOption(new Option("--out <folder>", "folder of the HTML").argParser(words).default("out"))
    .addHelpText("after", examples)
    .action((names: string[], flags: NotebookFlags) => run({}, (stop) => notebook(names, flags, stop)));
}

const collect = (text: string, before: string[]): string[] => [...before, text];

async function notebook(names: readonly string[], flags: NotebookFlags, stop: Interruption): Promise<number> {
  const [{ findNotebooks, ownNotebooks }, { nameAndValue }] = await Promise.all([import("./notebookFile.js"), import("./notebookParameters.js")]);
  if (names.length === 0 && flags.all !== true) return listing(ownNotebooks());
  const chosen = names.length === 0 ? ownNotebooks() : findNotebooks(names);
  const given = flags.param.map(nameAndValue);
  if (given.length > 0 && chosen.length > 1) {
    throw new UsageError(`notebook: -p goes with one notebook, got ${chosen.map(({ name }) => name).join(", ")}.`);
  }
  return execute(chosen, { given, flags, stop });
}

/** Names, titles, running times and parameters. */
async function listing(own: readonly NotebookFile[]): Promise<number> {
  const { titleOf } = await import("./notebookFile.js");
  const blocks = own.map(({ name, notebook: one, parameters }) => {
    const { seconds } = one.metadata.d90 ?? {};
    const lines = parameters.map(({ name: parameter, value, help }) => `    -p ${`${parameter}=${value}`.padEnd(26)} ${help}`);
    return [`${name}: ${titleOf(one)}${seconds === undefined ? "" : ` (about ${seconds} s on two cores)`}`, ...lines].join("\n");
  });
  print(blocks.join("\n\n"));
  return exitCodes.ok;
}

interface Work {
  given: readonly (readonly [string, string])[];
  flags: NotebookFlags;
  stop: Interruption;
}

/** Runs them, as many at a time as the cores allow, the longest first; the last line reads `N passed, N failed` where there are several. */
async function execute(chosen: readonly NotebookFile[], { given, flags, stop }: Work): Promise<number> {
  const [{ smokeOf, withParameters }, { executeNotebook, findNbconvert, notebooksAtATime }, { printer }] =
    await Promise.all([import("./notebookFile.js"), import("./notebookRun.js"), import("./printPdf.js")]);
  findNbconvert(); // before anything is waited for
  const printPdf = flags.pdf === true ? await printer() : null;
  const jobs = chosen.map((file) => ({ file, notebook: withParameters(file, [...new Map([...(flags.smoke === true ? smokeOf(file) : []), ...given])]) }))
    .sort((a, b) => secondsOf(b.file) - secondsOf(a.file));
  const workers = Math.min(notebooksAtATime(), jobs.length);
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined && !stop.signal.aborted; job = jobs.shift()) {
      const { file: { name, folder }, notebook: copy } = job;
      const stated = flags.smoke === true || given.length > 0 ? "" : statedOf(job.file);
      say(`… ${name}${stated}`);
      const { html, failure, seconds } = await executeNotebook({ name, folder, notebook: copy, out: flags.out, threads, signal: stop.signal });
      if (stop.signal.aborted) return;
      print(`${failure === null ? "✓" : "✗"} ${seconds.toFixed(1).padStart(6)} s  ${html ?? name}`);
      if (failure !== null) print(failure.replaceAll(/^/gm, "    "));
      if (failure !== null) failed++;
      if (html !== null && printPdf !== null) print(`${" ".repeat(12)}${await printPdf(html, stop.signal)}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (stop.signal.aborted) return stop.status() ?? exitCodes.failure;
  if (chosen.length > 1 || flags.all === true) print(`${chosen.length - failed} passed, ${failed} failed`);
  return failed > 0 ? exitCodes.failure : exitCodes.ok;
}

const secondsOf = ({ notebook: { metadata } }: NotebookFile): number => metadata.d90?.seconds ?? 0;
const statedOf = (file: NotebookFile): string => (secondsOf(file) === 0 ? "" : `: about ${secondsOf(file)} s on two cores`);
