import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { projectRoot } from "../../lib/support/root.js";
import { charts } from "./shapes.js";

const require = createRequire(import.meta.url);
const versions = { "vega-lite 5.6 (JupyterLab)": "vega-lite-v5/build/vega-lite-schema.json", "vega-lite 6": "vega-lite/vega-lite-schema.json" };
const schemaFile = (path: string): string => (path.startsWith("vega-lite-v5") ? join(projectRoot, "node_modules", path) : require.resolve(path));

for (const [version, path] of Object.entries(versions)) {
  test(`every chart is valid by the schema of ${version}`, () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
    const validate = ajv.compile(JSON.parse(readFileSync(schemaFile(path), "utf8")));
    for (const [name, spec] of Object.entries(charts)) {
      assert.ok(validate(JSON.parse(JSON.stringify(spec))), `${name}: ${ajv.errorsText(validate.errors?.slice(-3))}`);
    }
  });
}

type Compile = typeof compile;

/** JupyterLab's vega-lite: a script for browsers that expects `vega` in its global scope. */
function loadV5(): Compile {
  const path = schemaFile("vega-lite-v5/build/vega-lite.js");
  const scope: { vega: typeof vega; vegaLite?: { compile: Compile } } = { vega };
  new Function("globalThis", "self", "require", readFileSync(path, "utf8")).call(scope, scope, scope);
  return scope.vegaLite!.compile;
}

for (const [version, compiler] of Object.entries({ "vega-lite 5.6": loadV5(), "vega-lite 6": compile })) {
  test(`every chart compiles in ${version} without a warning`, () => {
    for (const [name, spec] of Object.entries(charts)) {
      const warnings: unknown[] = [];
      compiler(spec, { logger: collecting(warnings) });
      assert.deepEqual(warnings, [], name);
    }
  });
}

for (const [version, compiler] of Object.entries({ "vega-lite 5.6": loadV5(), "vega-lite 6": compile })) {
  test(`no chart has a legend of Vega's own in ${version}: words beside the marks name them`, () => {
    for (const [name, spec] of Object.entries(charts)) assert.equal(compiler(spec).spec.legends, undefined, name);
  });
}

test("every chart is at most as wide as JupyterLab shows beside its files on a screen of 1,200", () => {
  for (const [name, { width, padding }] of Object.entries<{ width?: unknown; padding?: unknown }>(charts)) {
    const { left, right } = padding as { left: number; right: number };
    assert.ok(Number(width) + left + right <= 720, name);
  }
});

function collecting(warnings: unknown[]) {
  const logger = {
    level: () => logger, info: () => logger, debug: () => logger,
    warn: (...words: readonly unknown[]) => { warnings.push(words); return logger; },
    error: (...words: readonly unknown[]) => { warnings.push(words); return logger; },
  };
  return logger as NonNullable<NonNullable<Parameters<Compile>[1]>["logger"]>;
}

/** D90_UPDATE=1 writes the snapshots anew; look at the charts before committing them. */
for (const [name, spec] of Object.entries(charts)) {
  test(`the chart of ${name} is the one that was looked at`, () => {
    const path = join(projectRoot, "test", "charts", "specs", `${name.replaceAll(/[^a-z]+/g, "-")}.json`);
    const text = `${JSON.stringify(spec, null, 1)}\n`;
    if (process.env.D90_UPDATE === "1") writeFileSync(path, text);
    assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(path, "utf8")));
  });
}

test("charts carry their data and load nothing", () => {
  for (const spec of Object.values<TopLevelSpec>(charts)) {
    assert.ok(!/"url":/.test(JSON.stringify(spec)));
  }
});
