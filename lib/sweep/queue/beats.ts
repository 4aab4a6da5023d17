/** A worker's signs of life, once a second. */
import type { Redis } from "ioredis";
import type { JobProgress } from "../runner.js";
import { keysOf } from "./keys.js";
import type { Heartbeat } from "./messages.js";

export interface Beats {
  began(id: string): void;
  progress(id: string, progress: JobProgress): void;
  ended(id: string): void;
  running(): number;
  /** Stops beating, and takes the worker off the list. */
  stop(): Promise<void>;
}

export function createBeats(redis: Redis, queue: string, worker: string): Beats {
  const key = keysOf(queue).workers, running = new Map<string, JobProgress>();
  // A worker of the same name that was restarted must not seem to stand still.
  let beat = Math.floor(Math.random() * 1e9);
  const timer = setInterval(() => {
    if (redis.status !== "ready") return;
    const heartbeat: Heartbeat = { beat: beat++, running: [...running].map(([id, progress]) => ({ id, ...progress })) };
    redis.hset(key, worker, JSON.stringify(heartbeat)).catch(() => undefined);
  }, 1000);
  return {
    began: (id) => void running.set(id, { step: 0, steps: 0, stepsPerSecond: 0 }),
    progress: (id, progress) => void running.set(id, progress),
    ended: (id) => void running.delete(id),
    running: () => running.size,
    async stop() {
      clearInterval(timer);
      if (redis.status === "ready") await redis.hdel(key, worker).catch(() => undefined);
    },
  };
}
