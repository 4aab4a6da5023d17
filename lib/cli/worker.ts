/** `d90 worker`: runs the trials of a queue on this machine, until it is told to end. */
import { hostname } from "node:os";
import { type Command, Option } from "commander";
import { UsageError } from "../support/checks.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { say } from "./output.js";
import { queueOption } from "./queueOption.js";
import { run } from "./run.js";
import { choice, decimal, integer, words } from "./values.js";

interface WorkerFlags {
  queue?: string;
  concurrency?: number;
  threads?: number;
  device?: string;
  store?: string;
  data?: string;
  offline?: boolean;
  modelCache?: number;
  downloads?: number;
  idle?: number;
}

const examples = `
Examples:
  $ npx d90 worker --queue redis://rack1:6379 --store /mnt/runs     goes on from checkpoints of other workers
  $ npx d90 worker --queue rediss://rack1 --device 0,1 --concurrency 2
  $ D90_QUEUE=redis://:secret@rack1 npx d90 worker                  the password in no list of processes`;

/** Adds the command. */
export function workerCommand(program: Command): void {
  const command = program.command("worker").summary("run the trials of a queue on this machine")
    .description("Serves a queue that d90 sweep --queue fills: as many trials at once as --concurrency says, each in a process of its own.\n" +
      "SIGTERM or Ctrl-C hands back what runs, after its checkpoint; another worker with the same --store goes on from there.");
  command.addOption(queueOption("the queue"));
  command.addOption(new Option("--concurrency <n>", "trials at once (default: as many as there are cores for --threads)").argParser(integer(1, 1024)));
  command.addOption(new Option("--threads <n>", "threads of each (default: 1)").argParser(integer(1, 1024)));
  command.addOption(new Option("--device <list>", "cpu, or the GPUs to use, dealt out to the trials: 0,1 (default: what TensorFlow finds)").argParser(words));
  command.addOption(new Option("--store <folder>", "records and checkpoints, shared with other workers (default: runs)").argParser(words));
  command.addOption(new Option("--data <folder>", "folder of the data here, instead of the one that the plan names").argParser(words));
  command.addOption(new Option("--offline", "never ask the network for models and data"));
  command.addOption(new Option("--model-cache <n>", "models with their data that each process keeps loaded (default: 2)").argParser(integer(1, 64)));
  command.addOption(new Option("--downloads <n>", "downloads of models at once, over all workers (default: 2)").argParser(integer(1, 64)));
  command.addOption(new Option("--idle <minutes>", "end after so long without a trial (default: never)").argParser(decimal({ above: true })));
  command.addHelpText("after", examples).action((flags: WorkerFlags) => run({}, (stop) => work(flags, stop)));
}

async function work(flags: WorkerFlags, stop: Interruption): Promise<number> {
  const { queue, store = "runs", data, offline, modelCache = 2, downloads, idle, threads = 1 } = flags;
  if (queue === undefined) throw new UsageError("worker: needs --queue redis://HOST:PORT, or D90_QUEUE.");
  const [{ queueAddress }, { serveQueue }, { createPool }, { sizingFor, thisMachine }] = await Promise.all([
    import("../sweep/queue/address.js"), import("../sweep/queue/serve.js"), import("../sweep/pool.js"), import("../sweep/sizing.js")]);
  const address = queueAddress(queue), name = `${hostname()}:${process.pid}`;
  const processes = flags.concurrency === undefined ? {} : { processes: flags.concurrency };
  const { processes: size } = sizingFor(thisMachine(), { jobs: Infinity, memory: null, asked: { ...processes, threads } });
  const options = { threads, sessions: modelCache, ...(offline === undefined ? {} : { offline }), ...(data === undefined ? {} : { data }) };
  const pool = createPool({ size, options, env: environmentFor(flags.device) });
  say(`Worker ${name} serves ${address.shown}: ${size} at once, ${threads} thread${threads === 1 ? "" : "s"} each, store ${store}.`);
  try {
    const { done, failed, handedBack } = await serveQueue({
      address, pool, out: store, signal: stop.signal, name, onNote: say, ...(offline === undefined ? {} : { offline }),
      ...(downloads === undefined ? {} : { downloads }), ...(idle === undefined ? {} : { idle: idle * 60_000 }),
    });
    say(`Worker ${name} ends: ${done} done, ${failed} failed, ${handedBack} handed back.`);
  } finally {
    await pool.close();
  }
  return stop.status() ?? exitCodes.ok;
}

/** Which GPUs the process in each place sees; CUDA's own variable tells TensorFlow. */
function environmentFor(device: string | undefined): (place: number) => NodeJS.ProcessEnv {
  if (device === undefined) return () => ({});
  if (device === "cpu") return () => ({ CUDA_VISIBLE_DEVICES: "" });
  const gpus = device.split(",").map((gpu) => choice(Array.from({ length: 64 }, (_unused, index) => String(index)))(gpu.trim()));
  return (place) => ({ CUDA_VISIBLE_DEVICES: gpus[place % gpus.length] ?? "" });
}
