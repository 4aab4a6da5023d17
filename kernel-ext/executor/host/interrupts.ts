/** The supervisor's side of an interrupt: ask, force, at last end the process. */
import { COOPERATION, INTERRUPT, STEP } from "../messages.js";

/** Milliseconds from an interrupt to the end of a process that does not stop: 60 to answer, then 2 s after termination. */
const PATIENCE = 2_060;
/** Milliseconds after which code that an interrupted cell has left behind must let the next cell begin. */
const LEFTOVER = 500;

export interface Interrupts {
  /** The user's, of the cell that runs: a second one while code winds up forces it. */
  request(cell: number): void;
  /** The cell has taken its signal: it may stop by itself. */
  taken(): void;
  /** It has answered the interrupt and gets its time. */
  cooperating(cell: number): void;
  /** The cell has ended. */
  over(): void;
  /** A new cell has been sent. */
  sent(): void;
  /** ... and runs. */
  began(): void;
}

export function createInterrupts(options: { send(kind: number, cell: number): void; kill(): void }): Interrupts {
  let stage: "none" | "asked" | "cooperating" | "forced" = "none";
  let timer: NodeJS.Timeout | undefined;
  let freeing: NodeJS.Timeout | undefined;
  /** A cell was interrupted: it may have left timers and loops behind. */
  let leftover = false;
  /** Milliseconds that the running cell may take to answer. */
  let step = 0;

  function wait(milliseconds: number, action: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  }

  function force(cell: number): void {
    stage = "forced";
    options.send(INTERRUPT.force, cell);
    wait(PATIENCE, options.kill);
  }

  return {
    request(cell) {
      if (stage === "cooperating" || (stage === "asked" && step > 0)) return force(cell);
      if (stage !== "none") return;
      stage = "asked";
      options.send(INTERRUPT.ask, cell);
      wait(step + PATIENCE, options.kill);
    },
    taken: () => void (step = STEP),
    cooperating(cell) {
      if (stage !== "asked") return;
      stage = "cooperating";
      wait(COOPERATION, () => force(cell));
    },
    over() {
      leftover ||= stage !== "none";
      stage = "none";
      step = 0;
      clearTimeout(timer);
      clearTimeout(freeing);
    },
    sent() {
      if (leftover) freeing = setTimeout(() => options.send(INTERRUPT.free, 0), LEFTOVER);
    },
    began: () => clearTimeout(freeing),
  };
}
