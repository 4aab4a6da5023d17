/** Downloads from the hub in the line of progress: how much of which file, how fast, how long. */
import { watchDownloads, type DownloadProgress } from "../support/hub.js";
import type { Progress } from "./progress.js";

/** Shows downloads in `progress` until the function that is returned is called. */
export function showDownloads(progress: Progress, now: () => number = () => performance.now()): () => void {
  let begun: { name: string; at: number; bytes: number } | undefined;
  return watchDownloads((download) => {
    if (begun?.name !== download.name) begun = { name: download.name, at: now(), bytes: download.received };
    progress.update(downloadLine(download, { seconds: (now() - begun.at) / 1000, bytes: download.received - begun.bytes }));
  });
}

/** "owner/name/model.safetensors: 34 % of 1420 MB, 12.3 MB/s, 76 s left". @param since what came in how many seconds. */
export function downloadLine({ name, received, total }: DownloadProgress, since: { seconds: number; bytes: number }): string {
  const speed = since.seconds > 0 ? since.bytes / since.seconds : 0;
  const pace = speed > 0 ? `, ${(speed / 1e6).toFixed(1)} MB/s, ${Math.ceil((total - received) / speed)} s left` : "";
  return `${name}: ${Math.floor(100 * received / Math.max(total, 1))} % of ${(total / 1e6).toFixed(total < 1e7 ? 1 : 0)} MB${pace}`;
}
