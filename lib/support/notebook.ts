/** What a notebook's kernel leaves for libraries; without one nothing is there. */

/** The AbortSignal of the running cell: the stop button ends work at its next step, and what was finished is kept. */
export function cellSignal(): AbortSignal | undefined {
  const signal: unknown = Reflect.get(globalThis, Symbol.for("Jupyter.signal"));
  return signal instanceof AbortSignal ? signal : undefined;
}

/** The method by which an object tells a notebook how it looks: `{MIME type: data}`; Deno's kernel asks for it too. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** MIME type -> text, base64 or JSON. */
export type MimeData = Record<string, unknown>;
