import assert from "node:assert/strict";
import test from "node:test";
import { mathMlOf, withMathMl } from "../../lib/cli/notebookMath.js";

test("formulas become MathML, in lines and on lines of their own", () => {
  const inline = mathMlOf("weights $\\theta_0$ and\n$d + 990 \\ge 1000$, done");
  assert.match(inline, /^weights <math><msub><mi>θ<\/mi><mn>0<\/mn><\/msub><\/math> and\n<math>.*<mo>≥<\/mo>.*<\/math>, done$/);
  assert.match(mathMlOf("so\n\n$$\\frac{a}{b}$$"), /^so\n\n<math display="block"[^>]*>.*<mfrac>/);
});

test("code, prices, escaped dollars and what TeX cannot read stay as they were", () => {
  for (const text of ["`$x$` and ``a ` $y$``", "```sh\necho $HOME $PATH\n```", "$5 and $10", "costs \\$x\\$", "a $\\frac{a$ b", "$ x $", "$a\n\nb$"]) {
    assert.equal(mathMlOf(text), text);
  }
});

test("Markdown finds nothing of its own in a formula", () => {
  assert.doesNotMatch(mathMlOf("$a * b * c, [x]$").replace(/<[^>]*>/g, ""), /[*[\]]/);
});

test("of a notebook the Markdown cells are changed, in a copy", () => {
  const code = { cell_type: "code", source: "const price = `$x$`;" }, text = { cell_type: "markdown", source: ["a\n", "$b$"] };
  const notebook = { cells: [code, text], metadata: {} };
  const [same, changed] = withMathMl(notebook).cells;
  assert.deepEqual([same, changed?.source], [code, "a\n<math><mi>b</mi></math>"]);
  assert.deepEqual(text.source, ["a\n", "$b$"]);
});
