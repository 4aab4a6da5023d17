/** `npm run notebooks:files`: notebooks from text and to text, and without outputs. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/notebookFiles.mjs"); });
