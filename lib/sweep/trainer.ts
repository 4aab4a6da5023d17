/** The runner that trains: sessions are kept between jobs, the oldest given up first. */
import { isDimensioned } from "../records/methods.js";
import { resolveSettings, type Settings } from "../search/settings.js";
import { measureD90 } from "../search/measure.js";
import { sessionOf } from "../search/once.js";
import { openStore } from "../records/store.js";
import type { RunRecord } from "../records/record.js";
import { canonicalJson } from "../support/files.js";
import { openSession, type Session } from "../training/session.js";
import { runTrial } from "../training/trial.js";
import { describeSession } from "./describe.js";
import type { Job, JobResult, SearchJob, TrialJob } from "./job.js";
import type { DescribeRequest, RunContext, Runner, RunnerOptions } from "./runner.js";

interface Kept {
  key: string;
  session: Session;
}

/** A runner of this process; its engine starts with the first job. */
export function makeRunner(options: RunnerOptions): Runner {
  const kept: Kept[] = [];

  async function sessionFor(key: string, open: () => Promise<Session>): Promise<Session> {
    const at = kept.findIndex((one) => one.key === key);
    const found = at < 0 ? undefined : kept.splice(at, 1)[0];
    if (found === undefined) while (kept.length >= options.sessions) kept.shift()?.session.dispose();
    const session = found?.session ?? await open();
    kept.push({ key, session });
    return session;
  }

  const where = (source: Job["source"]) => ({
    ...source, ...(options.data === undefined || source.task === "paraphrases" ? {} : { data: options.data }),
    ...(options.offline === undefined ? {} : { offline: options.offline }),
  });

  async function run(job: Job, context: RunContext): Promise<JobResult> {
    const { source, backend, configuration } = job;
    const { trainRows, devRows } = configuration.task;
    const key = canonicalJson({ source, trainRows, devRows, maxLength: configuration.maxLength, bf16: configuration.bf16, backend });
    const session = await sessionFor(key, () => sessionOf(configuration, { ...where(source), signal: context.signal, engine: { threads: options.threads, backend } }));
    return job.kind === "trial" ? runTrialJob(session, job, context) : runSearchJob(session, job, context);
  }

  async function describe(request: DescribeRequest) {
    const { source, settings: { trainRows, devRows, maxLength }, backend, bf16 } = request;
    const session = await openSession({ ...where(source), trainRows, devRows, maxLength, engine: { threads: options.threads, backend, bf16 } });
    try {
      return await describeSession(session, request);
    } finally {
      session.dispose();
    }
  }

  return { run, describe, dispose: () => kept.splice(0).forEach(({ session }) => session.dispose()) };
}

async function runTrialJob(session: Session, job: TrialJob, { out, signal, onProgress, compete }: RunContext): Promise<JobResult> {
  const record = await runTrial(session, job.configuration, {
    store: openStore(out), signal, onProgress, ...(job.halving === null ? {} : { compete: (metrics) => compete(job, metrics) }),
  });
  const stopped = record.outcome === "interrupted" && record.earlyStop === undefined;
  return { outcome: stopped ? "handed-back" : "done", records: [record] };
}

async function runSearchJob(session: Session, job: SearchJob, { out, signal, onProgress }: RunContext): Promise<JobResult> {
  const { configuration: { method }, preset } = job;
  if (!isDimensioned(method)) throw new Error("trainer: a search is by a method in a subspace.");
  const settings: Partial<Settings> = resolveSettings(preset, job.settings);
  const record = await measureD90({
    method, preset, settings, out, signal, onEvent: (event) => { if (event.type === "step") onProgress(event.progress); },
  }, session);
  const store = openStore(out);
  const trials: RunRecord[] = await Promise.all([...record.baseline, ...record.trials].map(({ id }) => store.read(id)));
  return { outcome: record.result.outcome === "interrupted" ? "handed-back" : "done", records: [...trials, record] };
}
