/** The trial of killed.test.ts in a process that may be killed: it writes a checkpoint at every step and says so. */
import { join } from "node:path";
import { openStore } from "../../lib/records/store.js";
import { runTrial } from "../../lib/training/trial.js";
import { configurationIn, openWorld } from "./world.js";

const folder = process.argv[2];
const session = await openWorld(folder);
await runTrial(session, configurationIn(session), {
  store: openStore(join(folder, "killed")), checkpointSteps: 1, onProgress: () => { process.stdout.write("step\n"); },
});
