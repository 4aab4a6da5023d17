// Makes train.tsv and dev.tsv from source/*.tsv (lines: label, sentence, sentence): node data/paraphrases/assemble.mjs
// With --check it writes nothing and exits with 1 where the two files are not what the sources give.
// Without dependencies, and without chance: "random" order is the order of the rows' SHA-256.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const seed = "d90 paraphrases 1";
const devShare = 0.2;
// Pairs that share this much of their words with another pair are variations of it, and go to the same split.
const related = 0.35;

// From this overlap of its two sentences on, a pair is close: only some of the sources' many close pairs are taken, so that
// neither much nor little overlap tells the class, and so that a small model can learn most of what is left.
const close = 0.5;
const closeNegatives = 40;
const positiveShare = 0.674; // MRPC's

const words = (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
const isClose = (pair) => jaccard(...pair.words) >= close;

/** Orders pairs by a hash; one purpose's order says nothing about another's: what is selected and what is dev are independent. */
function by(purpose) {
  const rank = (pair) => createHash("sha256").update([seed, purpose, pair.first, pair.second].join("\n")).digest("hex");
  return (a, b) => (rank(a) < rank(b) ? -1 : 1);
}

function jaccard(a, b) {
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both / (a.size + b.size - both);
}

/** All pairs, in the order of the sources; a malformed line or a sentence that occurs twice is an error. */
function readSources() {
  const seen = new Map();
  const problems = [];
  const pairs = readdirSync(join(folder, "source")).sort().flatMap((file) =>
    readFileSync(join(folder, "source", file), "utf8").trimEnd().split("\n").map((line, index) => {
      const where = `source/${file}:${index + 1}`;
      const [label, first, second, ...rest] = line.split("\t");
      if (!/^[01]$/.test(label) || !first || !second || rest.length > 0) problems.push(`${where}: not label, sentence, sentence`);
      for (const text of [first, second]) {
        const clean = /^["A-Z0-9][\p{L}\p{N}\p{P}\p{S} ]+[.?!"]$/u.test(text) && !/  | \.| ,/.test(text);
        if (!clean) problems.push(`${where}: not one clean sentence: ${text}`);
        const key = [...words(text)].join(" ");
        const before = seen.get(key);
        const again = before !== undefined && (before !== where || first === second);
        if (again) problems.push(`${where}: a sentence of ${before} again: ${text}`);
        seen.set(key, where);
      }
      return { where, label, first, second, words: [words(first), words(second)] };
    }));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return pairs.map((pair, index) => ({ ...pair, ids: [10001 + 2 * index, 10002 + 2 * index] }));
}

/** All pairs that are not close, and of the close ones as many as `closeNegatives` and `positiveShare` say. */
function select(pairs) {
  const ranked = [...pairs].sort(by("selection"));
  const negatives = ranked.filter((pair) => pair.label === "0");
  const positives = ranked.filter((pair) => pair.label === "1");
  const cap = (some, count) => [...some.filter((pair) => !isClose(pair)), ...some.filter(isClose).slice(0, Math.max(0, count))];
  const chosenNegatives = cap(negatives, closeNegatives);
  const wanted = Math.round((chosenNegatives.length * positiveShare) / (1 - positiveShare));
  return [...chosenNegatives, ...cap(positives, wanted - positives.filter((pair) => !isClose(pair)).length)];
}

/** Groups of related pairs: the connected components of "shares many words". */
function groupsOf(pairs) {
  const group = pairs.map((_, index) => index);
  const find = (index) => (group[index] === index ? index : (group[index] = find(group[index])));
  for (let i = 0; i < pairs.length; i++) {
    for (let j = 0; j < i; j++) {
      if (pairs[i].words.some((a) => pairs[j].words.some((b) => jaccard(a, b) > related))) group[find(i)] = find(j);
    }
  }
  const groups = new Map();
  for (const [index, pair] of pairs.entries()) groups.set(find(index), [...(groups.get(find(index)) ?? []), pair]);
  return [...groups.values()].map((members) => members.sort(by("split"))).sort(([a], [b]) => by("split")(a, b));
}

/** Whole groups go to dev, in their order, as long as they fit into dev's share of every kind of pair; the others to train. */
function split(pairs) {
  const kindOf = (pair) => 2 * Number(pair.label) + Number(isClose(pair));
  const countKinds = (some) => [0, 1, 2, 3].map((kind) => some.filter((pair) => kindOf(pair) === kind).length);
  const room = countKinds(pairs).map((count) => Math.round(devShare * count));
  const dev = [], train = [];
  for (const group of groupsOf(pairs)) {
    const needs = countKinds(group);
    const fits = needs.every((count, kind) => count <= room[kind]);
    if (fits) needs.forEach((count, kind) => (room[kind] -= count));
    (fits ? dev : train).push(...group);
  }
  return { train: train.sort(by("order")), dev: dev.sort(by("order")) };
}

const header = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n";
const toLine = ({ label, ids, first, second }) => [label, ...ids, first, second].join("\t") + "\n";
const toTsv = (pairs) => header + pairs.map(toLine).join("");

const check = process.argv.includes("--check");
for (const [name, pairs] of Object.entries(split(select(readSources())))) {
  const path = join(folder, `${name}.tsv`);
  const text = toTsv(pairs);
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${name}.tsv is not what the sources give; run node data/paraphrases/assemble.mjs`);
    process.exitCode = 1;
  }
  console.log(`${name}: ${pairs.length} pairs, ${pairs.filter((pair) => pair.label === "1").length} paraphrases`);
}
