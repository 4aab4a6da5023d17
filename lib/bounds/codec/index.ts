/** The codec: quantised numbers as a file, and back. */
export { CodecError } from "./bytes.js";
export { decodeModel, encodeModel, fileVersion, type FileBits, type FileHeader, type ModelFile } from "./file.js";
export {
  dequantise, fitCodebook, maxLevels, quantise, quantiserNames, squaredError, uniformCodebook, type Codebook, type Quantised, type QuantiserName,
} from "./quantise.js";
