/** What the coordinator must know of a model on a task, and how long an update takes here. */
import { makeReparameterisation } from "../reparameterisations/index.js";
import { architectureOf } from "../models/registry.js";
import type { SessionFacts } from "../search/configurations.js";
import { disposeAll, sizeOf } from "../support/tensors.js";
import { outputsOf } from "../tasks/task.js";
import type { Session } from "../training/session.js";
import { train, type TrainProgress } from "../training/train.js";
import type { Place } from "./expand.js";
import type { Source } from "./job.js";
import type { Cost, DescribeRequest, PlaceDescription } from "./runner.js";

/** Updates that are timed: the first of each length of rows compiles, and the clock leaves the slowest quarter out. */
const TIMED_UPDATES = 16;

/** Describes an open session; trains a few updates of each kind in `measure`. */
export async function describeSession(session: Session, request: DescribeRequest): Promise<PlaceDescription> {
  const { model, records, data } = session;
  const loadedMemory = process.memoryUsage.rss();
  const cost: PlaceDescription["cost"] = { full: null, subspace: null };
  // Full fine-tuning last: the peak of a process never falls.
  for (const kind of ["subspace", "full"] as const) if (request.measure.includes(kind)) cost[kind] = await costOf(session, request, kind);
  return {
    records, config: model.config, labels: data.labels, notes: data.notes, cost, loadedMemory,
    shapes: Object.fromEntries(Object.entries(model.parameters).map(([name, { shape }]) => [name, [...shape]])),
  };
}

async function costOf(session: Session, { settings }: DescribeRequest, kind: "full" | "subspace"): Promise<Cost> {
  const { model } = session, { architecture, config, parameters } = model;
  const total = Object.values(parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const reparameterisation = makeReparameterisation({
    method: kind === "full" ? "full" : "did", parameters, d: kind === "full" ? undefined : Math.min(1000, total), projection: settings.projection,
    seed: 0, headNames: architecture.headNames(config), headPolicy: settings.head, groupOf: architecture.layerOf,
  });
  const stop = new AbortController();
  let latest: TrainProgress | undefined;
  const onProgress = (progress: TrainProgress): void => {
    latest = progress;
    if (progress.step >= TIMED_UPDATES) stop.abort();
  };
  try {
    const { batchSize, accumulation, dropout, epochs } = settings;
    const { trainable } = await train({
      ...session, reparameterisation, classes: outputsOf(session.data), metric: session.data.metric, learningRate: 1e-4, epochs, batchSize: batchSize / accumulation,
      accumulate: accumulation, dropout, seeds: { batch: 0, dropout: 0 }, signal: stop.signal, onProgress,
    });
    disposeAll(trainable);
  } finally {
    reparameterisation.dispose();
  }
  return { secondsPerUpdate: 1 / (latest?.stepsPerSecond ?? Infinity), memory: process.resourceUsage().maxRSS * 1024 };
}

/** The facts that configurations are made from. */
export function placeOf(source: Source, { records, config, shapes, labels }: PlaceDescription): Place {
  const architecture = architectureOf(config.modelType, "sweep");
  const parameters: SessionFacts["model"]["parameters"] = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
  return { source, facts: { model: { architecture, config, parameters }, data: { labels, train: [] }, records } };
}
