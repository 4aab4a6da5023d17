/** Searches, series of them and pre-trainings as a notebook shows them while they run: a bar and the loss curves, which end as a figure. */
import { liveFigure, type LiveOptions } from "../charts/live.js";
import { counted, formatCount, formatMetric, formatSeconds } from "../charts/scales.js";
import { methodNames, setupInWords } from "../charts/words.js";
import type { PretrainEvent } from "../pretraining/index.js";
import type { MetricName } from "../records/metrics.js";
import { cellSignal, newOutput, type NotebookOutput } from "../support/notebook.js";
import type { MeasureEvent } from "./measure.js";
import type { SeriesEvent } from "./series.js";

/** What remains, as far as it is known. */
interface Remaining {
  remainingTrials: number;
  remainingSeconds: number | null;
}

const remainingInWords = ({ remainingTrials, remainingSeconds }: Remaining): string =>
  `about ${counted(remainingTrials, "training")} to go${remainingSeconds === null ? "" : `, ${formatSeconds(remainingSeconds)}`}`;

/**
 * Shows a search in the running cell: `measureD90({ ..., onEvent: liveSearch() })`. Outside of a notebook it does nothing.
 * One for each search.
 */
export function liveSearch(options: LiveOptions = {}): (event: MeasureEvent) => void {
  const figure = liveFigure(options);
  let method: "did" | "said" = "did", kind: MetricName = "accuracy";
  return (event) => {
    switch (event.type) {
      case "begin":
        method = event.configuration.method === "said" ? "said" : "did";
        kind = event.configuration.task.metric;
        return figure.about(setupInWords(event.configuration), kind);
      case "trial-start": {
        const { d } = event.request, own = d === null ? "full" as const : method;
        const name = d === null ? "full" : `${methodNames[method]} d ${formatCount(d)}`;
        return figure.begin({ name, method: own }, remainingInWords(event));
      }
      case "step": return figure.step(event.progress);
      case "trial-end": {
        const { trial: { metric, outcome }, cached } = event;
        if (cached) return figure.takeUp();
        return figure.end(metric === null ? outcome : formatMetric(metric, kind), metric === null);
      }
      case "done": return figure.finish(event.result.outcome === "interrupted" ? "Stopped; what was finished is kept: run the cell again to go on." : undefined);
      default: return undefined;
    }
  };
}

/**
 * Shows a series of searches in the running cell, one in the place of the one before: `d90OverCheckpoints(folder, { ..., onEvent:
 * liveSeries() })`. What ends as a figure is the last one. Outside of a notebook it does nothing.
 */
export function liveSeries({ output = newOutput, ...options }: LiveOptions = {}): (event: SeriesEvent) => void {
  const outputs: (NotebookOutput | undefined)[] = [];
  let search: (event: MeasureEvent) => void = () => undefined;
  return (event) => {
    if (event.type === "search") return search(event.event);
    if (event.type !== "point-start") return;
    let place = 0;
    search = liveSearch({ ...options, output: () => { const here = place++; return outputs[here] ??= output(); } });
  };
}

/**
 * Shows a pre-training in the running cell: `pretrain({ ..., onEvent: livePretraining({ about }) })`; its curve ends with the perplexity.
 * Outside of a notebook it does nothing.
 * @param options.about the corpus and whatever else the reader must know, in one line.
 */
export function livePretraining({ about, ...options }: LiveOptions & { about: string }): (event: PretrainEvent) => void {
  const figure = liveFigure(options);
  let updates: number | null = null;
  return (event) => {
    if (event.type === "start") {
      figure.about([`${about} · ${formatCount(event.parameters)} parameters, ${formatCount(event.trainTokens)} tokens`], null);
      cellSignal()?.addEventListener("abort", () => { if (updates !== null) figure.finish("Stopped; run the cell again to go on from here."); }, { once: true });
    }
    if (event.type === "step") {
      const { update, ...progress } = event.progress;
      if (updates === null) figure.begin({ name: "masked words", method: "full" }); // what is only taken up has no step, and nothing to show
      updates = progress.updates;
      figure.step({ ...progress, step: update, steps: progress.updates });
    }
    if (event.type === "checkpoint" && event.evaluation.update === updates) {
      figure.end(`perplexity ${formatCount(Math.round(event.evaluation.perplexity))}`);
      figure.finish();
    }
  };
}
