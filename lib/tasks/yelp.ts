/** Yelp Polarity (Zhang et al. 2015, arXiv 1509.01626): is a review positive? The paper's set has whole reviews, 280,000 a class. */
import type { Task } from "./task.js";

export const yelpPolarity: Task = {
  name: "yelp-polarity",
  title: "Yelp Polarity",
  about: "is a review positive? Zhang et al. 2015",
  labels: ["negative", "positive"],
  metric: "accuracy",
  rows: { train: 560_000, dev: 38_000 },
  // What SOURCES.md beside the project's data says of it.
  known: [{ train: 20_000, dev: 2_000, title: "sentence-level Yelp polarity, a draw, not Yelp Polarity's reviews" }],
  format: { columns: { text: "sentence", label: "label" }, labelValues: ["0", "1"] },
  folders: ["yelp-polarity", ""],
  hub: {
    repository: "fancyzhx/yelp_polarity",
    train: "plain_text/train-00000-of-00001.parquet",
    dev: "plain_text/test-00000-of-00001.parquet", // there is no dev split: the paper's tables are of this one
    columns: { text: "text", label: "label" },
  },
};
