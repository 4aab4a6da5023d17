/** `npm run bench:kernel`: the set-up with Deno beside it, then the kernels' benchmark. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/benchKernel.mjs"); });
