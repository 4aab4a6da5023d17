/** `npm run bench`: the set-up with PyTorch beside it, then the benchmarks. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/bench.mjs"); });
