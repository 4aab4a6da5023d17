/** Which of a graph's tensors are in bfloat16, and where they are copied to it and back: as seldom as can be, since a copy is a pass over memory. */
import type { OpAttribute, TensorflowBackend } from "./backend.js";
import type { Graph } from "./graph.js";
import type { Types } from "./operations.js";
import { engineInfo, hasProducts } from "./start.js";

/** TensorFlow's numbers of its types. */
const FLOAT32 = 1, INT32 = 3, BFLOAT16 = 14;

/** What other nodes call the outputs of a node. */
export const outputNames = (node: string, count: number): string[] => Array.from({ length: count }, (_, i) => (i === 0 ? node : `${node}:${i}`));

/** `attributes` with another type T. */
const ofType = (attributes: readonly OpAttribute[], value: number): OpAttribute[] =>
  attributes.map((attribute) => (attribute.name === "T" ? { ...attribute, value } : attribute));

export interface Bfloat16 {
  /** Notes that `node` is `source` in another shape: where one is in bfloat16 the other can be. */
  reshaped(node: string, source: string, shape: string, attributes: OpAttribute[]): void;
  /**
   * A product of bfloat16 factors; emulated, of factors rounded to bfloat16, whose fp32 result is rounded too. Returns the result as fp32.
   * @param matrices whether the factors are: not many of them at once.
   */
  product(op: string, sources: string[], attributes: OpAttribute[], matrices: boolean): string;
  /** One of operations.ts, its outputs: from bfloat16 where it is there, and to it where the engine's products are in it. */
  operation(op: string, sources: string[], count: number, types: Types): string[];
}

/** For one graph. Every tensor has a node of fp32, which TensorFlow leaves out where nothing reads it. */
export function bfloat16(graph: Graph, { binding: { TF_ATTR_TYPE: type } }: TensorflowBackend): Bfloat16 {
  const { bf16, bf16Emulated: emulated } = engineInfo();
  /** Nodes of fp32, with what a product takes for them: the same in bfloat16, or emulated rounded to it. */
  const factors = new Map<string, string>();
  /** Nodes of fp32 that are copies, with those of bfloat16 that they are copies of. */
  const exact = new Map<string, string>();
  const shapes = new Map<string, { source: string; shape: string; attributes: OpAttribute[] }>();

  const cast = (source: string, from: number, to: number): string =>
    graph.op("Cast", [source], [{ name: "SrcT", type, value: from }, { name: "DstT", type, value: to }]);

  function widened(narrow: string): string {
    const node = cast(narrow, BFLOAT16, FLOAT32);
    exact.set(node, narrow);
    factors.set(node, emulated ? node : narrow);
    return node;
  }

  const rounded = (source: string): string => widened(cast(source, FLOAT32, BFLOAT16));

  /** What `nodes` has for `node`, or for what that is in another shape. */
  function found(nodes: Map<string, string>, node: string): string | undefined {
    const there = nodes.get(node), form = shapes.get(node);
    if (there !== undefined || form === undefined) return there;
    const source = found(nodes, form.source);
    if (source === undefined) return undefined;
    const narrow = graph.op("Reshape", [source, form.shape], ofType(form.attributes, BFLOAT16));
    nodes.set(node, narrow);
    return narrow;
  }

  /** What a product takes for `node`, made where it is not there. */
  function factor(node: string): string {
    const known = factors.get(node), form = shapes.get(node);
    if (known !== undefined) return known;
    const narrow = form !== undefined ? graph.op("Reshape", [factor(form.source), form.shape], ofType(form.attributes, emulated ? FLOAT32 : BFLOAT16))
      : emulated ? rounded(node) : cast(node, FLOAT32, BFLOAT16);
    factors.set(node, narrow);
    return narrow;
  }

  /** D90Product, which rounds what is not in bfloat16 while it copies it. */
  function ownProduct(sources: string[], attributes: OpAttribute[]): string {
    const from = sources.map((source) => found(factors, source) ?? source);
    const transposed = ["adj_x", "adj_y"].map((name) => Number(attributes.find((attribute) => attribute.name === name)?.value === true));
    return graph.op("D90Product", [...from, graph.constant(INT32, [2], new Uint8Array(Int32Array.from(transposed).buffer))],
      ["A", "B"].map((name, i) => ({ name, type, value: from[i] === sources[i] ? FLOAT32 : BFLOAT16 })));
  }

  return {
    reshaped: (node, source, shape, attributes) => { shapes.set(node, { source, shape, attributes }); },
    product(op, sources, attributes, matrices) {
      if (emulated) return rounded(graph.op(op, sources.map(factor), attributes));
      return widened(matrices && hasProducts() ? ownProduct(sources, attributes) : graph.op(op, sources.map(factor), ofType(attributes, BFLOAT16)));
    },
    operation(op, sources, count, { inputs = {}, list, rounded: products, again }) {
      const given = sources.map((source, i) => (i in inputs || (list && i >= list.from) ? found(exact, source) : undefined) ?? source);
      const typeOf = (i: number): number => (given[i] === sources[i] ? FLOAT32 : BFLOAT16);
      const to = (name: string): OpAttribute => ({ name, type, value: bf16 ? BFLOAT16 : FLOAT32 });
      const nodes = outputNames(graph.op(op, given, [
        ...Object.entries(inputs).map(([i, name]) => ({ name, type, value: typeOf(Number(i)) })),
        ...(list === undefined ? [] : [{ name: list.type, type, value: given.map((_, i) => typeOf(i)).slice(list.from) }]),
        ...[products?.type, again?.type].flatMap((name) => (name === undefined ? [] : [to(name)])),
      ]), count);
      if (!bf16) return nodes;
      const [first] = nodes, narrow = again && nodes[again.output];
      if (first !== undefined && narrow !== undefined) factors.set(first, emulated ? cast(narrow, BFLOAT16, FLOAT32) : narrow);
      return nodes.map((node, i) => (products !== undefined && i < products.outputs ? widened(node) : node));
    },
  };
}
