import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import test, { after } from "node:test";
import { decodeMappings, encodeMappings } from "../../../kernel-ext/language/maps.js";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());

/** Where a word of the JavaScript stands in the cell, by Node's own reading of the map. */
async function origin(code: string, word: string): Promise<[number, number]> {
  const { js, map } = await notebook.accept(code);
  const lines = js.split("\n");
  const line = lines.findIndex((text) => text.includes(word));
  const entry = new SourceMap(JSON.parse(map)).findEntry(line, lines[line]?.indexOf(word) ?? -1);
  return "originalLine" in entry ? [entry.originalLine, entry.originalColumn] : assert.fail(`${word} is nowhere`);
}

test("lines and columns are those of the cell, whatever types and exports did to its JavaScript", async () => {
  const code = "interface Gone {\n  a: number;\n}\nlet x: number = 1, y = 2;\nfunction f(a: string): never {\n"
    + "  const b: number = 3; throw new Error(a);\n}\ntry { f('x') } catch (caught) { void caught }";
  assert.deepEqual(await origin(code, "throw"), [5, 23]);
  assert.deepEqual(await origin(code, "new Error"), [5, 29]);
  assert.deepEqual(await origin(code, "f('x')"), [7, 6]);
});

test("the last expression, imports and awaits have their places", async () => {
  const code = "\nimport {sep} from 'path';\nawait null;\n  sep.length + sep.repeat(2).length";
  assert.deepEqual(await origin(code, "sep.repeat"), [3, 15]);
  assert.deepEqual(await origin(code, "__import"), [1, 0]);
  assert.deepEqual(await origin(code, "await null"), [2, 0]);
});

test("shell lines and %%time move nothing", async () => {
  const code = "%%time\n!echo a long command\nif (true) { foo.bar(); }\n  !echo b\nvar foo = {bar() {}}; foo . bar";
  assert.deepEqual(await origin(code, "foo.bar()"), [2, 12]);
  assert.deepEqual(await origin(code, "echo b"), [3, 2]);
  assert.deepEqual(await origin(code, "foo.bar;"), [4, 22]);
});

test("mappings are read and written", () => {
  const mappings = ";AAAA,MAAM,GAAG,CAAC;;AAChB,SAAS,gkBAAgkB,D;A";
  assert.deepEqual(decodeMappings("AAAA,C;;GAEDgB")[2], [[3, 2, -1]]);
  assert.equal(encodeMappings(decodeMappings(encodeMappings(decodeMappings(mappings)))),
    encodeMappings(decodeMappings(mappings)));
  assert.equal(encodeMappings([[[0, 0, 0], [16, 5, 1000]], []]), "AAAA,gBAKw+B;");
});
