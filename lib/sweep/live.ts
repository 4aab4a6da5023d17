/** A sweep in a notebook while it runs: how far it is and who does what, and the chart of what has come, which ends as a figure. */
import { type LiveOptions, PAUSES, pictureOf, throttled } from "../charts/live.js";
import { escaped } from "../charts/liveState.js";
import { metricByBudget } from "../charts/metricByBudget.js";
import { formatSeconds } from "../charts/scales.js";
import type { TrialRecord } from "../records/record.js";
import { newOutput, type MimeData } from "../support/notebook.js";
import type { SweepEvent, SweepOutcome } from "./events.js";
import { createStatus, type SweepStatus } from "./status.js";
import { statusLine, workerText } from "./statusText.js";

/** Workers shown one by one. */
const MOST_WORKERS = 8;

/**
 * Shows a sweep in the running cell: `runSweep(plan, { onEvent: liveSweep() })`. The chart has the trials of one model on one task:
 * that of the latest. Updates come three a second at most; outside of a notebook it does nothing. One for each sweep.
 */
export function liveSweep({ output = newOutput, now = () => performance.now() }: LiveOptions = {}): (event: SweepEvent) => void {
  const keeper = createStatus(now), trials = new Map<string, TrialRecord[]>();
  const bar = throttled(output, PAUSES.bar, now), picture = throttled(output, PAUSES.chart, now);
  let latest: TrialRecord[] = [], notes: string[] = [];

  return (event) => {
    keeper.onEvent(event);
    if (event.type === "note") notes.push(event.text);
    if (event.type === "job-failed") notes.push(`${event.job.id} failed: ${event.reason}`);
    if (event.type === "job-end" && event.record.record === "trial") latest = addTo(trials, event.record);
    const final = event.type === "end", status = keeper.status();
    bar.update(() => (final ? endOf(status, event.outcome, notes) : barOf(status, notes)), { final, raw: true });
    // Cached trials come by the thousand: no chart for each, only when it is time.
    picture.update(() => pictureOfTrials(latest, final), { final, raw: !final });
  };
}

function addTo(trials: Map<string, TrialRecord[]>, record: TrialRecord): TrialRecord[] {
  const { model, task } = record.configuration, key = `${model.sha256} ${task.sha256}`;
  const there = trials.get(key) ?? [];
  trials.set(key, there);
  there.push(record);
  return there;
}

/** The chart; null before there is anything to draw, or where the trials are of different trainings. */
function pictureOfTrials(trials: readonly TrialRecord[], final: boolean) {
  if (!trials.some(({ final: metrics }) => metrics !== null)) return null;
  try {
    return pictureOf(metricByBudget(trials), final);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function barOf(status: SweepStatus, notes: readonly string[]): MimeData {
  const { total, done, failed, workers } = status, line = statusLine(status);
  const shown = workers.slice(0, MOST_WORKERS).map((worker) => `${worker.name}: ${workerText(worker)}`);
  const more = workers.length > shown.length ? [`and ${workers.length - shown.length} workers more`] : [];
  const below = [...shown, ...more, ...notes].map((text) => `<br>${escaped(text)}`).join("");
  return {
    "text/html": `<div><progress value="${done + failed}" max="${Math.max(1, total)}" style="width: 18em; vertical-align: middle"></progress> ${escaped(line)}${below}</div>`,
    "text/plain": [line, ...shown, ...more, ...notes].join("\n"),
  };
}

function endOf(status: SweepStatus, { interrupted }: SweepOutcome, notes: readonly string[]): MimeData {
  const how = interrupted ? "Stopped; what was finished is kept: run the cell again to go on. " : "";
  const lines = [`${how}${statusLine({ ...status, eta: null })}, in ${formatSeconds(status.seconds)}`, ...notes];
  return { "text/html": `<div>${lines.map(escaped).join("<br>")}</div>`, "text/plain": lines.join("\n") };
}
