/** A running kernel, asked and timed over the tests' client. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "../../../kernel-ext/protocol/wire.js";
import { executeContent, startKernel, type Client } from "../../kernel-ext/clients/client.js";
import type { Kernel } from "./kernels.js";

/** Milliseconds that any answer may take: peers' compilers are slow on a busy machine. */
const PATIENCE = 60_000;
/** Milliseconds for an attempt to run a cell and hear of it on iopub, and how many. */
const ATTEMPT = 3_000, ATTEMPTS = 10;
/** Milliseconds after the reply in which idle must come: output may still be on its way. */
const LOST = 20_000;
/** Milliseconds in which a kernel ends by itself. */
const GRACE = 2_000;

export interface Running {
  kernel: Kernel;
  client: Client;
  /** Milliseconds from the process's start to the reply to kernel_info_request. */
  startMs: number;
  versions: string;
  /** Runs a cell; milliseconds from the request to reply and idle. @throws {Error} if the cell fails. */
  run(code: string): Promise<number>;
  /** Sends a cell, and resolves after so many milliseconds, when it is at work; `done` with reply and idle. */
  begin(code: string, after: number): Promise<{ done: Promise<unknown> }>;
  /** Sends a request that is no cell; milliseconds to its reply. */
  ask(type: string, content: Record<string, unknown>): Promise<{ ms: number; reply: Message }>;
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a kernel and waits for its first answer. */
export async function startRunning(kernel: Kernel): Promise<Running> {
  const client = await startKernel({ ...kernel.launch, portsFrom: "client" });
  const ended = once(client.process, "exit").then(([code, signal]) => {
    throw new Error(`${kernel.name} ended (${String(signal ?? code)}): ${client.log().slice(-2_000)}`);
  });
  // Whoever waits for an answer hears of it; nobody must.
  ended.catch(() => undefined);
  const unlessEnded = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, ended]);
  const send = (code: string) => client.send("execute_request", executeContent(code));

  async function ask(type: string, content: Record<string, unknown>) {
    const start = performance.now();
    const reply = await unlessEnded(client.replyTo(await client.send(type, content), PATIENCE));
    return { ms: performance.now() - start, reply };
  }

  /** When both reply and idle were there; when the reply was, where idle is lost, as tslab at times loses what it publishes. */
  async function answered(id: string): Promise<{ reply: Message; at: number }> {
    const reply = await unlessEnded(client.replyTo(id, PATIENCE));
    const at = performance.now();
    const idle = client.answerTo(id, LOST).then(() => performance.now());
    return { reply, at: await unlessEnded(kernel.name === "d90" ? idle : idle.catch(() => at)) };
  }

  try {
    const { reply } = await ask("kernel_info_request", {});
    const startMs = performance.now() - client.startedAt;
    const { implementation_version: version } = reply.content;
    return {
      kernel, client, startMs, ask, versions: String(version),
      async run(code) {
        const start = performance.now();
        const { reply, at } = await answered(await send(code));
        client.forget();
        if (reply.content.status !== "ok") throw new Error(`${kernel.name}: the cell failed: ${JSON.stringify(reply.content).slice(0, 500)}`);
        return at - start;
      },
      // No waiting for its busy: a kernel whose loop is the user's tells of it afterwards.
      async begin(code, after) {
        const done = answered(await send(code)).finally(() => client.forget());
        done.catch(() => undefined);
        await sleep(after);
        return { done };
      },
      async interrupt() {
        if (kernel.interrupt === "message") await client.send("interrupt_request", {}, "control");
        else client.process.kill("SIGINT");
      },
      close: () => client.close(GRACE),
    };
  } catch (error) {
    await client.close(GRACE);
    throw error;
  }
}

/** Runs cells until one is heard of on iopub too: what a kernel publishes before the subscription has come is lost. */
export async function settle({ client, kernel }: Running): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.answerTo(await client.send("execute_request", executeContent(kernel.code.sum)), ATTEMPT * attempt);
      return client.forget();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}
