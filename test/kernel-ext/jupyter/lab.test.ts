import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { projectRoot } from "../../../lib/support/root.js";
import { startChromium } from "./chromium.js";
import { startLab } from "./lab.js";
import { cellAt, openNotebook, type NotebookPage } from "./notebookPage.js";

const CELLS = {
  answer: "const answer: number = 6 * 7;\nanswer",
  table: `import * as aq from "arquero";
aq.table({ d: [100, 1000], accuracy: [0.71, 0.779], method: ["SAID", "<b>DID</b>"] })`,
  chart: `({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json", title: "Accuracy against d",
  data: { values: [{ d: 1, a: 0.7 }, { d: 2, a: 0.8 }] }, mark: { type: "line", point: true },
  encoding: { x: { field: "d", type: "quantitative" }, y: { field: "a", type: "quantitative" } },
})`,
  prompt: "const name = await input(\"Your name: \");\n`Hello, ${name}`",
  error: `function check(metric: number): void {
  if (metric < 0.5) throw new RangeError("metric must be at least 0.5");
}
check(0.1);`,
  loop: "console.log(\"counting\");\nfor (;;) {}",
  after: "answer + 1",
  empty: "",
};
const at = Object.fromEntries(Object.keys(CELLS).map((name, index) => [name, index])) as Record<keyof typeof CELLS, number>;

/** In the project, where "arquero" is to be had. */
function notebookFolder(): string {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "lab-"));
  const cells = Object.entries(CELLS)
    .map(([id, source]) => ({ id, source, cell_type: "code", metadata: {}, outputs: [], execution_count: null }));
  const metadata = { kernelspec: { name: "d90", display_name: "TypeScript (d90)", language: "typescript" } };
  writeFileSync(join(folder, "book.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  return folder;
}

const steps: Record<string, (notebook: NotebookPage) => Promise<void>> = {
  "colours a cell's TypeScript": async ({ see }) => {
    await see(`${cellAt(at.answer)} .cm-content[data-language="typescript"] .cm-line span`, "const");
  },
  "runs all cells, up to one that asks": async ({ runAll, see, page }) => {
    await runAll();
    await see(`${cellAt(at.prompt)} .jp-Stdin`, "Your name:");
    await page.type(`${cellAt(at.prompt)} .jp-Stdin input`, "Ada");
    await page.keyboard.press("Enter");
  },
  "shows a result, a table, and what was answered": async ({ output }) => {
    assert.equal((await output(at.answer, "42")).trim().split(/\s+/).at(-1), "42");
    assert.match(await output(at.table, "accuracy"), /100\s+0\.71\s+SAID\s+1000\s+0\.779\s+<b>DID<\/b>/);
    assert.match(await output(at.prompt, "'Hello, Ada'"), /Your name:\s+Ada/);
  },
  "draws a Vega-Lite chart": async ({ see, until }) => {
    await see(`${cellAt(at.chart)} .jp-OutputArea .vega-embed`);
    // Of a canvas: whether a pixel of it is blue, as the line is.
    await until(`(() => {
      const chart = document.querySelector('${cellAt(at.chart)} .vega-embed');
      const canvas = chart.querySelector("canvas");
      if (canvas === null) return chart.querySelector("svg path") !== null;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((red, i) => i % 4 === 0 && data[i + 3] > 200 && data[i + 2] > red + 60);
    })()`);
  },
  "shows an error with its line of TypeScript, and runs nothing after it": async ({ output, prompt, idle }) => {
    const shown = await output(at.error, "RangeError");
    for (const part of ["metric must be at least 0.5", "In[5]:2:27", "at check (", "> 2 |", "In[5]:4:1"]) assert.ok(shown.includes(part), shown);
    await idle();
    assert.equal(await prompt(at.loop), "[ ]:");
  },
  "stops a busy loop by the toolbar's button, and keeps the variables": async ({ run, button, output, idle }) => {
    await run(at.loop);
    await output(at.loop, "counting");
    await button("notebook:interrupt-kernel");
    await output(at.loop, "Interrupted");
    await idle();
    await run(at.after);
    await output(at.after, "43");
  },
  "completes by Tab": async ({ write, press, see }) => {
    await write(at.empty, "aq.ta");
    await press("Tab");
    const shown = await see(".jp-Completer .jp-Completer-item", "table");
    assert.match(shown, /table\s+function/);
    await press("Escape");
  },
  "inspects by Shift-Tab": async ({ write, press, see }) => {
    await write(at.empty, "answer");
    await press("Shift", "Tab");
    await see(".jp-Tooltip", "const answer: number");
    await press("Escape");
  },
  "restarts: variables are gone, and cells run": async ({ button, page, run, output, idle }) => {
    await button("notebook:restart-kernel");
    await (await page.waitForSelector(".jp-Dialog .jp-mod-accept"))?.click();
    await page.waitForSelector(".jp-Dialog", { hidden: true });
    await idle();
    await run(at.after);
    await output(at.after, "Cannot find name 'answer'");
    await run(at.answer);
    await output(at.answer, "42");
    await run(at.after);
    await output(at.after, "43");
  },
};

test("JupyterLab in Chromium", async (context) => {
  const folder = notebookFolder();
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [lab, browser] = await Promise.all([startLab(folder), startChromium()]);
  context.after(() => lab.close());
  context.after(() => browser.close());
  const notebook = await openNotebook(browser, lab.url("lab/tree/book.ipynb"));
  let failed = false;
  for (const [name, step] of Object.entries(steps)) {
    // Each step goes on where the last one ended.
    await context.test(name, { skip: failed && "a step before it failed" }, async () => {
      try {
        await step(notebook);
        await notebook.picture(name, false);
      } catch (error) {
        failed = true;
        (error as Error).message += `\nThe page at that moment: ${await notebook.picture(name, true)}`;
        throw error;
      }
    });
  }
});
