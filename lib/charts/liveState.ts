/** What is known of trainings while they run, and how it looks: a bar, and the loss curves so far. */
import type { TopLevelSpec } from "vega-lite";
import { isRegression, metricWords, type MetricName } from "../records/metrics.js";
import type { MimeData } from "../support/notebook.js";
import { lossCurves, meansOf } from "./lossCurves.js";
import { counted, formatCount, formatSeconds } from "./scales.js";
import { colorOf } from "./theme.js";

/** A training as it is told step by step. */
export interface LiveProgress {
  /** Updates done, and in all. */
  step: number;
  steps: number;
  /** Of the latest update, in nats. */
  loss: number;
  stepsPerSecond: number;
  /** Seconds to the end of this training. */
  eta: number;
}

/** A training that was begun. */
export interface LiveRun {
  /** What it is: "DID d 1,608". */
  name: string;
  method: "full" | "did" | "said";
  /** How it ended: "81.1 %"; null while it runs. */
  result: string | null;
  /** Whether it ended before its last update. */
  early: boolean;
  steps: number;
  step: number;
  /** Means of the losses of neighbouring steps, at most some 200. */
  losses: { step: number; loss: number }[];
}

/** Everything that is shown. */
export interface LiveState {
  runs: LiveRun[];
  /** Data, model, preset, seeds: lines under the chart's title. */
  about: readonly string[];
  /** What runs end with; null where it is none of the dev rows. */
  metric: MetricName | null;
  progress: LiveProgress | null;
  /** What remains in all, in words; "" where it is not known. */
  remaining: string;
  /** What was taken up instead of run. */
  takenUp: number;
  /** Said at the end. */
  conclusion: string | null;
  seconds: number;
}

/** Points of one curve, at most: what is sent to the notebook again and again stays small. */
const POINTS = 200;

/** Adds a step's loss: the mean of as many steps as make at most POINTS points. */
export function addLoss(run: LiveRun, { step, steps, loss }: LiveProgress): void {
  run.step = step;
  run.steps = steps;
  if (!Number.isFinite(loss)) return;
  const width = Math.max(1, Math.ceil(steps / POINTS));
  const place = Math.floor((step - 1) / width) * width + width, last = run.losses.at(-1);
  if (last?.step !== Math.min(place, steps)) return void run.losses.push({ step: Math.min(place, steps), loss });
  const before = (step - 1) % width;
  last.loss = (last.loss * before + loss) / (before + 1);
}

/** The loss curves; null before there is a line. */
export function chartOf({ runs, about, metric, conclusion }: LiveState): TopLevelSpec | null {
  const curves = runs.map((run) => ({
    rows: meansOf(run.name, run.losses), color: colorOf(run.method), early: run.early, steps: run.steps,
    label: `${run.name}: ${run.result ?? "running"}`,
  })).filter(({ rows }) => rows.length > 1);
  if (curves.length === 0) return null;
  const ends = metric === null ? "" : `, and the dev ${metricWords[metric].name} that each run ends with`;
  const title = conclusion === null ? "Training loss, as it comes" : `Training loss${ends}`;
  const unit = metric !== null && isRegression(metric) ? "squared error" : "nats";
  return lossCurves(curves, { title, unit, subtitle: [...about, "Means over a tenth of each run"] });
}

/** The bar, as HTML and as text. */
export function barOf(state: LiveState): MimeData {
  if (state.conclusion !== null) return { "text/html": `<div>${escaped(state.conclusion)}</div>`, "text/plain": state.conclusion };
  const { progress, runs, remaining, metric } = state, name = runs.at(-1)?.name ?? "";
  if (progress === null) return { "text/html": `<div>${escaped(name)}: preparing</div>`, "text/plain": `${name}: preparing` };
  const { step, steps, loss, stepsPerSecond, eta } = progress;
  const last = runs.findLast(({ result }) => result !== null);
  const facts = [
    `${formatCount(step)} of ${counted(steps, "step")}`, `${stepsPerSecond.toFixed(1)} steps/s`, `loss ${loss.toFixed(3)}`,
    step < steps ? `${formatSeconds(eta)} left` : "evaluating",
  ];
  const before = last === undefined ? "" : `last ${metric === null ? "" : `dev ${metricWords[metric].name} `}${last.result} (${last.name})`;
  const more = [remaining, before].filter((text) => text !== "");
  const line = facts.join(" · "), second = more.join(" · ");
  return {
    "text/html": `<div><progress value="${step}" max="${steps}" style="width: 18em; vertical-align: middle"></progress> ` +
      `<b>${escaped(name)}</b> ${escaped(line)}${second === "" ? "" : `<br>${escaped(second)}`}</div>`,
    "text/plain": [`${name} [${"#".repeat(Math.round((20 * step) / steps)).padEnd(20, ".")}] ${line}`, ...more].join("\n"),
  };
}

/** Text as it may stand in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** What was done, in words: "3 trainings in 4 min 10 s, 2 recorded ones taken up". */
export function doneInWords({ runs, takenUp, seconds }: LiveState): string {
  const ran = runs.length === 0 ? "" : `${counted(runs.length, "training")} in ${formatSeconds(seconds)}`;
  const taken = takenUp === 0 ? "" : `${counted(takenUp, runs.length === 0 ? "recorded training" : "recorded one")} taken up`;
  return [ran, taken].filter((text) => text !== "").join(", ");
}
