/** Progress on standard error: one line that updates on a terminal, a plain line now and then elsewhere. */

/** Where progress goes: process.stderr, or a test's. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  stream?: ProgressStream;
  /** Milliseconds; a test passes its own clock. */
  now?: () => number;
  /** Milliseconds between updates of the line on a terminal; default 250. */
  every?: number;
  /** Milliseconds between plain lines elsewhere; default 15,000, or D90_PROGRESS_SECONDS. */
  everyPlain?: number;
}

export interface Progress {
  /** What is going on now; shown when it is time. */
  update(line: string): void;
  /** A line that stays. */
  note(line: string): void;
  /** Removes the line that updates. */
  done(): void;
}

/** Letters of a line that is drawn in place; a terminal that does not know its width says 0. */
export const lineWidth = ({ columns = 0 }: ProgressStream): number => (columns > 0 ? columns : 80) - 1;

/** A new one; several would overwrite each other. */
export function createProgress(options: ProgressOptions = {}): Progress {
  const { stream = process.stderr, now = () => performance.now(), every = 250, everyPlain = plainPause() } = options;
  const terminal = stream.isTTY === true;
  const pause = terminal ? every : everyPlain;
  // Elsewhere the first line comes after a pause too: short commands stay quiet.
  let latest = terminal ? -Infinity : now();
  let shown = false;

  const clear = (): void => {
    if (shown) stream.write("\r\x1b[2K");
    shown = false;
  };

  return {
    update(line) {
      if (now() - latest < pause) return;
      latest = now();
      if (!terminal) return void stream.write(`${line}\n`);
      stream.write(`\r\x1b[2K${cut(line, lineWidth(stream))}`);
      shown = true;
    },
    note(line) {
      clear();
      stream.write(`${line}\n`);
    },
    done: clear,
  };
}

/** Logs of some machines want a line less often, or more. */
function plainPause({ D90_PROGRESS_SECONDS: seconds } = process.env): number {
  const value = Number(seconds);
  return seconds !== undefined && seconds !== "" && value >= 0 ? 1000 * value : 15_000;
}

/** At most `width` letters: a longer line would wrap and could not be removed. */
const cut = (line: string, width: number): string => (line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`);
