/**
 * Files of the Hugging Face hub, kept in the cache that Python's huggingface_hub uses, in its layout:
 * `<cache>/datasets--nyu-mll--glue/{refs/main, blobs/<hash>, snapshots/<commit>/<path> -> blob}`.
 */
import { createHash, randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { datasetInfo, downloadFile, HubApiError, modelInfo, pathsInfo } from "@huggingface/hub";
import { writeFileAtomic } from "./files.js";

/** A hub file cannot be had: no network, offline, not found, gated, corrupt. The message is one line with the remedy. */
export class HubError extends Error {
  override name = "HubError";
}

/** The repository has no such file. */
export class HubFileMissing extends HubError {
  override name = "HubFileMissing";
}

/** Which repository of the hub, and at which revision. */
export interface HubRepository {
  type: "model" | "dataset";
  /** "owner/name". */
  repository: string;
  /** Branch, tag or commit; defaults to "main". */
  revision?: string;
  /** Only the cache, no network; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
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
    ...(env.HF_TOKEN ? { token: env.HF_TOKEN.trim() } : {}),
    offline: /^(1|on|true|yes)$/i.test(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE || ""),
  };
}

/**
 * Path of a hub file on this machine: from the cache if it is there (no network is used then), else downloaded into it,
 * its size and hash checked.
 * @throws {HubError} where it cannot be had; the cache is as before then.
 */
export async function hubFile(file: HubFile): Promise<string> {
  const settings = hubSettings();
  const cached = await cachedHubFile(file);
  if (cached !== undefined) return cached;
  if (file.offline ?? settings.offline) throw offlineError(`${file.repository}/${file.path}`, settings.cache);
  const commit = await hubCommit(file);
  return explained(() => download(file, commit, settings), `${file.repository}/${file.path}`, settings.endpoint);
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
  const commit = await explained(() => askCommit(place, revision, settings), place.repository, settings.endpoint);
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

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

const repositoryFolder = ({ type, repository }: HubRepository, cache: string): string =>
  join(cache, `${type}s--${repository.replaceAll("/", "--")}`);

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** Milliseconds that the hub may take to answer where a file is; the download itself has no limit. */
const answerTimeout = 15_000;

const impatient: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(answerTimeout) });

async function askCommit(place: HubRepository, revision: string, { endpoint, token }: HubSettings): Promise<string> {
  const { type, repository } = place;
  const asked = {
    name: repository, revision, additionalFields: ["sha" as const], hubUrl: endpoint, fetch: impatient,
    ...(token ? { accessToken: token } : {}),
  };
  const { sha } = await (type === "model" ? modelInfo(asked) : datasetInfo(asked));
  if (!isCommit(sha ?? "")) throw new HubError(`${endpoint} names no commit for ${repository} at ${revision}.`);
  return sha;
}

async function download(file: HubFile, commit: string, { cache, endpoint, token }: HubSettings): Promise<string> {
  const repo = { type: file.type, name: file.repository };
  const common = { repo, revision: commit, hubUrl: endpoint, ...(token ? { accessToken: token } : {}) };
  const [info] = await pathsInfo({ ...common, paths: [file.path], fetch: impatient });
  const hash = info?.lfs?.oid ?? info?.oid;
  if (info === undefined || hash === undefined) {
    throw new HubFileMissing(`${endpoint} has no file ${file.path} in ${file.repository} at ${file.revision ?? "main"}.`);
  }
  if (!/^[0-9a-f]{40,64}$/.test(hash)) throw new HubError(`${endpoint} names ${file.path} by something that is no hash.`);
  const folder = repositoryFolder(file, cache);
  const blob = join(folder, "blobs", hash);
  if (!(await exists(blob))) {
    const name = `${file.repository}/${file.path}`;
    const content = await downloadFile({ ...common, path: file.path, xet: false });
    if (content === null) throw new HubError(`${endpoint} lists ${name} but does not send it; try again later.`);
    await writeBlob(content, blob, { name, size: info.size, hash, lfs: info.lfs !== undefined });
  }
  const pointer = join(folder, "snapshots", commit, file.path);
  await link(blob, pointer);
  return pointer;
}

/** What a blob must turn out to be: Git LFS names files by SHA-256, Git by SHA-1 over a header and the content. */
interface Expected {
  name: string;
  size: number;
  hash: string;
  lfs: boolean;
}

/** Streams `content` to `blob` through a temporary file. */
async function writeBlob(content: Blob, blob: string, expected: Expected): Promise<void> {
  await mkdir(dirname(blob), { recursive: true });
  const temporary = `${blob}.${process.pid}.${randomBytes(4).toString("hex")}.incomplete`;
  const hash = expected.lfs ? createHash("sha256") : createHash("sha1").update(`blob ${expected.size}\0`);
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(content.stream() as ReadableStream), measure, createWriteStream(temporary));
    if (size !== expected.size) throw new HubError(`${expected.name} arrived with ${size} of ${expected.size} bytes; try again.`);
    const intact = hash.digest("hex") === expected.hash;
    if (!intact) throw new HubError(`${expected.name} arrived damaged (its hash is not the hub's); try again.`);
    await rename(temporary, blob);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Points `pointer` at `blob` by a relative link, so that the cache can be moved; copies where links are not allowed. */
async function link(blob: string, pointer: string): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  await rm(pointer, { force: true });
  await symlink(relative(dirname(pointer), blob), pointer).catch(() => copyFile(blob, pointer));
}

const offlineError = (what: string, cache: string): HubError =>
  new HubError(`${what} is not in the cache (${cache}), and offline mode forbids to download it.`);

/** Runs `ask`; an error becomes a HubError of one line that says what could not be had, why, and what helps. */
async function explained<T>(ask: () => Promise<T>, what: string, endpoint: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new HubError(`${what} could not be fetched from ${endpoint}${reason(error)}.`, { cause: error });
  }
}

function reason(error: unknown): string {
  if (error instanceof HubApiError) {
    const remedies: Record<number, string> = {
      401: "; it is private or gated: set HF_TOKEN; or its name is mistyped",
      403: "; the token in HF_TOKEN has no access to it",
      404: "; check the repository's name",
      429: "; the hub asks to wait: try again later, or set HF_TOKEN",
    };
    return `: HTTP ${error.statusCode}${remedies[error.statusCode] ?? ""}`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `: ${cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause)}`;
}
