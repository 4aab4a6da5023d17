/** Notebooks in JupyterLab in headless Chromium: where their cells are on the page, and pictures of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestContext } from "node:test";
import type { Browser, Page } from "puppeteer-core";
import type { Notebook } from "../../lib/cli/notebookFile.js";
import { projectRoot } from "../../lib/support/root.js";
import { startChromium } from "../kernel-ext/jupyter/chromium.js";
import { startLab, type Lab } from "../kernel-ext/jupyter/lab.js";
import { cellAt, openNotebook, type NotebookPage } from "../kernel-ext/jupyter/notebookPage.js";

/** Milliseconds that a notebook may take on a busy machine. */
const PATIENCE = 900_000;
/** Pictures of the charts and pages, for those who want to look. */
const pictures = join(projectRoot, "out", "lab");

/** The cells with a tag, by their places. */
export const places = ({ cells }: Notebook, tag: string): number[] =>
  cells.flatMap(({ metadata }, index) => (metadata?.tags?.includes(tag) ? [index] : []));

/** JupyterLab with these notebooks, in the project: "d90" is to be had there. */
export async function openLab(t: TestContext, books: Readonly<Record<string, Notebook>>): Promise<{ lab: Lab; browser: Browser }> {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "notebooks-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, notebook] of Object.entries(books)) writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
  const lab = await startLab(folder);
  t.after(() => lab.close());
  const browser = await startChromium();
  t.after(() => browser.close());
  return { lab, browser };
}

/** Opens one of the notebooks, once its kernel is ready and the page is connected to it: before that, Run All asks which kernel to select. */
export async function openBook({ lab, browser }: { lab: Lab; browser: Browser }, name: string): Promise<NotebookPage> {
  const notebook = await openNotebook(browser, lab.url(`lab/workspaces/${name}/tree/${name}.ipynb`));
  for (const start = Date.now(); Date.now() - start < PATIENCE; await sleep(250)) {
    const sessions = await (await fetch(lab.url("api/sessions"))).json() as { path: string; kernel: { execution_state: string; connections: number } | null }[];
    const kernel = sessions.find(({ path }) => path === `${name}.ipynb`)?.kernel;
    if (kernel?.execution_state === "idle" && kernel.connections > 0) return notebook;
  }
  throw new Error(`The kernel of ${name} does not become ready.`);
}

/** Waits until an expression is true on the page; a picture shows why where it does not become so. Not waitForFunction: that gives up after 3 minutes. */
export async function wait(page: Page, expression: string, patience = PATIENCE): Promise<void> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(250)) if (await page.evaluate(expression) === true) return;
  await picture(page, "waiting");
  throw new Error(`This did not become true on the page, of which out/lab/waiting.png is a picture: ${expression}`);
}

export const picture = async (page: Page, name: string): Promise<void> => void await page.screenshot({ path: join(pictures, `${name}.png`) as `${string}.png` });

/** Counts the drawings of a moving chart that replace one another, in window.drawings. */
export const watch = (cell: number): string => `window.drawings = 0; new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.querySelector?.('canvas') || node.matches?.('canvas')) window.drawings++;
}).observe(document.querySelector('${cellAt(cell)}'), { childList: true, subtree: true })`;
