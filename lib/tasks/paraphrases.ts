/**
 * The paraphrases that come with the project: news-like pairs of sentences written for it in MRPC's form, so that everything
 * runs on a machine without data or network. They are not MRPC; data/paraphrases/README.md says how they were made.
 */
import type { Task } from "./task.js";

export const paraphrases: Task = {
  name: "paraphrases",
  title: "embedded paraphrases (not MRPC)",
  about: "do two sentences say the same? pairs written for this project in MRPC's form",
  labels: ["not_equivalent", "equivalent"],
  metric: "accuracy",
  format: { columns: { text: "#1 String", text2: "#2 String", label: "Quality" }, labelValues: ["0", "1"] },
  folders: [""],
  embedded: "data/paraphrases",
};
