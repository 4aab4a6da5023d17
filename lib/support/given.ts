/** `value` without what is undefined: an option that was not given must not replace a default or a recorded value. */
export const given = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<T>;
