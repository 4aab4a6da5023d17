/** Models from the hub: a few workers at a time download, the others wait, so that a rack does not fall upon it at once. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { keysOf } from "./keys.js";

/** Milliseconds that a slot is held without renewal: one that died gives it back. */
const HELD = 30_000;

export interface DownloadOptions {
  redis: Redis;
  name: string;
  /** Downloads at once. */
  slots: number;
  signal: AbortSignal;
  offline?: boolean;
  onNote?: (text: string) => void;
  /** How a model is found, and whether it may be downloaded for it; a test passes its own. */
  locate?: (model: string, offline: boolean, signal: AbortSignal) => Promise<unknown>;
}

const locateModel = async (model: string, offline: boolean, signal: AbortSignal): Promise<unknown> =>
  (await import("../../models/locate.js")).locateModel(model, { offline, signal });

/** Downloads of this process, by model: its jobs wait for one and the same. */
const underWay = new Map<string, Promise<void>>();

/** Sees to it that the model is on this machine; where it cannot be, the trial's own error says why. */
export async function ensureModel(model: string | undefined, options: DownloadOptions): Promise<void> {
  const { offline = false, locate = locateModel, signal } = options;
  if (model === undefined || offline) return;
  if (await locate(model, true, signal).then(() => true, () => false)) return;
  const download = underWay.get(model) ?? inSlot(options, async () => {
    options.onNote?.(`Downloading ${model}.`);
    await locate(model, false, signal).catch(() => undefined);
  });
  underWay.set(model, download);
  await download.finally(() => underWay.delete(model));
}

/** Runs `body` while holding one of the slots. */
export async function inSlot({ redis, name, slots, signal }: DownloadOptions, body: () => Promise<void>): Promise<void> {
  const own = randomUUID(), keys = Array.from({ length: slots }, (_unused, slot) => keysOf(name).download(slot));
  let held: string | undefined;
  while (held === undefined) {
    signal.throwIfAborted();
    for (const key of keys) if (held === undefined && await redis.set(key, own, "PX", HELD, "NX") === "OK") held = key;
    if (held === undefined) await sleep(200);
  }
  const key = held;
  const timer = setInterval(() => void redis.pexpire(key, HELD).catch(() => undefined), HELD / 3);
  try {
    await body();
  } finally {
    clearInterval(timer);
    if (await redis.get(key).catch(() => null) === own) await redis.del(key).catch(() => undefined);
  }
}
