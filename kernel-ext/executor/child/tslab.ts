/** `import {display, newDisplay} from "tslab"`: tslab's notebooks run unchanged. */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { asBase64 } from "../../display/helpers.js";
import { emit } from "./events.js";

/** tslab's Display: methods that show one MIME type each. */
class Display {
  #shown = false;

  /** @param id of an output that later calls replace; undefined for a new output each time. */
  constructor(private readonly id?: string) {}

  readonly javascript = (text: string): void => this.raw("text/javascript", text);
  readonly html = (text: string): void => this.raw("text/html", text);
  readonly markdown = (text: string): void => this.raw("text/markdown", text);
  readonly latex = (text: string): void => this.raw("text/latex", text);
  readonly svg = (text: string): void => this.raw("image/svg+xml", text);
  readonly png = (bytes: Uint8Array): void => this.raw("image/png", bytes);
  readonly jpeg = (bytes: Uint8Array): void => this.raw("image/jpeg", bytes);
  readonly gif = (bytes: Uint8Array): void => this.raw("image/gif", bytes);
  readonly pdf = (bytes: Uint8Array): void => this.raw("application/pdf", bytes);
  readonly text = (text: string): void => this.raw("text/plain", text);

  raw(contentType: string, value: string | Uint8Array): void {
    const bundle = { data: { [contentType]: typeof value === "string" ? value : asBase64(value) }, metadata: {} };
    emit({ type: "display", bundle, update: this.#shown, ...(this.id === undefined ? {} : { displayId: this.id }) });
    this.#shown = this.id !== undefined;
  }
}

/** What `require("tslab")` gives in a cell. */
export function createTslab(): object {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    try {
      const { version }: { version: string } = require(`${name}/package.json`);
      return version;
    } catch {
      return "unknown";
    }
  };
  return {
    display: new Display(),
    newDisplay: () => new Display(randomUUID()),
    versions: { tslab: versionOf("tslab"), typescript: versionOf("@tslab/typescript-for-tslab"), node: process.version },
  };
}
