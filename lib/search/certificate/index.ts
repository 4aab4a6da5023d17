/** Certificates: the bounds of a trained run, its file, and the model that the file makes. */
export { certifyRun, modelFile, type CertifyOptions } from "./certify.js";
export { compressRun, type Compressed, type CompressOptions } from "./compress.js";
export { applyFile, exportRun, type ApplyOptions, type ExportOptions } from "./exchange.js";
export { searchBound, type SearchBoundOptions } from "./search.js";
