/** A page as PDF, as a browser prints it: charts are the page's images, formulas are drawn by the browser. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../support/checks.js";
import { writeFileAtomic } from "../support/files.js";
import { findChromium, type Chromium } from "./chromium.js";
import { openDevtools } from "./devtools.js";

/** Milliseconds that a browser may take on a busy machine. */
const PATIENCE = 180_000;

/** A4 with margins of half an inch, in inches; a line of code of a hundred letters fits. */
const PAPER = {
  scale: 0.8, paperWidth: 8.27, paperHeight: 11.69, marginTop: 0.5, marginBottom: 0.5, marginLeft: 0.5, marginRight: 0.5,
};

/** Prints `html` beside itself. @returns the PDF's path. */
export type PrintPdf = (html: string, signal?: AbortSignal) => Promise<string>;

/** What prints, found before anything is waited for. @throws {UsageError} where there is no Chromium, saying how to get one. */
export async function printer(): Promise<PrintPdf> {
  const chromium = await findChromium().catch((error: Error) => { throw new UsageError(`notebook --pdf: ${error.message}`, { cause: error }); });
  return (html, signal) => printPdf(chromium, html, signal);
}

async function printPdf(chromium: Chromium, html: string, signal?: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "d90-pdf-"));
  const late = AbortSignal.timeout(PATIENCE);
  const browser = openDevtools(chromium, folder, signal === undefined ? late : AbortSignal.any([signal, late]));
  try {
    const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
    const session = String((await browser.send("Target.attachToTarget", { targetId, flatten: true })).sessionId);
    await browser.send("Page.enable", {}, session);
    const loaded = browser.event("Page.loadEventFired");
    await browser.send("Page.navigate", { url: pathToFileURL(resolve(html)).href }, session);
    await Promise.race([loaded, ...(late.aborted ? [] : [aborted(late)])]);
    const { data } = await browser.send("Page.printToPDF", { printBackground: true, ...PAPER }, session);
    const pdf = html.replace(/\.html$/, ".pdf");
    await writeFileAtomic(pdf, Buffer.from(String(data), "base64"));
    return pdf;
  } catch (error) {
    throw new Error(`notebook --pdf: ${chromium.executable} could not print ${html}: ${(error as Error).message}`, { cause: error });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("it took too long")), { once: true }));
