/** What a cell displays -> display events: no more of them than a notebook can hold, and no more updates than one can watch. */
import type { ExecutorEvent } from "../types.js";

/** Outputs that a cell may display; updates that it may send before they wait for each other. */
export const DISPLAYS = 2_000;
/** Characters of text and images that the outputs may hold in all. */
export const DISPLAYED = 256 * 1024 * 1024;
/** Milliseconds between updates of one output then. */
const PAUSE = 100;
/** Cells whose budgets are remembered: late output counts too. */
const REMEMBERED = 50;

type Display = Extract<ExecutorEvent, { type: "display" }>;

export interface Displays {
  show(event: Display): void;
  /** The cell has ended: sends the last updates, and says what was dropped. */
  finish(cell: number): void;
}

interface Account {
  shown: number;
  updates: number;
  characters: number;
  dropped: number;
  /** Whether it was told, after the cell's end, that nothing more is shown. */
  finished: boolean;
  /** By display id: the newest update of each. */
  waiting: Map<string, Display>;
  timer: NodeJS.Timeout | undefined;
}

/** @param note writes a line to the cell's standard error. */
export function createDisplays(emit: (event: Display) => void, note: (cell: number, text: string) => void): Displays {
  const accounts = new Map<number, Account>();

  function accountOf(cell: number): Account {
    const account = accounts.get(cell)
      ?? { shown: 0, updates: 0, characters: 0, dropped: 0, finished: false, waiting: new Map(), timer: undefined };
    accounts.set(cell, account);
    if (accounts.size > REMEMBERED) accounts.delete(accounts.keys().next().value ?? cell);
    return account;
  }

  function send(of: Account): void {
    clearTimeout(of.timer);
    of.timer = undefined;
    for (const event of of.waiting.values()) emit(event);
    of.waiting.clear();
  }

  function show(event: Display): void {
    const of = accountOf(event.cell);
    if (event.update && event.displayId !== undefined) {
      if (++of.updates <= DISPLAYS) return emit(event);
      of.waiting.set(event.displayId, event);
      of.timer ??= setTimeout(send, PAUSE, of);
      return;
    }
    of.shown++;
    of.characters += lengthOf(event);
    if (of.shown <= DISPLAYS && of.characters <= DISPLAYED) return emit(event);
    of.dropped++;
    if (of.finished && of.dropped === 1) note(event.cell, "... what this cell goes on displaying is dropped ...\n");
  }

  function finish(cell: number): void {
    const account = accounts.get(cell);
    if (account === undefined || account.finished) return;
    account.finished = true;
    send(account);
    if (account.dropped === 0) return;
    const [dropped, most] = [account.dropped, DISPLAYS].map((count) => count.toLocaleString("en-US"));
    note(cell, `... ${dropped} outputs were dropped: a cell may display ${most}, of ${DISPLAYED / 1024 ** 2} MB in all. An output with a `
      + "display id may be updated as often as you like ...\n");
  }

  return { show, finish };
}

/** Of text and of binary types, which are base64; JSON is as large as the value that made it, and not weighed. */
function lengthOf({ bundle }: Display): number {
  return Object.values(bundle.data).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
}
