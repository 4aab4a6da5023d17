import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withFolder } from "../../models/folders.js";
import { timelessRecords } from "../records.js";
import { tinyRunner } from "../tinyRunner.js";
import { sweepUnderFire } from "./chaos.js";
import { coordinate, planOf, startWorkerChild, withWorkers } from "./fleet.js";
import { startProxy } from "./proxy.js";
import { skip, withRedis } from "./redis.js";

/** D90_FAULTS=long: more trials and kills, for docs/scale.md. */
const LONG = process.env.D90_FAULTS === "long";
const TRIALS = LONG ? 1000 : 200;

test("kill -9 of workers, coordinator and redis-server at random moments loses nothing and makes nothing twice", { skip }, (t) => withFolder((folder) => withRedis(async (server) => {
  const undisturbed = join(folder, "undisturbed"), out = join(folder, "out");
  const pool = { size: 4, inProcess: true, lock: 1500 };
  await withWorkers(1, { url: `${server.url}?name=undisturbed`, out: join(folder, "w"), runner: tinyRunner(), ...pool }, () =>
    coordinate(`${server.url}?name=undisturbed`, undisturbed, planOf(TRIALS)));
  const worker = { url: server.url, out: join(folder, "workers"), runner: tinyRunner({ stepMs: LONG ? 60 : 40 }), ...pool };
  const result = await sweepUnderFire({ server, worker, workers: 2, out, trials: TRIALS, seed: 7, kills: LONG ? 60 : 8 });
  t.diagnostic(JSON.stringify(result));
  const { done, failed, killed } = result;
  assert.deepEqual([done, failed], [TRIALS, 0]);
  assert.ok(killed.worker + killed.coordinator + killed.redis >= 3, JSON.stringify(killed));
  const records = await timelessRecords(out);
  assert.equal(records.size, TRIALS);
  assert.deepEqual(records, await timelessRecords(undisturbed));
})));

test("a network that is cut and slow delays a sweep and changes nothing", { skip }, () => withFolder((folder) => withRedis(async ({ port }) => {
  const proxy = await startProxy(port), plan = planOf(40), out = join(folder, "out");
  try {
    const worker = { url: proxy.url, out: join(folder, "workers"), runner: tinyRunner({ stepMs: 30 }), size: 4, inProcess: true, lock: 1500 };
    let cuts = 0;
    const outcome = await withWorkers(2, worker, async () => {
      const running = coordinate(proxy.url, out, plan);
      let over = false;
      const cutting = (async () => {
        for (; cuts < 4 && !over; cuts++) {
          await sleep(400);
          proxy.slow(cuts * 15);
          proxy.cut();
          await sleep(300);
          proxy.mend();
        }
      })();
      const result = await running;
      over = true;
      await cutting;
      return result;
    });
    assert.deepEqual([outcome.done, outcome.failed], [40, []]);
    assert.ok(cuts >= 1 && proxy.connections() > 6, `${cuts} cuts, ${proxy.connections()} connections`);
    assert.equal((await timelessRecords(out)).size, 40);
  } finally {
    proxy.close();
  }
})));

test("workers whose clocks are an hour ahead and an hour behind lose nothing", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const clock = (hours: number) => [`--import=data:text/javascript,const now=Date.now;Date.now=()=>now()+${hours}*36e5`];
  const options = { url, out: join(folder, "w"), runner: tinyRunner({ failFirst: 0.5, markers: join(folder, "markers"), stepMs: 10 }), size: 2, inProcess: true, lock: 1500 };
  const workers = [startWorkerChild(options, clock(1)), startWorkerChild(options, clock(-1))];
  try {
    const outcome = await coordinate(url, join(folder, "out"), planOf(30));
    assert.deepEqual([outcome.done, outcome.failed], [30, []]);
  } finally {
    for (const { process: child } of workers) child.kill("SIGTERM");
    await Promise.all(workers.map(({ exited }) => exited));
  }
})));

test("a worker whose disk is full says so, hands its trial back and ends; another makes it", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const out = join(folder, "out"), running = coordinate(url, out, planOf(3, { attempts: 1 }));
  const full = startWorkerChild({ url, out: join(folder, "full"), runner: tinyRunner({ failWithDisk: 1 }), size: 1 });
  assert.equal(await full.exited, 2);
  assert.match(full.stderr(), /the disk is full: free some space and run the same command again/);
  const outcome = await withWorkers(1, { url, out: join(folder, "w"), runner: tinyRunner(), size: 2, inProcess: true }, () => running);
  assert.deepEqual([outcome.done, outcome.failed], [3, []], "it cost no attempt");
})));
