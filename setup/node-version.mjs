/** The oldest Node that works. In plain syntax, since an old Node must be able to read it; imports nothing for the same reason. */
var OLDEST = [20, 19];

/** Why this Node will not do, with the remedy; "" when it will. `version` as in process.versions.node. */
export function nodeProblem(version) {
  var parts = version.split(".").map(Number);
  if (parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1])) return "";
  return "Node is too old: this is " + version + ", and d90 needs " + OLDEST.join(".") + " or newer (20, 22 and 24 are tested).\n" +
    "  why: the engine's addon and TypeScript's output need it\n" +
    "  do:  install Node 24 from https://nodejs.org/en/download, or `nvm install 24`, or `brew install node@24`";
}

/** Runs a job of setup/jobs with the command line's arguments, or says why it cannot, with exit status 1. */
export function runJob(load) {
  var problem = nodeProblem(process.versions.node);
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
    return Promise.resolve();
  }
  return load().then(function (job) { return job.main(process.argv.slice(2)); }).catch(function (error) {
    console.error(error.name === "SetupProblem" ? "\n" + error.message : error);
    process.exitCode = 1;
  });
}
