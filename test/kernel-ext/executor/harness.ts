/** An executor under test, fed with cells of JavaScript as the language would send them. */
import { spawnSync } from "node:child_process";
import { after } from "node:test";
import { startExecutor } from "../../../kernel-ext/executor/host.js";
import type { Executor, ExecutorEvent, RunOutcome, RunRequest } from "../../../kernel-ext/executor/types.js";
import type { ConvertedCell } from "../../../kernel-ext/language/types.js";
import { identityMap } from "./maps.js";

export interface CellOptions extends Partial<ConvertedCell> {
  /** The cell as it was typed; `js` by default. */
  source?: string;
  allowStdin?: boolean;
}

export interface Harness {
  executor: Executor;
  /** All events so far. */
  events: ExecutorEvent[];
  /** Runs a cell. `js` that awaits needs isAsync; `exports.last = ...` needs lastExpression. */
  run(js: string, options?: CellOptions): Promise<RunOutcome>;
  /** The value of an expression (which may await), as text. */
  show(expression: string): Promise<string>;
  request(js: string, options?: CellOptions): RunRequest;
  /** What a cell has printed; the latest cell by default. */
  printed(name?: "stdout" | "stderr", cell?: number): string;
  /** The number of the latest cell. */
  latest(): number;
  /** Waits until an event comes, or has come, for which `test` holds. */
  until(test: (event: ExecutorEvent) => boolean): Promise<ExecutorEvent>;
}

/** Starts an executor that ends with the tests of its file. */
export function startHarness(options: { cwd?: string } = {}): Harness {
  const events: ExecutorEvent[] = [];
  let waiting: (() => void)[] = [];
  const executor = startExecutor({
    cwd: options.cwd ?? process.cwd(),
    onEvent(event) {
      events.push(event);
      waiting.forEach((look) => look());
    },
  });
  after(() => executor.close());
  let cell = 0;

  function request(js: string, { source = js, allowStdin = false, ...code }: CellOptions = {}): RunRequest {
    cell++;
    const converted: ConvertedCell = {
      kind: "code", js, map: identityMap(js), isAsync: /\bawait\b/.test(js), names: [], modules: [], timed: false,
      lastExpression: js.includes("exports.last =") ? "last" : null, ...code,
    };
    return { cell, label: `In[${cell}]`, source, allowStdin, code: converted };
  }

  const run = (js: string, cellOptions?: CellOptions): Promise<RunOutcome> => executor.run(request(js, cellOptions));
  return {
    executor, events, request, run,
    latest: () => cell,
    async show(expression) {
      const outcome = await run(`exports.last = ${expression}`);
      return outcome.status === "ok" ? String(outcome.result?.data["text/plain"]) : `${outcome.error.ename}: ${outcome.error.evalue}`;
    },
    printed: (name = "stdout", of = cell) =>
      events.map((event) => (event.type === "stream" && event.name === name && event.cell === of ? event.text : "")).join(""),
    until: (test) => new Promise((resolve) => {
      const look = (): void => {
        const found = events.find(test);
        if (found === undefined) return;
        waiting = waiting.filter((other) => other !== look);
        resolve(found);
      };
      waiting.push(look);
      look();
    }),
  };
}

/** Text without colours. */
export const plain = (lines: readonly string[]): string => lines.join("\n").replace(/\x1b\[\d+m/g, "");

/** A cell's error; fails where it has none. */
export function errorOf(outcome: RunOutcome): { ename: string; evalue: string; text: string; lost: boolean; names: string[] } {
  if (outcome.status !== "error") throw new Error(`the cell was expected to fail, and is ok: ${JSON.stringify(outcome.result)}`);
  return { ename: outcome.error.ename, evalue: outcome.error.evalue, text: plain(outcome.error.traceback), lost: outcome.lost, names: outcome.names };
}

/** Whether a process runs; one that has ended and that nobody has asked about (a zombie) does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
