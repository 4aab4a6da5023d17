/** Answers of kernels that run side by side: cells and completions in turn, round by round. */
import type { Running } from "./running.js";
import type { Samples } from "./samples.js";

/** Rounds that do not count. */
const WARM_UPS = 5;

/** `1+1`, from the request to reply and idle. */
export async function measureRoundTrip({ kernel, run }: Running, samples: Samples, round: number): Promise<void> {
  const ms = await run(kernel.code.sum);
  if (round >= WARM_UPS) samples.add(kernel.name, "roundTrip", ms);
}

/** The same of cells that were never there before. */
export async function measureFreshText({ kernel, run }: Running, samples: Samples, round: number): Promise<void> {
  const ms = await run(kernel.code.freshSum(round + 2));
  if (round >= WARM_UPS) samples.add(kernel.name, "freshText", ms);
}

/** One of the notebook's cells, to be completed in later. */
export const declareCell = async ({ kernel, run }: Running, cell: number): Promise<unknown> => run(kernel.code.declare(cell));

/** The members of a list that cell number `cell` has declared. */
export async function measureCompletion({ kernel, ask, client }: Running, samples: Samples, cell: number): Promise<void> {
  const { code, expected } = kernel.code.complete(cell);
  const { ms, reply } = await ask("complete_request", { code, cursor_pos: code.length });
  const matches = Array.isArray(reply.content.matches) ? reply.content.matches.map(String) : [];
  // ipykernel's are whole expressions: "series1.values.append".
  if (!matches.some((match) => match.endsWith(expected))) {
    throw new Error(`${kernel.name}: completing ${code} must offer ${expected}, got ${matches.slice(0, 20).join(", ")}`);
  }
  client.forget();
  samples.add(kernel.name, "completion", ms);
}

/** Rounds of cells, those that do not count included. */
export const roundsOf = (counted: number): number => WARM_UPS + counted;
