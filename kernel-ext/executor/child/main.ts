/**
 * The process that runs the user's code, on its main thread. Started by host/child.ts as
 * `node --expose-internals main.js TOKEN`, stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] (messages.ts, FD).
 */
import { Socket } from "node:net";
import { createFrameReader } from "../frames.js";
import { FD, type ToChild } from "../messages.js";
import { createContext, within } from "./cells.js";
import { receive } from "./comms.js";
import { installCrashes } from "./crashes.js";
import { send, sendNow } from "./events.js";
import { createExports } from "./exports.js";
import { installGlobals } from "./globals.js";
import { answer, dropQuestions, refuse } from "./input.js";
import { installInspection } from "./inspection.js";
import { interruptedReport, watchInterrupts } from "./interrupts.js";
import { createModules } from "./modules.js";
import { installOutput, writeAs } from "./output.js";
import { createRunner } from "./run.js";
import { installStacks } from "./sources.js";
import { reportThrown } from "./traceback.js";
import { createTslab } from "./tslab.js";
import { installWarnings } from "./warnings.js";

const [, , token = ""] = process.argv;
// Neither is the user's: child processes of theirs would be started with the same options.
process.argv.splice(1);
process.execArgv = [];

installOutput(token, () => send({ type: "switched" }));
installWarnings();
installStacks();
installInspection();
installGlobals();

let tslab: object | undefined;
const modules = createModules(process.cwd(), new Map([["tslab", () => (tslab ??= createTslab())]]));
const runner = createRunner(createExports(), modules, dropQuestions);
installCrashes(runner.fail);
watchInterrupts((context) => runner.fail(context, interruptedReport()));

/** Runs the user's handlers as code of `cell`: their output is its, and so are their errors. */
function handleComm({ id, cell, message }: Extract<ToChild, { type: "comm" }>): void {
  const context = createContext({ id: cell, allowStdin: false });
  context.settled = true;
  within(context, () => receive(message)).catch((error: unknown) => {
    writeAs(context, 2, Buffer.from(`${reportThrown(error).traceback.join("\n")}\n`));
  }).finally(() => send({ type: "comm_done", id }));
}

function handle(message: ToChild): void {
  if (message.type === "run") runner.start(message);
  else if (message.type === "answer") answer(message.value);
  else if (message.type === "refuse") refuse(message.reason);
  else handleComm(message);
}

// Each message in a turn of its own: an interrupt that ends one leaves the others.
const read = createFrameReader((message) => setImmediate(handle, message as ToChild));
new Socket({ fd: FD.control, readable: true, writable: false })
  .on("data", read)
  .on("error", () => undefined)
  // The supervisor asks to end, or has gone.
  .on("close", () => process.exit(0));
sendNow({ type: "up" });
