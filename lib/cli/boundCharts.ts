/** The charts of bounds, beside their records. */
import { join } from "node:path";
import type { BoundRecord } from "../records/boundRecord.js";
import { say } from "./output.js";

/** Writes bound.png (each bound's terms), and trade-off.png where there was something to choose among. @returns their paths; none if they cannot be drawn. */
export async function drawBounds(records: readonly BoundRecord[], out = "runs"): Promise<string[]> {
  const [best] = records;
  if (best === undefined) return [];
  const [{ boundTerms }, { boundTradeOff }, { renderPng }, { writeFileAtomic }, { explain }] = await Promise.all([import("../charts/boundTerms.js"),
    import("../charts/boundTradeOff.js"), import("../charts/render.js"), import("../support/files.js"), import("./errors.js")]);
  const several = records.length > 1 || best.candidates.length > 1;
  const charts = [["bound.png", () => boundTerms(best)], ...(several ? [["trade-off.png", () => boundTradeOff(records)] as const] : [])] as const;
  const paths: string[] = [];
  for (const [name, spec] of charts) {
    const path = join(out, best.trial, name);
    try {
      await writeFileAtomic(path, await renderPng(spec()));
      paths.push(path);
    } catch (error) {
      say(`${path} could not be drawn: ${explain(error)}`);
    }
  }
  return paths;
}
