/**
 * The style of a report. Colors are those of Okabe and Ito (2008), told apart with every kind of color
 * vision, and never the only sign: lines are dashed or not, bars and states are named.
 */

const LIGHT = `
  --page:#fff; --panel:#f6f7f9; --text:#1b1f24; --dim:#57606a; --line:#d5dae0; --link:#0550ae;
  --baseline:#0072b2; --candidate:#c2410c;
  --bad:#a40e26; --warn:#7a4d00; --good:#11632f; --bad-bg:#ffebe9; --warn-bg:#fff4d6; --good-bg:#e3f6e8;
  --cpu:#e69f00; --memory:#cc79a7; --disk:#0072b2; --network:#009e73; --virtualization:#d55e00;
  --waiting:#8b949e; --idle:#e3e6ea;
  --q0:#f1f4f8; --q1:#fdedc4; --q2:#fbd98b; --q3:#f7bd55; --q4:#ee9b2d; --q5:#d9761a; --q6:#b85413;
  --q7:#8c3713; --q8:#571d10;
`;

const DARK = `
  --page:#0f1318; --panel:#181e25; --text:#e6eaef; --dim:#9aa5b1; --line:#323b45; --link:#79b8ff;
  --baseline:#56b4e9; --candidate:#ff9b57;
  --bad:#ff9d97; --warn:#f2c14e; --good:#7fd99a; --bad-bg:#43181a; --warn-bg:#3a2c08; --good-bg:#123420;
  --cpu:#e69f00; --memory:#cc79a7; --disk:#3d9fdc; --network:#00b887; --virtualization:#e8702a;
  --waiting:#737e8a; --idle:#2a323b;
  --q0:#1b222a; --q1:#3d2410; --q2:#5e3411; --q3:#824812; --q4:#a86015; --q5:#cb7d20; --q6:#e6a043;
  --q7:#f5c678; --q8:#fdecc4;
`;

