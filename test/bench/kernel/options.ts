/** The kernels' benchmark's command line. */
import { parseArgs } from "node:util";
import { UsageError } from "../../../lib/support/checks.js";
import { kernelNames, type KernelName } from "./kernels.js";

export interface Options {
  /** A fifth of the repetitions. */
  quick: boolean;
  /** One JSON object on standard output instead of the table. */
  json: boolean;
  /** Exit status 1 when a target is missed. */
  check: boolean;
  /** Who takes part; d90 always does. */
  kernels: readonly KernelName[];
}

export const help = `npm run bench:kernel -- [options]

Measures d90's Jupyter kernel beside ipykernel, tslab and Deno, in turn in one run. docs/performance.md says what the rows mean.

  --quick           a fifth of the repetitions
  --kernels A,B     who takes part beside d90 (default: ${kernelNames.filter((name) => name !== "d90").join(",")})
  --json            one JSON object on standard output
  --check           exit status 1 when a target is missed
`;

const flag = { type: "boolean", default: false } as const;

/** Reads the arguments. @throws {UsageError} for what it does not know. */
export function readOptions(args: string[]): Options | "help" {
  const { values } = parseOrExplain(args);
  if (values.help) return "help";
  const { quick, json, check } = values;
  const asked = values.kernels?.split(",").map((name) => name.trim()) ?? kernelNames;
  const unknown = asked.filter((name) => !kernelNames.some((known) => known === name));
  if (unknown.length > 0) throw new UsageError(`--kernels must name some of ${kernelNames.join(", ")}; got ${unknown.join(", ")}.`);
  return { quick, json, check, kernels: kernelNames.filter((name) => name === "d90" || asked.includes(name)) };
}

function parseOrExplain(args: string[]) {
  try {
    return parseArgs({ args, options: {
      quick: flag, json: flag, check: flag, help: { ...flag, short: "h" }, kernels: { type: "string" },
    } });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}
