/** Node's warnings about what the kernel itself does are not the user's business. */

const OURS = /internal testing only|vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER|loading ES Module in require\(\)|require\(\) of ES Module|`--localstorage-file`/;

export function installWarnings(): void {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!OURS.test(typeof warning === "string" ? warning : warning.message)) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
