/** How a sweep stands, in words: on a terminal and in a notebook alike. */
import { counted, formatCount, formatSeconds, formatShare } from "../charts/scales.js";
import type { SweepStatus, WorkerStatus } from "./status.js";

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

/** "3 done, 42 an hour, did d 1,000: step 120 of 690". */
export function workerText({ done, perHour, running }: WorkerStatus): string {
  const what = running === null ? "waiting" : `${running.method}${running.d === null ? "" : ` d ${formatCount(running.d)}`}` +
    `${running.steps === 0 ? "" : `: step ${formatCount(running.step)} of ${formatCount(running.steps)}`}`;
  return `${formatCount(done)} done, ${formatCount(Math.round(perHour))} an hour, ${what}`;
}
