/** Standard output holds the result and nothing else; everything else goes to standard error. */

/** Sends what libraries print to standard error, and ends quietly when the reader of a pipe has gone. */
export function guardStreams(): void {
  console.log = console.info = console.debug = console.error;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The other end closed (`d90 runs list | head -1`): nobody reads on, which is not a failure.
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    // Nobody watches: the work goes on all the same.
    if (error.code !== "EPIPE") throw error;
  });
}

/** Text for people, on standard output. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A line for people, on standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The one JSON object of a command. */
export const printJson = (value: object): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
