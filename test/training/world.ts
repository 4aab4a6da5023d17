/** A world for training tests: a tiny BERT over letters and a task of letter pairs, in a folder that goes away. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrialConfiguration } from "../../lib/records/record.js";
import { randomIndices } from "../../lib/support/random.js";
import { trialConfiguration, type TrialPlan } from "../../lib/search/configurations.js";
import { resolveSettings, type Settings } from "../../lib/search/settings.js";
import { openSession, type Session } from "../../lib/training/session.js";
import { withFolder, writeTinyModel } from "../models/folders.js";

const letters = "abcdefghij";

/** Rows whose label says whether the second text begins as the first does. */
function rows(count: number, seed: number): string {
  const draw = randomIndices(seed);
  const text = (first: number, length: number): string => [letters[first], ...Array.from({ length }, () => letters[draw(10)])].join(" ");
  const lines = Array.from({ length: count }, (_unused, i) => {
    const label = draw(3) > 0 ? 1 : 0, first = draw(10);
    return [label, i, i + count, text(first, 1 + draw(4)), text(label === 1 ? first : (first + 1 + draw(9)) % 10, 1 + draw(4))].join("\t");
  });
  return ["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", ...lines, ""].join("\n");
}

/** Writes the model to `folder`/model and 50 + 20 rows to `folder`/data. */
export function writeWorld(folder: string): void {
  writeTinyModel(join(folder, "model"));
  mkdirSync(join(folder, "data"), { recursive: true });
  writeFileSync(join(folder, "data", "train.tsv"), rows(50, 1));
  writeFileSync(join(folder, "data", "dev.tsv"), rows(20, 2));
}

/** Writes rows to `folder`/scores whose label is a number, in STS-B's form: how far apart the first letters are. */
export function writeScores(folder: string): string {
  const scores = join(folder, "scores");
  mkdirSync(scores, { recursive: true });
  for (const [split, count, seed] of [["train", 50, 3], ["dev", 20, 4]] as const) {
    const draw = randomIndices(seed);
    const lines = Array.from({ length: count }, () => {
      const [first, second] = [draw(10), draw(10)];
      return [`${letters[first]} ${letters[draw(10)]}`, letters[second], (Math.abs(first - second) / 2).toFixed(3)].join("\t");
    });
    writeFileSync(join(scores, `${split}.tsv`), ["sentence1\tsentence2\tscore", ...lines, ""].join("\n"));
  }
  return scores;
}

/** The session of a world that `writeWorld` wrote. */
export const openWorld = (folder: string): Promise<Session> =>
  openSession({ model: join(folder, "model"), data: join(folder, "data"), maxLength: 16 });

export const worldSettings = (given: Partial<Settings> = {}): Settings =>
  resolveSettings("quick", { epochs: 2, batchSize: 8, maxLength: 16, ...given });

/** The configuration of one trial in `session`. */
export const configurationIn = (session: Session, plan: Partial<TrialPlan> = {}, given: Partial<Settings> = {}): TrialConfiguration =>
  trialConfiguration(session, worldSettings(given), { method: "did", d: 40, learningRate: 0.05, seed: 3, ...plan }, null);

/** Calls `use` with a session in a fresh world. */
export const withWorld = (use: (session: Session, folder: string) => Promise<void>): Promise<void> => withFolder(async (folder) => {
  writeWorld(folder);
  const session = await openWorld(folder);
  try {
    await use(session, folder);
  } finally {
    session.dispose();
  }
});
