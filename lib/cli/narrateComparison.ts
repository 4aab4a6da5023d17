/** What happens in a comparison, in words. */
import { formatCount, formatMetric, formatSeconds } from "../charts/scales.js";
import { methodNames } from "../charts/words.js";
import type { CompareEvent, MethodPlan } from "../search/compareMethods.js";
import { stepInWords } from "./narrate.js";
import type { Progress } from "./progress.js";

/** "LoRA rank 4", "DID d 1,000". */
export function planInWords({ method, d, rank }: MethodPlan): string {
  const size = d !== undefined ? ` d ${formatCount(d)}` : rank !== undefined ? ` rank ${rank}` : "";
  return `${methodNames[method]}${size}`;
}

/** Tells the events of one comparison through `progress`. */
export function comparisonNarrator(progress: Progress): (event: CompareEvent) => void {
  let running = "";
  return (event) => {
    switch (event.type) {
      case "note": return progress.note(event.text);
      case "trial-start":
        running = `${planInWords(event.plan)}, seed ${event.seed} (${event.number} of ${event.of})`;
        return progress.update(running);
      case "step": return progress.update(`${running}: ${stepInWords(event.progress)}`);
      case "trial-end": {
        const { final, outcome, seconds, configuration: { budget, task } } = event.trial;
        const result = final === null ? outcome : formatMetric(final.metric, task.metric);
        return progress.note(`${planInWords(event.plan)}, seed ${event.seed}: ${result} with ${formatCount(budget.total)} numbers (${formatSeconds(seconds)})`);
      }
    }
  };
}
