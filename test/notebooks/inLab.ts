/** Notebooks in JupyterLab in headless Chromium: where their cells are on the page, and what is drawn there. */
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

/** Milliseconds that a notebook may take on a busy machine; less than its test file may, which else ends without a word. */
const PATIENCE = 300_000;
/** Pictures of the charts and pages, for those who want to look. */
const pictures = join(projectRoot, "out", "lab");

/** The cells with a tag, by their places. */
export const places = ({ cells }: Notebook, tag: string): number[] =>
  cells.flatMap(({ metadata }, index) => (metadata?.tags?.includes(tag) ? [index] : []));

export interface OpenedLab {
  lab: Lab;
  browser: Browser;
  /** Where the notebooks are, and their cells run. */
  folder: string;
}

/** JupyterLab with these notebooks, in the project: "d90" is to be had there. */
export async function openLab(t: TestContext, books: Readonly<Record<string, Notebook>>): Promise<OpenedLab> {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "notebooks-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, notebook] of Object.entries(books)) writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
  // All cells on the page, also those far from what is looked at: by default those have no output to look at.
  const lab = await startLab(folder, { "notebook-extension/tracker": { windowingMode: "defer" } });
  t.after(() => lab.close());
  const browser = await startChromium();
  t.after(() => browser.close());
  return { lab, browser, folder };
}

/** Ends all kernels, so that one notebook's memory is not the next one's. */
export async function endKernels(lab: Lab): Promise<void> {
  const kernels = await (await fetch(lab.url("api/kernels"))).json() as { id: string }[];
  for (const { id } of kernels) await fetch(lab.url(`api/kernels/${id}`), { method: "DELETE" });
}

/** Opens one of the notebooks, once its kernel is ready and the page is connected to it: before that, Run All asks which kernel to select. */
export async function openBook({ lab, browser }: Omit<OpenedLab, "folder">, name: string): Promise<NotebookPage> {
  const notebook = await openNotebook(browser, lab.url(`lab/workspaces/${name}/tree/${name}.ipynb`));
  for (const start = Date.now(); Date.now() - start < PATIENCE; await sleep(250)) {
    const sessions = await (await fetch(lab.url("api/sessions"))).json() as { path: string; kernel: { execution_state: string; connections: number } | null }[];
    const kernel = sessions.find(({ path }) => path === `${name}.ipynb`)?.kernel;
    if (kernel?.execution_state === "idle" && kernel.connections > 0) return notebook;
  }
  throw new Error(`The kernel of ${name} does not become ready.`);
}

/** JupyterLab's theme in the pages that are opened from now on. */
export async function setTheme(lab: Lab, theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
  const place = lab.url("lab/api/settings/@jupyterlab/apputils-extension:themes");
  const { ok, status } = await fetch(place, { method: "PUT", body: JSON.stringify({ raw: JSON.stringify({ theme }) }) });
  if (!ok) throw new Error(`JupyterLab does not take the theme: status ${status}.`);
}

/** Waits until an expression is true on the page; a picture shows why where it does not become so. Not waitForFunction: that gives up after 3 minutes. */
export async function wait(page: Page, expression: string, patience = PATIENCE): Promise<void> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(250)) if (await page.evaluate(expression) === true) return;
  await picture(page, "waiting");
  throw new Error(`This did not become true on the page, of which out/lab/waiting.png is a picture: ${expression}`);
}

/** The notebook with nothing folded: a folded cell shows no count of its run. */
export const unfolded = ({ cells, ...rest }: Notebook): Notebook =>
  ({ ...rest, cells: cells.map(({ metadata, ...cell }) => ({ ...cell, metadata: { tags: metadata?.tags ?? [] } })) });

/** True on the page when all cells are there: JupyterLab adds those that nobody sees when it is idle. */
export const attached = ({ cells }: Notebook): string =>
  `${JSON.stringify(cells.map((_cell, index) => cellAt(index)))}.every((cell) => document.querySelector(cell) !== null)`;

/** True on the page when all code cells were run, or one of them failed. */
export function ended({ cells }: Notebook): string {
  const prompts = cells.flatMap(({ cell_type: type }, index) => (type === "code" ? [`${cellAt(index)} .jp-InputPrompt`] : []));
  return `${failed} !== undefined || ${JSON.stringify(prompts)}.every((prompt) => /\\[\\d+\\]/.test(document.querySelector(prompt)?.innerText ?? ''))`;
}

/** JupyterLab shows an error as it does standard error; the kernel names the cell in it. */
const failed = "[...document.querySelectorAll('[data-mime-type=\"application/vnd.jupyter.stderr\"]')].find(({ innerText }) => /In\\[\\d+\\]/.test(innerText))";
/** What the failed cell shows; "" where none failed. */
export const failure = async (page: Page): Promise<string> => await page.evaluate(`${failed}?.innerText ?? ''`) as string;

/**
 * Waits until the cell's output holds a chart that Vega has drawn, not its image or text: a canvas of some size, white in its corner (so
 * that it can be read on a dark page), with ink on it. Then takes a picture of the cell.
 */
export async function seeChart(page: Page, cell: number, name: string): Promise<void> {
  await page.evaluate(`document.querySelector('${cellAt(cell)}').scrollIntoView()`);
  await wait(page, `(() => {
    const canvas = document.querySelector('${cellAt(cell)} .jp-OutputArea .vega-embed canvas');
    if (canvas === null || canvas.getBoundingClientRect().width < 200) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    if (!data.slice(0, 4).every((part) => part === 255)) return false;
    let ink = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 600) ink++;
    return ink > 500;
  })()`);
  await picture(page, name, cell);
}

/** Of a cell, or of the page. */
export async function picture(page: Page, name: string, cell?: number): Promise<void> {
  const path = join(pictures, `${name}.png`) as `${string}.png`;
  if (cell === undefined) await page.screenshot({ path });
  else await (await page.$(cellAt(cell)))!.screenshot({ path });
}

/** Counts the drawings of a moving chart that replace one another, in window.drawings[cell]. */
export const watch = (cell: number): string => `window.drawings ??= {}; window.drawings[${cell}] = 0; new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.querySelector?.('canvas') || node.matches?.('canvas')) window.drawings[${cell}]++;
}).observe(document.querySelector('${cellAt(cell)}'), { childList: true, subtree: true })`;

export const drawings = async (page: Page, cell: number): Promise<number> => await page.evaluate(`window.drawings[${cell}]`) as number;
