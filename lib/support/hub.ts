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
import { downloadFile, HubApiError, pathsInfo } from "@huggingface/hub";
import { writeFileAtomic } from "./files.js";

/** A hub file cannot be had: no network, offline, not found, gated, corrupt. The message is one line with the remedy. */
export class HubError extends Error {
  override name = "HubError";
}

/** Which file of the hub. */
export interface HubFile {
  type: "model" | "dataset";
  /** "owner/name". */
  repository: string;
  /** Path inside the repository. */
  path: string;
  /** Branch, tag or commit; defaults to "main". */
  revision?: string;
  /** Only the cache, no network; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
}

/** What Hugging Face's environment variables say, with the defaults of huggingface_hub. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): { cache: string; endpoint: string; token?: string; offline: boolean } {
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
  if (file.offline ?? settings.offline) {
    throw new HubError(`${file.repository}/${file.path} is not in the cache (${settings.cache}), and offline mode forbids to download it.`);
  }
  try {
    return await download(file, settings);
  } catch (error) {
    throw error instanceof HubError ? error : new HubError(reason(error, file, settings.endpoint), { cause: error });
  }
}

/** Path of a hub file in the cache, or undefined if it is not there; never uses the network. */
export async function cachedHubFile(file: HubFile): Promise<string | undefined> {
  const folder = repositoryFolder(file, hubSettings().cache);
  const revision = file.revision ?? "main";
  const named = await readFile(join(folder, "refs", revision), "utf8").catch(() => revision);
  const path = join(folder, "snapshots", named.trim(), file.path);
  return (await exists(path)) ? path : undefined;
}

const repositoryFolder = (file: HubFile, cache: string): string => join(cache, `${file.type}s--${file.repository.replaceAll("/", "--")}`);

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** Milliseconds that the hub may take to answer where a file is; the download itself has no limit. */
const answerTimeout = 15_000;

async function download(file: HubFile, { cache, endpoint, token }: ReturnType<typeof hubSettings>): Promise<string> {
  const revision = file.revision ?? "main";
  const common = { repo: { type: file.type, name: file.repository }, revision, hubUrl: endpoint, ...(token ? { accessToken: token } : {}) };
  const impatient: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(answerTimeout) });
  const [info] = await pathsInfo({ ...common, paths: [file.path], expand: true, fetch: impatient });
  const hash = info?.lfs?.oid ?? info?.oid;
  if (info === undefined || hash === undefined) throw new HubError(`${endpoint} has no file ${file.path} in ${file.repository} at ${revision}.`);
  const commit = info.lastCommit?.id ?? hash;
  if (![hash, commit].every((id) => /^[0-9a-f]{40,64}$/.test(id))) throw new HubError(`${endpoint} names ${file.path} by something that is no hash.`);
  const folder = repositoryFolder(file, cache);
  const blob = join(folder, "blobs", hash);
  if (!(await exists(blob))) {
    const content = await downloadFile({ ...common, path: file.path, xet: false });
    if (content === null) throw new HubError(`${endpoint} lists ${file.repository}/${file.path} but does not send it; try again later.`);
    await writeBlob(content, blob, { name: `${file.repository}/${file.path}`, size: info.size, hash, lfs: info.lfs !== undefined });
  }
  const pointer = join(folder, "snapshots", commit, file.path);
  await link(blob, pointer);
  if (revision !== commit) await writeFileAtomic(join(folder, "refs", revision), commit);
  return pointer;
}

/** Streams `content` to `blob` through a temporary file; Git LFS names files by SHA-256, Git by SHA-1 over a header and the content. */
async function writeBlob(content: Blob, blob: string, expected: { name: string; size: number; hash: string; lfs: boolean }): Promise<void> {
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
    if (hash.digest("hex") !== expected.hash) throw new HubError(`${expected.name} arrived damaged (its hash is not the hub's); try again.`);
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

/** One line that says why the hub did not deliver, and what helps. */
function reason(error: unknown, { repository, path }: HubFile, endpoint: string): string {
  const what = `${repository}/${path} could not be fetched from ${endpoint}`;
  if (error instanceof HubApiError) {
    const remedies: Record<number, string> = {
      401: "; it is private or gated: set HF_TOKEN",
      403: "; the token in HF_TOKEN has no access to it",
      404: "; check the repository's name",
      429: "; the hub asks to wait: try again later, or set HF_TOKEN",
    };
    return `${what}: HTTP ${error.statusCode}${remedies[error.statusCode] ?? ""}.`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const words = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return `${what}: ${words}.`;
}