const STATES = ["cpu", "memory", "disk", "network", "virtualization", "waiting", "idle"];
const SHADES = Array.from({ length: 9 }, (_, i) => i);

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1.5rem 3rem; max-width: 75rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .4rem 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0 0 .2rem; }
p { margin: .4rem 0 .8rem; max-width: 50rem; }
a { color: var(--link); }
code { font: .86em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { font: .8rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap;
  background: var(--panel); padding: .7rem .9rem; border-radius: 6px; margin: .4rem 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .4rem .8rem; z-index: 1; }
.kicker { color: var(--dim); font-size: .9rem; margin: 1.6rem 0 0; }
.lead { font-size: 1.08rem; }
.dim, figcaption, caption { color: var(--dim); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: .6rem 0; margin: 1.2rem 0 0;
  border-block: 1px solid var(--line); font-size: .92rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1.2rem 0; padding: 0; }
.tiles > div { background: var(--panel); border-radius: 8px; padding: .7rem .9rem; }
.tiles dt { color: var(--dim); font-size: .82rem; }
.tiles dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.35; }
.tiles dd > small { display: block; font-size: .8rem; font-weight: 400; color: var(--dim); }
meter { width: 100%; height: .8rem; display: block; }
.next { border-left: 4px solid var(--link); background: var(--panel); padding: .7rem 1rem; border-radius: 0 8px 8px 0; margin: 1rem 0; }
.next p { margin: .2rem 0; max-width: none; }
.next ul { margin: .2rem 0; padding-left: 1.2rem; }
.table { overflow-x: auto; margin: .6rem 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; font-size: .88rem; padding: 0 0 .4rem; }
th, td { padding: .32rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th { font-weight: 600; }
thead th { color: var(--dim); font-weight: 500; font-size: .84rem; vertical-align: bottom; }
thead td { border-bottom: 0; padding: 0; }
thead th[scope=colgroup] { padding-bottom: .1rem; border-bottom: 0; text-align: right; }
td.n, th.n { text-align: right; white-space: nowrap; }
time { white-space: nowrap; }
.name { overflow-wrap: anywhere; min-width: 9rem; }
tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
tbody tr:hover { background: var(--panel); }
.tag { display: inline-block; font-size: .76rem; font-weight: 600; line-height: 1.5; padding: 0 .5em; border-radius: 4px;
  border: 1px solid currentColor; color: var(--dim); white-space: nowrap; }
.tag.critical, .tag.worse, .tag.error, .tag.saturated { color: var(--bad); background: var(--bad-bg); }
.tag.warning, .tag.high, .tag.busy { color: var(--warn); background: var(--warn-bg); }
.tag.better { color: var(--good); background: var(--good-bg); }
.key-baseline, .key-candidate { font-weight: 600; }
.key-baseline { color: var(--baseline); } .key-candidate { color: var(--candidate); }
figure { margin: 0; }
figcaption { font-size: .86rem; margin: .2rem 0 .4rem; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--text); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.8rem 2rem; margin-top: 1rem; }
.chart { min-width: 26rem; }
.heat, .bars { min-width: 46rem; }
.heat text, .bars text { font-size: 13px; }
.axis text { fill: var(--dim); }
.grid path, .base { stroke: var(--line); fill: none; }
.median, .host { fill: none; stroke-linejoin: round; }
.median { stroke-width: 2.2; } .host { stroke-width: 1.7; stroke-dasharray: 1.5 2.5; }
.median.baseline { stroke-dasharray: 7 3; }
.baseline { stroke: var(--baseline); } .candidate { stroke: var(--candidate); }
.band { stroke: none; opacity: .2; } .band.baseline { fill: var(--baseline); } .band.candidate { fill: var(--candidate); }
.swatch { display: inline-block; width: 2.2rem; height: .8rem; vertical-align: -.05rem; margin-right: .35rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .3rem 0; font-size: .86rem; }
.legend svg { display: inline-block; }
.box { width: .9rem; height: .9rem; vertical-align: -.1rem; margin-right: .35rem; display: inline-block; }
.heat-legend { width: 12.4rem; display: inline-block; vertical-align: -.1rem; margin-right: .5rem; }
.heat path { stroke-width: 1; fill: none; shape-rendering: crispEdges; }
.heat .heat-side { font-weight: 600; font-size: 14px; }
.no-value { fill: none; }
.hit rect { fill: transparent; }
.hit rect:hover { stroke: var(--text); stroke-width: 1; }
.bars .bar-label { font-weight: 600; } .bars .bar-note { fill: var(--dim); }
${STATES.map((state) => `.state-${state} { fill: var(--${state}); }`).join(" ")}
.bars .on-cpu, .bars .on-memory, .bars .on-waiting { fill: #111; } .bars .on-idle { fill: var(--text); }
.bars .on-disk, .bars .on-network, .bars .on-virtualization { fill: #111; }
@media (prefers-color-scheme: light) { .bars .on-disk { fill: #fff; } }
${SHADES.map((i) => `.q${i} { stroke: var(--q${i}); } .q${i}-fill { fill: var(--q${i}); }`).join("\n")}
details { margin: .3rem 0; } summary { cursor: pointer; color: var(--link); font-size: .9rem; width: fit-content; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .6rem 0 1rem; }
.filter[hidden] { display: none; }
.filter label { font-size: .82rem; color: var(--dim); display: grid; gap: .15rem; }
input, select, button { font: inherit; font-size: .92rem; padding: .25rem .5rem; color: var(--text); background: var(--page);
  border: 1px solid var(--dim); border-radius: 5px; }
.findings { list-style: none; padding: 0; margin: 0; }
.findings > li { padding: .8rem 0; border-bottom: 1px solid var(--line); }
.findings p { margin: .25rem 0; max-width: 60rem; }
.findings .head { font-size: .85rem; color: var(--dim); display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
.findings .message { font-weight: 500; }
.findings dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: .4rem 0 0; font-size: .9rem; }
.findings dt { color: var(--dim); } .findings dd { margin: 0; }
.notes { list-style: none; padding: 0; } .notes li { padding: .3rem 0; max-width: 60rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 48rem) { .heat, .bars { min-width: 54rem; } .heat text, .bars text { font-size: 15px; } }
@media (max-width: 40rem) {
  body { padding: 0 1rem 2rem; } h1 { font-size: 1.4rem; }
  .findings dl { grid-template-columns: 1fr; } .findings dd { margin-bottom: .3rem; }
}
@media print {
  :root { color-scheme: light; ${LIGHT} }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; background: #fff; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  nav, .filter, .skip, summary { display: none; }
  .scroll, .table { overflow: visible; }
  .chart, .heat, .bars { min-width: 0; }
  .heat text, .bars text { font-size: 18px; } .chart text { font-size: 15px; }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: .5rem; } .tiles dd { font-size: 1.05rem; }
  section > p, .legend { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; gap: 1rem; }
  figure, .findings > li, tr, .tiles > div, .next { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  th, td { padding: .2rem .4rem; } table { font-size: 8.5pt; }
  a { color: inherit; text-decoration: none; }
}
`;
