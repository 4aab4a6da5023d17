/** One version of d90 on a queue: another one might train the same configuration to other numbers. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { UsageError } from "../../support/checks.js";
import { identityText, sameIdentity, type Identity } from "../job.js";
import { keysOf } from "./keys.js";

async function identityOn(redis: Redis, name: string): Promise<Identity | null> {
  const text = await redis.get(keysOf(name).identity);
  return text === null ? null : JSON.parse(text) as Identity;
}

/**
 * Notes whose queue it is, or checks it.
 * @param queue of a coordinator: a queue that is empty is taken over; a worker passes null.
 * @throws {UsageError} naming both versions.
 */
export async function claimIdentity(redis: Redis, name: string, own: Identity, queue: Queue | null): Promise<void> {
  await redis.set(keysOf(name).identity, JSON.stringify(own), "NX");
  const there = await identityOn(redis, name);
  if (there === null || sameIdentity(there, own)) return;
  const open = queue === null ? 1 : await queue.getJobCountByTypes("wait", "active", "delayed", "prioritized");
  if (open === 0) return void await redis.set(keysOf(name).identity, JSON.stringify(own));
  throw new UsageError(`queue: it is one of ${identityText(there)}, and this is ${identityText(own)}: install the same version here, ` +
    "let that sweep end first, or use another queue: redis://...?name=another.");
}
