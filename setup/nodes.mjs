/** `npm run test:nodes`: the tests on other versions of Node. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/nodes.mjs"); });
