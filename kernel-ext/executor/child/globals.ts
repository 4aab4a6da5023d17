/** The globals of kernel-ext/globals.d.ts. */
import { randomUUID } from "node:crypto";
import { rawBundle, toBundle } from "../../display/bundle.js";
import { html, jpeg, json, latex, md, png, svg } from "../../display/helpers.js";
import { displaying, owner } from "./cells.js";
import { comms } from "./comms.js";
import { emit } from "./events.js";
import { input, password } from "./input.js";
import { takeSignal } from "./interrupts.js";
import { sh } from "./shell.js";

/** Shows a value; its cell ends no sooner, whether it awaits this or not. */
function display(value: unknown, options: Jupyter.DisplayOptions = {}): Promise<void> {
  const shown = show(value, options), { displays } = owner() ?? {};
  displays?.add(shown);
  const done = shown.finally(() => displays?.delete(shown));
  displaying.add(done);
  return done;
}

async function show(value: unknown, options: Jupyter.DisplayOptions): Promise<void> {
  const { displayId, update = false, metadata = {}, raw = false } = options;
  if (update && displayId === undefined) throw new Error("Jupyter.display: update needs a displayId: the output to replace.");
  // A value that is ready goes out before the call returns: `Jupyter.display(x); console.log(...)` keeps its order.
  const made = raw ? rawBundle(value) : toBundle(value);
  const bundle = made instanceof Promise ? await made : made;
  emit({
    type: "display", update, ...(displayId === undefined ? {} : { displayId }),
    bundle: { data: bundle.data, metadata: { ...bundle.metadata, ...metadata } },
  });
}

function newDisplay(id: string = randomUUID()): Jupyter.Display {
  let shown = false;
  return {
    id,
    update(value, options = {}) {
      const update = shown;
      shown = true;
      return display(value, { ...options, displayId: id, update });
    },
  };
}

function page(text: string): void {
  owner()?.payload.push({ source: "page", data: { "text/plain": String(text) }, start: 0 });
}

/** The signal of the cell that this code belongs to. */
function signal(): AbortSignal {
  const context = owner();
  return context === null ? new AbortController().signal : takeSignal(context);
}

export function installGlobals(): void {
  const jupyter = {
    display, newDisplay, html, md, svg, latex, png, jpeg, json, page, sh, comms,
    clearOutput: ({ wait = false }: { wait?: boolean } = {}): void => emit({ type: "clear", wait }),
    get signal(): AbortSignal { return signal(); },
  };
  const globals: typeof Jupyter = jupyter;
  const define = (name: string, value: unknown): void =>
    void Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  define("Jupyter", globals);
  define("input", input);
  define("password", password);
  Object.defineProperty(globalThis, Symbol.for("Jupyter.signal"), { get: signal, configurable: true });
}
