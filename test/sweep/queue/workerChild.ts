/** A worker of the tests in a process of its own: its only argument is what it is to do, as JSON. */
import { createPool } from "../../../lib/sweep/pool.js";
import { identity } from "../../../lib/sweep/job.js";
import { queueAddress } from "../../../lib/sweep/queue/address.js";
import { serveQueue } from "../../../lib/sweep/queue/serve.js";
import { inProcessPool } from "./inProcess.js";

export interface ChildOptions {
  url: string;
  out: string;
  runner: string;
  size: number;
  lock?: number;
  /** Another version, to be refused. */
  version?: string;
  /** Jobs run in this very process: for hundreds of trials that do nothing. */
  inProcess?: boolean;
}

const { url, out, runner, size, lock, version, inProcess }: ChildOptions = JSON.parse(process.argv[2] ?? "{}");
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("SIGINT", () => stop.abort());
process.on("disconnect", () => stop.abort());
const pool = inProcess === true ? await inProcessPool(runner, size) : createPool({ size, runner, options: { threads: 1, sessions: 1 } });
try {
  const served = await serveQueue({
    address: queueAddress(url), pool, out, signal: stop.signal, name: `test:${process.pid}`, losses: 100,
    ...(lock === undefined ? {} : { lock }), ...(version === undefined ? {} : { identity: { ...identity, version } }),
  });
  process.stdout.write(`${JSON.stringify(served)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  await pool.close();
}
process.disconnect?.();
