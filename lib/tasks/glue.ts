/**
 * GLUE's tasks that differ in their columns alone (Wang et al. 2018, arXiv 1804.07461): each is a row of this table. The labels
 * are in the order of the hub's numbers. MRPC, which has a layout of its own, is in mrpc.ts.
 */
import type { Task } from "./task.js";

/** Stanford Sentiment Treebank, phrases to train on and sentences to measure on: Socher et al. 2013. */
export const sst2: Task = {
  name: "sst2",
  title: "GLUE SST-2",
  labels: ["negative", "positive"],
  metric: "accuracy",
  format: { columns: { text: "sentence", label: "label" }, labelValues: ["0", "1"] },
  rows: { train: 67_349, dev: 872 },
  folders: ["glue/SST-2", "SST-2", ""],
  hub: {
    repository: "nyu-mll/glue",
    train: "sst2/train-00000-of-00001.parquet",
    dev: "sst2/validation-00000-of-00001.parquet",
    columns: { text: "sentence", label: "label" },
  },
};
