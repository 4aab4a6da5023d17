import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, queueAddress } from "../../../lib/sweep/queue/address.js";
import { ensureModel } from "../../../lib/sweep/queue/downloads.js";
import { skip, withRedis } from "./redis.js";

test("models are downloaded a few at a time, each once in a process, and what is there is not asked for", { skip }, () => withRedis(async ({ url }) => {
  const redis = await connect(queueAddress(url));
  const asked: string[] = [];
  let now = 0, most = 0;
  const locate = async (model: string, offline: boolean): Promise<void> => {
    if (offline && model === "there") return;
    if (offline) throw new Error("not in the cache");
    asked.push(model);
    most = Math.max(most, ++now);
    await sleep(60);
    now--;
  };
  const options = { redis, name: "d90", slots: 2, signal: new AbortController().signal, locate };
  await Promise.all(["a", "b", "c", "d", "a", "there", undefined].map((model) => ensureModel(model, options)));
  assert.deepEqual(asked.sort(), ["a", "b", "c", "d"]);
  assert.equal(most, 2);
  await ensureModel("e", { ...options, offline: true });
  assert.deepEqual([asked.length, await redis.keys("*download*")], [4, []]);
  redis.disconnect();
}));
