import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { addressOf, readConnection, writePorts } from "../../../kernel-ext/protocol/connection.js";

const folder = mkdtempSync(join(tmpdir(), "d90-connection-"));
after(() => rmSync(folder, { recursive: true }));
const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 0 };

function fileWith(content: string): string {
  const file = join(folder, "kernel.json");
  writeFileSync(file, content);
  return file;
}

test("a connection file gives addresses for tcp and ipc", () => {
  const connection = readConnection(fileWith(JSON.stringify({ ...ports, ip: "127.0.0.1", key: "k", kernel_name: "x" })));
  assert.equal(addressOf(connection, "shell"), "tcp://127.0.0.1:1");
  assert.equal(addressOf(connection, "hb"), "tcp://127.0.0.1:*");
  assert.equal(addressOf({ ...connection, ip: "::1" }, "iopub"), "tcp://[::1]:2");
  assert.equal(addressOf({ ...connection, transport: "ipc", ip: "/run/kernel" }, "stdin"), "ipc:///run/kernel-3");
});

test("what is wrong with a connection file is named", () => {
  assert.throws(() => readConnection(join(folder, "missing.json")), /cannot be read.*Jupyter writes it/);
  assert.throws(() => readConnection(fileWith("{")), /is no JSON/);
  assert.throws(() => readConnection(fileWith(JSON.stringify({ ...ports, iopub_port: "x" }))), /wrong "iopub_port"/);
  assert.throws(() => readConnection(fileWith(JSON.stringify({ ...ports, signature_scheme: "none" }))), /wrong "signature_scheme"/);
});

test("chosen ports are written back and nothing else changes", () => {
  const file = fileWith(JSON.stringify({ ...ports, key: "k", kernel_name: "x" }));
  writePorts(file, { hb_port: 4711 });
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { ...ports, hb_port: 4711, key: "k", kernel_name: "x" });
});
