import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../lib/records/store.js";
import { queueAddress } from "../../../lib/sweep/queue/address.js";
import { runQueued } from "../../../lib/sweep/queue/coordinator.js";
import { d90 } from "../../cli/spawn.js";
import { withFolder } from "../../models/folders.js";
import { tinyRunner } from "../tinyRunner.js";
import { planOf, tinyJobs, withWorkers } from "./fleet.js";
import { skip as noRedis, withRedis } from "./redis.js";

const skip = noRedis !== false ? noRedis : spawnSync("openssl", ["version"]).status === 0 ? false : "no openssl to make a certificate with";
const PASSWORD = "s3cret-w0rd";

/** A certificate of its own for 127.0.0.1, and its key. */
function certificateIn(folder: string): { cert: string; key: string } {
  const cert = join(folder, "cert.pem"), key = join(folder, "key.pem");
  const { status, stderr } = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return { cert, key };
}

test("a sweep goes through TLS to a server that the certificate names, with a password that is printed nowhere", { skip }, () => withFolder((folder) => {
  const tls = certificateIn(folder);
  return withRedis(async ({ url, port }) => {
    const address = queueAddress(url), out = join(folder, "out"), trusting = { NODE_EXTRA_CA_CERTS: tls.cert };
    address.options.tls = { ca: readFileSync(tls.cert) };
    Object.assign(process.env, trusting); // for the workers, which are started next
    const outcome = await withWorkers(1, { url, out: join(folder, "w"), runner: tinyRunner(), size: 2, inProcess: true }, async () =>
      runQueued(await tinyJobs(planOf(6)), { address, store: openStore(out), signal: new AbortController().signal, onEvent: () => undefined, pause: 20, poll: 30 }));
    delete process.env.NODE_EXTRA_CA_CERTS;
    assert.deepEqual([outcome.done, outcome.failed], [6, []]);

    const trusted = await d90(["queue"], { env: { ...trusting, D90_QUEUE: url } });
    assert.deepEqual([trusted.status, trusted.stderr], [0, ""]);
    assert.match(trusted.stdout, new RegExp(`^rediss://127\\.0\\.0\\.1:${port}: 0 waiting, 0 running, .*6 done`));
    const worker = await d90(["worker", "--queue", url, "--idle", "0.01", "--concurrency", "1"], { env: trusting });
    assert.equal(worker.status, 0, worker.stderr);
    const unknown = await d90(["queue", "--queue", url]);
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /cannot be used: .*certificate/);
    const wrong = await d90(["queue", "--queue", url.replace("s3cret", "wr0ng"), "--json"], { env: trusting });
    assert.match(wrong.stdout, /WRONGPASS|password/);
    for (const { stdout, stderr } of [trusted, worker, unknown, wrong]) assert.doesNotMatch(stdout + stderr, /s3cret|wr0ng|w0rd/);
  }, { password: PASSWORD, tls });
}));
