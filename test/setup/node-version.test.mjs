import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { nodeProblem } from "../../setup/node-version.mjs";

test("Node 20.19 and newer will do", () => {
  for (const version of ["20.19.0", "20.20.2", "22.0.0", "24.1.0", "30.0.0"]) assert.equal(nodeProblem(version), "");
});

test("an older Node is named with the remedy", () => {
  for (const version of ["20.18.3", "18.20.0", "8.0.0"]) {
    assert.match(nodeProblem(version), new RegExp(`this is ${version.replaceAll(".", "\\.")}, and d90 needs 20\\.19`));
    assert.match(nodeProblem(version), /nvm install 24/);
  }
});

test("what an old Node reads first is in plain syntax", () => {
  for (const name of ["node-version", "start", "test", "bench", "doctor", "nodes"]) {
    const text = readFileSync(new URL(`../../setup/${name}.mjs`, import.meta.url), "utf8");
    assert.doesNotMatch(text, /\?\.|\?\?|from "node:|await |=>/, name);
  }
});
