/**
 * What this project uses of tfjs-node's backend. Written out, not imported: the package's own types declare chained ops
 * (`x.square()`) on every tensor, which the fallback backends do not have.
 */
import type { DataId, DataType, DataTypeMap, Tensor, TensorInfo } from "@tensorflow/tfjs-core";

/** An attribute of a TensorFlow op; `type` is one of the binding's TF_ATTR_*. */
export interface OpAttribute { name: string; type: number; value: boolean | number | string | object | number[] }

/** A tensor's bytes, before TensorFlow has them or after they were read. */
export type HostValues = DataTypeMap[keyof DataTypeMap];

/** The compiled addon. */
export interface Binding {
  TF_Version: string;
  TF_FLOAT: number; TF_INT32: number; TF_BOOL: number; TF_COMPLEX64: number;
  TF_ATTR_STRING: number; TF_ATTR_INT: number; TF_ATTR_FLOAT: number; TF_ATTR_BOOL: number; TF_ATTR_TYPE: number; TF_ATTR_SHAPE: number;
}

/** The backend named "tensorflow": it runs one TensorFlow op at a time, and sessions of recorded ones. */
export interface TensorflowBackend {
  binding: Binding;
  isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(op: string, attributes: OpAttribute[], inputs: TensorInfo[], outputs: number): Tensor[];
  readSync(dataId: DataId): HostValues;
  read(dataId: DataId): Promise<HostValues>;
  /** Registers data; null stands for values that are never there. */
  write(values: HostValues | null, shape: number[], dtype: DataType): DataId;
  getDTypeInteger(dtype: DataType): number;
  incRef(dataId: DataId): void;
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, inputs: Tensor[], inputNames: { name: string }[], outputNames: string[]): Tensor[];
}
