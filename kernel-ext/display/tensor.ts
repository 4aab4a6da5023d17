/** Tensors of TensorFlow.js, recognised by their shape: shape, dtype, first and last values, statistics. */
import type { MimeBundle } from "../executor/types.js";
import { call, isObject, propertyOf, type Formatter } from "./formatter.js";

/** Values at either end of a dimension that are shown, where there are more than twice as many. */
const EDGE = 3;

interface Description {
  kind: string;
  shape: number[];
  dtype: string;
}

export const formatTensor: Formatter = (value) => {
  if (!isObject(value)) return undefined;
  const [shape, dtype] = [propertyOf(value, "shape"), propertyOf(value, "dtype")];
  const isTensor = Array.isArray(shape) && typeof dtype === "string" && isObject(propertyOf(value, "dataId"))
    && typeof propertyOf(value, "dataSync") === "function" && typeof propertyOf(value, "data") === "function";
  if (!isTensor) return undefined;
  const description = { kind: kindOf(value), shape: shape.map(Number), dtype };
  if (propertyOf(value, "isDisposed") === true) return plain(`${heading(description)}, disposed`);
  try {
    return plain(describe(description, valuesFrom(call(value, "dataSync"))));
  } catch {
    // Some backends read asynchronously only.
    return Promise.resolve(call(value, "data")).then(
      (values) => plain(describe(description, valuesFrom(values))),
      (error: unknown) => plain(`${heading(description)} [its values could not be read: ${String(error)}]`));
  }
};

const plain = (text: string): MimeBundle => ({ data: { "text/plain": text }, metadata: {} });

function kindOf(value: object): string {
  const name = propertyOf(value, "name");
  return typeof propertyOf(value, "assign") === "function" ? `Variable${typeof name === "string" ? ` ${name}` : ""}` : "Tensor";
}

const heading = ({ kind, shape, dtype }: Description): string => `${kind} [${shape.join(", ")}] ${dtype}`;

/** Typed arrays, or arrays of strings. */
const valuesFrom = (values: unknown): ArrayLike<unknown> => (isObject(values) && "length" in values ? values as ArrayLike<unknown> : []);

function describe(description: Description, values: ArrayLike<unknown>): string {
  const lines = [heading(description), nested(description, values)];
  if (values.length > 1 && typeof values[0] === "number" && description.dtype !== "bool") lines.push(statistics(values));
  return lines.join("\n");
}

/** The values from `offset` on, in brackets by dimension. */
function nested(description: Description, values: ArrayLike<unknown>, axis = 0, offset = 0): string {
  const { shape, dtype } = description;
  if (axis === shape.length) return valueText(values[offset], dtype);
  const size = shape[axis] ?? 0;
  const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const isLong = size > 2 * EDGE;
  const parts = Array.from({ length: Math.min(size, 2 * EDGE) }, (_, index) => {
    const at = isLong && index >= EDGE ? size - 2 * EDGE + index : index;
    return nested(description, values, axis + 1, offset + at * stride);
  });
  if (isLong) parts.splice(EDGE, 0, "...");
  return `[${parts.join(axis === shape.length - 1 ? ", " : `,\n${" ".repeat(axis + 1)}`)}]`;
}

function valueText(value: unknown, dtype: string): string {
  if (typeof value !== "number") return JSON.stringify(value) ?? String(value);
  return dtype === "bool" ? String(value !== 0) : numberText(value);
}

/** float32 carries seven digits. */
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6))));

function statistics(values: ArrayLike<unknown>): string {
  let [min, max, sum, unordered] = [Infinity, -Infinity, 0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = Number(values[index]);
    if (Number.isNaN(value)) unordered++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
  }
  const count = values.length - unordered;
  const nan = unordered > 0 ? `, ${unordered.toLocaleString("en-US")} NaN` : "";
  return count === 0 ? `all NaN` : `min ${numberText(min)}, max ${numberText(max)}, mean ${numberText(sum / count)}${nan}`;
}
