/** How a report looks: light or dark as the reader's system says, on paper always light. Charts follow by their colours. */
import { dark, light, type Palette } from "./theme.js";

/** Charts are drawn in the light palette; a dark page replaces its colours one by one. */
const recoloured = (scope: string): string => (Object.keys(light) as (keyof Palette)[]).flatMap((name) =>
  ["fill", "stroke"].map((paint) => `${scope} [${paint}="${light[name]}"] { ${paint}: ${dark[name]}; }`)).join("\n  ");

const variables = ({ background, ink, muted, line, grid, said }: Palette): string =>
  `--background: ${background}; --ink: ${ink}; --muted: ${muted}; --line: ${line}; --grid: ${grid}; --link: ${said};`;

export const reportStyle = `
:root { color-scheme: light dark; ${variables(light)} }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--background); color: var(--ink);
  font: 16px/1.5 "Source Sans 3", system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p, li { max-width: 44rem; }
.origin, caption, figcaption, footer, dt { color: var(--muted); }
.origin { margin: 0; }
figure { margin: 1.5rem 0; overflow-x: auto; }
figure svg { display: block; width: 812px; max-width: 100%; min-width: 36rem; height: auto; overflow: visible; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .25rem; }
caption, figcaption { font-size: .875rem; }
th, td { padding: .2rem 1.1rem .2rem 0; text-align: left; vertical-align: baseline; white-space: nowrap; }
.result td, th { white-space: normal; }
th { vertical-align: bottom; }
th { font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-bottom: 1px solid var(--grid); }
.number { text-align: right; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
pre { background: var(--grid); padding: .75rem 1rem; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--link); }
footer { margin-top: 3rem; font-size: .875rem; }
@media screen and (prefers-color-scheme: dark) {
  :root { ${variables(dark)} }
  ${recoloured("svg")}
}
@media print { body { max-width: none; padding: 0; } }
`.trim();
