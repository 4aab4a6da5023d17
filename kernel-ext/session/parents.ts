/** Which request each cell belongs to: output may come long after its cell. */
import type { Header } from "../protocol/wire.js";

/** What is remembered of the request behind a cell. */
export interface Origin {
  header: Header;
  /** For input_request. */
  identities: Buffer[];
  /** Nothing of it is shown: a silent request. */
  silent: boolean;
}

export interface Parents {
  /** Registers a request; the number names it to language and executor. */
  open(origin: Origin): number;
  /** The request of `cell`; of the newest one if it was forgotten. */
  of(cell: number): Origin | undefined;
}

/** Cells whose late output still finds its place. */
const REMEMBERED = 10_000;

export function createParents(): Parents {
  const origins = new Map<number, Origin>();
  let newest = 0;
  return {
    open(origin) {
      origins.set(++newest, origin);
      origins.delete(newest - REMEMBERED);
      return newest;
    },
    of: (cell) => origins.get(cell) ?? origins.get(newest),
  };
}
