/** kernel_info_reply: who answers, and in which language. */
import { createRequire } from "node:module";
import { EXTENSIONS, type LanguageName } from "../language/types.js";
import { PROTOCOL_VERSION, type Json } from "../protocol/wire.js";

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(name) as { version: string }).version;

/** As frontends know the languages. Their versions: the compiler's, and that of the engine that runs it. */
const LANGUAGES = {
  typescript: { mimetype: "text/x-typescript", link: { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" } },
  javascript: { mimetype: "text/javascript", link: { text: "JavaScript", url: "https://developer.mozilla.org/docs/Web/JavaScript" } },
};

/** The content of kernel_info_reply; read from package.json files at the first call. */
export function kernelInfo(name: LanguageName): Json {
  const typescript = versionOf("@tslab/typescript-for-tslab/package.json");
  const version = versionOf("d90/package.json");
  const { mimetype, link } = LANGUAGES[name];
  const compiler = `TypeScript ${typescript} (tslab)`;
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "d90",
    implementation_version: version,
    language_info: {
      name,
      version: name === "typescript" ? typescript : process.versions.node,
      mimetype,
      file_extension: EXTENSIONS[name],
      pygments_lexer: name,
      // JupyterLab looks for CodeMirror's language of this name; of an object it reads the name alone.
      codemirror_mode: name,
      nbconvert_exporter: "script",
    },
    banner: `d90 ${version}: ${name === "typescript" ? compiler : `JavaScript, checked by ${compiler},`} on Node.js ${process.version}`,
    help_links: [
      link,
      { text: "Node.js", url: "https://nodejs.org/api/" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
    // Neither the debugger nor subshells yet.
    supported_features: [],
  };
}
