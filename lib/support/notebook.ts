/** What a notebook's kernel leaves for libraries; without one nothing is there. */

/** The AbortSignal of the running cell: the stop button ends work at its next step, and what was finished is kept. */
export function cellSignal(): AbortSignal | undefined {
  const signal: unknown = Reflect.get(globalThis, Symbol.for("Jupyter.signal"));
  return signal instanceof AbortSignal ? signal : undefined;
}

/** The method by which an object tells a notebook how it looks: `{MIME type: data}`; Deno's kernel asks for it too. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** MIME type -> text, base64 or JSON; and beside it, where there is any, metadata by MIME type. */
export type MimeData = Record<string, unknown> & { [jupyterMetadata]?: Record<string, Record<string, unknown>> };

/** Under this key a bundle carries what is said of its images: `{ "image/png": { width: 560, alt: "..." } }`. Kernels that do not know it pass it by. */
export const jupyterMetadata: unique symbol = Symbol.for("Jupyter.metadata");

/** An output of the running cell. */
export interface NotebookOutput {
  /** Shows the value, in the place of what was shown here before; a MIME bundle goes out as it is with `raw`. */
  update(value: unknown, options?: { raw: boolean }): void;
}

/** A new output of the running cell, for progress; undefined outside of a notebook. */
export function newOutput(): NotebookOutput | undefined {
  const display = made(Reflect.get(globalThis, "Jupyter"), "newDisplay");
  return display === undefined ? undefined : { update: (value, options) => void made(display, "update", value, options) };
}

/** What a method returns; undefined where there is none. */
function made(object: unknown, method: string, ...args: unknown[]): unknown {
  const found: unknown = typeof object === "object" && object !== null ? Reflect.get(object, method) : undefined;
  return typeof found === "function" ? Reflect.apply(found, object, args) : undefined;
}
