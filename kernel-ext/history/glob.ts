/** Search patterns of history_request: * is any text, ? any character, [abc] one of a set; the whole input must fit. */

/** The pattern as a regular expression. */
export function globPattern(pattern: string): RegExp {
  const body = pattern.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (part, negated: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${negated ? "^" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    return part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${body}$`, "u");
}
