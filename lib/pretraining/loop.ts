/** The loop: updates, and every so often a checkpoint with its validation perplexity. */
import { join } from "node:path";
import { thinned, type PretrainingEvaluation, type PretrainingRecord } from "../records/record.js";
import { writeFileAtomic } from "../support/files.js";
import type { NamedTensors } from "../support/tensors.js";
import { startClock, type Clock } from "../training/clock.js";
import { explainWrite, paths, writeCheckpoint, writeModel, type WritableModel } from "./output.js";
import type { PretrainEvent } from "./pretrain.js";
import { writeState, type PretrainState } from "./state.js";
import { oneUpdate, validate, type PretrainRun } from "./update.js";

export interface PretrainProgress {
  /** Updates done, and in all. */
  update: number;
  updates: number;
  /** Mean loss of the latest update at the masked positions, in nats; with the next-sentence task its mean loss is added. */
  loss: number;
  stepsPerSecond: number;
  /** Tokens a second, padding included. */
  tokensPerSecond: number;
  /** Seconds to the end of training, checkpoints excluded. */
  eta: number;
}

type Fixed = Pick<PretrainingRecord, "record" | "version" | "id" | "configuration" | "environment" | "startedAt" | "command">;

export interface LoopOptions {
  run: PretrainRun;
  /** Changed in place; owned by the caller. */
  state: PretrainState;
  out: string;
  signal: AbortSignal | undefined;
  onEvent: (event: PretrainEvent) => void;
  tokensPerRow: number;
  model: (theta: NamedTensors) => WritableModel;
  record: Fixed;
}

/** Trains from `state` to the end, or to where it is stopped. */
export async function loop(options: LoopOptions): Promise<PretrainingRecord> {
  const { run: { settings }, state, signal } = options;
  const clock = startClock(state.seconds);
  let tokensPerSecond: number | null = null;
  if (state.update === 0 && state.evaluations.length === 0) await checkpoint(options, clock, null);
  while (state.update < settings.updates) {
    if (signal?.aborted) return stopped(options, clock, tokensPerSecond);
    const loss = await oneUpdate(options.run, state);
    if (!Number.isFinite(loss)) return written(options, "diverged", tokensPerSecond);
    tokensPerSecond = progress(options, clock, loss);
    if (state.update % settings.every === 0 || state.update === settings.updates) await checkpoint(options, clock, tokensPerSecond);
    await new Promise(setImmediate); // lets Ctrl-C and timers in
  }
  await writeModel(options.out, options.model(state.theta)).catch(explainWrite(options.out, state.update));
  return written(options, "completed", tokensPerSecond);
}

function progress({ run: { settings }, state, onEvent }: LoopOptions, clock: Clock, loss: number): number {
  const { stepsPerSecond, eta } = clock.tick(state.update, settings.updates);
  const tokensPerSecond = stepsPerSecond * settings.batchSize * settings.length;
  state.losses.push({ step: state.update, loss });
  state.losses = thinned(state.losses, 2000);
  state.seconds = clock.seconds();
  onEvent({ type: "step", progress: { update: state.update, updates: settings.updates, loss, stepsPerSecond, tokensPerSecond, eta } });
  return tokensPerSecond;
}

/** Measures, writes the checkpoint, then the state, then the record: killed in between, the last interval is done again. */
async function checkpoint(options: LoopOptions, clock: Clock, tokensPerSecond: number | null): Promise<void> {
  const { run, state, out, onEvent, tokensPerRow } = options;
  const { loss, ...others } = await validate(run, state.theta);
  const kept = state.evaluations.at(-1)?.update ?? 0;
  const write = async (): Promise<PretrainingEvaluation> => {
    const place = await writeCheckpoint(out, state.update, options.model(state.theta));
    const evaluation = { update: state.update, tokens: Math.round(state.update * run.settings.batchSize * tokensPerRow), loss, perplexity: Math.exp(loss), ...others, ...place };
    state.evaluations = [...state.evaluations.filter(({ update }) => update < state.update), evaluation];
    state.seconds = clock.seconds();
    await writeState(paths(out).state, options.record.id, state);
    return evaluation;
  };
  onEvent({ type: "checkpoint", evaluation: await write().catch(explainWrite(out, kept)) });
  await written(options, "running", tokensPerSecond);
}

async function stopped(options: LoopOptions, clock: Clock, tokensPerSecond: number | null): Promise<PretrainingRecord> {
  const { state, out } = options;
  state.seconds = clock.seconds();
  await writeState(paths(out).state, options.record.id, state).catch(explainWrite(out, state.evaluations.at(-1)?.update ?? 0));
  return written(options, "interrupted", tokensPerSecond);
}

async function written({ state, out, record }: LoopOptions, outcome: PretrainingRecord["outcome"], tokensPerSecond: number | null): Promise<PretrainingRecord> {
  const { update: updates, evaluations, losses, seconds } = state;
  const whole: PretrainingRecord = { ...record, outcome, updates, evaluations, losses: thinned(losses), seconds, tokensPerSecond };
  await writeFileAtomic(join(out, "pretraining.json"), `${JSON.stringify(whole, null, 1)}\n`).catch(explainWrite(out, updates));
  return whole;
}
