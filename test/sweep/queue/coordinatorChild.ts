/** A coordinator of the tests in a process that may be killed. Arguments: address, store, number of trials. */
import { coordinate, planOf } from "./fleet.js";

const [url = "", out = "", count = "1"] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
const { done, failed } = await coordinate(url, out, planOf(Number(count)));
process.stdout.write(`${JSON.stringify({ done, failed: failed.length })}\n`);
process.disconnect?.();
