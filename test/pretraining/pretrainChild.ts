/** The pre-training of killed.test.ts in a process that may be killed: it says when an update is done, and kills itself while it writes a file. */
import { pretrain } from "../../lib/pretraining/index.js";
import { watchWrites } from "../support/disk.js";
import { tinyOptions } from "./tiny.js";

const [folder = "", dyingIn] = process.argv.slice(2);
if (dyingIn !== undefined) {
  watchWrites(async (path, file) => {
    if (!new RegExp(dyingIn).test(path)) return;
    await file.write("half");
    process.kill(process.pid, "SIGKILL");
  });
}
await pretrain({ ...tinyOptions(folder, "killed"), onEvent: ({ type }) => { if (type === "step" || type === "checkpoint") process.stdout.write("step\n"); } });
