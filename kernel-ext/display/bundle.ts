/** Values -> MIME bundles. Runs where the user's code runs. */
import type { MimeBundle } from "../executor/types.js";
import { formatCustom, formatShown } from "./custom.js";
import { isObject, type Formatter } from "./formatter.js";
import { asBase64 } from "./helpers.js";
import { formatImage } from "./image.js";
import { formatTable } from "./table.js";
import { formatTensor } from "./tensor.js";
import { textOf } from "./text.js";
import { formatVega } from "./vega.js";

/** In order: what a value says itself goes first. */
const FORMATTERS: readonly Formatter[] = [formatShown, formatCustom, formatVega, formatTable, formatTensor, formatImage];

/** A value's bundle; a promise where the value takes time to show itself. There is always a text. Never throws or rejects. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  for (const format of FORMATTERS) {
    try {
      const made = format(value);
      if (made instanceof Promise) return made.then((bundle) => finished(value, bundle), () => asText(value));
      if (made !== undefined) return finished(value, made);
    } catch {
      // Something that only looks like one of the kind, a proxy that throws: shown as text.
    }
  }
  return asText(value);
}

const asText = (value: unknown): MimeBundle => ({ data: { "text/plain": textOf(value) }, metadata: {} });

function finished(value: unknown, { data, metadata }: MimeBundle): MimeBundle {
  const entries = Object.entries(data).filter(([, content]) => content !== undefined);
  const shown: Record<string, unknown> = Object.fromEntries(entries.map(([mime, content]) => [mime, contentOf(content)]));
  return { data: "text/plain" in shown ? shown : { ...shown, "text/plain": textOf(value) }, metadata };
}

/** As the wire has it: text, base64 of bytes, JSON. */
function contentOf(content: unknown): unknown {
  if (content instanceof Uint8Array) return asBase64(content);
  return isObject(content) ? JSON.parse(JSON.stringify(content)) : content;
}

/**
 * A bundle that the user made.
 * @throws {TypeError} if it is none.
 */
export function rawBundle(value: unknown): MimeBundle {
  if (!isObject(value) || Array.isArray(value)) {
    throw new TypeError(`Jupyter.display: raw expects {"MIME type": data}, got ${textOf(value).slice(0, 100)}.`);
  }
  return { data: Object.fromEntries(Object.entries(value).map(([mime, content]) => [mime, contentOf(content)])), metadata: {} };
}
