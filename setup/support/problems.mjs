/** What a person reads when the set-up cannot go on: what is missing, why it is needed, and the command that mends it. */

/** A problem that a person can mend; printed without a stack. */
export class SetupProblem extends Error {
  name = "SetupProblem";

  /** @param problem.what What is missing or failed. @param problem.why Why it is needed. @param problem.remedy What to do. */
  constructor({ what, why, remedy, output = "", log = "" }) {
    super([
      what,
      ...(output === "" ? [] : output.split("\n").map((line) => `    ${line}`)),
      ...(why === undefined ? [] : [`  why: ${why}`]),
      ...[remedy].flat().map((line, index) => `${index === 0 ? "  do:  " : "       "}${line}`),
      ...(log === "" ? [] : [`  log: ${log}`]),
    ].join("\n"));
  }
}

/** Rules from a failing command's last lines to a remedy; the first that matches is given. */
const REMEDIES = [
  [/ENOSPC|No space left on device|disk quota exceeded/i,
    "the disk is full: free 4 GB (`df -h .` shows what is left), then run the same command again"],
  [/EACCES|EPERM|Permission denied|Read-only file system/i,
    "a file or folder cannot be written: make the project's folder yours (`ls -ld .`), then run the same command again"],
  [/CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|unable to get local issuer/i,
    "a proxy's certificate is not known: set NODE_EXTRA_CA_CERTS and PIP_CERT to its file, then run the same command again"],
  // npm's names, then pip's.
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/,
    "the network does not answer: check the connection, HTTPS_PROXY and `npm config get registry`; what is done stays done"],
  [/NewConnectionError|NameResolutionError|name resolution|Network is unreachable|Read timed out|ConnectTimeout/i,
    "the network does not answer: check the connection, HTTPS_PROXY and `pip config list`; what is done stays done"],
  [/No matching distribution|Could not find a version/i,
    "the package index has no such version for this Python and machine: look at `pip config list` for an index that lacks it"],
  [/can only install packages when your package\.json and package-lock\.json/i, "run `npm install` to bring package-lock.json up to date"],
  [/Killed|SIGKILL|Cannot allocate memory|ENOMEM|out of memory/i,
    "memory ran out: 2 GB free are needed; close something and run the same command again"],
  [/fatal error: .*\.h|cannot find -l|undefined reference/i,
    "the compiler lacks what it needs: install build-essential (Debian), gcc-c++ (Fedora) or the Xcode tools (macOS)"],
];

/** What to do about a command whose last lines are `output`. */
export function remedyFor(output) {
  const rule = REMEDIES.find(([pattern]) => pattern.test(output));
  return rule === undefined ? "read the lines above, then run the same command again: it goes on where it stopped" : rule[1];
}
