/**
 * Adversarial NLI (Nie et al. 2020, arXiv 1910.14599): three rounds, in which people wrote what the round's model got wrong. Its
 * authors ask that the dev and test rows are not trained on for published figures.
 */
import type { Task } from "./task.js";

const rows = [{ train: 16_946, dev: 1_000 }, { train: 45_460, dev: 1_000 }, { train: 100_459, dev: 1_200 }];

export const anliTasks: readonly Task[] = rows.map((size, index): Task => {
  const round = index + 1;
  return {
    name: `anli-r${round}`,
    title: `ANLI R${round}`,
    about: `does a premise entail a hypothesis that was written to mislead? Nie et al. 2020, round ${round}`,
    labels: ["entailment", "neutral", "contradiction"],
    metric: "accuracy",
    rows: size,
    format: { columns: { text: "context", text2: "hypothesis", label: "label" }, labelValues: ["e", "n", "c"] },
    folders: [`anli/R${round}`, `anli_v1.0/R${round}`, `R${round}`, ""],
    files: { train: "train.jsonl", dev: "dev.jsonl" },
    heldOut: {
      file: `anli/R${round}_dev.jsonl`,
      says: `has the dev and test rows alone, and ANLI's authors ask that they are not trained on for published figures`,
    },
    hub: {
      repository: "facebook/anli",
      train: `plain_text/train_r${round}-00000-of-00001.parquet`,
      dev: `plain_text/dev_r${round}-00000-of-00001.parquet`,
      columns: { text: "premise", text2: "hypothesis", label: "label" },
    },
  };
});
