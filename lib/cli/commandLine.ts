/** The command that was typed, to be typed again. */

/** `text` as a POSIX shell reads it back. */
export const shellQuote = (text: string): string =>
  (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** The whole line: "npx d90 find --method said". */
export const commandLine = (args: readonly string[] = process.argv.slice(2)): string =>
  ["npx", "d90", ...args].map(shellQuote).join(" ");
