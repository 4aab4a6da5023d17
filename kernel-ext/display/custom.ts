/**
 * Objects with [Symbol.for("Jupyter.display")](): they make their own bundle, at once or later. Under the key
 * Symbol.for("Jupyter.metadata") the bundle may carry metadata by MIME type: an image's width, and its text for those who cannot see it.
 */
import type { MimeBundle } from "../executor/types.js";
import { call, isObject, propertyOf, type Formatter } from "./formatter.js";
import { Shown } from "./helpers.js";
import { textOf } from "./text.js";

const DISPLAY = Symbol.for("Jupyter.display");
const METADATA = Symbol.for("Jupyter.metadata");

export const formatShown: Formatter = (value) => (value instanceof Shown ? { data: value.data, metadata: value.metadata } : undefined);

export const formatCustom: Formatter = (value) => {
  if (!isObject(value) && typeof value !== "function" || typeof propertyOf(value, DISPLAY) !== "function") return undefined;
  try {
    const made = call(value, DISPLAY);
    return isObject(made) && typeof propertyOf(made, "then") === "function"
      ? Promise.resolve(made).then((data) => checked(value, data), (error: unknown) => failed(value, error))
      : checked(value, made);
  } catch (error) {
    return failed(value, error);
  }
};

function checked(value: unknown, data: unknown): MimeBundle {
  if (isObject(data) && !Array.isArray(data)) {
    const metadata = propertyOf(data, METADATA);
    return { data: { ...data }, metadata: isObject(metadata) && !Array.isArray(metadata) ? JSON.parse(JSON.stringify(metadata)) : {} };
  }
  return failed(value, new TypeError(`expected an object {MIME type: data}, got ${textOf(data).slice(0, 100)}`));
}

/** A value whose own display fails is still shown. */
function failed(value: unknown, error: unknown): MimeBundle {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : textOf(error);
  return { data: { "text/plain": `${textOf(value)}\n[its Jupyter.display failed: ${reason}]` }, metadata: {} };
}
