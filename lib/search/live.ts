/** A search as a notebook shows it while it runs: a bar and the loss curves, which end as a figure. */
import { liveFigure, type LiveOptions } from "../charts/live.js";
import { counted, formatCount, formatMetric, formatSeconds } from "../charts/scales.js";
import { methodNames, setupInWords } from "../charts/words.js";
import type { MetricName } from "../records/metrics.js";
import type { MeasureEvent } from "./measure.js";

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
