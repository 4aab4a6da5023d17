/** What the cells say, in TypeScript and in Python: the same work in both. */

export interface Code {
  /** Its result is 2. */
  sum: string;
  /** A sum that no other `i` has: nothing that was found of an earlier cell holds for it. */
  freshSum(i: number): string;
  /** A cell of a notebook: declares the object number `i`, which has a list. */
  declare(i: number): string;
  /** Text whose completion at its end offers the list's members, and one of them. */
  complete(i: number): { code: string; expected: string };
  /** Computes without a pause for so many milliseconds. */
  busy(milliseconds: number): string;
  /** Writes so many lines of so many characters, their ends included. */
  write(lines: number, characters: number): string;
  /** Declares the same names as any other cell, with values of its own. */
  replace(i: number): string;
}

export const typescript: Code = {
  sum: "1+1",
  freshSum: (i) => `1+${i}`,
  declare: (i) => `const series${i} = {
  name: "series ${i}",
  values: [${i}, 2, 3],
  total(scale: number): number {
    return this.values.reduce((sum, value) => sum + scale * value, 0);
  },
};
series${i}.total(2);`,
  complete: (i) => ({ code: `series${i}.values.`, expected: "reduce" }),
  busy: (milliseconds) => `{ const end = Date.now() + ${milliseconds}; while (Date.now() < end); }`,
  write: (lines, characters) => `for (let i = 0; i < ${lines}; i++) console.log("x".repeat(${characters - 1}));`,
  replace: (i) => `let values = Array.from({ length: 1000 }, (_, j) => j * ${i});
let text = values.join();
text.length;`,
};

export const python: Code = {
  sum: "1+1",
  freshSum: (i) => `1+${i}`,
  declare: (i) => `class Series${i}:
    name: str = "series ${i}"
    values: list = [${i}, 2, 3]
    def total(self, scale: int) -> int:
        return sum(scale * value for value in self.values)
series${i} = Series${i}()
series${i}.total(2)`,
  complete: (i) => ({ code: `series${i}.values.`, expected: "append" }),
  busy: (milliseconds) => `import time
end = time.time() + ${milliseconds / 1000}
while time.time() < end: pass`,
  write: (lines, characters) => `for i in range(${lines}): print("x" * ${characters - 1})`,
  replace: (i) => `values = [j * ${i} for j in range(1000)]
text = ",".join(map(str, values))
len(text)`,
};
