/** The built command line on a real terminal (a pseudo-terminal by Python), where someone types. */
import { spawnSync } from "node:child_process";
import { executable, ownEnvironment } from "./spawn.js";

/** Types `keys` once when `prompt` has been shown; prints all that the terminal showed, and exits as the command did. */
const typist = `
import os, pty, sys
prompt, keys, *command = map(os.fsencode, sys.argv[1:])
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown, typed = b"", False
try:
    while part := os.read(terminal, 4096):
        shown += part
        if prompt in shown and not typed:
            typed = os.write(terminal, keys) > 0
except OSError:
    pass  # how Linux says that the command has ended
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.stdout.buffer.write(shown)
sys.exit(status)
`;

export interface Typed {
  status: number | null;
  /** Everything that the terminal showed, what was typed included. */
  shown: string;
}

/** Runs `d90` with `args` on a terminal and types `keys` ("y\r", "\x03" for Ctrl-C) when it has shown `prompt`. */
export function onTerminal(args: readonly string[], { prompt, keys }: { prompt: string; keys: string }): Typed {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", typist, prompt, keys, process.execPath, executable, ...args],
    { env: { ...ownEnvironment(), TERM: "dumb" }, encoding: "utf8", timeout: 60_000 });
  if (stderr !== "") throw new Error(stderr);
  return { status, shown: stdout };
}
