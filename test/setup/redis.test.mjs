import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { redisOf, redisStep } from "../../setup/steps/redis.mjs";
import { finishStamp } from "../../setup/support/stamps.mjs";
import { put, temporaryProject } from "./project.mjs";

/** Without the servers that this system may have. */
function withoutServers(t) {
  const before = process.env.PATH;
  process.env.PATH = "/nowhere";
  t.after(() => { process.env.PATH = before; });
}

test("a server that was unpacked is found with its libraries", (t) => {
  withoutServers(t);
  const project = temporaryProject(t);
  const { state } = redisStep(project);
  assert.equal(state().todo, "not there");
  put(project, ".d90/redis/usr/bin/redis-server");
  put(project, ".d90/redis/usr/lib/x86_64-linux-gnu/liblzf.so.1");
  assert.equal(state().todo, "");
  assert.deepEqual(redisOf(project), {
    server: join(project.root, ".d90/redis/usr/bin/redis-server"), libraries: join(project.root, ".d90/redis/usr/lib/x86_64-linux-gnu"),
  });
});

test("the system's own server needs nothing", (t) => {
  const project = temporaryProject(t);
  put(project, "bin/valkey-server");
  withoutServers(t);
  process.env.PATH = join(project.root, "bin");
  assert.deepEqual(redisOf(project), { server: join(project.root, "bin/valkey-server"), libraries: "" });
  assert.equal(redisStep(project).state().todo, "");
});

test("where none can be had the set-up goes on and says what is skipped", (t) => {
  withoutServers(t);
  const project = temporaryProject(t);
  finishStamp(project, "redis", { kind: "none" });
  const { todo, detail, remedy } = redisStep(project).state();
  assert.deepEqual([todo, detail], ["", "none"]);
  assert.match(remedy, /the queue's tests are skipped: install redis-server or valkey-server/);
});
