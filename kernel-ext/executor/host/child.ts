/** One child process: its pipes, its death. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { fileURLToPath } from "node:url";
import { createFrameReader, encodeFrame } from "../frames.js";
import { createMarkReader } from "../markers.js";
import { FD, type FromChild, type Sequenced, type ToChild } from "../messages.js";
import { createSequencer, type Sequencer, type StreamName } from "./sequencer.js";

/** Milliseconds to read on after the process has ended: others may hold its standard streams open. */
const DRAIN = 300;
/** Characters of standard error that are kept, to tell why it died. */
const STDERR_KEPT = 8_192;

export interface ChildHandlers {
  onText(name: StreamName, cell: number, text: string): void;
  /** Code of the cell runs: whatever happens to the process from here on is its doing. Told more than once. */
  onBegan(cell: number): void;
  onMessage(message: FromChild): void;
  /** The process has ended, and everything that it said was delivered. */
  onDeath(how: { code: number | null; signal: NodeJS.Signals | null; stderr: string }): void;
}

export interface Child {
  send(message: ToChild): void;
  interrupt(kind: number, cell: number): void;
  /** Ends the process and those that it has started. */
  kill(): void;
  /** Asks it to end. */
  hangUp(): void;
}

const PROGRAM = fileURLToPath(new URL("../child/main.js", import.meta.url));

/** Interrupts need both: termination leaves calls without their ends. */
const FLAGS = ["--expose-internals", "--no-force-async-hooks-checks"];

/** Starts a process group of its own: signals for the kernel's group do not reach the user's commands twice. */
export function startChild(cwd: string, handlers: ChildHandlers): Child {
  const token = randomBytes(8).toString("hex");
  const child = spawn(process.execPath, [...FLAGS, PROGRAM, token], {
    cwd, detached: true, stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  const sequencer = createSequencer(handlers);
  let stderr = "";
  const streams = [
    readStream("stdout", child.stdout, token, sequencer, { onText: () => undefined, onCell: handlers.onBegan }),
    readStream("stderr", child.stderr, token, sequencer, {
      onText: (text) => { stderr = (stderr + text).slice(-STDERR_KEPT); }, onCell: handlers.onBegan,
    }),
    readMessages(child, sequencer),
  ];
  const kill = (): void => killGroup(child.pid);
  process.on("exit", kill);

  child.on("error", (error) => { stderr += error.message; });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("error", () => resolve({ code: null, signal: null }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  void ended.then(async (how) => {
    kill();
    process.off("exit", kill);
    await Promise.race([Promise.all(streams.map(({ ended }) => ended)), after(DRAIN)]);
    for (const { close } of streams) close();
    handlers.onDeath({ ...how, stderr });
  });
  const [control, interrupts] = [pipeTo(child, FD.control), pipeTo(child, FD.interrupts)];
  return {
    send: (message) => void control?.write(encodeFrame(message)),
    interrupt(kind, cell) {
      const bytes = Buffer.of(kind, 0, 0, 0, 0);
      bytes.writeUInt32LE(cell, 1);
      interrupts?.write(bytes);
    },
    kill,
    hangUp: () => void control?.end(),
  };
}

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

interface Reading {
  ended: Promise<void>;
  /** Delivers what was read, and reads no more. */
  close(): void;
}

function readStream(
  name: StreamName, stream: Readable | null, token: string, sequencer: Sequencer,
  { onText, onCell }: { onText(text: string): void; onCell(cell: number): void },
): Reading {
  // Across marks too: they may stand inside a character that native code writes in two pieces.
  const decoder = new StringDecoder("utf8");
  let cell = 0;
  const deliver = (text: string): void => {
    if (text === "") return;
    onText(text);
    sequencer.text(name, cell, text);
  };
  const marks = createMarkReader(token, (bytes) => deliver(decoder.write(bytes)), ({ kind, value }) => {
    if (kind === "message") return sequencer.mark(name, value);
    cell = value;
    onCell(value);
  });
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stream?.destroy();
    marks.end();
    deliver(decoder.end());
    sequencer.end(name);
  };
  stream?.on("data", (chunk: Buffer) => { if (!closed) marks.push(chunk); });
  return { ended: endOf(stream).then(close), close };
}

function readMessages(child: ChildProcess, sequencer: Sequencer): Reading {
  const stream = child.stdio.at(FD.events);
  const readable = stream !== null && stream !== undefined && "read" in stream ? stream as Readable : null;
  readable?.on("data", createFrameReader((value) => sequencer.message(value as Sequenced)));
  return { ended: endOf(readable), close: () => void readable?.destroy() };
}

const endOf = (stream: Readable | null): Promise<void> => new Promise((resolve) => {
  if (stream === null) return resolve();
  stream.on("error", () => resolve()).on("close", () => resolve()).on("end", () => resolve());
});

/** A pipe into the child. Writing to one that has died is no error: its death is told by onDeath. */
function pipeTo(child: ChildProcess, fd: number): Writable | null {
  const stream = child.stdio.at(fd);
  if (stream === null || stream === undefined || !("write" in stream)) return null;
  return stream.on("error", () => undefined);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
