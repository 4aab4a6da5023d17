/** A sweep as it goes: on a terminal a block that is drawn again, elsewhere a line now and then. */
import { counted, formatCount, formatSeconds, formatShare } from "../charts/scales.js";
import type { SweepEvent } from "../sweep/events.js";
import { createStatus, type SweepStatus, type WorkerStatus } from "../sweep/status.js";
import { createProgress, type ProgressStream } from "./progress.js";

/** Workers shown one by one; of a rack only the count. */
const MOST_WORKERS = 16;

/** "12 of 48 done (3 recorded before), 1 failed, best 81.2 %, 4 min left". */
export function statusLine({ total, done, cached, early, failed, retries, eta, best }: SweepStatus): string {
  const parts = [
    `${formatCount(done)} of ${formatCount(total)} done${cached > 0 ? ` (${formatCount(cached)} recorded before)` : ""}`,
    ...(early > 0 ? [`${formatCount(early)} stopped early`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(retries > 0 ? [`${counted(retries, "attempt")} repeated`] : []),
    ...(best === null ? [] : [`best ${formatShare(best)}`]),
    ...(eta === null || eta === 0 ? [] : [`${formatSeconds(eta)} left`]),
  ];
  return parts.join(", ");
}

/** "process 1   3 done, 42 an hour, did d 1,000: step 120 of 690". */
function workerLine({ name, done, perHour, running }: WorkerStatus, width: number): string {
  const what = running === null ? "waiting" : `${running.method}${running.d === null ? "" : ` d ${formatCount(running.d)}`}` +
    `${running.steps === 0 ? "" : `: step ${formatCount(running.step)} of ${formatCount(running.steps)}`}`;
  return `  ${name.padEnd(width)}  ${formatCount(done)} done, ${formatCount(Math.round(perHour))} an hour, ${what}`;
}

/** The block: the line of the sweep, and one for each worker. */
export function statusBlock(status: SweepStatus): string[] {
  const shown = status.workers.slice(0, MOST_WORKERS), width = Math.max(0, ...shown.map(({ name }) => name.length));
  const rest = status.workers.length - shown.length;
  return [statusLine(status), ...shown.map((worker) => workerLine(worker, width)), ...(rest > 0 ? [`  and ${counted(rest, "worker")} more`] : [])];
}

export interface View {
  onEvent(event: SweepEvent): void;
  done(): void;
}

export function createView(stream: ProgressStream = process.stderr, now: () => number = () => performance.now()): View {
  const keeper = createStatus(now);
  const draw = stream.isTTY === true ? createBlock(stream, now) : createProgress({ stream, now });
  return {
    onEvent(event) {
      keeper.onEvent(event);
      const text = lineOf(event);
      if (text !== null) draw.note(text);
      draw.update(stream.isTTY === true ? statusBlock(keeper.status()).join("\n") : statusLine(keeper.status()));
    },
    done: () => draw.done(),
  };
}

/** What stays on the screen: what a person may have to do something about. */
function lineOf(event: SweepEvent): string | null {
  if (event.type === "note") return event.text;
  if (event.type === "job-failed") return `${event.job.id} failed after ${counted(event.attempts, "attempt")}: ${event.reason}`;
  if (event.type !== "job-retry") return null;
  return `${event.job.id}: ${event.reason} Attempt ${event.attempt} follows in ${formatSeconds(event.pauseSeconds)}.`;
}

/** Several lines that are drawn again in their place, four times a second at most. */
function createBlock(stream: ProgressStream, now: () => number) {
  let height = 0, latest = -Infinity;
  const clear = (): void => {
    if (height > 0) stream.write(`\r${height > 1 ? `\x1b[${height - 1}A` : ""}\x1b[0J`);
    height = 0;
  };
  return {
    update(text: string): void {
      if (now() - latest < 250) return;
      latest = now();
      clear();
      const width = (stream.columns ?? 80) - 1, lines = text.split("\n").map((line) => line.slice(0, width));
      stream.write(lines.join("\n"));
      height = lines.length;
    },
    note(line: string): void {
      clear();
      stream.write(`${line}\n`);
    },
    done: clear,
  };
}
