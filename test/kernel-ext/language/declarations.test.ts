import assert from "node:assert/strict";
import test from "node:test";
import { createDeclarations, type Declaration } from "../../../kernel-ext/language/declarations.js";
import { splitDeclarations } from "../../../kernel-ext/language/splitDeclarations.js";
import { loadTypescript } from "../../../kernel-ext/language/typescript.js";

const ts = loadTypescript();
const both = { value: true, type: true };
const textsOf = (text: string): string[] => splitDeclarations(ts, text, () => both).map((declaration) => declaration.text);
const declaration = (name: string, meaning: Partial<Declaration> = {}): Declaration =>
  ({ name, text: `declare let ${name}: 1;`, value: true, type: false, ...meaning });

test("variables and imports are split by name, with their comments", () => {
  assert.deepEqual(textsOf("/** Doc. */\ndeclare let a: number, b: string;\nexport {};"), [
    "/** Doc. */\ndeclare let a: number;", "/** Doc. */\ndeclare let b: string;",
  ]);
  assert.deepEqual(textsOf("import d, { x as y, type T } from 'm';"), [
    "import d from 'm';", "import { x as y } from 'm';", "import { type T } from 'm';",
  ]);
  const others = ["import * as all from \"n\";", "import type { U } from 'm';"];
  assert.deepEqual(textsOf(others.join("\n")), others);
});

test("other declarations stay whole", () => {
  const text = "declare function f(): void;\ninterface I {\n    a: 1;\n}\ndeclare global {\n    interface I {}\n}";
  assert.deepEqual(splitDeclarations(ts, text, () => both).map(({ name }) => name), ["f", "I", ""]);
});

test("a declaration replaces what has its name in the same space", () => {
  const kept = createDeclarations();
  kept.keep([declaration("a"), declaration("b"), declaration("T", { value: false, type: true, text: "type T = 1;" })]);
  kept.keep([declaration("a", { text: "declare let a: 2;" }), declaration("T")]);
  assert.equal(kept.text(), "declare let b: 1;\ntype T = 1;\ndeclare let a: 2;\ndeclare let T: 1;");
});

test("of a class whose type is replaced the value stays, as any", () => {
  const kept = createDeclarations();
  kept.keep([declaration("C", { ...both, text: "declare class C {}" })]);
  kept.keep([declaration("C", { value: false, type: true, text: "interface C {}" })]);
  assert.equal(kept.text(), `declare let C: ${"any"};\ninterface C {}`);
});

test("sources are joined where a name has several, and forgotten with it", () => {
  const kept = createDeclarations();
  kept.keep([declaration("f", { source: "function f(a);" }), declaration("f", { source: "function f(a) {}", text: "2" })]);
  assert.equal(kept.sourceOf("f"), "function f(a);\nfunction f(a) {}");
  kept.keep([declaration("f")]);
  assert.equal(kept.sourceOf("f"), undefined);
  kept.reset();
  assert.deepEqual([kept.text(), kept.names().size], ["", 0]);
});

test("the same nameless declaration stands once", () => {
  const kept = createDeclarations();
  const global = declaration("", { text: "declare global {}" });
  kept.keep([global]);
  kept.keep([global]);
  assert.equal(kept.text(), "declare global {}");
});
