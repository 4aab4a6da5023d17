import assert from "node:assert/strict";
import test from "node:test";
import { html, jpeg, json, latex, md, png, svg } from "../../../kernel-ext/display/helpers.js";

test("html escapes values in a template, and takes a text as it is", () => {
  assert.equal(html`<b>${"<i> & \"'"}</b>${1}`.data["text/html"], "<b>&#60;i&#62; &#38; &#34;&#39;</b>1");
  assert.equal(html("<b>").data["text/html"], "<b>");
});

test("html goes into html, in lists as well", () => {
  assert.equal(html`<ul>${["a", "<"].map((item) => html`<li>${item}</li>`)}</ul>`.data["text/html"], "<ul><li>a</li><li>&#60;</li></ul>");
});

test("markdown, SVG and LaTeX", () => {
  assert.deepEqual(md`# ${"T"}`.data, { "text/markdown": "# T", "text/plain": "# T" });
  assert.deepEqual(svg`<svg>${1}</svg>`.data, { "image/svg+xml": "<svg>1</svg>", "text/plain": "SVG image" });
  assert.equal(latex`$\frac{1}{${2}}$`.data["text/latex"], "$\\frac{1}{2}$");
});

test("images take bytes or base64", () => {
  assert.equal(png(new Uint8Array([1, 2, 3]).subarray(1)).data["image/png"], "AgM=");
  assert.equal(jpeg("AAAA").data["image/jpeg"], "AAAA");
});

test("json holds what JSON can", () => {
  assert.deepEqual(json({ a: [1, undefined], f: () => 1 }).data, { "application/json": { a: [1, null] }, "text/plain": "{\n  \"a\": [\n    1,\n    null\n  ]\n}" });
  assert.equal(json(undefined).data["application/json"], null);
  assert.throws(() => json(1n), TypeError);
});

test("each is an object that shows itself", () => {
  const shown = html("x");
  assert.equal(Reflect.apply(Reflect.get(shown, Symbol.for("Jupyter.display")), shown, []), shown.data);
});
