/**
 * The pre-training of killed.test.ts in a process of its own, which kills itself when `steps` updates and checkpoints are done, or while it
 * writes a file: who watched it from outside would come too late on a busy machine.
 */
import { pretrain } from "../../lib/pretraining/index.js";
import { watchWrites } from "../support/disk.js";
import { tinyOptions } from "./tiny.js";

const [folder = "", steps = "Infinity", dyingIn] = process.argv.slice(2);
if (dyingIn !== undefined) {
  watchWrites(async (path, file) => {
    if (!new RegExp(dyingIn).test(path)) return;
    await file.write("half");
    process.kill(process.pid, "SIGKILL");
  });
}
let done = 0;
await pretrain({
  ...tinyOptions(folder, "killed"),
  onEvent({ type }) {
    if ((type === "step" || type === "checkpoint") && ++done >= Number(steps)) process.kill(process.pid, "SIGKILL");
  },
});
