/** A sweep as it goes: on a terminal a block that is drawn again, elsewhere a line now and then. */
import { counted, formatSeconds } from "../charts/scales.js";
import type { SweepEvent } from "../sweep/events.js";
import { createStatus, type SweepStatus } from "../sweep/status.js";
import { statusLine, workerText } from "../sweep/statusText.js";
import { createProgress, lineWidth, type ProgressStream } from "./progress.js";

/** Workers shown one by one; of a rack only the count. */
const MOST_WORKERS = 16;

/** The block: the line of the sweep, and one for each worker. */
export function statusBlock(status: SweepStatus): string[] {
  const shown = status.workers.slice(0, MOST_WORKERS), width = Math.max(0, ...shown.map(({ name }) => name.length));
  const rest = status.workers.length - shown.length;
  return [statusLine(status), ...shown.map((worker) => `  ${worker.name.padEnd(width)}  ${workerText(worker)}`), ...(rest > 0 ? [`  and ${counted(rest, "worker")} more`] : [])];
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
      const width = lineWidth(stream), lines = text.split("\n").map((line) => line.slice(0, width));
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
