import assert from "node:assert/strict";
import test from "node:test";
import { SetupProblem, remedyFor } from "../../setup/support/problems.mjs";
import { installCommand, requireGlibc, requirePlatform, systemFamily } from "../../setup/support/prerequisites.mjs";

test("a problem says what, why, what to do and where the log is", () => {
  const { message } = new SetupProblem({ what: "X failed.", why: "Y", remedy: ["do A", "or B"], output: "last\nlines", log: "x.log" });
  assert.equal(message, "X failed.\n    last\n    lines\n  why: Y\n  do:  do A\n       or B\n  log: x.log");
});

test("a failing command's last lines lead to the remedy", () => {
  const cases = {
    "OSError: [Errno 28] No space left on device": /disk is full/,
    "npm error code ENOSPC": /disk is full/,
    "npm error code ENOTFOUND": /network does not answer/,
    "NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')": /network does not answer/,
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))": /certificate/,
    "npm error code EAI_AGAIN": /npm config get registry/,
    "ERROR: No matching distribution found for tensorflow-cpu==2.21.0": /package index/,
    "EACCES: permission denied, mkdir": /cannot be written/,
    "ended by SIGKILL\nc++: fatal error: Killed signal terminated program cc1plus": /memory ran out/,
    "something else": /run the same command again/,
  };
  for (const [output, remedy] of Object.entries(cases)) assert.match(remedyFor(output), remedy, output);
});

test("the system's family comes from its release file", () => {
  assert.equal(systemFamily("linux", "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"), "debian");
  assert.equal(systemFamily("linux", "ID=debian\n"), "debian");
  assert.equal(systemFamily("linux", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), "fedora");
  assert.equal(systemFamily("linux", "ID=arch\n"), "other");
  assert.equal(systemFamily("darwin", ""), "macos");
});

test("the install command is this system's, without sudo for root, and all where the system is unknown", () => {
  const commands = { debian: "sudo apt-get install x", fedora: "sudo dnf install x" };
  assert.equal(installCommand(commands, "debian", 1000), "sudo apt-get install x");
  assert.equal(installCommand(commands, "debian", 0), "apt-get install x");
  assert.deepEqual(installCommand(commands, "other", 1000), ["sudo apt-get install x (debian)", "sudo dnf install x (fedora)"]);
});

test("a system without TensorFlow is refused with a way out", () => {
  assert.throws(() => requirePlatform("win32", "x64"), /WSL 2/);
  assert.throws(() => requirePlatform("darwin", "x64"), /darwin x64/);
  for (const [platform, arch] of [["linux", "x64"], ["linux", "arm64"], ["darwin", "arm64"]]) requirePlatform(platform, arch);
  assert.throws(() => requireGlibc({ header: {} }), /musl/);
  requireGlibc({ header: { glibcVersionRuntime: "2.36" } });
});
