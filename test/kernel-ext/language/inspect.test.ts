import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook();
after(() => notebook.close());
before(() => notebook.run(`/**
 * Adds two numbers.
 * @param a The first.
 * @param b - The second.
 * @returns Their sum.
 * @deprecated Use +.
 * @example
 * add(1, 2)
 */
function add(a: number, b = 2): number {
  return a + b;
}
interface Point { x: number; y?: string }
const point: Point = {x: 1};`));

function inspect(marked: string, detail: 0 | 1 = 0): Promise<Record<string, string> | null> {
  const offset = marked.indexOf("|");
  return notebook.language.inspect({ code: marked.slice(0, offset) + marked.slice(offset + 1), offset, detail });
}

test("signature, documentation and tags, as text and as markdown", async () => {
  const found = await inspect("ad|d(1)");
  assert.match(found?.["text/plain"] ?? "", /^function add\(.*\): number\n\nAdds two numbers\.\n\n@param a The first\./);
  assert.equal(found?.["text/markdown"], `\`\`\`typescript
function add(a: number, b?: number): number
\`\`\`

Adds two numbers.

*@param* \`a\` — The first.

*@param* \`b\` — The second.

*@returns* Their sum.

*@deprecated* Use +.

*@example*

\`\`\`typescript
add(1, 2)
\`\`\``);
});

test("the cursor may stand behind the word, or inside the call's brackets", async () => {
  for (const code of ["add|", "add|(1)", "add(|", "add(1, |)", "add(1, 2|)", "|add"]) {
    assert.match((await inspect(code))?.["text/plain"] ?? "", /^function add/, code);
  }
  assert.match((await inspect("[1].map(|)"))?.["text/plain"] ?? "", /Array<number>\.map/);
});

test("level 1 adds the source as it was typed", async () => {
  const text = (await inspect("add|", 1))?.["text/plain"];
  assert.match(text ?? "", /\nSource:\n\/\*\*[^]*function add\(a: number, b = 2\): number \{\n {2}return a \+ b;\n\}$/);
});

test("level 1 adds the members of what has no source here", async () => {
  const markdown = (await inspect("const p = point;\np|", 1))?.["text/markdown"];
  assert.match(markdown ?? "", /\*\*Members\*\*\n\n```typescript\nx: number;\ny\?: string;\n```$/);
});

test("names of the cell, of Node and of the kernel", async () => {
  assert.match((await inspect("const own = [1];\now|n"))?.["text/plain"] ?? "", /^const own: number\[\]/);
  assert.match((await inspect("Jupyter.displ|ay"))?.["text/plain"] ?? "", /^function Jupyter\.display\(.*\n\nShows a value now/);
  assert.match((await inspect("parseIn|t('1')"))?.["text/plain"] ?? "", /^function parseInt/);
});

test("where nothing stands there is nothing", async () => {
  for (const code of ["|", "1 + |", "// com|ment", "!ls ad|d", "noSuchName|"]) assert.equal(await inspect(code), null, code);
});
