/** `npm test`: the set-up, then the tests. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/test.mjs"); });
