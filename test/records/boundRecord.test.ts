import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { decodeModel, encodeModel } from "../../lib/bounds/codec/index.js";
import { bounds } from "../../lib/bounds/index.js";
import { parseBoundRecord, readBoundRecord, recordedBounds } from "../../lib/records/boundRecord.js";
import { RecordError } from "../../lib/records/record.js";
import { sha256 } from "../../lib/support/files.js";
import { projectRoot } from "../../lib/support/root.js";
import { boundRecord } from "../charts/boundRecords.js";
import { withFolder } from "../models/folders.js";

const folder = join(projectRoot, "data", "records");
const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");

const records = await recordedBounds();

test("on all of SST-2's rows a run is certified to err on at most a quarter, from the bits of its file", () => {
  const values = records.filter(({ configuration: { task }, rows, delta }) => task.name === "sst2" && rows === 67_349 && delta === 0.05)
    .map(({ bounds: [{ name, value }] }) => (name === "occam" ? value : 1));
  assert.ok(Math.min(...values) <= 0.25, String(values));
});

for (const record of records) {
  const { trial, file, errors, rows, delta, choices, chance, configuration, levels, subsample, split } = record;
  const about = `${trial} (${configuration.task.name})`;

  test(`${about}: its model.d90 is the file that was charged, and decodes to as many numbers of as many levels`, () => {
    const bytes = readFileSync(join(folder, trial, "model.d90")), decoded = decodeModel(bytes), { bits } = encodeModel(decoded);
    assert.equal(sha256(bytes), file.sha256);
    assert.deepEqual([bytes.length, bits.charged, bits.codebook], [file.bytes, file.chargedBits, file.codebookBits]);
    assert.equal(decoded.parts.reduce((sum, { indices }) => sum + indices.length, 0), configuration.budget.total);
    assert.deepEqual([decoded.header.baseSha256, decoded.header.task], [configuration.model.sha256, configuration.task.name]);
    assert.ok(file.bytes <= configuration.budget.total + 256 && decoded.parts.every(({ codebook }) => codebook.values.length <= 256));
  });

  test(`${about}: every bound follows again from what was measured and charged`, () => {
    const again = bounds({
      rows, error: errors.train, delta, choices, chance, dimension: configuration.budget.total, levels, codeBits: file.chargedBits,
      codebookBits: file.codebookBits, parameters: configuration.model.parameters, subsample, split,
    });
    for (const bound of again) {
      const recorded = record.bounds.find(({ name }) => name === bound.name);
      assert.ok(recorded !== undefined && Math.abs(recorded.value - bound.value) < 1e-9, bound.name);
    }
  });

  test(`${about}: is described with its training, and drawn`, () => {
    assert.ok(readme.includes(trial));
    for (const name of ["record.json", "bound.png"]) assert.ok(existsSync(join(folder, trial, name)), name);
  });
}

test("a record that is none, half-written or gone is said with its field or file", () => withFolder(async (place) => {
  const { rows: _rows, ...rest } = boundRecord();
  assert.throws(() => parseBoundRecord(rest), (error) => error instanceof RecordError && /not a bound's record of this d90: rows: /.test(error.message));
  await assert.rejects(readBoundRecord(join(place, "bound.json")), /missing: make it with d90 bound/);
}));
