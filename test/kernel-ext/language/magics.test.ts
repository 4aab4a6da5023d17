import assert from "node:assert/strict";
import test from "node:test";
import { prepareCell } from "../../../kernel-ext/language/magics.js";
import { cellParser } from "../../../kernel-ext/language/parse.js";
import { loadTypescript } from "../../../kernel-ext/language/typescript.js";

const parse = cellParser(loadTypescript(), "typescript");
const prepare = (code: string): ReturnType<typeof prepareCell> => prepareCell(parse, code);

test("a shell line becomes a call that is awaited and shows no value", () => {
  const { text, shell } = prepare("!ls -l | wc");
  assert.deepEqual([text, shell], ['void await Jupyter.sh("ls -l | wc");', true]);
  assert.equal(prepare("!echo \"it's\" \\$HOME").text, 'void await Jupyter.sh("echo \\"it\'s\\" \\\\$HOME");');
  assert.equal(prepare("const a = 1\n!ls\nconst b = 2").text, 'const a = 1\nvoid await Jupyter.sh("ls");\nconst b = 2');
});

test("shell lines stand wherever a statement may begin", () => {
  assert.match(prepare("if (a) {\n  !ls\n}").text, /\{\n {2}void await Jupyter\.sh\("ls"\);\n\}/);
  assert.match(prepare("for (const a of b)\n  !ls ${a}").text, /void await/);
  assert.match(prepare("!ls src/**/*.ts\n!echo `date`\n!pwd").text, /^void.*\nvoid.*\nvoid/);
});

test("negation is not a shell line", () => {
  for (const code of ["const a =\n  !b", "f(\n!b)", "const t = `\n!ls\n`", "/*\n!ls\n*/", "!(a)", "!!a", "a &&\n!b", "[\n!b]"]) {
    assert.deepEqual([prepare(code).text, prepare(code).shell], [code, false]);
  }
});

test("a command goes on after a backslash, and the lines stay", () => {
  const { text, open } = prepare("!echo a \\\n  b\n1");
  assert.deepEqual([text, open], ['void await Jupyter.sh("echo a \\\\\\n  b");\n\n1', false]);
  assert.equal(prepare("!echo a \\").open, true);
});

test("import attributes are blanked", () => {
  const { text } = prepare("import a from './a.json' with {type: 'json'};\na");
  assert.equal(text, `import a from './a.json' ${" ".repeat(19)};\na`);
});

test("%%time is blanked on the first line alone", () => {
  const { text, timed, problems } = prepare("%%time\n1");
  assert.deepEqual([text, timed, problems], ["      \n1", true, []]);
  assert.equal(prepare("\n %%time  \n1").timed, true);
  assert.equal(prepare("1\n%%time").problems.length, 1);
  assert.equal(prepare("1 %%time").timed, false);
});
