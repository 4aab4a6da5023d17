/** The graph of a step while it is recorded: which node computes which tensor, and what comes from outside. */
import * as tf from "@tensorflow/tfjs-core";
import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../support/tensors.js";
import type { HostValues, OpAttribute, TensorflowBackend } from "./backend.js";
import { bfloat16, outputNames, type Bfloat16 } from "./bfloat16.js";
import { graph, TYPE_NUMBERS, Unrecordable, type Graph } from "./graph.js";
import { TYPES } from "./operations.js";
import { isReduced } from "./precision.js";
import { sums } from "./sums.js";

/** A tensor from outside that every run is given: one that the step closes over, or a variable with its current value. */
export interface Feed { node: string; tensor: tf.Tensor }

/** Tensors from outside up to this size become constants, which graph optimisation can fold; larger ones are fed. */
const CONSTANT_BYTES = 16 * 1024;

const typeNumber = ({ dtype }: TensorInfo): number => {
  const number = TYPE_NUMBERS.get(dtype);
  if (number === undefined) throw new Unrecordable(`it uses a ${dtype} tensor`);
  return number;
};

/** A tensor's values as TensorFlow stores them. */
function contentOf(values: HostValues, { dtype }: TensorInfo): Uint8Array {
  const typed = dtype === "float32" ? Float32Array.from(values, Number) : dtype === "int32" ? Int32Array.from(values, Number) : Uint8Array.from(values, Number);
  return new Uint8Array(typed.buffer);
}

/** Whether all have one shape. */
const alike = (tensors: readonly TensorInfo[]): boolean => tensors.every(({ shape }) => shape.join() === tensors[0]?.shape.join());

/** Whether it is one that sums.ts knows: of a bias, of tensors of one shape, or of a matrix's rows. */
function isSum(op: string, from: readonly TensorInfo[]): boolean {
  if (op === "UnsortedSegmentSum") return from[0]?.shape.length === 2 && from[1]?.shape.length === 1;
  return op === "D90AddBias" || (op === "Add" && alike(from));
}

export class Recorder {
  readonly graph: Graph;
  readonly feeds: Feed[] = [];
  private readonly nodes = new WeakMap<DataId, string>();
  /** Data that differs from run to run: reading it on the host would freeze it. */
  private readonly changing = new WeakSet<DataId>();
  private readonly bfloat16: Bfloat16;
  private readonly sums = sums();
  private readonly variables: Map<DataId, tf.Variable>;

  constructor(private readonly backend: TensorflowBackend, private readonly valuesOf: (dataId: DataId) => HostValues) {
    this.graph = graph(backend.binding);
    this.bfloat16 = bfloat16(this.graph, backend);
    this.variables = new Map(Object.values(tf.engine().registeredVariables).map((variable) => [variable.dataId, variable]));
  }

  /** Declares a tensor that differs from run to run; returns its node. */
  input(tensor: TensorInfo): string {
    const node = this.graph.placeholder(typeNumber(tensor), tensor.shape);
    this.nodes.set(tensor.dataId, node);
    this.changing.add(tensor.dataId);
    return node;
  }

  /** The node that computes `tensor`; one from outside becomes a constant or a feed. */
  source(tensor: TensorInfo): string {
    if (tensor.dataId === undefined) throw new Unrecordable("it uses a 64-bit integer");
    const node = this.nodes.get(tensor.dataId) ?? this.fromOutside(tensor);
    this.nodes.set(tensor.dataId, node);
    return node;
  }

  /** Notes an op that made `outputs` of the tensors `from`, whose nodes are `sources`. */
  note(op: string, attributes: OpAttribute[], from: TensorInfo[], sources: string[], outputs: TensorInfo[]): void {
    const types = TYPES[op], count = outputs.length;
    const nodes = types === undefined ? outputNames(this.nodeFor(op, attributes, from, sources), count)
      : this.bfloat16.operation(op, this.sums.read(op, sources), count, types);
    if (isSum(op, from)) this.sums.note(op, nodes[0]!, sources);
    if (op === "Reshape" && alike([...from.slice(0, 1), ...outputs])) this.sums.same(nodes[0]!, sources[0]!);
    const changes = from.some(({ dataId }) => this.changing.has(dataId));
    outputs.forEach(({ dataId }, i) => {
      const node = nodes[i];
      if (node !== undefined) this.nodes.set(dataId, node);
      if (changes) this.changing.add(dataId);
    });
  }

  private nodeFor(op: string, attributes: OpAttribute[], from: TensorInfo[], sources: string[]): string {
    if (isReduced(op)) return this.bfloat16.product(op, sources, attributes, from.every(({ shape }) => shape.length === 2));
    const both = op === "Add" && alike(from) ? this.sums.both(sources) : undefined;
    if (both !== undefined) return this.bfloat16.operation("D90AddBias", both, 1, TYPES["D90AddBias"]!)[0]!;
    const node = this.graph.op(op, sources, [...attributes, ...this.inferred(op, from)]);
    const [source, shape] = sources;
    if (op === "Reshape" && source !== undefined && shape !== undefined) this.bfloat16.reshaped(node, source, shape, attributes);
    return node;
  }

  /** Of a tensor from outside. */
  private isConstant({ dataId, shape }: TensorInfo): boolean {
    return !this.variables.has(dataId) && sizeOf(shape) * 4 <= CONSTANT_BYTES;
  }

  private content(tensor: TensorInfo): Uint8Array {
    return contentOf(this.valuesOf(tensor.dataId), tensor);
  }

  /** The step reads `dataId` on the host. @throws {Unrecordable} if a later run would read something else. */
  checkRead(dataId: DataId): void {
    if (this.changing.has(dataId) || this.variables.has(dataId)) throw new Unrecordable("it reads values that change from run to run on the host");
  }

  /** @throws {Unrecordable} if the step gave a variable a new value. */
  checkVariables(): void {
    for (const [dataId, variable] of this.variables) {
      if (variable.dataId !== dataId) throw new Unrecordable(`it assigns to the variable ${variable.name}`);
    }
  }

  /** Frees what `feeds` keep. */
  dispose(): void {
    for (const { tensor } of this.feeds) if (!(tensor instanceof tf.Variable)) tensor.dispose();
  }

  private fromOutside(tensor: TensorInfo): string {
    if (this.isConstant(tensor)) return this.graph.constant(typeNumber(tensor), tensor.shape, this.content(tensor));
    const variable = this.variables.get(tensor.dataId);
    const node = this.graph.placeholder(typeNumber(tensor), tensor.shape);
    if (variable !== undefined) this.changing.add(tensor.dataId);
    this.feeds.push({ node, tensor: variable ?? this.kept(tensor) });
    return node;
  }

  /** A tensor of the same data, not copied, that stays when its owner or the step disposes theirs. */
  private kept(tensor: TensorInfo): tf.Tensor {
    this.backend.incRef(tensor.dataId);
    return tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype }));
  }

  /** Attributes that eager mode infers, so that tfjs-node leaves them out. */
  private inferred(op: string, from: TensorInfo[]): OpAttribute[] {
    if (op !== "ExpandDims" || from[0] === undefined) return [];
    return [{ name: "T", type: this.backend.binding.TF_ATTR_TYPE, value: typeNumber(from[0]) }];
  }
}
