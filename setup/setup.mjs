/** `npx d90 setup`: the set-up alone, in a clone or in an installed package. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/setup.mjs"); });
