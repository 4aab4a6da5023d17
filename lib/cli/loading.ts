/** What comes before a training in the line of progress: downloads and tokenising, how much of it, how fast, how long. */
import { watchLoading, type LoadingProgress } from "../support/loading.js";
import { createProgress, type Progress } from "./progress.js";

/** Progress that shows downloads and tokenising of its own accord, for the rest of the process: what a command begins with. */
export function commandProgress(): Progress {
  const progress = createProgress();
  showLoading(progress);
  return progress;
}

/** Shows what is loaded in `progress` until the function that is returned is called. */
export function showLoading(progress: Progress, now: () => number = () => performance.now()): () => void {
  let begun: { name: string; at: number; done: number } | undefined;
  return watchLoading((loading) => {
    if (begun?.name !== loading.name) begun = { name: loading.name, at: now(), done: loading.done };
    progress.update(loadingLine(loading, { seconds: (now() - begun.at) / 1000, done: loading.done - begun.done }));
  });
}

/**
 * "owner/name/model.safetensors: 34 % of 1420 MB, 12.3 MB/s, 76 s left", "Tokenising GLUE MRPC: 1500 of 3668 rows, 1 s left".
 * @param since what was done in how many seconds.
 */
export function loadingLine({ kind, name, done, total }: LoadingProgress, since: { seconds: number; done: number }): string {
  const speed = since.seconds > 0 ? since.done / since.seconds : 0;
  const left = speed > 0 ? `, ${Math.ceil((total - done) / speed)} s left` : "";
  if (kind === "tokenise") return `Tokenising ${name}: ${done} of ${total} rows${left}`;
  const pace = speed > 0 ? `, ${(speed / 1e6).toFixed(1)} MB/s` : "";
  return `${name}: ${Math.floor(100 * done / Math.max(total, 1))} % of ${(total / 1e6).toFixed(total < 1e7 ? 1 : 0)} MB${pace}${left}`;
}
