/** Exit statuses of `d90`: part of its interface, listed by `d90 --help` and in docs/cli.md. */
export const exitCodes = {
  /** Done; also when the answer is "above-grid" or "diverged". */
  ok: 0,
  /** It failed: no network, a broken file, a full disk; and `d90 doctor` when something is broken. */
  failure: 1,
  /** The command, a value or a combination makes no sense; nothing was run. */
  usage: 2,
  /** Stopped by Ctrl-C (128 + SIGINT); finished trials and the checkpoint are kept. */
  interrupted: 130,
  /** Stopped by SIGTERM (128 + 15), the same way. */
  terminated: 143,
} as const;

export const exitCodesHelp = `
Exit status:
  0    done, whatever the outcome
  1    failed: no network, a broken file, a full disk; doctor: something is broken
  2    a mistake in the command; nothing was run
  130  stopped by Ctrl-C; 143 by SIGTERM: what was finished is kept and taken up`;
