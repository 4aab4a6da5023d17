/** A Redis server of the tests' own, on loopback, with an append-only file so that it can be killed; and whether there is one. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";
import { projectRoot } from "../../../lib/support/root.js";
import { freePort } from "../../support/ports.js";

interface Found {
  server: string;
  libraries: string;
}

const { redisOf }: { redisOf(project: object): Found | null } =
  await import(pathToFileURL(join(projectRoot, "setup", "steps", "redis.mjs")).href);
const found = redisOf({ state: join(projectRoot, ".d90") });

/** Why a test of the queue is skipped; false where there is a server. CI must have one. */
export const skip: string | false = found === null && process.env.D90_REQUIRE_REDIS !== "1" ? "no redis-server or valkey-server: npm test fetches one on Debian" : false;

export interface RedisServer {
  port: number;
  url: string;
  /** Starts it (again), on the same port with the same data. */
  start(): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisOptions {
  password?: string;
  /** Files of a certificate and its key: the port then speaks TLS alone. */
  tls?: { cert: string; key: string };
}

const tlsArgs = (port: number, { cert, key }: { cert: string; key: string }): string[] =>
  ["--port", "0", "--tls-port", String(port), "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "no"];

/** Calls `use` with a running server that goes away afterwards. */
export async function withRedis<T>(use: (server: RedisServer) => Promise<T>, { password = "", tls }: RedisOptions = {}): Promise<T> {
  if (found === null) throw new Error("no redis-server: npm test fetches one on Debian");
  const folder = mkdtempSync(join(tmpdir(), "d90-redis-")), port = await freePort(), { server, libraries } = found;
  const args = [...(tls === undefined ? ["--port", String(port)] : tlsArgs(port, tls)), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
    ...(password === "" ? [] : ["--requirepass", password])];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(server, args, { stdio: "ignore", env: { ...process.env, ...(libraries === "" ? {} : { LD_LIBRARY_PATH: libraries }) } });
    const redis = new Redis({ port, host: "127.0.0.1", password, maxRetriesPerRequest: null, retryStrategy: () => 30,
      ...(tls === undefined ? {} : { tls: { ca: readFileSync(tls.cert) } }) });
    redis.on("error", () => undefined);
    await redis.ping();
    redis.disconnect();
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }
  try {
    await start();
    return await use({ port, url: `${tls === undefined ? "redis" : "rediss"}://${password === "" ? "" : `:${password}@`}127.0.0.1:${port}`, start, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") });
  } finally {
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}
