/** The checkpoints of a pre-training, in their order: folders in a folder, or revisions of hub repositories. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hubIdParts, isHubId, type LocateOptions } from "../models/locate.js";
import { UsageError } from "../support/checks.js";
import { HubError, hubFoldersWith } from "../support/hub.js";

/** The number that a name ends in, that of a folder in a repository before its revision: "checkpoint-000500" is 500; null where there is none. */
export function updatesOf(name: string): number | null {
  const [, digits, thousands] = /(\d+)(k?)$/.exec(name.replace(/^([^/@]+\/[^/@]+\/[^@]+)@.*$/, "$1")) ?? [];
  return digits === undefined ? null : Number(digits) * (thousands === "k" ? 1000 : 1);
}

export interface Checkpoint {
  /** Path of its folder, or its hub id. */
  name: string;
  /** Updates of its pre-training. */
  update: number;
}

/**
 * Checkpoints by the number that their names end in: subfolders of `place` with a config.json, where it is a folder or a repository of the
 * hub ("owner/name", at a revision "owner/name@main"); or what `place` lists of the hub, "owner/name@step1000,step2000" (revisions of one
 * repository) or "owner/name-step_1k,owner/name-step_2k" (repositories).
 * @param options.updates those that are wanted; default all.
 * @returns in the order of their updates. @throws {UsageError} where there is none, a name of the hub has no number, or a wanted one is missing.
 */
export async function checkpointsIn(place: string, { updates, ...options }: LocateOptions & { updates?: readonly number[] } = {}): Promise<Checkpoint[]> {
  const inFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const all = (inFolder ? foldersIn(place) : isRepository(place) ? await foldersOnHub(place, options) : listed(place)).sort((a, b) => a.update - b.update);
  if (all.length === 0) throw new UsageError(`d90OverCheckpoints: ${place} has no checkpoints: subfolders with a config.json whose names end in their number of updates.`);
  const missing = updates?.find((wanted) => !all.some(({ update }) => update === wanted));
  if (missing !== undefined) throw new UsageError(`d90OverCheckpoints: ${place} has no checkpoint of ${missing} updates; it has ${all.map(({ update }) => update).join(", ")}.`);
  return all.filter(({ update }) => updates === undefined || updates.includes(update));
}

const foldersIn = (place: string): Checkpoint[] => readdirSync(place).flatMap((name) => {
  const update = updatesOf(name);
  return update !== null && existsSync(join(place, name, "config.json")) ? [{ name: join(place, name), update }] : [];
});

/** Whether `place` is one repository, neither itself nor its revision named after a number of updates. */
const isRepository = (place: string): boolean => isHubId(place) && /^[^/@]+\/[^/@]+(@|$)/.test(place) && updatesOf(place) === null;

/** The folders of a repository, as d90 pretrain's folder is when it is uploaded. */
async function foldersOnHub(place: string, options: LocateOptions): Promise<Checkpoint[]> {
  const { repository, folder: _none, ...asked } = hubIdParts(place), suffix = asked.revision === undefined ? "" : `@${asked.revision}`;
  const names = await hubFoldersWith({ type: "model", repository, ...asked, ...options }, "config.json").catch((error: unknown) => {
    if (!(error instanceof HubError)) throw error;
    throw new UsageError(`d90OverCheckpoints: there is no folder ${JSON.stringify(place)}, and as a hub id: ${error.message} Make one with d90 pretrain.`, { cause: error });
  });
  return names.flatMap((name) => {
    const update = updatesOf(name);
    return update === null ? [] : [{ name: `${repository}/${name}${suffix}`, update }];
  });
}

function listed(place: string): Checkpoint[] {
  const [first = "", ...others] = place.split(","), repository = /^([\w.-]+\/[\w.-]+)@/.exec(first)?.[1];
  const ids = [first, ...others.map((part) => (repository !== undefined && !part.includes("/") ? `${repository}@${part}` : part))];
  const wrong = ids.find((id) => !isHubId(id) || !id.includes("/"));
  if (wrong !== undefined) {
    throw new UsageError(`d90OverCheckpoints: there is no folder ${JSON.stringify(place)}. Make one with d90 pretrain, or list checkpoints of the hub: owner/name@step1000,step2000.`);
  }
  return ids.map((name) => {
    const update = updatesOf(name);
    if (update !== null) return { name, update };
    throw new UsageError(`d90OverCheckpoints: ${name} must end in its number of updates, as in owner/name@step1000,step2000; measure models without one by d90OverModels (d90 sizes).`);
  });
}
