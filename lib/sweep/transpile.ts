/** TypeScript to JavaScript by taking the types out, for plans: with the compiler that comes with the notebooks' kernel. */
import { createRequire } from "node:module";
import type ts from "@tslab/typescript-for-tslab";
import { UsageError } from "../support/checks.js";

/** JavaScript (an ES module) of one file; types are not checked. @throws {UsageError} for what is not TypeScript. */
export function transpile(text: string, path: string): string {
  const require = createRequire(import.meta.url);
  const compiler: typeof ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab");
  const { ScriptTarget, ModuleKind, flattenDiagnosticMessageText } = compiler;
  const { outputText, diagnostics = [] } = compiler.transpileModule(text, {
    fileName: path, reportDiagnostics: true, compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext },
  });
  const first = diagnostics[0];
  if (first === undefined) return outputText;
  const line = first.file === undefined ? "" : `:${first.file.getLineAndCharacterOfPosition(first.start ?? 0).line + 1}`;
  throw new UsageError(`${path}${line}: ${flattenDiagnosticMessageText(first.messageText, " ")}`);
}
