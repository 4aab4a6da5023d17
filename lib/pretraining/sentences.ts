/** Lines to sentences, near enough: what is packed into rows is cut between them where that is possible. */

/** After a full stop, question or exclamation mark (and what closes after it) and a space, before a letter, digit or opening mark. */
const boundary = /(?<=[.!?]["”’')\]]*)\s+(?=["“‘'([]?\s?[\p{Lu}\p{N}])/u;

/** The sentences of a line, without the spaces between them; abbreviations may cut one in two. */
export const sentencesOf = (line: string): string[] => line.split(boundary).filter((sentence) => sentence !== "");
