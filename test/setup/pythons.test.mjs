import assert from "node:assert/strict";
import test from "node:test";
import {
  choosePython, existingTensorflow, pythonCandidates, pythonObjection, tensorflowLibraries, tensorflowObjection,
} from "../../setup/support/pythons.mjs";
import { put, temporaryProject } from "./project.mjs";

const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch];
const python = (version, more = {}) =>
  ({ path: `/usr/bin/python${version}`, version, machine, prefix: "/usr", venv: true, tensorflow: null, ...more });
const from = (pythons) => ({ candidates: Object.keys(pythons), inspect: (command) => pythons[command] });

test("the active environment comes first, and PYTHON stands alone", () => {
  assert.deepEqual(pythonCandidates({ PYTHON: "/opt/p" }), ["/opt/p"]);
  assert.deepEqual(pythonCandidates({ VIRTUAL_ENV: "/v", CONDA_PREFIX: "/c" }).slice(0, 3), ["/v/bin/python", "/c/bin/python", "python3"]);
  assert.equal(pythonCandidates({})[0], "python3");
});

test("a Python that does not run, is too old or too new is passed over", (t) => {
  const pythons = { a: null, b: python("3.9.2"), c: python("3.14.0"), d: python("3.12.1"), e: python("3.11.0") };
  assert.equal(choosePython(temporaryProject(t), from(pythons)).version, "3.12.1");
});

test("the project's own .venv does not make itself", (t) => {
  const project = temporaryProject(t);
  assert.equal(choosePython(project, from({ own: python("3.12.0", { prefix: project.venv }), other: python("3.11.0") })).version, "3.11.0");
});

test("a Python without wheels is told which versions have them", (t) => {
  assert.throws(() => choosePython(temporaryProject(t), from({ python3: python("3.14.0") })), ({ name, message }) => {
    assert.equal(name, "SetupProblem");
    assert.match(message, /no build for Python 3\.14\.0: it has them for 3\.10, 3\.11, 3\.12, 3\.13/);
    assert.match(message, /PYTHON=/);
    return true;
  });
});

test("no Python, an old one, and one without venv have each their message", (t) => {
  const project = temporaryProject(t);
  assert.throws(() => choosePython(project, from({ python3: null, python: null })), /Python 3\.10 or newer was not found\.\n {2}why/);
  assert.throws(() => choosePython(project, from({ "/named/python": null })), /\/named\/python: does not run/);
  assert.throws(() => choosePython(project, from({ python3: python("3.8.1") })), /python3: 3\.8\.1 too old/);
  assert.throws(() => choosePython(project, from({ python3: python("3.11.2", { venv: false }) })), /Python 3\.11\.2\) has no venv module/);
});

test("a Python for another processor than Node's is refused", () => {
  assert.match(pythonObjection(python("3.12.0", { machine: "x86_64" }), "arm64"), /built for x86_64, but Node for arm64/);
  assert.equal(pythonObjection(python("3.12.0", { machine: "aarch64" }), "arm64"), "");
});

test("an environment's TensorFlow is used when its version fits and its libraries are there", (t) => {
  const project = temporaryProject(t);
  const folder = `${project.root}/tensorflow`;
  const own = (version) => from({ python3: python("3.12.0", { tensorflow: { folder, version }, prefix: "/env" }) });
  assert.equal(existingTensorflow(project, own("2.21.0")), null);
  for (const name of [...tensorflowLibraries(), "include/x.h"]) put(project, `tensorflow/${name}`);
  assert.deepEqual(existingTensorflow(project, own("2.21.0")), { folder, version: "2.21.0", prefix: "/env" });
  assert.equal(existingTensorflow(project, own("2.9.1")), null);
  assert.equal(existingTensorflow(project, own("")), null);
});

test("why a TensorFlow does not fit is said", (t) => {
  const project = temporaryProject(t);
  assert.match(tensorflowObjection({ folder: project.root, version: "2.12.0" }), /2\.12\.0, not 2\.18 to 2\.x/);
  assert.match(tensorflowObjection({ folder: project.root, version: "3.0.0" }), /3\.0\.0, not/);
  assert.match(tensorflowObjection({ folder: project.root, version: "2.21.0" }), /has no libtensorflow_cc/);
});
