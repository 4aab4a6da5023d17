/** Early stopping among workers: the rungs of lib/sweep/halving.ts in Redis. */
import type { Redis } from "ioredis";
import type { EarlyStop } from "../../records/trialRecord.js";
import type { EpochMetrics } from "../../training/train.js";
import { isRung, isStopped } from "../halving.js";
import type { Halving } from "../job.js";
import { keysOf } from "./keys.js";

/** Notes the metric and reads the rung in one step: rank and number of those that have come so far. A month later it is forgotten. */
const SCRIPT = `redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
redis.call("EXPIRE", KEYS[1], 2592000)
local rank = 1
for _, metric in ipairs(redis.call("HVALS", KEYS[1])) do if tonumber(metric) > tonumber(ARGV[2]) then rank = rank + 1 end end
return {rank, redis.call("HLEN", KEYS[1])}`;

/** Null to go on, or why not. */
export async function competeOn(redis: Redis, queue: string, { halving, id, metrics: { epoch, metric } }:
  { halving: Halving; id: string; metrics: EpochMetrics }): Promise<EarlyStop | null> {
  if (!isRung(epoch, halving)) return null;
  const answer = await redis.eval(SCRIPT, 1, keysOf(queue).rung(halving.group, epoch), id, String(metric));
  const [rank, of] = Array.isArray(answer) ? answer.map(Number) : [1, 1];
  const { reduction } = halving;
  return isStopped(rank!, of!, reduction) ? { reduction, epoch, metric, rank: rank!, of: of! } : null;
}
