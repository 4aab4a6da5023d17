/** The cell that runs, and which cell the code belongs to that is running just now. */
import { AsyncLocalStorage } from "node:async_hooks";

/** A cell as the code that it started finds it, timers and callbacks included. */
export interface CellContext {
  readonly id: number;
  readonly allowStdin: boolean;
  readonly controller: AbortController;
  /** Page payloads. */
  readonly payload: unknown[];
  /** Values that are on their way to be shown: the cell ends after them. */
  readonly displays: Set<Promise<void>>;
  /** Somebody has taken the signal: an interrupt waits for them. */
  signalTaken: boolean;
  interrupted: boolean;
  /** Its outcome has been sent. */
  settled: boolean;
  /** Left over by an interrupt: its next output throws. */
  stopAtOutput: boolean;
}

/** Promises of calls that show something themselves: a cell that ends with one has no result. */
export const displaying = new WeakSet<object>();

const storage = new AsyncLocalStorage<CellContext>();
let running: CellContext | null = null;
let last: CellContext | null = null;

export function createContext(cell: { id: number; allowStdin: boolean }): CellContext {
  // Few cells ask for it: made when one does.
  let controller: AbortController | undefined;
  return {
    ...cell, payload: [], displays: new Set(),
    get controller() { return (controller ??= new AbortController()); },
    signalTaken: false, interrupted: false, settled: false, stopAtOutput: false,
  };
}

/** The cell whose outcome is due; null between cells. */
export const runningCell = (): CellContext | null => running;

export function setRunning(context: CellContext | null): void {
  running = context;
  if (context !== null) last = context;
}

/** The cell that this code belongs to; null before the first. Node may lose track (some native callbacks): the latest then. */
export const owner = (): CellContext | null => storage.getStore() ?? running ?? last;

/** The cell that started this code, where Node knows it. */
export const knownOwner = (): CellContext | undefined => storage.getStore();

/** Runs `action` as code of a cell. */
export const within = <T>(context: CellContext, action: () => T): T => storage.run(context, action);

/** What an interrupted cell's code meets. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("The cell was interrupted.");
  }
}
