/** Who works and how far they are, from the workers' heartbeats; by this machine's clock alone. */
import type { Redis } from "ioredis";
import type { SweepEvent } from "../events.js";
import type { Job } from "../job.js";
import { keysOf } from "./keys.js";
import type { Heartbeat } from "./messages.js";

/** Milliseconds between looks, and without a new beat after which a worker is gone and forgotten. */
const LOOK_EVERY = 1000, GONE_AFTER = 15_000, FORGOTTEN_AFTER = 120_000;

export interface Watch {
  /** Tells what runs where, once a second at most. */
  look(jobs: ReadonlyMap<string, Job>): Promise<void>;
  /** Those of `ids`, which are delayed now, that have been so for `milliseconds`. */
  delayedFor(ids: readonly string[], milliseconds: number): string[];
}

export function createWatch(redis: Redis, name: string, onEvent: (event: SweepEvent) => void): Watch {
  const key = keysOf(name).workers;
  const beats = new Map<string, { beat: number; since: number }>(), started = new Map<string, string>(), delayed = new Map<string, number>();
  let looked = -Infinity;

  /** Whether the worker has given a sign of life of late. */
  function lives(worker: string, { beat }: Heartbeat, now: number): boolean {
    const before = beats.get(worker);
    if (before?.beat !== beat) beats.set(worker, { beat, since: now });
    const silent = now - (beats.get(worker)?.since ?? now);
    if (silent > FORGOTTEN_AFTER) void redis.hdel(key, worker).catch(() => undefined);
    return silent < GONE_AFTER;
  }

  return {
    async look(jobs) {
      const now = performance.now();
      if (now - looked < LOOK_EVERY) return;
      looked = now;
      for (const [worker, text] of Object.entries(await redis.hgetall(key))) {
        const heartbeat: Heartbeat = JSON.parse(text);
        if (!lives(worker, heartbeat, now)) continue;
        for (const { id, ...progress } of heartbeat.running) {
          const job = jobs.get(id);
          if (job === undefined) continue;
          if (started.get(worker) !== id) onEvent({ type: "job-start", job, worker, pid: null });
          started.set(worker, id);
          if (progress.steps > 0) onEvent({ type: "job-progress", job, worker, progress });
        }
      }
    },
    delayedFor(ids, milliseconds) {
      const now = performance.now(), present = new Set(ids);
      for (const id of delayed.keys()) if (!present.has(id)) delayed.delete(id);
      for (const id of ids) if (!delayed.has(id)) delayed.set(id, now);
      return ids.filter((id) => now - delayed.get(id)! > milliseconds);
    },
  };
}
