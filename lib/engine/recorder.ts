/** The graph of a step while it is recorded: which node computes which tensor, and what comes from outside. */
import * as tf from "@tensorflow/tfjs-core";
import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../support/tensors.js";
import type { HostValues, OpAttribute, TensorflowBackend } from "./backend.js";
import { isReduced } from "./precision.js";
import { engineInfo } from "./start.js";
import { functionBody, type FunctionBody } from "./functions.js";
import { graph, TYPE_NUMBERS, Unrecordable, type Graph } from "./graph.js";

/** A tensor from outside that every run is given: one that the step closes over, or a variable with its current value. */
export interface Feed { node: string; tensor: tf.Tensor }

/** Tensors from outside up to this size become constants, which graph optimisation can fold; larger ones are fed. */
const CONSTANT_BYTES = 16 * 1024;

/** TensorFlow's numbers of its types. */
const FLOAT32 = 1, BFLOAT16 = 14;

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

/** A function under construction: the references of its tensors, and the nodes that its arguments are. */
interface Body {
  graph: FunctionBody;
  references: Map<DataId, string>;
  inputs: string[];
}

export class Recorder {
  readonly graph: Graph;
  readonly feeds: Feed[] = [];
  /** Whether the graph has functions. */
  fused = false;
  private readonly nodes = new WeakMap<DataId, string>();
  /** Data that differs from run to run: reading it on the host would freeze it. */
  private readonly changing = new WeakSet<DataId>();
  /** Nodes of fp32 tensors, with the nodes that round them to bfloat16. */
  private readonly narrowed = new Map<string, string>();
  private readonly variables: Map<DataId, tf.Variable>;
  /** The function that is being recorded. */
  private body: Body | null = null;

  constructor(private readonly backend: TensorflowBackend, private readonly valuesOf: (dataId: DataId) => HostValues) {
    this.graph = graph(backend.binding);
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
    return this.body === null ? this.nodeOf(tensor) : this.referenceIn(this.body, tensor);
  }

  /** Notes an op that made `outputs` of the tensors `from`, whose nodes are `sources`. */
  note(op: string, attributes: OpAttribute[], from: TensorInfo[], sources: string[], outputs: TensorInfo[]): void {
    const node = this.body !== null ? this.body.graph.op(op, sources, attributes) : this.nodeFor(op, attributes, from, sources);
    const changes = from.some(({ dataId }) => this.changing.has(dataId));
    outputs.forEach(({ dataId }, i) => {
      (this.body?.references ?? this.nodes).set(dataId, i === 0 ? node : `${node}:${i}`);
      if (changes) this.changing.add(dataId);
    });
  }

  private nodeFor(op: string, attributes: OpAttribute[], from: TensorInfo[], sources: string[]): string {
    return isReduced(op) ? this.reducedProduct(op, sources, attributes) : this.graph.op(op, sources, [...attributes, ...this.inferred(op, from)]);
  }

  /** Notes what `run` does as one function, unless it is a part of one already. */
  fuse(run: () => tf.Tensor[]): tf.Tensor[] {
    if (this.body !== null) return run();
    const body: Body = { graph: functionBody(this.backend.binding), references: new Map(), inputs: [] };
    this.body = body;
    this.fused = true;
    let results: tf.Tensor[];
    try {
      results = run();
    } finally {
      this.body = null;
    }
    const references = results.map((tensor) => ({ reference: this.referenceIn(body, tensor), type: typeNumber(tensor) }));
    const node = this.graph.call(body.graph.define(references), body.inputs);
    results.forEach(({ dataId }, i) => this.nodes.set(dataId, i === 0 ? node : `${node}:${i}`));
    return results;
  }

  private nodeOf(tensor: TensorInfo): string {
    const node = this.nodes.get(tensor.dataId) ?? this.fromOutside(tensor);
    this.nodes.set(tensor.dataId, node);
    return node;
  }

  /** The reference of `tensor` in a function; one from outside of it becomes a constant or an argument. */
  private referenceIn(body: Body, tensor: TensorInfo): string {
    const { dataId } = tensor, reference = body.references.get(dataId) ?? this.intoBody(body, tensor);
    body.references.set(dataId, reference);
    return reference;
  }

  private intoBody(body: Body, tensor: TensorInfo): string {
    if (!this.nodes.has(tensor.dataId) && this.isConstant(tensor)) return body.graph.constant(typeNumber(tensor), tensor.shape, this.content(tensor));
    body.inputs.push(this.nodeOf(tensor));
    return body.graph.argument(typeNumber(tensor));
  }

  /** Of a tensor from outside. */
  private isConstant({ dataId, shape }: TensorInfo): boolean {
    return !this.variables.has(dataId) && sizeOf(shape) * 4 <= CONSTANT_BYTES;
  }

  private content(tensor: TensorInfo): Uint8Array {
    return contentOf(this.valuesOf(tensor.dataId), tensor);
  }

  /** A product of bfloat16 factors; emulated, of factors rounded to bfloat16, whose fp32 result is rounded too. */
  private reducedProduct(op: string, sources: string[], attributes: OpAttribute[]): string {
    const emulated = engineInfo().bf16Emulated;
    const narrow = sources.map((source) => {
      const node = this.narrowed.get(source) ?? (emulated ? this.rounded(source) : this.cast(source, FLOAT32, BFLOAT16));
      this.narrowed.set(source, node);
      return node;
    });
    if (emulated) return this.rounded(this.graph.op(op, narrow, attributes));
    const typed = attributes.map((attribute) => (attribute.name === "T" ? { ...attribute, value: BFLOAT16 } : attribute));
    return this.cast(this.graph.op(op, narrow, typed), BFLOAT16, FLOAT32);
  }

  private rounded(source: string): string {
    return this.cast(this.cast(source, FLOAT32, BFLOAT16), BFLOAT16, FLOAT32);
  }

  private cast(source: string, from: number, to: number): string {
    const type = this.backend.binding.TF_ATTR_TYPE;
    return this.graph.op("Cast", [source], [{ name: "SrcT", type, value: from }, { name: "DstT", type, value: to }]);
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
