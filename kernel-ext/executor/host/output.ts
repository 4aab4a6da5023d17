/** Text of the standard streams -> stream events: few and large ones, and no more of a cell than a notebook can hold. */
import type { ExecutorEvent } from "../types.js";
import type { StreamName } from "./sequencer.js";

/** Milliseconds that text may wait for more. */
const WAIT = 30;
/** Characters that are sent at once. */
const LARGE = 64 * 1024;
/** Characters of a cell's stream that are passed on. */
export const BUDGET = 8 * 1024 * 1024;
/** Characters at the end of a longer stream that are passed on after all. */
export const TAIL = 32 * 1024;
/** Cells whose budgets are remembered: late output counts too. */
const REMEMBERED = 50;

interface Account {
  passed: number;
  dropped: number;
  tail: string;
  finished: boolean;
}

export interface Output {
  text(name: StreamName, cell: number, text: string): void;
  /** Sends what waits. */
  flush(): void;
  /** The cell has ended: sends what waits, and the end of what was too much. */
  finish(cell: number): void;
}

export function createOutput(emit: (event: ExecutorEvent) => void): Output {
  const accounts = new Map<string, Account>();
  let held: { cell: number; name: StreamName; parts: string[]; length: number } | null = null;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (held === null) return;
    const { cell, name, parts } = held;
    held = null;
    emit({ type: "stream", cell, name, text: parts.join("") });
  }

  function hold(name: StreamName, cell: number, text: string): void {
    if (text === "") return;
    if (held !== null && (held.cell !== cell || held.name !== name)) flush();
    held ??= { cell, name, parts: [], length: 0 };
    held.parts.push(text);
    held.length += text.length;
    if (held.length >= LARGE) flush();
    else timer ??= setTimeout(flush, WAIT);
  }

  function accountOf(name: StreamName, cell: number): Account {
    const key = `${cell} ${name}`;
    const account = accounts.get(key) ?? { passed: 0, dropped: 0, tail: "", finished: false };
    accounts.set(key, account);
    if (accounts.size > 2 * REMEMBERED) accounts.delete(accounts.keys().next().value ?? "");
    return account;
  }

  function text(name: StreamName, cell: number, part: string): void {
    const account = accountOf(name, cell);
    const room = Math.max(0, BUDGET - account.passed);
    account.passed += Math.min(room, part.length);
    hold(name, cell, part.slice(0, room));
    if (part.length <= room) return;
    if (account.finished && account.dropped === 0) hold(name, cell, "\n... what this cell goes on printing is dropped ...\n");
    account.dropped += part.length - room;
    account.tail = (account.tail + part.slice(room)).slice(-TAIL);
  }

  function finish(cell: number): void {
    for (const name of ["stdout", "stderr"] as const) {
      const account = accounts.get(`${cell} ${name}`);
      if (account === undefined || account.finished) continue;
      account.finished = true;
      if (account.dropped === 0) continue;
      const missing = account.dropped - account.tail.length;
      const note = `${missing.toLocaleString("en-US")} characters were dropped: a cell may print ${BUDGET.toLocaleString("en-US")}`;
      hold(name, cell, missing > 0 ? `\n... ${note} ...\n${account.tail}` : account.tail);
    }
    flush();
  }

  return { text, flush, finish };
}
