/** kernel_info_reply: who answers, and in which language. */
import { createRequire } from "node:module";
import { PROTOCOL_VERSION, type Json } from "../protocol/wire.js";

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(name) as { version: string }).version;

/** The content of kernel_info_reply; read from package.json files at the first call. */
export function kernelInfo(): Json {
  const typescript = versionOf("@tslab/typescript-for-tslab/package.json");
  const version = versionOf("d90/package.json");
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "d90",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // JupyterLab looks for CodeMirror's language of this name; of an object it reads the name alone.
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `d90 ${version}: TypeScript ${typescript} (tslab) on Node.js ${process.version}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/api/" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
    // Neither the debugger nor subshells yet.
    supported_features: [],
  };
}
