/**
 * Functions of a graph that TensorFlow compiles (XLA): their operations become one loop, and nothing between them goes through memory.
 * Field numbers are those of function.proto and op_def.proto.
 */
import { createHash } from "node:crypto";
import type { Binding, OpAttribute } from "./backend.js";
import { attributeValues, constantAttributes, nodeDef, Unfusable } from "./graph.js";
import { integer, message, text, type Bytes } from "./protobuf.js";

/** A finished function; equal ones have one name, and are compiled once for each shape of their arguments. */
export interface FunctionDefinition {
  name: string;
  /** A field of FunctionDefLibrary. */
  bytes: Bytes;
  /** Types of arguments and results. */
  from: number[];
  to: number[];
}

/** A function under construction; each method returns the reference by which its nodes call the new one. */
export interface FunctionBody {
  argument(type: number): string;
  constant(type: number, sizes: readonly number[], content: Uint8Array): string;
  op(op: string, inputs: readonly string[], attributes: readonly OpAttribute[]): string;
  define(results: readonly { reference: string; type: number }[]): FunctionDefinition;
}

/** What operations call their first output: references within a function name it. */
const OUTPUTS: Readonly<Record<string, string>> = {
  Add: "z", AddV2: "z", Sub: "z", Mul: "z", RealDiv: "z", Maximum: "z", Minimum: "z", Pow: "z", Greater: "z", GreaterEqual: "z", Less: "z",
  Erf: "y", Exp: "y", Square: "y", Sqrt: "y", Rsqrt: "y", Neg: "y", Tanh: "y", Cast: "y", Mean: "output", Sum: "output", Identity: "output",
  BatchMatMulV2: "output", Reshape: "output", Transpose: "y", Softmax: "softmax",
};

export function functionBody(binding: Binding): FunctionBody {
  const nodes: Bytes[] = [], from: number[] = [];
  const add = (op: string, output: string, inputs: readonly string[], attributes: [string, Bytes][]): string => {
    const name = `n${nodes.length}`;
    nodes.push(nodeDef(3, name, op, inputs, attributes));
    return `${name}:${output}:0`;
  };
  const argument = (field: number, name: string, type: number): Bytes => message(field, text(1, name), integer(3, type));
  return {
    argument: (type) => `a${from.push(type) - 1}`,
    constant: (type, sizes, content) => add("Const", "output", [], constantAttributes(type, sizes, content)),
    op(op, inputs, attributes) {
      const output = OUTPUTS[op];
      if (output === undefined) throw new Unfusable(`it fuses an op ${op}, whose output functions.ts does not name`);
      return add(op, output, inputs, attributeValues(binding, attributes));
    },
    define(results) {
      const to = results.map(({ type }) => type);
      const signature = (name: string): Bytes => message(1, text(1, name), ...from.map((type, i) => argument(2, `a${i}`, type)), ...to.map((type, i) => argument(3, `r${i}`, type)));
      const content = [
        ...nodes, ...results.map(({ reference }, i) => message(4, text(1, `r${i}`), text(2, reference))),
        message(5, text(1, "_XlaMustCompile"), message(2, integer(5, 1))),
      ];
      const name = `fused_${createHash("sha256").update(Buffer.concat([signature(""), ...content])).digest("hex").slice(0, 16)}`;
      return { name, bytes: message(1, signature(name), ...content), from, to };
    },
  };
}
