import assert from "node:assert/strict";
import { test } from "node:test";
import { newOutput } from "../../lib/support/notebook.js";
import type { SweepEvent } from "../../lib/sweep/events.js";
import { liveSweep } from "../../lib/sweep/live.js";
import { planOf, tinyJobs } from "./queue/fleet.js";
import { tinyRecord } from "./tinyRunner.js";

/** What a sweep of six trials shows, an event each 20 ms, ten steps a trial. */
async function shown(interrupted: boolean): Promise<{ times: number[]; outputs: unknown[][] }> {
  const outputs: unknown[][] = [], times: number[] = [];
  let clock = 0;
  const onEvent = liveSweep({
    now: () => clock,
    output: () => {
      const values: unknown[] = [];
      outputs.push(values);
      return { update: (value) => { values.push(value); times.push(clock); } };
    },
  });
  const tell = (event: SweepEvent): void => { clock += 20; onEvent(event); };
  const jobs = [...await tinyJobs(planOf(6))];
  tell({ type: "start", total: jobs.length, workers: 1 });
  for (const job of jobs) {
    if (job.kind !== "trial") continue;
    tell({ type: "job-start", job, worker: "process <1>", pid: null });
    for (let step = 1; step <= 10; step++) tell({ type: "job-progress", job, worker: "process <1>", progress: { step, steps: 10, stepsPerSecond: 50 } });
    tell({ type: "job-end", job, record: tinyRecord(job, 10, "completed"), worker: "process <1>", cached: false, seconds: 0.2 });
  }
  tell({ type: "end", outcome: { done: jobs.length, cached: 0, failed: [], interrupted } });
  return { times, outputs };
}

test("a sweep shows how far it is, who does what and its chart, four times a second at most", async () => {
  const { times, outputs: [bar = [], figures = []] } = await shown(false);
  assert.match(JSON.stringify(bar), /4 of 6 done.*left<br>process &#60;1&#62;: 4 done, [\d,]+ an hour, did d 100: step \d+ of 10/);
  assert.match(JSON.stringify(bar.at(-1)), /6 of 6 done, best [\d.]+\u00a0%, in /);
  assert.ok(figures.length >= 2);
  assert.match(JSON.stringify(figures[0]), /vegalite/);
  for (const from of times.filter((time) => time < times.at(-1)!)) assert.ok(times.filter((time) => time >= from && time < from + 1000).length <= 5, `${from}`);
  assert.ok(times.length / (times.at(-1)! / 1000) < 5);
});

test("one that was stopped says how it goes on", async () => {
  const { outputs: [bar = []] } = await shown(true);
  assert.match(JSON.stringify(bar.at(-1)), /Stopped; what was finished is kept: run the cell again/);
});

test("nothing is shown outside of a notebook", () => {
  assert.equal(newOutput(), undefined);
  assert.equal(liveSweep()({ type: "start", total: 1, workers: 1 }), undefined);
});
