/** A local server that answers as the Hugging Face hub does, for tests without network. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface HubServer {
  /** What was asked, as "GET /path". */
  requests: string[];
  /** HF_HUB_CACHE while the server runs. */
  cache: string;
}

export interface HubServerOptions {
  /** Content by "datasets/owner/name/path" (or "owner/name/path" for models). */
  files: Record<string, Uint8Array>;
  /** Every request is answered with this status. */
  status?: number;
  /** Requests without this token get 401. */
  token?: string;
  /** Send other bytes than promised. */
  corrupt?: boolean;
  /** Send this many bytes of a content, then nothing more, and keep the connection open. */
  stalls?: number;
  /** Bytes after which the first answers with content break off, one number an answer. */
  cuts?: number[];
  /** So many requests first are answered by 429 with Retry-After: `wait` seconds, default 0. */
  limited?: number;
  wait?: number;
  /** Contents are sent by another address, to which requests are redirected. */
  redirect?: boolean;
  /** Commits by revision; default main alone. */
  revisions?: Record<string, string>;
}

/** The commit that the server calls main. */
export const commit = "0123456789abcdef0123456789abcdef01234567";

/** The hash under which Git LFS, and so the cache, keeps a content. */
export const lfsHash = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

const variables = ["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"];

/** Calls `use` with the environment pointing at a fresh server and an empty cache; restores it afterwards. */
export async function withHub<T>(options: HubServerOptions, use: (hub: HubServer) => Promise<T>): Promise<T> {
  const cache = await mkdtemp(join(tmpdir(), "d90-hub-"));
  const requests: string[] = [];
  const server = createServer((request, response) => void answer(options, requests, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  for (const name of variables) delete process.env[name];
  process.env.HF_HUB_CACHE = cache;
  process.env.HF_TOKEN_PATH = join(cache, "no-token"); // whoever runs this may be logged in
  process.env.HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use({ requests, cache });
  } finally {
    for (const [name, value] of Object.entries(before)) value === undefined ? delete process.env[name] : (process.env[name] = value);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(cache, { recursive: true });
  }
}

async function answer(options: HubServerOptions, requests: string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "";
  requests.push(`${request.method} ${url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const authorised = options.token === undefined || request.headers.authorization === `Bearer ${options.token}`;
  const status = options.status ?? (authorised ? undefined : 401);
  if (status !== undefined) return void response.writeHead(status).end("refused");
  if ((options.limited ?? 0) > 0) {
    options.limited!--;
    return void response.writeHead(429, { "retry-after": String(options.wait ?? 0) }).end();
  }
  const revision = /^\/api\/(models|datasets)\/(.+)\/revision\/([^?]+)\?/.exec(url);
  if (revision !== null) {
    const known = Object.keys(options.files).some((path) => path.startsWith(`${revision[1] === "datasets" ? "datasets/" : ""}${revision[2]}/`));
    const sha = (options.revisions ?? { main: commit })[decodeURIComponent(revision[3] ?? "")];
    const body = JSON.stringify(known && sha ? { sha } : { error: "Repository not found" });
    return void response.writeHead(known && sha ? 200 : 404, { "content-type": "application/json" }).end(body);
  }
  const listing = /^\/api\/(?:models\/|(datasets\/))(.+)\/paths-info\/(?:main|[0-9a-f]{40})$/.exec(url);
  if (listing !== null) {
    const { paths } = JSON.parse(Buffer.concat(chunks).toString()) as { paths: string[] };
    const found = paths.flatMap((path) => describe(path, options.files[`${listing[1] ?? ""}${listing[2]}/${path}`]));
    return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(found));
  }
  const tree = /^\/api\/models\/(.+)\/tree\/(?:main|[0-9a-f]{40})\?/.exec(url);
  if (tree !== null) return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(topOf(options.files, `${tree[1]}/`)));
  if (options.redirect === true && !url.startsWith("/elsewhere/")) return void response.writeHead(302, { location: `/elsewhere${url}` }).end();
  const content = options.files[url.replace(/^\/elsewhere/, "").slice(1).replace(/\/resolve\/(main|[0-9a-f]{40})\//, "/")];
  if (content === undefined) return void response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end();
  send(options.corrupt === true ? content.map((byte) => byte ^ 1) : content, request, response, options.cuts?.shift(), options.stalls);
}

/** Files and folders at the top of a repository. */
function topOf(files: Record<string, Uint8Array>, repository: string): object[] {
  const paths = Object.keys(files).flatMap((path) => (path.startsWith(repository) ? [path.slice(repository.length)] : []));
  const folders = new Set(paths.flatMap((path) => (path.includes("/") ? [path.split("/")[0]] : [])));
  const directories = [...folders].map((path) => ({ type: "directory", path, size: 0, oid: commit }));
  return [...directories, ...paths.filter((path) => !path.includes("/")).flatMap((path) => describe(path, files[`${repository}${path}`]))];
}

function describe(path: string, content: Uint8Array | undefined): object[] {
  if (content === undefined) return [];
  const oid = lfsHash(content);
  const lfs = { oid, size: content.length, pointerSize: 1 };
  return [{ type: "file", path, size: content.length, oid: commit, lfs, lastCommit: { id: commit, title: "", date: 0 } }];
}

function send(content: Uint8Array, request: IncomingMessage, response: ServerResponse, cut?: number, stall?: number): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = Number(from ?? 0), end = Math.min(Number(to || content.length - 1), content.length - 1);
  const headers = { etag: '"x"', "content-range": `bytes ${start}-${end}/${content.length}`, "content-length": end - start + 1 };
  response.writeHead(from === undefined ? 200 : 206, headers);
  if (cut !== undefined) return void response.write(content.subarray(start, start + cut), () => response.destroy());
  if (stall !== undefined && content.length > start + stall) return void response.write(content.subarray(start, start + stall));
  response.end(content.subarray(start, end + 1));
}
