/** Where a model's files are, by the name that a person gives: folder, default package or hub id. */
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { shown, UsageError } from "../support/checks.js";
import { cachedHubFile, HubError, HubFileMissing, hubCommit, hubFile, hubHas, hubSettings } from "../support/hub.js";
import { given } from "../support/given.js";
import { setupCommandLine } from "../support/root.js";
import { didYouMean } from "../support/suggest.js";
import { defaultModel, findDefaultModel } from "./default-model.js";
import { readJson } from "./json.js";
import { tokenizerFiles } from "./tokenizer-files.js";
import { indexFile, shardNames, singleFile } from "./weights.js";

export interface ModelLocation {
  /** Package name, hub id, or the folder as it was given. */
  id: string;
  folder: string;
}

export interface LocateOptions {
  /** Only the hub's cache; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
  /** Stops a download; what came stays for the next call. */
  signal?: AbortSignal;
}

/**
 * Finds a model, downloading it into the hub's cache if need be.
 * @param name a folder with config.json, a hub id ("owner/name"; "owner/name@revision" for a branch, tag or commit; "owner/name/folder" for a
 * folder in the repository), or the default package's name (default).
 * @throws {UsageError} saying what was tried, and what was probably meant.
 */
export async function locateModel(name: string = defaultModel, options: LocateOptions = {}): Promise<ModelLocation> {
  if (isFolder(name)) return { id: name, folder: modelFolder(name) };
  if (name === defaultModel) return { id: name, folder: installedDefault() };
  if (!isHubId(name) || isLocal(name)) {
    throw new UsageError(`model must be a folder, a hub id or ${shown(defaultModel)}, got ${shown(name)}: no such folder.`);
  }
  try {
    return { id: name, folder: await hubFolder(name, options) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const hint = didYouMean(name, [defaultModel, ...(await cachedModels())]);
    const message = `model ${shown(name)} was not found: there is no such folder, and as a hub id: ${error.message}${hint}`;
    throw new UsageError(message, { cause: error });
  }
}

/** Whether a name may be a hub id, and no path such as ./model. */
export const isHubId = (name: string): boolean => /^[\w.-]+(\/[\w.-]+)*(@[\w./-]+)?$/.test(name) && !/(^|\/)\.{1,2}(\/|$)/.test(name);

/** Whether a name of three parts or more, a folder in a repository or a mistyped path, begins with a folder that is here. */
const isLocal = (name: string): boolean => /^[^/]+\/[^/]+\//.test(name) && isFolder(name.split("/", 1)[0] ?? "");

/** "owner/name/folder@revision" in its parts; without a folder that is "", without a revision that is undefined. */
export function hubIdParts(id: string): { repository: string; folder: string; revision?: string } {
  const [path = "", revision] = id.split("@"), [owner = "", ...rest] = path.split("/");
  const repository = [owner, ...rest.slice(0, 1)].join("/");
  return { repository, folder: rest.slice(1).join("/"), ...given({ revision }) };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function modelFolder(name: string): string {
  const folder = resolve(name);
  if (existsSync(join(folder, "config.json"))) return folder;
  throw new UsageError(`model ${shown(name)} is a folder without config.json, so no model in Hugging Face's layout.`);
}

function installedDefault(): string {
  const { folder, searched } = findDefaultModel();
  if (folder !== null) return folder;
  const remedy = `run ${setupCommandLine}, which sets it up, or name another model`;
  throw new UsageError(`the default model ${defaultModel} is not installed (looked in ${searched.join(", ")}): ${remedy}.`);
}

/** Path of a file by its name in the repository; null where there is none. */
type Getter<T = string | null> = (path: string) => Promise<T>;

/** A hub model's files in the cache, all of one commit; the weights come last, so that where they are, the rest is. */
async function hubFolder(name: string, { offline = hubSettings().offline, signal }: LocateOptions): Promise<string> {
  const { repository, folder, ...asked } = hubIdParts(name);
  const place = { type: "model" as const, repository, offline, signal, ...asked };
  const revision = await hubCommit(place);
  const at = (path: string) => ({ ...place, path: folder === "" ? path : `${folder}/${path}`, revision });
  const get: Getter<string> = (path) => hubFile(at(path));
  const cached: Getter = async (path) => (await cachedHubFile(at(path))) ?? null;
  const optional: Getter = (path) => offline ? cached(path) : get(path).catch((error: unknown) => {
    if (error instanceof HubFileMissing) return null;
    throw error;
  });
  const config = await get("config.json");
  await tokenizer(get, optional);
  if (await weights(cached, cached)) return dirname(config);
  await optional("tokenizer_config.json");
  if (await weights(optional, get)) return dirname(config);
  if (!offline && await hubHas(at("pytorch_model.bin"))) throw new HubFileMissing(pickledOnly(repository));
  const where = offline ? "the cache, and offline mode forbids to download it" : hubSettings().endpoint;
  throw new HubFileMissing(`${name} has neither ${singleFile} nor ${indexFile} in ${where}.`);
}

const pickledOnly = (repository: string): string => `${repository} has pytorch_model.bin alone, which is code as much as data and is not read; convert it in `
  + `Python: AutoModel.from_pretrained("${repository}").save_pretrained("folder"), and AutoTokenizer likewise; then --model folder.`;

/** Gets the files of one of the tokenizers that can be read; tokenizer.json is asked for again where there is none, for its error. */
async function tokenizer(get: Getter<string>, optional: Getter): Promise<void> {
  for (const names of tokenizerFiles) {
    const found: (string | null)[] = [];
    for (const name of names) found.push(await optional(name));
    if (!found.includes(null)) return;
  }
  await get("tokenizer.json");
}

/** Gets one file of weights, or the index and its shards; false where there is neither. */
async function weights(optional: Getter, get: Getter): Promise<boolean> {
  if (await optional(singleFile) !== null) return true;
  const index = await optional(indexFile);
  if (index === null) return false;
  for (const shard of shardNames(await readJson(index), index).names) if (await get(shard) === null) return false;
  return true;
}

/** Ids of the models in the hub's cache. */
async function cachedModels(): Promise<string[]> {
  const names = await readdir(hubSettings().cache).catch(() => []);
  return names.filter((name) => name.startsWith("models--")).map((name) => name.slice("models--".length).replace("--", "/"));
}
