/** The look of the report: it follows the reader's light or dark setting, and can be printed. */
export const style = `
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #15181c; --quiet: #5b636d;
  --line: #e4e7ea; --dot: #9aa7b5; --front: #15181c; --chosen: #d97706; --one: #0a64b4; --two: #b8430a; --three: #0a7a52; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1113; --card: #16181b; --text: #e9ebee; --quiet: #9aa2ac;
  --line: #2b3036; --dot: #5d6b79; --front: #e9ebee; --chosen: #f5a524; --one: #6db3f2; --two: #f08a55; --three: #5bd69a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; background: var(--page); color: var(--text);
  font: 13px/20px Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif; }
main { max-width: 1040px; margin: auto; display: grid; gap: 16px; }
section, header { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px 20px; min-width: 0; }
h1 { font-size: 20px; line-height: 28px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 15px; line-height: 20px; margin: 0 0 8px; }
p { margin: 4px 0; } .quiet, .legend, figcaption { color: var(--quiet); font-size: 12px; line-height: 16px; }
dl.figures { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 12px 0 4px; }
dl.figures dt { color: var(--quiet); font-size: 12px; } dl.figures dd { margin: 0; font-size: 18px; line-height: 24px; font-weight: 600; }
td, th, dd { font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px 32px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 12px; line-height: 16px; }
th { text-align: left; color: var(--quiet); font-weight: 500; } th, td { padding: 3px 16px 3px 0; border-bottom: 1px solid var(--line); }
th.n, td.n { text-align: right; white-space: nowrap; } td { overflow-wrap: anywhere; } td:first-child { white-space: nowrap; }
svg { display: block; width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--quiet); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg path, svg polyline { fill: none; }
.grid { stroke: var(--line); } .axis, .tick { stroke: var(--quiet); } .mark { stroke: var(--chosen); stroke-dasharray: 3 3; }
circle.other { fill: var(--dot); } circle.front { fill: var(--front); } circle.chosen { fill: var(--chosen); stroke: var(--card); stroke-width: 2; }
polyline.front { stroke: var(--front); stroke-width: 1; } .line { stroke-width: 1.5; }
path.error { stroke: var(--front); } path.doubtful { stroke-dasharray: 3 3; }
.line.one { stroke: var(--one); } .line.two { stroke: var(--two); } .line.three { stroke: var(--three); }
.legend span { margin-right: 16px; } .legend .one { color: var(--one); } .legend .two { color: var(--two); } .legend .three { color: var(--three); }
footer { color: var(--quiet); font-size: 12px; } 
@media print { body { padding: 0; background: none; } section, header { break-inside: avoid; border: 0; } .layers { break-inside: auto; } }
`;
