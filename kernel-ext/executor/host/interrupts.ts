/** The supervisor's side of an interrupt: ask, force, at last end the process. */
import { COOPERATION, INTERRUPT } from "../messages.js";

/** Milliseconds from an interrupt to the end of a process that does not stop: 60 to answer, then 2 s after termination. */
const PATIENCE = 2_060;

export interface Interrupts {
  /** The user's: a second one while code winds up forces it. */
  request(): void;
  /** The cell has taken the signal and gets its time. */
  cooperating(): void;
  /** The cell has ended. */
  over(): void;
}

export function createInterrupts(options: { send(kind: number): void; kill(): void }): Interrupts {
  let stage: "none" | "asked" | "cooperating" | "forced" = "none";
  let timer: NodeJS.Timeout | undefined;

  function wait(milliseconds: number, action: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  }

  function force(): void {
    stage = "forced";
    options.send(INTERRUPT.force);
    wait(PATIENCE, options.kill);
  }

  return {
    request() {
      if (stage === "cooperating") return force();
      if (stage !== "none") return;
      stage = "asked";
      options.send(INTERRUPT.ask);
      wait(PATIENCE, options.kill);
    },
    cooperating() {
      if (stage !== "asked") return;
      stage = "cooperating";
      wait(COOPERATION, force);
    },
    over() {
      stage = "none";
      clearTimeout(timer);
    },
  };
}
