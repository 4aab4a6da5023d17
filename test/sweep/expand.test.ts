import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../lib/sweep/describe.js";
import { countJobs, jobsOf, sourcesOf, type Place } from "../../lib/sweep/expand.js";
import { parseJob, type Job } from "../../lib/sweep/job.js";
import { parsePlan, type SweepPlanInput } from "../../lib/sweep/plan.js";
import { idOf } from "../../lib/records/record.js";
import { describeTiny } from "./tinyRunner.js";

const placesOf = (input: SweepPlanInput): Promise<Place[]> =>
  Promise.all(sourcesOf(parsePlan(input)).map(async (source) => placeOf(source, await describeTiny(source.model, source.task))));
const expand = async (input: SweepPlanInput): Promise<Job[]> => [...jobsOf(parsePlan(input), await placesOf(input))];

test("a plan is the product of its lists, each trial once and with the hash of its configuration", async () => {
  const plan: SweepPlanInput = {
    models: ["a", "b"], tasks: ["mrpc", { task: "sst2", data: "./x" }], methods: ["full", "did", "said"], d: [100, 200, 300], rates: [0.1, 0.2], fullRates: [1e-4],
    seeds: [0, 1],
  };
  const jobs = await expand(plan);
  assert.equal(jobs.length, 4 * (2 + 2 * 3 * 2 * 2));
  assert.equal(jobs.length, countJobs(parsePlan(plan), await placesOf(plan)));
  assert.equal(new Set(jobs.map(({ id }) => id)).size, jobs.length);
  for (const job of jobs) assert.equal(job.id, idOf(job.configuration));
  assert.deepEqual(jobs.map((job) => parseJob(JSON.parse(JSON.stringify(job)))), jobs, "jobs survive the way through JSON");
});

test("the rates of one d are side by side, around the rule's where only rungs are given", async () => {
  const rates = (await expand({ methods: ["did"], d: [100], rungs: [-1, 0, 1], seeds: [0] })).map(({ configuration }) =>
    ("learningRate" in configuration ? configuration.learningRate : NaN));
  assert.ok(Math.abs(rates[1]! / rates[0]! - 3) < 0.03 && Math.abs(rates[2]! / rates[1]! - 3) < 0.03, `${rates}`);
});

test("competitors of early stopping differ in their rate alone", async () => {
  const jobs = await expand({ methods: ["full", "did"], d: [100, 200], rates: [0.1, 0.2, 0.3], fullRates: [1e-4, 2e-4], seeds: [0, 1], earlyStopping: {} });
  const groups = new Map<string, number>();
  for (const job of jobs) if (job.kind === "trial") groups.set(job.halving!.group, (groups.get(job.halving!.group) ?? 0) + 1);
  assert.deepEqual([...groups.values()].sort(), [2, 2, 3, 3, 3, 3]);
});

test("a search waits for the full fine-tuning that all searches of its place share", async () => {
  const jobs = await expand({ methods: ["did", "said"], search: true, preset: "full", seeds: [7] });
  assert.deepEqual(jobs.map(({ kind }) => kind), ["trial", "trial", "trial", "search", "search"]);
  for (const job of jobs.slice(3)) assert.deepEqual(job.after, jobs.slice(0, 3).map(({ id }) => id));
});

test("a given d must fit the model and the method, of a range what fits is taken", async () => {
  await assert.rejects(expand({ methods: ["did"], d: [1e9] }), /plan: d must be from 1 to \d+ for did of tiny, got 1000000000/);
  await assert.rejects(expand({ methods: ["said"], d: [2] }), /SAID spends \d+ on its scalers\) to \d+ for said of tiny, got 2/);
  const jobs = await expand({ methods: ["said"], d: { from: 1, to: 1e9 }, seeds: [0] });
  const plan = parsePlan({ methods: ["said"], d: { from: 1, to: 1e9 }, seeds: [0] });
  assert.ok(jobs.length > 20 && jobs.length === countJobs(plan, await placesOf(plan)));
});

test("the same weights and rows under two names are refused: their trials are the same", async () => {
  const places = [placeOf({ model: "a" }, await describeTiny("a")), placeOf({ model: "./a" }, await describeTiny("a"))];
  assert.throws(() => [...jobsOf(parsePlan({ methods: ["did"], d: [100] }), places)], /are the same weights and rows/);
});
