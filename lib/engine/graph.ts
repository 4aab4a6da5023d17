/**
 * A TensorFlow graph written node by node, as a SavedModel's bytes. Field numbers are those of TensorFlow's graph.proto,
 * node_def.proto, attr_value.proto, tensor.proto, tensor_shape.proto and saved_model.proto.
 */
import type { DataType } from "@tensorflow/tfjs-core";
import type { Binding, OpAttribute } from "./backend.js";
import { bytes, float, floats, integer, integers, message, text, type Bytes } from "./protobuf.js";

/** Why a step cannot be recorded; it then runs op by op. */
export class Unrecordable extends Error {
  override name = "Unrecordable";
}

/** TensorFlow's numbers of the types that tfjs tensors have here. */
export const TYPE_NUMBERS: ReadonlyMap<DataType, number> = new Map<DataType, number>([["float32", 1], ["int32", 3], ["bool", 10]]);

/** And back. */
export const TYPE_NAMES: ReadonlyMap<number, DataType> = new Map([...TYPE_NUMBERS].map(([name, number]) => [number, name]));

/** The graph version of TensorFlow 2.9; any later TensorFlow reads it. */
const PRODUCER = 1087;

/** A tensor's shape. */
const shape = (sizes: readonly number[]): Bytes[] => sizes.map((size) => message(2, integer(1, size)));

/** An attribute's value: the kinds that tfjs-node gives its ops. @throws {Unrecordable} on any other. */
function attributeValue(binding: Binding, { name, type, value }: OpAttribute): Bytes {
  const number = Number(value);
  const list = Array.isArray(value) ? value : null;
  switch (type) {
    case binding.TF_ATTR_TYPE: return list ? message(1, integers(6, list)) : integer(6, number);
    case binding.TF_ATTR_BOOL: return list ? message(1, integers(5, list)) : integer(5, number);
    case binding.TF_ATTR_INT: return list ? message(1, integers(3, list)) : integer(3, number);
    case binding.TF_ATTR_FLOAT: return list ? message(1, floats(4, list)) : float(4, number);
    case binding.TF_ATTR_STRING: return text(2, String(value));
    case binding.TF_ATTR_SHAPE: return message(7, ...shape(list ?? []));
    default: throw new Unrecordable(`it uses an op whose attribute ${name} has a kind (${type}) that graphs are not given yet`);
  }
}

/** One node: a NodeDef in `field`. */
export const nodeDef = (field: number, name: string, op: string, inputs: readonly string[], attributes: readonly [string, Bytes][]): Bytes =>
  message(field, text(1, name), text(2, op), ...inputs.map((input) => text(3, input)), ...attributes.map(([key, value]) => message(5, text(1, key), message(2, value))));

/** The attributes of a constant. */
export const constantAttributes = (type: number, sizes: readonly number[], content: Uint8Array): [string, Bytes][] =>
  [["dtype", integer(6, type)], ["value", message(8, integer(1, type), message(2, ...shape(sizes)), bytes(4, content))]];

export const attributeValues = (binding: Binding, attributes: readonly OpAttribute[]): [string, Bytes][] =>
  attributes.map((each) => [each.name, attributeValue(binding, each)]);

/** A graph under construction; each method adds a node, unless an equal constant is there, and returns its name. */
export interface Graph {
  placeholder(type: number, sizes: readonly number[]): string;
  constant(type: number, sizes: readonly number[], content: Uint8Array): string;
  op(op: string, inputs: string[], attributes: OpAttribute[]): string;
  /** The bytes of saved_model.pb, under the tag "serve". */
  savedModel(): Uint8Array;
}

/** An empty graph. */
export function graph(binding: Binding): Graph {
  const nodes: Bytes[] = [];
  const constants = new Map<string, string>();
  const add = (op: string, inputs: string[], attributes: [string, Bytes][]): string => {
    const name = `n${nodes.length}`;
    nodes.push(nodeDef(1, name, op, inputs, attributes));
    return name;
  };
  return {
    placeholder: (type, sizes) => add("Placeholder", [], [["dtype", integer(6, type)], ["shape", message(7, ...shape(sizes))]]),
    constant: (type, sizes, content) => {
      const key = `${type} ${sizes.join()} ${Buffer.from(content).toString("base64")}`;
      const name = constants.get(key) ?? add("Const", [], constantAttributes(type, sizes, content));
      constants.set(key, name);
      return name;
    },
    op: (op, inputs, attributes) => add(op, inputs, attributeValues(binding, attributes)),
    savedModel: () => {
      const definition = message(2, ...nodes, message(4, integer(1, PRODUCER)));
      const metaGraph = message(2, message(1, text(4, "serve")), definition);
      return Buffer.concat([integer(1, 1), metaGraph]);
    },
  };
}
