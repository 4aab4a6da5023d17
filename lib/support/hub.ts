/**
 * Files of the Hugging Face hub, kept in the cache that Python's huggingface_hub uses, in its layout:
 * `<cache>/datasets--nyu-mll--glue/{refs/main, blobs/<hash>, snapshots/<commit>/<path> -> blob}`.
 */
import { readFileSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { datasetInfo, listFiles, modelInfo, pathsInfo } from "@huggingface/hub";
import { writeFileAtomic } from "./files.js";
import { downloadBlob, pause, waitOf } from "./hub-download.js";
import { explained, HubError, HubFileMissing } from "./hub-errors.js";
import { tellLoading } from "./loading.js";

export { HubError, HubFileMissing } from "./hub-errors.js";

/** Which repository of the hub, and at which revision. */
export interface HubRepository {
  type: "model" | "dataset";
  /** "owner/name". */
  repository: string;
  /** Branch, tag or commit; defaults to "main". */
  revision?: string;
  /** Only the cache, no network; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
  /** Stops asking and downloading; what came stays for the next call. */
  signal?: AbortSignal;
}

/** Which file of the hub. */
export interface HubFile extends HubRepository {
  /** Path inside the repository. */
  path: string;
}

/** The cache's folder, the hub's address, who asks, and whether the network may be used. */
export interface HubSettings {
  cache: string;
  endpoint: string;
  token?: string;
  offline: boolean;
}

/** What Hugging Face's environment variables say, with the defaults of huggingface_hub. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface");
  return {
    cache: env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, "hub"),
    endpoint: (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    ...tokenOf(env, home),
    offline: isOn(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE),
  };
}

const isOn = (value: string | undefined): boolean => /^(1|on|true|yes)$/i.test(value ?? "");

/** HF_TOKEN, else the file that `hf auth login` writes (HF_TOKEN_PATH, by default `token` in HF_HOME); neither where HF_HUB_DISABLE_IMPLICIT_TOKEN is set. */
function tokenOf(env: NodeJS.ProcessEnv, home: string): { token?: string } {
  if (isOn(env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return {};
  const token = (env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN || "").trim() || textOf(env.HF_TOKEN_PATH || join(home, "token"));
  return token === "" ? {} : { token };
}

/** A small file's text without spaces around it; empty where there is none that can be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

/**
 * Path of a hub file on this machine: from the cache if it is there (no network is used then), else downloaded into it,
 * its size and hash checked.
 * @throws {HubError} where it cannot be had; the cache is as before then. The signal's reason, where it aborts.
 */
export async function hubFile(file: HubFile): Promise<string> {
  const settings = hubSettings();
  const cached = await cachedHubFile(file);
  if (cached !== undefined) return cached;
  if (file.offline ?? settings.offline) throw offlineError(`${file.repository}/${file.path}`, settings.cache);
  const commit = await hubCommit(file);
  return explained(() => download(file, commit, settings), { what: `${file.repository}/${file.path}`, ...settings, signal: file.signal });
}

/**
 * The commit that a revision stands for: as the cache knows it, else as the hub says, noted in the cache. Files that belong
 * together are asked for at this commit, so that they are of one state of the repository.
 * @throws {HubError} where neither knows.
 */
export async function hubCommit(place: HubRepository): Promise<string> {
  const settings = hubSettings();
  const revision = place.revision ?? "main";
  const reference = join(repositoryFolder(place, settings.cache), "refs", revision);
  const known = isCommit(revision) ? revision : (await readFile(reference, "utf8").catch(() => "")).trim();
  if (known !== "") return known;
  if (place.offline ?? settings.offline) throw offlineError(place.repository, settings.cache);
  const commit = await explained(() => askCommit(place, revision, settings), { what: place.repository, ...settings, signal: place.signal });
  await writeFileAtomic(reference, commit);
  return commit;
}

/** Path of a hub file in the cache, or undefined if it is not there; never uses the network. */
export async function cachedHubFile(file: HubFile): Promise<string | undefined> {
  const commit = await hubCommit({ ...file, offline: true }).catch(() => undefined);
  if (commit === undefined) return undefined;
  const path = join(repositoryFolder(file, hubSettings().cache), "snapshots", commit, file.path);
  return (await exists(path)) ? path : undefined;
}

/** Whether the hub has a file, without downloading it. @throws {HubError} where the hub cannot be asked. */
export async function hubHas(file: HubFile): Promise<boolean> {
  const asked = asking(file, await hubCommit(file));
  return explained(async () => (await pathsInfo({ ...asked, paths: [file.path] })).length > 0, about(file));
}

/**
 * Names of the folders at the top of a repository that have a file `name`; offline those of which the cache has it.
 * @throws {HubError} where the hub cannot be asked.
 */
export async function hubFoldersWith(place: HubRepository, name: string): Promise<string[]> {
  const { cache, offline } = hubSettings();
  if (place.offline ?? offline) {
    const snapshot = join(repositoryFolder(place, cache), "snapshots", await hubCommit(place));
    const has = (folder: string): Promise<boolean> => exists(join(snapshot, folder, name));
    const folders = await readdir(snapshot).catch(() => []), found = await Promise.all(folders.map(has));
    return folders.filter((_folder, i) => found[i]);
  }
  const asked = asking(place, await hubCommit(place));
  return explained(async () => {
    const paths: string[] = [];
    for await (const { type, path } of listFiles(asked)) if (type === "directory") paths.push(`${path}/${name}`);
    return paths.length === 0 ? [] : (await pathsInfo({ ...asked, paths })).map(({ path }) => dirname(path));
  }, about(place));
}

/** How the hub is asked about the files of a repository at a commit. */
function asking({ type, repository, signal }: HubRepository, commit: string) {
  const { endpoint, token } = hubSettings();
  return { repo: { type, name: repository }, revision: commit, hubUrl: endpoint, fetch: impatient(signal), ...(token ? { accessToken: token } : {}) };
}

const about = ({ repository, signal }: HubRepository) => ({ what: repository, endpoint: hubSettings().endpoint, signal });

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

const repositoryFolder = ({ type, repository }: HubRepository, cache: string): string =>
  join(cache, `${type}s--${repository.replaceAll("/", "--")}`);

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** Milliseconds that the hub may take to answer where a file is; the download itself has no limit. */
const answerTimeout = 15_000;

/** An answer that asks to wait is asked for again, a few times. */
const impatient = (signal?: AbortSignal): typeof fetch => async (url, init) => {
  for (let left = 3; ; left--) {
    const limit = AbortSignal.timeout(answerTimeout);
    const response = await fetch(url, { ...init, signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
    const wait = waitOf(response);
    if (wait === undefined || left === 0) return response;
    await response.body?.cancel();
    await pause(wait, signal);
  }
};

async function askCommit(place: HubRepository, revision: string, { endpoint, token }: HubSettings): Promise<string> {
  const { type, repository, signal } = place;
  const asked = {
    name: repository, revision, additionalFields: ["sha" as const], hubUrl: endpoint, fetch: impatient(signal),
    ...(token ? { accessToken: token } : {}),
  };
  const { sha } = await (type === "model" ? modelInfo(asked) : datasetInfo(asked));
  if (!isCommit(sha ?? "")) throw new HubError(`${endpoint} names no commit for ${repository} at ${revision}.`);
  return sha;
}

async function download(file: HubFile, commit: string, { cache, endpoint, token }: HubSettings): Promise<string> {
  const [info] = await pathsInfo({ ...asking(file, commit), paths: [file.path] });
  const hash = info?.lfs?.oid ?? info?.oid;
  if (info === undefined || hash === undefined) {
    throw new HubFileMissing(`${endpoint} has no file ${file.path} in ${file.repository} at ${file.revision ?? "main"}.`);
  }
  if (!/^[0-9a-f]{40,64}$/.test(hash)) throw new HubError(`${endpoint} names ${file.path} by something that is no hash.`);
  const folder = repositoryFolder(file, cache);
  const blob = join(folder, "blobs", hash);
  if (!(await exists(blob))) {
    const name = `${file.repository}/${file.path}`;
    const url = `${endpoint}/${file.type === "dataset" ? "datasets/" : ""}${file.repository}/resolve/${commit}/${file.path.split("/").map(encodeURIComponent).join("/")}`;
    const expected = { name, size: info.size, hash, lfs: info.lfs !== undefined };
    await downloadBlob({ url, blob, expected, onProgress: tellLoading, signal: file.signal, ...(token ? { token } : {}) });
  }
  const pointer = join(folder, "snapshots", commit, file.path);
  await link(blob, pointer);
  return pointer;
}

/** Points `pointer` at `blob` by a relative link, so that the cache can be moved; copies where links are not allowed. */
async function link(blob: string, pointer: string): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  await rm(pointer, { force: true });
  await symlink(relative(dirname(pointer), blob), pointer).catch(() => copyFile(blob, pointer));
}

const offlineError = (what: string, cache: string): HubError =>
  new HubError(`${what} is not in the cache (${cache}), and offline mode forbids to download it.`);
