/**
 * Standard output and error of the user's code. Both are written at once and in full, so that text of JavaScript, native
 * code and child processes keeps its order; marks (markers.ts) say which cell it belongs to.
 */
import { Console } from "node:console";
import { Writable } from "node:stream";
import { encodeMark } from "../markers.js";
import { Interrupted, owner, type CellContext } from "./cells.js";
import { writeAll } from "./descriptors.js";

type Callback = (error?: Error | null) => void;

let token = "";
/** Whose output unmarked text is taken for: native code and child processes print without marks. */
let marked = 0;
/** The stream that was written to last, and what is called when it becomes the other one. */
let current: 1 | 2 = 1;
let onSwitch = (): void => undefined;

/** Marks both streams: what follows belongs to `cell`. @returns whether one of them is open. */
export function attribute(cell: number): boolean {
  marked = cell;
  const mark = Buffer.from(encodeMark(token, { kind: "cell", value: cell }));
  return [writeAll(1, mark), writeAll(2, mark)].includes(true);
}

/** Marks both streams: message `seq` stands here. */
export function markMessage(seq: number): void {
  const mark = Buffer.from(encodeMark(token, { kind: "message", value: seq }));
  writeAll(1, mark);
  writeAll(2, mark);
}

/** Writes text as `context`'s output. */
export function writeAs(context: CellContext | null, fd: 1 | 2, bytes: Uint8Array): void {
  if (fd !== current) {
    current = fd;
    onSwitch();
  }
  if (context === null || context.id === marked) return void writeAll(fd, bytes);
  const [before, after] = [context.id, marked].map((value) => Buffer.from(encodeMark(token, { kind: "cell", value })));
  writeAll(fd, Buffer.concat([before!, bytes, after!]));
}

/** Code that an interrupt has left behind (a loop that awaits, say) ends where it prints next. */
export function stopInterrupted(context: CellContext | null): void {
  if (context?.stopAtOutput !== true) return;
  context.stopAtOutput = false;
  throw new Interrupted();
}

/**
 * process.stdout and process.stderr. `write` is replaced, not `_write`: an interrupt that ends JavaScript in the middle of
 * a stream's bookkeeping would leave it waiting for ever.
 */
class Output extends Writable {
  constructor(readonly fd: 1 | 2) {
    super({ decodeStrings: false });
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const context = owner();
    stopInterrupted(context);
    writeAs(context, this.fd, bytesOf(chunk, typeof encoding === "string" ? encoding : "utf8"));
    if (done !== undefined) process.nextTick(done);
    return true;
  }

  /** As with Node's own: standard streams cannot be closed. */
  override end(...args: unknown[]): this {
    const done = args.find((arg) => typeof arg === "function");
    const [chunk] = args;
    if (chunk !== undefined && chunk !== null && chunk !== done) this.write(chunk);
    if (done !== undefined) process.nextTick(done);
    return this;
  }
}

function bytesOf(chunk: unknown, encoding: BufferEncoding): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`write: expected a string, Buffer or Uint8Array, got ${chunk === null ? "null" : typeof chunk}.`);
}

/**
 * Replaces process.stdout, process.stderr and the methods of console. To be called before anybody has used them.
 * @param switched sends a message: the two pipes are in order where one stands between their texts.
 */
export function installOutput(streamToken: string, switched: () => void): void {
  token = streamToken;
  onSwitch = switched;
  const stdout = new Output(1);
  const stderr = new Output(2);
  Object.defineProperty(process, "stdout", { configurable: true, enumerable: true, get: () => stdout });
  Object.defineProperty(process, "stderr", { configurable: true, enumerable: true, get: () => stderr });
  // Node's own console also tells the inspector, which keeps a thousand messages and what they refer to.
  const own = new Console({ stdout, stderr, ignoreErrors: false });
  for (const key of Reflect.ownKeys(own)) {
    const descriptor = Object.getOwnPropertyDescriptor(own, key);
    if (typeof key === "string" && typeof descriptor?.value === "function") Object.defineProperty(console, key, descriptor);
  }
}
