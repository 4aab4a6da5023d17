/** Where a queue is: redis://user:password@host:port/database?name=queue, and the same without the password for eyes. */
import { Redis, type RedisOptions } from "ioredis";
import { shown, UsageError } from "../../support/checks.js";

export interface QueueAddress {
  options: Omit<RedisOptions, "retryStrategy"> & { retryStrategy: (times: number) => number };
  /** The queue's name on that server; default "d90". */
  name: string;
  /** The address without user and password. */
  shown: string;
}

/** Milliseconds between tries to connect again: a server that restarts is found soon, one that is gone is not pestered. */
const LONGEST_WAIT = 2000;

/** Reads an address. @throws {UsageError} for what is none, without repeating it: it may hold a password. */
export function queueAddress(url: string): QueueAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !["redis:", "rediss:"].includes(parsed.protocol) || parsed.hostname === "") {
    throw new UsageError("--queue must be redis://HOST:PORT, or rediss://... with TLS, e.g. redis://localhost:6379; got something else (not shown: it may hold a password).");
  }
  const database = parsed.pathname.slice(1);
  if (!/^\d*$/.test(database)) throw new UsageError(`--queue must have a number as its database, got ${shown(database)}.`);
  const name = parsed.searchParams.get("name") ?? "d90", port = Number(parsed.port || 6379);
  if (!/^[\w-]+$/.test(name)) throw new UsageError(`--queue must have a name of letters, digits, - and _, got ${shown(name)}.`);
  return {
    name, shown: `${parsed.protocol}//${parsed.hostname}:${port}${database === "" ? "" : `/${database}`}${name === "d90" ? "" : `?name=${name}`}`,
    options: {
      host: parsed.hostname.replace(/^\[|\]$/g, ""), port, db: Number(database || 0), maxRetriesPerRequest: null,
      ...(parsed.username === "" ? {} : { username: decodeURIComponent(parsed.username) }),
      ...(parsed.password === "" ? {} : { password: decodeURIComponent(parsed.password) }),
      ...(parsed.protocol === "rediss:" ? { tls: {} } : {}),
      retryStrategy: (times) => Math.min(LONGEST_WAIT, 50 * times),
    },
  };
}

/** A connection that has answered once. @throws {UsageError} when the server does not within `patience` milliseconds, or refuses. */
export async function connect({ options, shown: where }: QueueAddress, patience = 10_000): Promise<Redis> {
  const redis = new Redis({ ...options, lazyConnect: true });
  let reason = "no answer";
  redis.on("error", (error: Error) => { reason = error.message; });
  const timer = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error(reason)), patience).unref());
  try {
    await Promise.race([redis.connect().catch(() => undefined).then(() => redis.ping()), timer]);
    return redis;
  } catch (error) {
    redis.disconnect();
    const text = (error instanceof Error && error.message !== "" ? error.message : reason).replace(/\.+$/, ""); // Redis' own sentences end
    throw new UsageError(`queue: ${where} cannot be used: ${text}. Is a Redis or Valkey server running there, and is the password right?`);
  }
}
