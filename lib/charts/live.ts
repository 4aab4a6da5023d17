/** A bar and a chart that move while something trains, in a notebook: both update in place, and end as a figure. */
import type { TopLevelSpec } from "vega-lite";
import type { MetricName } from "../records/metrics.js";
import { cellSignal, newOutput, type MimeData, type NotebookOutput } from "../support/notebook.js";
import { chart, type Chart } from "./chart.js";
import { addLoss, barOf, chartOf, doneInWords, type LiveProgress, type LiveRun, type LiveState } from "./liveState.js";

export interface LiveOptions {
  /** Where it is shown; a test passes its own. Default: outputs of the running cell; none outside of a notebook. */
  output?: () => NotebookOutput | undefined;
  /** Milliseconds; a test passes its own clock. */
  now?: () => number;
}

/** Trainings, one after the other, as they are shown. */
export interface LiveFigure {
  /** Lines under the chart's title: data, model, preset, seeds; and what runs end with, by default their accuracy: null for nothing of the dev rows. */
  about(lines: readonly string[], metric?: MetricName | null): void;
  begin(run: Pick<LiveRun, "name" | "method">, remaining?: string): void;
  step(progress: LiveProgress): void;
  /** The latest run has ended. */
  end(result: string, early?: boolean): void;
  takeUp(): void;
  /** Shows the finished figure; what comes later is not shown. */
  finish(conclusion?: string): void;
}

/** Milliseconds between updates of the bar and of the chart: three a second together, so that training goes on beside them. */
export const PAUSES = { bar: 500, chart: 1_000 };

/** A new figure; its outputs come with the first thing that there is to show. */
export function liveFigure({ output = newOutput, now = () => performance.now() }: LiveOptions = {}): LiveFigure {
  const start = now();
  const state: LiveState = { runs: [], about: [], metric: "accuracy", progress: null, remaining: "", takenUp: 0, conclusion: null, seconds: 0 };
  const bar = throttled(output, PAUSES.bar, now), picture = throttled(output, PAUSES.chart, now);

  const show = (final = false): void => {
    bar.update(() => barOf(state), { final, raw: true });
    picture.update(() => {
      const spec = chartOf(state);
      return spec && pictureOf(spec, final);
    }, { final, raw: !final });
  };

  return {
    about: (lines, metric = "accuracy") => void Object.assign(state, { about: lines, metric }),
    begin(run, remaining = "") {
      state.runs.push({ ...run, result: null, early: false, steps: 1, step: 0, losses: [] });
      Object.assign(state, { progress: null, remaining });
      show();
    },
    step(progress) {
      const run = state.runs.at(-1);
      if (run === undefined) return;
      addLoss(run, progress);
      state.progress = progress;
      show();
    },
    end(result, early = false) {
      Object.assign(state.runs.at(-1) ?? {}, { result, early });
      show();
    },
    takeUp: () => { state.takenUp++; },
    finish(conclusion) {
      if (state.conclusion !== null) return;
      state.seconds = (now() - start) / 1_000;
      state.conclusion = conclusion ?? doneInWords(state);
      for (const run of state.runs.filter(({ result }) => result === null)) {
        Object.assign(run, { result: `stopped at ${run.step}`, early: true });
      }
      show(true);
    },
  };
}

/** A chart that will be replaced, which draws no image meanwhile; or the figure that stays. */
export const pictureOf = (spec: TopLevelSpec, final: boolean): Chart | MimeData =>
  (final ? chart(spec) : { "application/vnd.vegalite.v5+json": spec, "text/plain": spec.description });

/** An output that is replaced at most once in `pause` milliseconds, and at the end. */
export function throttled(open: () => NotebookOutput | undefined, pause: number, now: () => number) {
  let shown: NotebookOutput | undefined, latest = -Infinity, ended = false;
  return {
    update(draw: () => unknown, { final, raw }: { final: boolean; raw: boolean }): void {
      if (ended || (!final && now() - latest < pause)) return;
      const value = draw();
      if (value === null) return;
      latest = now();
      ended = final;
      shown ??= open();
      shown?.update(value, { raw });
    },
  };
}

export interface LiveTrainingOptions extends LiveOptions {
  /** What is trained, in the colour of its method: { name: "DID d 1,000", method: "did" }. */
  name: string;
  method?: "full" | "did" | "said";
  /** Data, model, preset and seeds, in one line. */
  about: string;
}

/**
 * Shows one training: `trainOnce({ ..., onProgress: liveTraining({ name, about }) })`. It ends with the last step, or where the stop
 * button ends the cell. Outside of a notebook it does nothing.
 */
export function liveTraining({ name, method = "did", about, ...options }: LiveTrainingOptions): (progress: LiveProgress) => void {
  const figure = liveFigure(options);
  figure.about([about], null);
  let begun = false;
  return (progress) => {
    if (!begun) figure.begin({ name, method });
    if (!begun) cellSignal()?.addEventListener("abort", () => figure.finish("Stopped; the checkpoint is kept."), { once: true });
    begun = true;
    figure.step(progress);
    if (progress.step < progress.steps) return;
    figure.end(`loss ${progress.loss.toFixed(3)}`);
    figure.finish();
  };
}
