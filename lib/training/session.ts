/** What all trials of a process share: the model, the data as token ids, and the compiled steps. */
import { engineInfo, startEngine, type EngineOptions } from "../engine/index.js";
import { loadModel } from "../models/load.js";
import type { Model } from "../models/types.js";
import type { EnvironmentRecord, ModelRecord, TaskRecord } from "../records/record.js";
import { totalSize, shapesOf } from "../support/tensors.js";
import { d90Version } from "../support/root.js";
import { chanceLevel, loadTask, outputsOf, subsetOf, type Example, type LoadTaskOptions, type TaskData } from "../tasks/index.js";
import { encodeExamples, type EncodedSet } from "./batches.js";
import { makeSteps, type TrainingSteps } from "./steps.js";

/** Which model, which data (task, data, and the columns of a file of one's own: see loadTask), and how much of it. */
export interface SessionOptions extends LoadTaskOptions {
  /** Folder in Hugging Face layout, hub id, or the default package (see loadModel). */
  model?: string;
  /** Rows to train on and to evaluate on, drawn by seed 0; default all. */
  trainRows?: number;
  devRows?: number;
  /** Tokens a row, longest text cut first; default 128. */
  maxLength?: number;
  engine?: EngineOptions;
  /** Stops downloads and tokenising: its reason is thrown. */
  signal?: AbortSignal;
}

export interface Session {
  model: Model;
  data: TaskData;
  train: EncodedSet;
  dev: EncodedSet;
  steps: TrainingSteps;
  /** The parts of every record of this session. */
  records: { model: ModelRecord; task: TaskRecord; environment: EnvironmentRecord };
  maxLength: number;
  dispose(): void;
}

/** Starts the engine, loads model and data, and tokenises. @throws {UsageError} for a model, task or folder that is not there. */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const { maxLength = 128, offline, engine, signal } = options;
  const whole = await loadTask(options);
  const data = subsetOf(whole, { train: options.trainRows, dev: options.devRows, seed: 0 });
  await startEngine(engine);
  const model = await loadModel({ model: options.model, labels: outputsOf(data), headSeed: 0, freshHead: true, offline, maxLength, signal });
  const encode = (examples: readonly Example[]) => encodeExamples(model.tokenizer, examples, { maxLength, name: data.dataSource, signal });
  const [train, dev] = await bothOf(encode, data).catch((error: unknown) => {
    model.dispose();
    throw error;
  });
  const steps = makeSteps(model);
  return {
    model, data, steps, maxLength, train, dev,
    records: {
      model: { id: model.id, sha256: model.sha256, parameters: totalSize(shapesOf(model.parameters)) },
      task: {
        ...ownFile(data), name: data.task, dataSource: data.dataSource, sha256: data.sha256, metric: data.metric,
        trainRows: data.train.length, devRows: data.dev.length, labels: outputsOf(data), majority: chanceLevel(data.metric, data.dev),
      },
      environment: environment(),
    },
    dispose: () => {
      steps.dispose();
      model.dispose();
    },
  };
}

const bothOf = async <T>(encode: (examples: readonly Example[]) => Promise<T>, { train, dev }: TaskData): Promise<[T, T]> =>
  [await encode(train), await encode(dev)];

/** What a record says of a file of one's own, or of rows left out: nothing otherwise, so that such runs keep their ids. */
function ownFile({ file, labels, dropDuplicates }: TaskData): Pick<TaskRecord, "file" | "labelNames" | "dropDuplicates"> {
  return {
    ...(file === undefined ? {} : { file }), ...(file === undefined || labels.length === 0 ? {} : { labelNames: labels }),
    ...(dropDuplicates === true ? { dropDuplicates } : {}),
  };
}

function environment(): EnvironmentRecord {
  const { backend, tensorflow, device, threads, bf16, bf16Emulated, mode } = engineInfo();
  return {
    engine: { backend, tensorflow, device, threads, bf16, ...(bf16Emulated ? { bf16Emulated } : {}), mode },
    versions: { d90: d90Version, node: process.versions.node },
    platform: `${process.platform}-${process.arch}`,
  };
}
