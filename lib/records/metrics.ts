/** The metrics that a task may be measured by: their names, and what is known of each without any data. */

/** In the order of docs/tasks.md. */
export const metricNames = ["accuracy", "f1", "matthews", "pearson", "spearman"] as const;

export type MetricName = (typeof metricNames)[number];

/** Whether labels are numbers of a scale and the model has one output: what is measured is how well it follows them. */
export const isRegression = (metric: MetricName): boolean => metric === "pearson" || metric === "spearman";

/** Whether the metric is a correlation in [-1, 1], which a guess leaves at 0; the others are shares in [0, 1]. */
export const isCorrelation = (metric: MetricName): boolean => isRegression(metric) || metric === "matthews";

/** What a metric is called in a sentence, and who needs no training to reach its chance level. */
export const metricWords: Readonly<Record<MetricName, { name: string; guess: string }>> = {
  accuracy: { name: "accuracy", guess: "the majority class" },
  f1: { name: "F1", guess: "always saying class 1" },
  matthews: { name: "Matthews correlation", guess: "a guess" },
  pearson: { name: "Pearson correlation", guess: "a guess" },
  spearman: { name: "Spearman correlation", guess: "a guess" },
};
