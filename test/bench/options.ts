/** The benchmark's command line. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { ModelSize } from "../../lib/pretraining/sizes.js";
import { UsageError } from "../../lib/support/checks.js";

export interface Options {
  /** A third of the rounds, and only the rows that have a target today. */
  quick: boolean;
  /** Every projection in the projections' table. */
  all: boolean;
  /** One JSON object on standard output instead of tables. */
  json: boolean;
  /** Exit status 1 when a target is missed. */
  check: boolean;
  /** How our own step grows with D and d, in place of the comparison. */
  scaling: boolean;
  /** Also torch.compile among PyTorch's ways, which takes a minute to compile. */
  compile: boolean;
  /** Steps in bf16 alone, and PyTorch's plain one: few processes, for large models. */
  bf16: boolean;
  /** PyTorch's global Fastfood among the peers; a step of it takes as long as a hundred others. */
  fastfood: boolean;
  /** Rows a batch, and tokens a row. */
  batchSize: number;
  length: number;
  d: number;
  threads: number;
  seed: number;
  /** Timed rounds. */
  rounds: number;
  model: string | undefined;
  /** A BERT of random weights in the model's place. */
  random: ModelSize | undefined;
  data: string | undefined;
}

export const help = `npm run bench -- [options]

Compares d90's training step with PyTorch's, side by side in one run. docs/performance.md says what the rows mean.

  --quick          fewer rounds and rows: under two minutes
  --all            every projection in the projections' table
  --shape BxL      rows a batch x tokens a row (default 16x64)
  --d N            coordinates of z (default 1000)
  --rounds N       timed rounds (default 9; 3 with --quick)
  --threads N      threads of both sides (default: all cores)
  --model NAME     folder or hub id (default: the default model)
  --random LxH     in its place a BERT of L layers x H hidden numbers with random weights: 12x768 has 110 million parameters
  --data FOLDER    MRPC's folder (default: as d90 itself finds it)
  --compile        also torch.compile among PyTorch's ways
  --bf16           steps in bf16 alone, beside PyTorch's: 110 million parameters fit into 24 GB
  --no-fastfood    without PyTorch's global Fastfood, whose step takes minutes at 110 million parameters
  --json           one JSON object on standard output
  --scaling        how our own step's time grows with D and d, as JSON, with charts in docs/; no PyTorch
  --check          exit status 1 when a target is missed
`;

const flag = { type: "boolean", default: false } as const;
const text = { type: "string" } as const;

/** Reads the arguments. @throws {UsageError} for what it does not know. */
export function readOptions(args: string[]): Options | "help" {
  const { values } = parseOrExplain(args);
  if (values.help) return "help";
  const { quick, all, json, check, compile, bf16, scaling, model, data } = values;
  const [batchSize, length] = shapeOf(values.shape ?? "16x64");
  return {
    quick, all, json, check, compile, bf16, scaling, model, data, batchSize, length, seed: 1, random: sizeOf(values.random), fastfood: !values["no-fastfood"],
    d: integer("--d", values.d ?? "1000"), rounds: integer("--rounds", values.rounds ?? (quick ? "3" : "9")),
    threads: integer("--threads", values.threads ?? String(availableParallelism())),
  };
}

function parseOrExplain(args: string[]) {
  try {
    return parseArgs({ args, options: {
      quick: flag, all: flag, json: flag, check: flag, compile: flag, bf16: flag, scaling: flag, "no-fastfood": flag, help: { ...flag, short: "h" },
      shape: text, d: text, rounds: text, threads: text, model: text, random: text, data: text,
    } });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

function shapeOf(shape: string): [number, number] {
  const [, batchSize, length] = /^(\d+)x(\d+)$/.exec(shape) ?? [];
  if (batchSize === undefined || length === undefined || Number(length) % 8 !== 0) {
    throw new UsageError(`--shape must be rows x tokens, tokens a multiple of 8, like 32x128; got ${shape}.`);
  }
  return [integer("--shape", batchSize), integer("--shape", length)];
}

/** 64 numbers a head, as BERT has them. */
function sizeOf(random: string | undefined): ModelSize | undefined {
  if (random === undefined) return undefined;
  const [, layers, hiddenSize] = (/^(\d+)x(\d+)$/.exec(random) ?? []).map(Number);
  if (layers && hiddenSize && hiddenSize % 64 === 0) return { layers, hiddenSize, heads: hiddenSize / 64 };
  throw new UsageError(`--random must be layers x hidden size, the size a multiple of 64, like 12x768; got ${random}.`);
}

function integer(option: string, value: string): number {
  if (/^\d+$/.test(value) && Number(value) >= 1) return Number(value);
  throw new UsageError(`${option} must be an integer of at least 1, got ${value}.`);
}
