/** --queue, whose address may hold a password: it is never printed. */
import { Option } from "commander";
import { commandLine } from "./commandLine.js";
import { words } from "./values.js";

/** The option; D90_QUEUE keeps a password out of the list of processes. */
export const queueOption = (text: string): Option =>
  new Option("--queue <address>", `${text}: redis://HOST:PORT, rediss:// with TLS (or D90_QUEUE)`).argParser(words).env("D90_QUEUE").hideHelp(false);

/** The command that was typed, without what only its writer should know. */
export const shownCommand = (args: readonly string[] = process.argv.slice(2)): string =>
  commandLine(args.map((arg) => arg.replace(/^((?:--queue=)?rediss?:\/\/)[^@/]*@/, "$1")));
