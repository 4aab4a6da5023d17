/**
 * A Redis server for the queue's tests: the system's own, or Debian's packages unpacked into .d90/redis. Nothing is installed on the
 * system and no service starts. Where neither works the tests of the queue are skipped, and the step says so.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ask, runCommand } from "../support/commands.mjs";
import { beginStamp, finishStamp, readStamp, wasInterrupted } from "../support/stamps.mjs";

const SERVERS = ["redis-server", "valkey-server"];
const REMEDY = "the queue's tests are skipped: install redis-server or valkey-server, delete .d90/stamps/redis.json, and run npm test again";

const folderOf = (project) => join(project.state, "redis");

/** `{ server, libraries }`: the server's path, and the folder that its libraries are in ("" for the system's); null where there is none. */
export function redisOf(project) {
  const unpacked = join(folderOf(project), "usr", "bin", "redis-server");
  if (existsSync(unpacked)) return { server: unpacked, libraries: libraryFolder(project) };
  const folders = (process.env.PATH ?? "").split(delimiter);
  const server = SERVERS.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  return server === undefined ? null : { server, libraries: "" };
}

/** usr/lib/x86_64-linux-gnu or its like. */
function libraryFolder(project) {
  const lib = join(folderOf(project), "usr", "lib");
  const name = existsSync(lib) ? readdirSync(lib).find((entry) => entry.endsWith("-linux-gnu")) : undefined;
  return name === undefined ? lib : join(lib, name);
}

export function redisStep(project) {
  return {
    name: "Redis",
    after: [],
    state() {
      const found = wasInterrupted(project, "redis") ? null : redisOf(project);
      if (found !== null) return { todo: "", detail: found.libraries === "" ? found.server : "Debian's redis-server (.d90/redis)" };
      if (readStamp(project, "redis")?.kind === "none") return { todo: "", detail: "none", remedy: REMEDY };
      return { todo: "not there", detail: "", hint: "2 MB from Debian, once, for tests" };
    },
    async run() {
      beginStamp(project, "redis");
      rmSync(folderOf(project), { recursive: true, force: true });
      const kind = redisOf(project) !== null ? "system" : await unpack(project).then(() => "unpacked", () => "none");
      if (kind === "none") rmSync(folderOf(project), { recursive: true, force: true });
      finishStamp(project, "redis", { kind });
    },
  };
}

/** Downloads the packages that this system lacks and unpacks them, without installing; neither needs root. */
async function unpack(project) {
  const folder = folderOf(project);
  mkdirSync(folder, { recursive: true });
  const command = (program, args) => runCommand(project, {
    log: "redis", command: program, args, cwd: folder, what: `${program} could not bring redis-server`, why: "the queue's tests run against it",
    timeout: 180_000,
  });
  let packages = missingPackages();
  if (packages.length === 0 && process.getuid?.() === 0) {
    // A fresh container has no lists of packages.
    await command("apt-get", ["update", "-qq"]);
    packages = missingPackages();
  }
  await command("apt-get", ["download", "-q", ...(packages.length > 0 ? packages : ["redis-server"])]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb"))) await command("dpkg", ["-x", file, "."]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb"))) rmSync(join(folder, file));
  await command(join(folder, "usr", "bin", "redis-server"), ["--version"]).catch(() => runVersion(project, command));
}

/** The server once more with the libraries that came with it. */
const runVersion = (project, command) =>
  command("env", [`LD_LIBRARY_PATH=${libraryFolder(project)}`, join(folderOf(project), "usr", "bin", "redis-server"), "--version"]);

/** redis-server and what it depends on that is not installed, as apt would install it. */
function missingPackages() {
  const plan = ask("apt-get", ["install", "--simulate", "--no-install-recommends", "-q", "redis-server"], { timeout: 120_000 }) ?? "";
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
}
