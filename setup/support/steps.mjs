/**
 * A step of the set-up: `{ name, after, state(), run() }`.
 * `state()` is quick, changes nothing and says `{ todo, detail, hint?, remedy? }`: todo is "" when nothing is to be done,
 * else the reason; detail what there is; hint what it will take; remedy what would make it better.
 * `run` does the work, can be interrupted anywhere and be run again. `after` names the steps that must be finished first.
 */
import { join } from "node:path";
import { stopCommands } from "./commands.mjs";
import { releaseLock, withLock } from "./lock.mjs";
import { stopLeftovers } from "./leftovers.mjs";
import { SetupProblem } from "./problems.mjs";

/** Standard error: standard output belongs to the job that follows, which may print JSON there. */
export const print = (line) => process.stderr.write(`${line}\n`);

/** A line for a finished step. */
export function stepLine(mark, name, detail, milliseconds) {
  const time = milliseconds < 1_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
  return `  ${mark} ${name.padEnd(20)} ${time.padStart(8)}  ${detail}`;
}

/**
 * Brings all `steps` up to date, those that wait for nobody at the same time; a line and a time for each.
 * @throws {SetupProblem} of the first step that fails.
 */
export async function setUp(project, steps) {
  if (steps.every((step) => step.state().todo === "")) return runSteps(steps);
  const lock = join(project.state, "setup.lock");
  const stopListening = stopOnSignals(lock);
  const waiting = (pid) => print(`  … another set-up (process ${pid}) is at work in this folder: waiting for it`);
  try {
    await withLock(lock, async () => {
      const leftovers = await stopLeftovers(project);
      if (leftovers > 0) print(`  … stopped ${leftovers} command${leftovers === 1 ? "" : "s"} of a set-up that was killed`);
      await runSteps(steps);
    }, { waiting });
  } finally {
    stopListening();
  }
}

/** A step that fails keeps those from running that wait for it; the others go on, and what they finish is kept. */
async function runSteps(steps) {
  const finished = new Map();
  const problems = [];
  for (const step of steps) {
    const ready = Promise.all(step.after.map((name) => finished.get(name)));
    finished.set(step.name, ready.then(() => runStep(step)).catch((error) => {
      if (!problems.includes(error)) problems.push(error);
      throw error;
    }));
  }
  await Promise.allSettled(finished.values());
  if (problems.length > 0) throw problems[0];
}

async function runStep(step) {
  const start = performance.now();
  const time = () => performance.now() - start;
  const before = step.state();
  if (before.todo === "") return printState(step, before, time());
  print(`  … ${step.name}: ${before.todo}${before.hint ? ` (${before.hint})` : ""}`);
  try {
    await step.run();
  } catch (error) {
    if (stopping) return new Promise(() => {});
    print(stepLine("✗", step.name, error.message.split("\n", 1)[0], time()));
    throw error;
  }
  const after = step.state();
  if (after.todo !== "") throw stillToDo(step.name, after.todo);
  printState(step, after, time());
}

function printState({ name }, { detail, remedy }, milliseconds) {
  print(stepLine(remedy === undefined ? "✓" : "!", name, detail, milliseconds));
  if (remedy !== undefined) print(`    ${remedy}`);
}

function stillToDo(name, todo) {
  return new SetupProblem({
    what: `${name}: still ${todo} after the step was run.`,
    remedy: "run the same command again; if it stays, delete .d90, .venv and node_modules first",
  });
}

/** Whether a signal is being answered: the commands that it ends have not failed, and the process is about to end. */
let stopping = false;

/** Ctrl-C and its like stop the commands, free the lock and end the process. @returns what undoes it. */
function stopOnSignals(lock) {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  // It may come twice: from the terminal, and passed on by npm.
  const handle = (signal) => {
    if (stopping) return;
    stopping = true;
    print("\n  stopped; the same command goes on from here");
    stopCommands().finally(() => {
      releaseLock(lock);
      process.exit(codes[signal]);
    });
  };
  for (const signal of Object.keys(codes)) process.on(signal, handle);
  return () => { for (const signal of Object.keys(codes)) process.off(signal, handle); };
}
