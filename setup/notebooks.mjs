/** `npm run notebooks`: the set-up with JupyterLab, then every notebook, executed headless to HTML under out/. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/notebooks.mjs"); });
