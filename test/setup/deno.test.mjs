import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { denoOf, denoStep } from "../../setup/steps/deno.mjs";
import { put, temporaryProject } from "./project.mjs";

test("Deno is there when npm's package is of the step's version and has brought the binary", (t) => {
  const project = temporaryProject(t);
  const { state } = denoStep(project);
  assert.equal(state().todo, "not installed");
  const packages = ".d90/deno/node_modules";
  put(project, `${packages}/deno/package.json`, { version: "2.9.6" });
  assert.equal(state().todo, "not installed", "no binary for this machine");
  put(project, `${packages}/@deno/linux-x64-glibc/deno`);
  assert.equal(state().todo, "");
  assert.equal(denoOf(project), join(project.root, packages, "@deno", "linux-x64-glibc", "deno"));
  put(project, `${packages}/deno/package.json`, { version: "1.0.0" });
  assert.equal(state().todo, "not installed", "another version");
});
