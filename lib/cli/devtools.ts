/** A headless Chromium, spoken to by the DevTools protocol over two pipes: messages are JSON, each ended by a zero. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { chromiumArguments, type Chromium } from "./chromium.js";

type Parameters = Record<string, unknown>;

export interface Devtools {
  /** What the method returns. @throws {Error} what the browser answers, or that it has ended. */
  send(method: string, params?: Parameters, sessionId?: string): Promise<Parameters>;
  /** Settles at the next event of this name. */
  event(method: string): Promise<void>;
  /** Ends the browser. */
  close(): Promise<void>;
}

interface Message {
  id?: number;
  method?: string;
  result?: Parameters;
  error?: { message: string };
}

/** Messages from what comes in pieces. */
async function* messagesOf(pipe: Readable): AsyncGenerator<Message> {
  let pieces: Buffer[] = [];
  for await (const piece of pipe as AsyncIterable<Buffer>) {
    let rest = piece;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      yield JSON.parse(Buffer.concat([...pieces, rest.subarray(0, end)]).toString()) as Message;
      pieces = [];
      rest = rest.subarray(end + 1);
    }
    pieces.push(rest);
  }
}

/** Starts the browser, which keeps its files in `folder`. The signal ends it. */
export function openDevtools({ executable, env }: Chromium, folder: string, signal?: AbortSignal): Devtools {
  const args = ["--headless", ...chromiumArguments, `--user-data-dir=${folder}`, "--remote-debugging-pipe"];
  const child = spawn(executable, args, { env, signal, killSignal: "SIGKILL", stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const answers = new Map<number, (message: Message) => void>(), events = new Map<string, () => void>();
  let id = 0, log = "", ended = false;
  const end = (reason: string): void => {
    ended = true;
    for (const answer of answers.values()) answer({ error: { message: `the browser has ended: ${reason}` } });
  };
  child.stderr!.on("data", (data: Buffer) => (log = (log + data.toString()).slice(-2_000)));
  child.on("error", (error) => end(error.message));
  child.on("close", () => end(log.trim())); // not "exit": its last words have come then
  input.on("error", () => undefined); // it has ended, which is told by its exit
  void (async () => {
    for await (const message of messagesOf(output)) {
      if (message.id !== undefined) answers.get(message.id)?.(message);
      else events.get(message.method ?? "")?.();
    }
  })().catch(() => undefined);

  return {
    async send(method, params = {}, sessionId) {
      if (ended) throw new Error(`${method}: the browser has ended: ${log.trim()}`);
      const number = ++id;
      const answer = await new Promise<Message>((resolve) => {
        answers.set(number, resolve);
        input.write(`${JSON.stringify({ id: number, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      });
      answers.delete(number);
      if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result ?? {};
    },
    event: (method) => new Promise((resolve) => events.set(method, resolve)),
    async close() {
      if (ended) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}
