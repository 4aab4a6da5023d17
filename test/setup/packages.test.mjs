import assert from "node:assert/strict";
import test from "node:test";
import { isWanted, packagesStep } from "../../setup/steps/packages.mjs";
import { put, temporaryProject } from "./project.mjs";

const lock = (packages) => ({ packages: { "": {}, ...packages } });

test("packages are due until npm has noted all of the lock file's versions and their files are there", (t) => {
  const project = temporaryProject(t);
  const { state } = packagesStep(project);
  assert.equal(state().todo, "", "installed as a package: no lock file");
  const elsewhere = { version: "1.0.0", optional: true, os: ["none"] };
  put(project, "package-lock.json", lock({ "node_modules/a": { version: "1.0.0" }, "node_modules/b": elsewhere }));
  assert.equal(state().todo, "not installed");
  put(project, "node_modules/.package-lock.json", lock({ "node_modules/a": { version: "0.9.0" } }));
  put(project, "node_modules/a/package.json");
  assert.equal(state().todo, "a is not the one of package-lock.json");
  put(project, "node_modules/.package-lock.json", lock({ "node_modules/a": { version: "1.0.0" } }));
  assert.deepEqual(state(), { todo: "", detail: "1 packages" });
});

test("a package that npm noted and somebody removed is due", (t) => {
  const project = temporaryProject(t);
  const content = lock({ "node_modules/@x/a": { version: "1.0.0" } });
  for (const path of ["package-lock.json", "node_modules/.package-lock.json"]) put(project, path, content);
  assert.equal(packagesStep(project).state().todo, "@x/a is not the one of package-lock.json");
});

test("optional packages are wanted where they fit the machine", () => {
  const linux = { platform: "linux", arch: "x64" };
  assert.equal(isWanted({}, linux), true);
  assert.equal(isWanted({ optional: true }, linux), false);
  assert.equal(isWanted({ optional: true, os: ["linux"], cpu: ["x64"], libc: ["glibc"] }, linux), true);
  assert.equal(isWanted({ optional: true, os: ["linux"], cpu: ["x64"], libc: ["musl"] }, linux), false);
  assert.equal(isWanted({ optional: true, os: ["linux"], cpu: ["arm64"] }, linux), false);
  assert.equal(isWanted({ optional: true, os: ["darwin"] }, linux), false);
});
