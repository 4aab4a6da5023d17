/** Corpora to pre-train on: WikiText-2 by name, or any folder (or file) of text. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../support/checks.js";
import { projectRoot } from "../support/root.js";
import { didYouMean } from "../support/suggest.js";
import { hubWikitext, type HubUse } from "./hub-wikitext.js";
import { linesOf } from "./lines.js";

export type Split = "train" | "validation";

/** Where a corpus is. */
export interface Corpus {
  /** What charts and records print. */
  source: string;
  /** Whether the files are WikiText's: words with spaces around marks, "@-@" and "<unk>", articles begun by " = Title = ". */
  wikitext: boolean;
  /** Columns of tab-separated files that hold text; by default a whole line is text. */
  columns?: readonly number[];
  /** Files of each split; none for validation: then every 20th line of the others is held out. */
  train: readonly string[];
  validation: readonly string[];
}

export const defaultCorpus = "wikitext-2";
/** The sentences of data/paraphrases: some 50,000 words, enough to see that everything works on a bare machine. */
export const embeddedCorpus = "paraphrases";
const embedded = join(projectRoot, "data", "paraphrases");
const wikitextFolder = join(projectRoot, "..", "shared", "data", "wikitext-2");
/** Files that are text by their name; a folder's others are left alone. */
const textFile = /\.(txt|text|tokens|md)$/i;
const heldOut = /(^|[._-])(valid|validation|dev)([._-]|$)/i;
const testFile = /(^|[._-])test([._-]|$)/i;
const holdEvery = 20;

/**
 * Finds a corpus: "paraphrases", which come with d90; "wikitext-2" in D90_DATA, `../shared/data` or the hub, else a folder whose text files (.txt, .text, .tokens,
 * .md, at any depth) are read in the order of their names, or one file. Files with "valid" or "dev" in their names validate,
 * those with "test" are left out.
 * @throws {UsageError} where there is no such folder, or no text in it; {HubError} where the hub cannot be reached.
 */
export async function openCorpus(name: string = defaultCorpus, from: HubUse = {}): Promise<Corpus> {
  if (name === defaultCorpus) return openWikitext(from);
  if (name === embeddedCorpus) {
    return { source: "embedded paraphrases (not WikiText)", wikitext: false, columns: [3, 4], train: [join(embedded, "train.tsv")], validation: [join(embedded, "dev.tsv")] };
  }
  const path = resolve(name);
  if (!existsSync(path)) {
    throw new UsageError(`corpus must be a folder of text or ${defaultCorpus}, got ${JSON.stringify(name)}: there is none.${didYouMean(name, [defaultCorpus, embeddedCorpus])}`);
  }
  return statSync(path).isDirectory() ? inFolder(path, `folder ${name}`) : { source: `file ${name}`, wikitext: isWikitext([path]), train: [path], validation: [] };
}

async function openWikitext(from: HubUse): Promise<Corpus> {
  const places = [process.env["D90_DATA"] && join(process.env["D90_DATA"], "wikitext-2"), wikitextFolder];
  for (const place of places) if (place && existsSync(join(place, "wiki.train.tokens"))) return inFolder(place, "WikiText-2");
  return { source: "WikiText-2", wikitext: true, ...(await hubWikitext(from)) };
}

function inFolder(folder: string, source: string): Corpus {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && textFile.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)).sort();
  const named = (path: string, pattern: RegExp): boolean => pattern.test(basename(path));
  const validation = files.filter((path) => named(path, heldOut));
  const train = files.filter((path) => !named(path, heldOut) && !named(path, testFile));
  if (train.length > 0) return { source, wikitext: isWikitext(train), train, validation };
  throw new UsageError(`corpus ${folder} has no text to train on: no .txt, .text, .tokens or .md file beside those for validation and test.`);
}

const isWikitext = (files: readonly string[]): boolean => files.every((path) => path.endsWith(".tokens"));

/** A line of a corpus that is not empty, and whether a document begins with it. */
export interface Line {
  text: string;
  begins: boolean;
}

/** The lines of one split. A document begins at each file, after an empty line, or in WikiText at an article's title. */
export async function* corpusLines(corpus: Corpus, split: Split): AsyncGenerator<Line> {
  const held = corpus.validation.length === 0;
  let index = 0;
  for (const path of split === "validation" && !held ? corpus.validation : corpus.train) {
    let begins = true;
    for await (const raw of textsOf(path, corpus)) {
      const text = corpus.wikitext ? plainWikitext(raw) : raw.trim();
      if (text === "") begins ||= !corpus.wikitext;
      else {
        const starts = begins || (corpus.wikitext && /^ = [^=]+ = $/.test(raw));
        begins = false;
        if (!held || (index++ % holdEvery === holdEvery - 1) === (split === "validation")) yield { text, begins: starts };
      }
    }
  }
}

/** The lines of a file, or the texts in its columns, a heading left out. */
async function* textsOf(path: string, { columns }: Corpus): AsyncGenerator<string> {
  let heading = columns !== undefined;
  for await (const line of linesOf(path)) {
    if (columns === undefined) yield line;
    else if (!heading) for (const column of columns) yield line.split("\t")[column] ?? "";
    heading = false;
  }
}

/** WikiText without what its word-level form added: "@-@" is a hyphen inside a word, "<unk>" a word that it left out. */
const plainWikitext = (line: string): string =>
  line.replaceAll(/ @([-.,])@ /g, "$1").replaceAll("<unk>", "[UNK]").trim();
