/** A command that waits: for the signal ("patient"), or for nothing ("deaf"), or fails once it was stopped ("failing"). */
import { run } from "../../lib/cli/run.js";

const kind = process.argv[2];
const timer = setInterval(() => undefined, 1000);

await run({}, async ({ signal, status }) => {
  process.stdout.write("ready\n");
  if (kind === "deaf") await new Promise(() => undefined);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  clearInterval(timer);
  if (kind === "failing") throw new Error("whatever was going on");
  return status() ?? 0;
});
