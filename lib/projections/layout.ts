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

/** Consecutive tensors of one group. */
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
  runs: Run[];
}

/** The layout of `shapes`; without `groupOf` all tensors are one group. */
export function layoutOf(shapes: NamedShapes, groupOf: (name: string) => string = () => "all"): Layout {
  const groups: string[] = [], places: Place[] = [], runs: Run[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const groupName = groupOf(name);
    if (!groups.includes(groupName)) groups.push(groupName);
    const place = { name, shape: [...shape], size: sizeOf(shape), offset, group: groups.indexOf(groupName) };
    const run = runs.at(-1);
    if (run !== undefined && run.group === place.group) {
      run.places.push(place);
      run.size += place.size;
    } else {
      runs.push({ places: [place], size: place.size, offset, group: place.group });
    }
    places.push(place);
    offset += place.size;
  }
  return { ambientDimension: totalSize(shapes), places, groups, runs };
}
