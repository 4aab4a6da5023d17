/** `npm start`: the set-up, then a d90 measured with the quick preset. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/start.mjs"); });
