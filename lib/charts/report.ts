/** One page about one or several searches: figure, tables, configuration, and how to run it again. It loads nothing. */
import { join } from "node:path";
import type { TopLevelSpec } from "vega-lite";
import type { SearchRecord, TrialRecord } from "../records/record.js";
import { writeFileAtomic } from "../support/files.js";
import { accuracyByDimension, markLegend } from "./accuracyByDimension.js";
import { untitled } from "./frame.js";
import { Html, html, scriptJson } from "./html.js";
import { renderPng, renderSvg } from "./render.js";
import { reportStyle } from "./reportStyle.js";
import { configurationList, environmentList, resultTable, trialTable } from "./reportTables.js";
import { trainingCurves } from "./trainingCurves.js";
import { methodOf } from "./trials.js";
import { findingInWords, guessOf, methodNames, notesInWords, originsInWords } from "./words.js";

export interface ReportOptions {
  /** Searches of the same model on the same rows, in the order that they are shown. */
  searches: readonly SearchRecord[];
  /** Runs whose loss curves are shown; default none. */
  trials?: readonly TrialRecord[];
  /** The command that made the searches; not shown when absent. */
  command?: string;
}

/** A page and its figure. */
export interface Report {
  /** Complete HTML: styles, charts and data inside. */
  html: string;
  /** Figure 1 at twice its size. */
  png: Uint8Array;
}

/** Makes the report. @throws {RangeError} for searches that do not compare (see accuracyByDimension). */
export async function makeReport({ searches, trials = [], command }: ReportOptions): Promise<Report> {
  const figure = accuracyByDimension(searches);
  const png = await renderPng(figure);
  const withLosses = trials.filter(({ losses }) => losses.some(({ loss }) => loss !== null));
  const curves = withLosses.length === 0 ? null : await figureOf(trainingCurves(withLosses), "training-curves");
  const drawn = await figureOf(untitled(figure), "accuracy-by-dimension", markLegend(searches));
  return { html: pageOf(searches, { figure: drawn, curves, command }).text, png };
}

/** Writes report.html and report.png into each folder, atomically; returns the path of the first page. */
export async function writeReport(folders: readonly string[], report: Report): Promise<string> {
  for (const folder of folders) {
    await writeFileAtomic(join(folder, "report.png"), report.png);
    await writeFileAtomic(join(folder, "report.html"), report.html);
  }
  return join(folders[0] ?? ".", "report.html");
}

/** The chart drawn, and its spec for whoever wants to go on with it. */
async function figureOf(spec: TopLevelSpec, id: string, caption = ""): Promise<Html> {
  const svg = new Html(labelled(await renderSvg(spec), spec));
  return html`<figure>${svg}${caption === "" ? null : html`<figcaption>${caption}</figcaption>`}</figure>
<script type="application/vnd.vegalite.v5+json" id="${id}">${scriptJson(spec)}</script>`;
}

/** The SVG with its description, for those who hear the page. */
function labelled(svg: string, { description }: TopLevelSpec): string {
  return svg.replace("<svg ", `${html`<svg role="img" aria-label="${description ?? ""}" `.text}`);
}

/** The parts of a page that are drawn or given. */
interface Parts {
  figure: Html;
  curves: Html | null;
  command?: string;
}

function pageOf(searches: readonly SearchRecord[], { figure, curves, command }: Parts): Html {
  const title = findingInWords(searches, searches.map((record) => methodNames[methodOf(record)]));
  const first = searches[0]!;
  const runs = searches.map(({ id, configuration }) => `${methodNames[configuration.method]} run ${id}`).join(", ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="d90 ${first.environment.versions.d90}">
<title>${title}</title>
<style>${new Html(reportStyle)}</style>
</head>
<body>
<header><h1>${title}</h1>${originsInWords(searches).map((line) => html`<p class="origin">${line}</p>`)}</header>
<main>
${figure}
<h2>Result</h2>
<div class="result">${resultTable(searches)}</div>
${notesOf(searches)}
${howToRead(first)}
${curves === null ? null : html`<h2>Training</h2>${curves}`}
<h2>Trials</h2>
${trialTable(searches)}
<h2>Configuration</h2>
${configurationList(first)}
<h2>Environment</h2>
${environmentList(first)}
${again(command)}
</main>
<footer>d90 ${first.environment.versions.d90} · ${runs}</footer>
</body>
</html>
`;
}

const again = (command: string | undefined): Html | null => command === undefined ? null :
  html`<h2>Run it again</h2><pre>${command}</pre><p>Trials that are recorded are taken up, not computed again.</p>`;

function notesOf(searches: readonly SearchRecord[]): Html | null {
  const notes = notesInWords(searches);
  return notes.length === 0 ? null : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

const howToRead = (search: SearchRecord): Html => html`<p>d90 is the smallest number of learned numbers with which fine-tuning in a random subspace,
θ = θ₀ + P z, reaches 90 % of what full fine-tuning reaches on the dev rows (Aghajanyan, Zettlemoyer and Gupta 2020,
arXiv 2012.13255). DID projects onto all parameters at once; SAID also learns one scaler for each layer. The chance-corrected
d90 asks for 90 % of the way from ${guessOf(search)} to full fine-tuning. In the figure, filled marks reach the threshold; the bar
under the curve is the bracket: its left end fails, its right end reaches.</p>`;
