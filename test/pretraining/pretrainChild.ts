/** The pre-training of killed.test.ts in a process that may be killed: it says when an update is done. */
import { pretrain } from "../../lib/pretraining/index.js";
import { tinyOptions } from "./tiny.js";

await pretrain({ ...tinyOptions(process.argv[2]!, "killed"), onEvent: ({ type }) => { if (type === "step" || type === "checkpoint") process.stdout.write("step\n"); } });
