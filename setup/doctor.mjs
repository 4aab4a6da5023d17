/** `node setup/doctor.mjs`: what the set-up has, when even `npx d90 doctor` does not start. */
import { runJob } from "./node-version.mjs";

runJob(function () { return import("./jobs/doctor.mjs"); });
