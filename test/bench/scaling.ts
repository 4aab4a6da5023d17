/**
 * How a step's time grows, ours alone: with D over BERTs of six layers and random weights, and with d at one D. Run by main.ts with
 * --scaling: node scaling.js FOLDER; prints one JSON object, and writes the two charts to FOLDER where it is given.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { renderPng } from "../../lib/charts/index.js";
import { bert } from "../../lib/models/bert.js";
import { initialValues } from "../../lib/models/initialise.js";
import type { Model } from "../../lib/models/types.js";
import { randomIndices } from "../../lib/support/random.js";
import { disposeAll, totalSize } from "../../lib/support/tensors.js";
import type { EncodedSet } from "../../lib/training/batches.js";
import { oneUpdate } from "../../lib/training/update.js";
import { timed } from "./answering.js";
import { describeHost, hostLines } from "./machine.js";
import { median } from "./rounds.js";
import { makeWork } from "./run.js";
import { scalingChart, type ScalingPoint } from "./scalingChart.js";

const SHAPE = { batchSize: 16, length: 64 }, VOCABULARY = 30_522, CLASSES = 2, LAYERS = 6;
/** Hidden sizes: 4 M to 67 M parameters, the third as many as the default model has. */
const WIDTHS = [128, 256, 384, 512, 768], TYPICAL = 384;
const DIMENSIONS = [10, 100, 1000, 10_000];
const WARM_UPS = 3, ROUNDS = 7;

function randomModel(width: number): Model {
  const config = bert.configure({
    model_type: "bert", vocab_size: VOCABULARY, hidden_size: width, num_hidden_layers: LAYERS, num_attention_heads: width / 32,
    intermediate_size: 4 * width, hidden_act: "gelu", max_position_embeddings: 512, type_vocab_size: 2, layer_norm_eps: 1e-12,
    hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, initializer_range: 0.02, pad_token_id: 0,
  }, "scaling");
  const shapes = bert.shapes(config, CLASSES), values = initialValues(shapes, { seed: width, range: 0.02 });
  const parameters = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(values[name]!, [...shape])]));
  const encode = (): never => { throw new Error("scaling: the rows are token ids already."); };
  return {
    id: `random, ${LAYERS} x ${width}`, folder: "", sha256: "", config, architecture: bert, tokenizer: { padId: 0, encode }, parameters,
    initialised: Object.keys(shapes), dispose: () => disposeAll(parameters),
  };
}

/** Eight batches of random ids. */
function randomRows(): EncodedSet {
  const draw = randomIndices(1), rows = 8 * SHAPE.batchSize;
  const encodings = Array.from({ length: rows }, () => ({
    inputIds: Array.from({ length: SHAPE.length }, () => 1 + draw(VOCABULARY - 1)), tokenTypeIds: Array.from({ length: SHAPE.length }, () => 0),
  }));
  return { encodings, labels: encodings.map((_, i) => i % CLASSES) };
}

/** Median milliseconds of an update. */
async function stepTime(model: Model, set: EncodedSet, method: "full" | "did", d: number): Promise<number> {
  const { run, state, steps } = makeWork({ model, theta0: model.parameters, method, d, seed: 1, rate: 1e-4, set, classes: CLASSES, ...SHAPE });
  const times: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const [, ms] = await timed(() => oneUpdate(run, state));
    if (round >= 0) times.push(ms);
  }
  [state.trainable, state.optimizer].forEach(disposeAll);
  run.options.reparameterisation.dispose();
  [run.subspace, run.update, steps].forEach((part) => part.dispose());
  return median(times);
}

async function pointsOf(width: number, set: EncodedSet): Promise<ScalingPoint[]> {
  const model = randomModel(width), D = totalSize(bert.shapes(model.config, CLASSES));
  try {
    const points: ScalingPoint[] = [];
    for (const d of width === TYPICAL ? DIMENSIONS : [1000]) {
      points.push({ method: "did", D, d, ms: await stepTime(model, set, "did", d) });
    }
    points.push({ method: "full", D, d: null, ms: await stepTime(model, set, "full", 0) });
    return points;
  } finally {
    model.dispose();
  }
}

const host = describeHost();
const { tensorflow } = await startEngine({ backend: "tensorflow" });
host.versions["tensorflow"] = tensorflow ?? "none";
const set = randomRows(), points: ScalingPoint[] = [];
for (const width of WIDTHS) {
  process.stderr.write(`scaling: BERT of ${LAYERS} x ${width}\n`);
  points.push(...await pointsOf(width, set));
}
const [folder] = process.argv.slice(2);
if (folder !== undefined) {
  for (const by of ["D", "d"] as const) {
    writeFileSync(join(folder, `scaling-${by === "D" ? "parameters" : "dimension"}.png`), await renderPng(scalingChart(points, by, hostLines(host)[0]!)));
  }
}
process.stdout.write(`${JSON.stringify({ host, shape: SHAPE, layers: LAYERS, points })}\n`);
