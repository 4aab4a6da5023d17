/** Where each named tensor lies in theta: one after the other, in the order of the names, each flattened row by row. */
import { sizeOf, totalSize, type NamedShapes } from "../support/tensors.js";

export interface Place {
  name: string;
  shape: number[];
  /** Scalars. */
  size: number;
  /** Index of the first scalar in theta. */
  offset: number;
  /** Index of the tensor's group in `groups`. */
  group: number;
}

/** Consecutive tensors of one group, without a gap between them. */
export interface Run {
  places: Place[];
  size: number;
  offset: number;
  group: number;
}

export interface Layout {
  ambientDimension: number;
  places: Place[];
  /** Names of the groups in the order in which they first occur. */
  groups: string[];
}

/** The layout of `shapes`; without `groupOf` all tensors are one group. */
export function layoutOf(shapes: NamedShapes, groupOf: (name: string) => string = () => "all"): Layout {
  const groups: string[] = [], places: Place[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const groupName = groupOf(name);
    if (!groups.includes(groupName)) groups.push(groupName);
    const size = sizeOf(shape);
    places.push({ name, shape: [...shape], size, offset, group: groups.indexOf(groupName) });
    offset += size;
  }
  return { ambientDimension: totalSize(shapes), places, groups };
}

/** `places` as runs: each of one group, without a gap, and of no more than `most` scalars unless a single tensor has more. */
export function runsOf(places: readonly Place[], most = Infinity): Run[] {
  const runs: Run[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const next = run?.group === place.group && run.offset + run.size === place.offset && run.size + place.size <= most;
    if (run !== undefined && next) {
      run.places.push(place);
      run.size += place.size;
    } else {
      runs.push({ places: [place], size: place.size, offset: place.offset, group: place.group });
    }
  }
  return runs;
}
