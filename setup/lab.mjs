/** `npm run lab`: the set-up with JupyterLab, which then opens with the notebooks. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/lab.mjs"); });
