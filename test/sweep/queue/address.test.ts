import assert from "node:assert/strict";
import { test } from "node:test";
import { shownCommand } from "../../../lib/cli/queueOption.js";
import { UsageError } from "../../../lib/support/checks.js";
import { connect, queueAddress } from "../../../lib/sweep/queue/address.js";
import { freePort } from "../../support/ports.js";
import { skip, withRedis } from "./redis.js";

test("an address has host, port, database and name; what is shown of it has no password", () => {
  const plain = queueAddress("redis://rack1");
  assert.deepEqual([plain.options.host, plain.options.port, plain.options.db, plain.name, plain.shown], ["rack1", 6379, 0, "d90", "redis://rack1:6379"]);
  const secret = queueAddress("rediss://me:s3cr%40t@rack1:7000/2?name=table1");
  assert.deepEqual([secret.options.username, secret.options.password, secret.options.db, secret.options.tls], ["me", "s3cr@t", 2, {}]);
  assert.equal(secret.shown, "rediss://rack1:7000/2?name=table1");
});

test("what is no address is refused without being repeated", () => {
  for (const text of ["rack1:6379", "http://me:s3cret@rack1", "redis://me:s3cret@/x", "redis://:s3cret@rack1/db", "redis://:s3cret@rack1?name=a b"]) {
    assert.throws(() => queueAddress(text), (error: unknown) => error instanceof UsageError && !error.message.includes("s3cret"), text);
  }
});

test("the command that is shown again has the address without user and password", () => {
  assert.equal(shownCommand(["sweep", "p.json", "--queue", "redis://me:s3cret@rack1:1"]), "npx d90 sweep p.json --queue redis://rack1:1");
  assert.equal(shownCommand(["sweep", "p.json", "--queue=rediss://:s3cret@rack1"]), "npx d90 sweep p.json --queue=rediss://rack1");
});

test("a server that is not there, or refuses the password, is one line without the password", { skip }, async () => {
  const port = await freePort();
  const refused = (error: unknown): boolean => error instanceof UsageError && /cannot be used: .*\. Is a Redis or Valkey server running there/.test(error.message) && !error.message.includes("wr0ng");
  await assert.rejects(connect(queueAddress(`redis://:wr0ng@127.0.0.1:${port}`), 800), refused);
  await withRedis(async (server) => {
    await assert.rejects(connect(queueAddress(`redis://:wr0ng@127.0.0.1:${server.port}`), 3000), refused);
    const redis = await connect(queueAddress(server.url));
    assert.equal(await redis.ping(), "PONG");
    redis.disconnect();
  }, { password: "r1ght" });
});
