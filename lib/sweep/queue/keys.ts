/** Names of what lies in Redis. BullMQ's own keys begin with its prefix; d90's beside it say who works and what competes. */

/** BullMQ's prefix: the braces keep a queue's keys in one slot of a cluster. */
export const PREFIX = "{d90}";

/** BullMQ's id of a job. Not the bare hash: one in three hundred has digits alone, which BullMQ keeps for ids of its own. */
export const queuedId = (id: string): string => `run-${id}`;

/** The record's id of a job of BullMQ's. */
export const recordId = (queued: string | undefined): string => (queued ?? "").replace(/^run-/, "");

export const keysOf = (name: string) => {
  const bull = `${PREFIX}:${name}`, own = `${PREFIX}:${name}:d90`;
  return {
    job: (id: string) => `${bull}:${queuedId(id)}`,
    completed: `${bull}:completed`,
    failed: `${bull}:failed`,
    delayed: `${bull}:delayed`,
    identity: `${own}:identity`,
    workers: `${own}:workers`,
    rung: (group: string, epoch: number) => `${own}:rung:${group}:${epoch}`,
    download: (slot: number) => `${own}:download:${slot}`,
  };
};
