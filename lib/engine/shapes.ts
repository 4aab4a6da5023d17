/**
 * What TensorFlow's ops return, without running them: shape and type of each output. An op that is not here is run
 * once while a step is recorded, with everything before it.
 */
import { broadcast_util, type DataType, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../support/tensors.js";
import type { OpAttribute } from "./backend.js";
import { TYPE_NAMES } from "./graph.js";

/** Shape and type of an output. */
export interface Output { shape: number[]; dtype: DataType }

/** An op's inputs: the tensors, the values of input i (known for what was made on the host), and the attributes. */
interface Call {
  inputs: TensorInfo[];
  values(input: number): number[];
  attributes: Map<string, OpAttribute["value"]>;
}

type Rule = (call: Call) => Output[];

const SAME = [
  "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Cumprod", "Cumsum", "Elu", "EluGrad", "Erf", "Exp", "Expm1",
  "Floor", "Identity", "LeakyRelu", "Log", "Log1p", "LogicalNot", "Neg", "OnesLike", "Reciprocal", "Relu", "Relu6", "ReverseV2", "Round", "Rsqrt", "Selu",
  "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Sqrt", "Square", "Tan", "Tanh", "ZerosLike", "AddN",
];
const BROADCAST = ["Add", "AddV2", "Atan2", "FloorDiv", "FloorMod", "Maximum", "Minimum", "Mul", "Pow", "RealDiv", "SquaredDifference", "Sub"];
const COMPARE = ["Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr", "NotEqual"];
const TEST = ["IsFinite", "IsInf", "IsNan"];
const REDUCE = ["All", "Any", "Max", "Mean", "Min", "Prod", "Sum"];

const at = (call: Call, input: number): TensorInfo => {
  const tensor = call.inputs[input];
  if (tensor === undefined) throw new Error(`outputsOf: input ${input} is missing.`);
  return tensor;
};
const like = (call: Call, input: number, shape: number[]): Output[] => [{ shape, dtype: at(call, input).dtype }];
const typed = (call: Call, attribute: string, shape: number[]): Output[] => {
  const dtype = TYPE_NAMES.get(Number(call.attributes.get(attribute)));
  return dtype === undefined ? [] : [{ shape, dtype }];
};
const broadcast = (a: readonly number[], b: readonly number[]): number[] => broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
const positive = (axis: number | undefined, rank: number): number => (Number(axis) + rank) % Math.max(rank, 1);

function reduced(call: Call): Output[] {
  const { shape } = at(call, 0);
  const axes = new Set(call.values(1).map((axis) => positive(axis, shape.length)));
  const kept = call.attributes.get("keep_dims") === true;
  return like(call, 0, shape.flatMap((size, i) => (!axes.has(i) ? [size] : kept ? [1] : [])));
}

function matMul(call: Call): Output[] {
  const [a, b] = [at(call, 0).shape, at(call, 1).shape];
  const rows = a.at(call.attributes.get("adj_x") === true ? -1 : -2), columns = b.at(call.attributes.get("adj_y") === true ? -2 : -1);
  return like(call, 0, [...broadcast(a.slice(0, -2), b.slice(0, -2)), Number(rows), Number(columns)]);
}

function reshaped(call: Call): Output[] {
  const shape = call.values(1), { shape: from } = at(call, 0);
  const known = sizeOf(shape.filter((size) => size >= 0));
  return like(call, 0, shape.map((size) => (size >= 0 ? size : sizeOf(from) / Math.max(known, 1))));
}

/** The first input's shape with the sizes of `axis` replaced: by several for an index of several axes, by none for a scalar. */
const replaced = (shape: readonly number[], axis: number, sizes: readonly number[]): number[] => [...shape.slice(0, axis), ...sizes, ...shape.slice(axis + 1)];

function concatenated(call: Call): Output[] {
  const tensors = call.inputs.slice(0, -1), { shape } = at(call, 0);
  const axis = positive(call.values(tensors.length)[0], shape.length);
  return like(call, 0, replaced(shape, axis, [tensors.reduce((sum, tensor) => sum + Number(tensor.shape[axis]), 0)]));
}

function gathered(call: Call): Output[] {
  const [from, indices] = [at(call, 0).shape, at(call, 1).shape];
  const batch = Number(call.attributes.get("batch_dims") ?? 0);
  return like(call, 0, replaced(from, positive(call.values(2)[0], from.length), indices.slice(batch)));
}

function unpacked(call: Call): Output[] {
  const { shape } = at(call, 0);
  const one = like(call, 0, replaced(shape, positive(Number(call.attributes.get("axis")), shape.length), []));
  return Array.from({ length: Number(call.attributes.get("num")) }, () => one).flat();
}

function ranged(call: Call): Output[] {
  const [start = 0, stop = 0, step = 1] = [0, 1, 2].map((input) => call.values(input)[0]);
  return like(call, 0, [Math.ceil((stop - start) / step)]);
}

/** Of the project's own operations; what is there a second time in bfloat16 (operations.ts) has no shape here. */
const OWN: Readonly<Record<string, Rule>> = {
  D90Gelu: (call) => like(call, 0, at(call, 0).shape),
  D90GeluGradient: (call) => like(call, 1, at(call, 1).shape),
  D90GeluTanh: (call) => like(call, 0, at(call, 0).shape),
  D90GeluTanhGradient: (call) => like(call, 1, at(call, 1).shape),
  D90AddBias: (call) => like(call, 0, at(call, 0).shape),
  D90ColumnSum: (call) => like(call, 0, at(call, 0).shape.slice(-1)),
  D90SquareSum: (call) => like(call, 0, []),
  D90LayerNorm: (call) => {
    const { shape } = at(call, 0);
    return [shape, [sizeOf(shape.slice(0, -1)), at(call, 2).shape[0] === 0 ? 1 : 2], [0]].flatMap((of) => like(call, 0, of));
  },
  D90LayerNormGradient: (call) => {
    const [gamma, stats] = [at(call, 3).shape, at(call, 2).shape];
    return [at(call, 1).shape, gamma, stats[1] === 1 ? [0] : gamma, [0]].flatMap((of) => like(call, 1, of));
  },
  D90GatedSilu: (call) => like(call, 0, at(call, 0).shape),
  D90GatedSiluGradient: (call) => [1, 1].flatMap((input) => like(call, input, at(call, input).shape)),
  D90Rotate: (call) => like(call, 0, at(call, 0).shape),
  D90Attention: (call) => {
    const [B = 1, heads = 1, groups = 1, weights = 0] = call.values(5), given = [0, 1, 2].map((input) => at(call, input).shape).filter((shape) => shape.length === 2);
    const size = given.reduce((sum, [, width = 0]) => sum + width, 0) / (heads + 2 * groups), rows = given.map(([count = 0]) => count);
    return [[rows[0]!, heads * size], weights ? [B, heads, rows[0]! / B, rows.at(-1)! / B] : [0]].flatMap((shape) => like(call, 0, shape));
  },
  D90AttentionGradient: (call) => [1, 2, 3].flatMap((input) => like(call, input, at(call, input).shape)).concat(like(call, 4, call.values(6)[3] ? at(call, 4).shape : [0])),
  D90Spread: (call) => [at(call, 0).shape, [0]].flatMap((shape) => like(call, 0, shape)),
  D90Fold: (call) => like(call, 3, call.values(1)),
  D90AdamW: (call) => [0, 0, 0].flatMap((input) => like(call, input, at(call, input).shape)),
};

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(SAME.map((op): [string, Rule] => [op, (call) => like(call, 0, at(call, 0).shape)])),
  ...Object.fromEntries(BROADCAST.map((op): [string, Rule] => [op, (call) => like(call, 0, broadcast(at(call, 0).shape, at(call, 1).shape))])),
  ...Object.fromEntries(COMPARE.map((op): [string, Rule] => [op, (call) => [{ shape: broadcast(at(call, 0).shape, at(call, 1).shape), dtype: "bool" }]])),
  ...Object.fromEntries(REDUCE.map((op): [string, Rule] => [op, reduced])),
  ...Object.fromEntries(TEST.map((op): [string, Rule] => [op, (call) => [{ shape: at(call, 0).shape, dtype: "bool" }]])),
  BatchMatMulV2: matMul,
  Cast: (call) => typed(call, "DstT", at(call, 0).shape),
  ConcatV2: concatenated,
  ExpandDims: (call) => {
    const { shape } = at(call, 0), axis = positive(call.values(1)[0], shape.length + 1);
    return like(call, 0, [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
  },
  Fill: (call) => like(call, 1, call.values(0)),
  GatherV2: gathered,
  OneHot: (call) => like(call, 2, [...at(call, 0).shape, Number(call.values(1)[0])]),
  Pack: (call) => {
    const { shape } = at(call, 0), axis = positive(Number(call.attributes.get("axis")), shape.length + 1);
    return like(call, 0, [...shape.slice(0, axis), call.inputs.length, ...shape.slice(axis)]);
  },
  PadV2: (call) => {
    const paddings = call.values(1);
    return like(call, 0, at(call, 0).shape.map((size, i) => size + Number(paddings[2 * i]) + Number(paddings[2 * i + 1])));
  },
  Range: ranged,
  Reshape: reshaped,
  SelectV2: (call) => like(call, 1, broadcast(at(call, 0).shape, broadcast(at(call, 1).shape, at(call, 2).shape))),
  Slice: (call) => {
    const [begin, size, { shape }] = [call.values(1), call.values(2), at(call, 0)];
    return like(call, 0, size.map((length, i) => (length >= 0 ? length : Number(shape[i]) - Number(begin[i]))));
  },
  SplitV: (call) => {
    const { shape } = at(call, 0), axis = positive(call.values(2)[0], shape.length);
    return call.values(1).flatMap((size) => like(call, 0, replaced(shape, axis, [size])));
  },
  StatelessRandomUniform: (call) => typed(call, "dtype", call.values(0)),
  Tile: (call) => {
    const repeats = call.values(1);
    return like(call, 0, at(call, 0).shape.map((size, i) => size * Number(repeats[i])));
  },
  Transpose: (call) => like(call, 0, call.values(1).map((axis) => Number(at(call, 0).shape[axis]))),
  Unpack: unpacked,
  UnsortedSegmentSum: (call) => like(call, 0, [Number(call.values(2)[0]), ...at(call, 0).shape.slice(at(call, 1).shape.length)]),
  ...OWN,
};

/** The ops whose outputs are known. */
export const KNOWN_OPS: readonly string[] = Object.keys(RULES);

/** What `op` returns for `inputs`; nothing if that is not known. `values` gives a tensor's values as numbers. */
export function outputsOf(op: string, attributes: OpAttribute[], inputs: TensorInfo[], values: (tensor: TensorInfo) => number[]): Output[] {
  const call: Call = { inputs, values: (input) => values(at(call, input)), attributes: new Map(attributes.map(({ name, value }) => [name, value])) };
  return RULES[op]?.(call) ?? [];
}
