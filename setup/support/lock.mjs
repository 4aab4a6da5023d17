/** One set-up at a time in a project: a lock file with a heartbeat, taken over when its owner is gone. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 5_000;

/**
 * Runs `action` while holding the lock file `path`, waiting for another owner to finish first.
 * @param options.waiting Called once with the owner's process id when there is a wait.
 * @param options.staleAfter Milliseconds without a heartbeat after which an owner counts as gone; 60,000 by default.
 */
export async function withLock(path, action, { waiting = () => {}, staleAfter = 60_000, poll = 250 } = {}) {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() });
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryLock(path, content);) {
    const owner = ownerOf(path);
    if (owner === null) continue;
    if (isStale(owner, staleAfter)) {
      takeAway(path, owner);
      continue;
    }
    if (!told) waiting(owner.pid);
    told = true;
    await sleep(poll);
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS).unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    releaseLock(path);
  }
}

/** Removes the lock if this process holds it. */
export function releaseLock(path) {
  const owner = ownerOf(path);
  if (owner?.pid === process.pid && owner.host === hostname()) rmSync(path, { force: true });
}

/** Makes the lock file with its content in one step. Whether it did. */
function tryLock(path, content) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Who holds the lock, or null when nobody does. */
function ownerOf(path) {
  try {
    const content = readFileSync(path, "utf8");
    const age = Date.now() - statSync(path).mtimeMs;
    return { pid: 0, host: "", ...parse(content), content, age };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function parse(content) {
  try {
    return JSON.parse(content);
  } catch {
    return {};
  }
}

function isStale(owner, staleAfter) {
  return owner.age > staleAfter || (owner.host === hostname() && !isAlive(owner.pid));
}

/** Whether a process of this machine runs; one of another user counts. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes a stale lock, and puts back one that another process made in the meantime. */
function takeAway(path, owner) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== owner.content) linkSync(aside, path);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The state folder was deleted under us; the work itself does not need it.
  }
}
