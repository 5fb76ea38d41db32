/// How pages look: light and dark as the reader's system has it or as the reader chose, on a desk, on a phone, on paper.
///
/// The colours of marks are Okabe and Ito's, which those who see fewer colours tell apart.
enum PageStyle {
    /// The SHA-256 of ``text`` in base64; a test holds it.
    static let hash = "LoYnJpkLo+NaoGvyNEuXcqtpYzEDIKuY/VCpS5NW9Wc="

    private static let light = """
        --ground: #f7f7f5; --card: #ffffff; --ink: #1c1e21; --soft: #626871; --line: #e2e3e0; --faint: #efefec;
          --good: #00735a; --bad: #b5420a; --open: #8a6100; --good-ground: #e6f4ef; --bad-ground: #fcece3; --open-ground: #fbf3dd;
          --a: #0072b2; --b: #d55e00; --c: #009e73; --d: #b8578c; --e: #e69f00; --f: #56b4e9; --g: #8d9299; --heat: #0b5d92;
          --mark: #ffe08a;
        """

    private static let dark = """
        --ground: #131518; --card: #1b1e22; --ink: #e6e7e9; --soft: #9ba2ab; --line: #30343a; --faint: #24272c;
          --good: #35c79f; --bad: #ff9560; --open: #e6b93d; --good-ground: #14302a; --bad-ground: #3a2117; --open-ground: #332b14;
          --a: #56b4e9; --b: #ff8a3d; --c: #20c498; --d: #e08cb9; --e: #f0b429; --f: #3d7fb5; --g: #7c838c; --heat: #6cc0f2;
          --mark: #6b5200;
        """

    static let text = """

        :root { color-scheme: light dark; \(light) }
        @media (prefers-color-scheme: dark) { :root { \(dark) } }
        :root[data-theme="light"] { color-scheme: light; \(light) }
        :root[data-theme="dark"] { color-scheme: dark; \(dark) }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main, footer, .top { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
        .top { display: flex; justify-content: space-between; align-items: center; padding-top: .9rem; padding-bottom: .3rem; }
        .brand { font-weight: 650; letter-spacing: .02em; color: var(--soft); }
        .brand::before { content: "●○"; color: var(--a); letter-spacing: .1em; margin-right: .5rem; }
        footer { color: var(--soft); padding-top: 1rem; padding-bottom: 3rem; font-size: .87rem; }
        button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: .15rem .6rem; cursor: pointer; }
        button:hover { background: var(--faint); }
        :focus-visible { outline: 2px solid var(--a); outline-offset: 2px; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; font-weight: 650; text-wrap: balance; }
        h2 { font-size: 1.12rem; margin: 0 0 .9rem; font-weight: 650; }
        h3 { font-size: .95rem; margin: 0; font-weight: 620; display: inline; }
        section { margin: 2.4rem 0; }
        h2.part { font-size: 1.35rem; margin: 3.4rem 0 1rem; padding-top: 1.4rem; border-top: 2px solid var(--line); }
        .verdict { display: flex; gap: 1.1rem; margin: .6rem 0 1.2rem; padding: 1.3rem 1.5rem; border-radius: 12px; border: 1px solid var(--line); }
        .verdict.good { background: var(--good-ground); } .verdict.bad { background: var(--bad-ground); } .verdict.open { background: var(--open-ground); }
        .verdict .sign { flex: none; width: 2.3rem; height: 2.3rem; border-radius: 50%; display: grid; place-items: center; font-size: 1.25rem; font-weight: 700; color: var(--card); }
        .verdict.good .sign { background: var(--good); } .verdict.bad .sign { background: var(--bad); } .verdict.open .sign { background: var(--open); }
        .verdict.good h1, .good { color: var(--good); } .verdict.bad h1, .bad { color: var(--bad); } .verdict.open h1, .open { color: var(--open); }
        .verdict { color: var(--ink); } .verdict div { min-width: 0; }
        .verdict ul { margin: .6rem 0 0; padding-left: 1.1rem; } .verdict li { margin: .15rem 0; overflow-wrap: anywhere; }
        .subject { margin: .25rem 0 0; color: var(--soft); overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; margin: 0; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; color: var(--ink); }
        .tile dt { color: var(--soft); font-size: .82rem; } .tile dd { margin: 0; font-size: 1.35rem; font-weight: 620; font-variant-numeric: tabular-nums; line-height: 1.3; }
        .tile small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
        .tile.bad dd { color: var(--bad); } .tile.open dd { color: var(--open); } .tile.good dd { color: var(--good); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21.5rem), 1fr)); gap: 1rem; }
        .chart { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem .8rem .4rem; min-width: 0; }
        .chart figcaption { min-height: 3.2rem; } .unit { color: var(--soft); font-size: .82rem; margin-left: .35rem; }
        .chart svg { display: block; width: 100%; height: auto; border-radius: 6px; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 .9rem; margin: .15rem 0 0; padding: 0; font-size: .82rem; color: var(--soft); }
        .legend b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; } .legend .moment { margin-left: auto; font-variant-numeric: tabular-nums; }
        .swatch { display: inline-block; width: .75rem; height: .22rem; border-radius: 2px; vertical-align: middle; margin-right: .35rem; background: currentColor; }
        .swatch.block { height: .7rem; } .swatch.none { display: none; }
        .tick { font: 11.5px system-ui, sans-serif; fill: var(--soft); } .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: var(--line); stroke-width: 1; } .axis, .foot { stroke: var(--soft); stroke-width: 1; opacity: .6; }
        .line { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round; }
        .line.thin { stroke-width: 1.1; } .line.dashed { stroke-dasharray: 4 3; }
        .area { fill: currentColor; stroke: none; opacity: .16; } .bar { fill: currentColor; }
        .cursor { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; }
        .heat { fill: var(--heat); } .h0 { opacity: .14; } .h1 { opacity: .25; } .h2 { opacity: .36; } .h3 { opacity: .48; }
        .h4 { opacity: .6; } .h5 { opacity: .73; } .h6 { opacity: .87; } .h7 { opacity: 1; }
        .ca { color: var(--a); } .cb { color: var(--b); } .cc { color: var(--c); } .cd { color: var(--d); } .ce { color: var(--e); } .cf { color: var(--f); } .cg { color: var(--g); } .ci { color: var(--ink); }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .9rem; }
        .scroll { max-height: 34rem; overflow-y: auto; } thead th { position: sticky; top: 0; background: var(--card); z-index: 1; }
        .scroll + .scroll, .scroll + h3 { margin-top: .8rem; } .scroll + h3 { display: block; } #acceptance .scroll { max-height: none; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        th, td { text-align: left; vertical-align: top; padding: .42rem .65rem; border-bottom: 1px solid var(--line); }
        tbody tr:last-child td { border-bottom: 0; } tbody tr:hover { background: var(--faint); }
        th { font-weight: 600; color: var(--soft); white-space: nowrap; font-size: .84rem; }
        th button { border: 0; padding: 0; font-weight: inherit; } th button::after { content: "↕"; opacity: .35; margin-left: .3rem; }
        th[aria-sort="ascending"] button::after { content: "↑"; opacity: 1; } th[aria-sort="descending"] button::after { content: "↓"; opacity: 1; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; unicode-bidi: isolate; }
        td code { min-width: 11rem; display: inline-block; }
        .wide { font-size: .82rem; } .wide th { font-size: .78rem; white-space: normal; vertical-align: bottom; overflow-wrap: anywhere; } .wide th, .wide td { padding: .38rem .3rem; }
        .wide th:first-child, .wide td:first-child { padding-left: .65rem; } .wide th button { text-align: inherit; } .wide td code { min-width: 9rem; font-size: .78rem; } .wide .spread svg { width: 7rem; }
        .filter { margin: 0 0 .6rem; color: var(--soft); font-size: .87rem; }
        input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; width: 16rem; max-width: 100%; }
        .note { color: var(--soft); font-size: .87rem; margin: .6rem 0 0; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: .2rem 2rem; margin: 0; }
        .facts div { display: flex; gap: 1rem; border-bottom: 1px solid var(--line); padding: .35rem 0; }
        .facts dt { color: var(--soft); flex: none; width: 8.5rem; } .facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        details { margin: .8rem 0; } summary { cursor: pointer; color: var(--soft); } details[open] summary { margin-bottom: .6rem; }
        .command { position: relative; } pre { margin: 0; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap; }
        .copy { position: absolute; top: .45rem; right: .45rem; background: var(--card); font-size: .82rem; }
        .cause { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 10px; padding: .9rem 1.1rem; margin: .9rem 0; }
        .cause.minor { border-left-color: var(--g); } .cause > p { margin: 0 0 .5rem; overflow-wrap: anywhere; } .cause .kind { font-weight: 620; } .cause .much { float: right; margin-left: 1rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        .sides { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; } .sides > div { min-width: 0; }
        .sides small { color: var(--soft); display: block; margin-bottom: .15rem; } .sides pre { padding: .55rem .8rem; background: var(--faint); }
        mark { background: var(--mark); color: inherit; border-radius: 3px; padding: 0 1px; }
        .forest td svg { width: 14rem; height: 1.4rem; display: block; } .forest .band { fill: var(--faint); } .forest .zero { stroke: var(--soft); stroke-width: 1; }
        .spread svg { width: 8.5rem; height: 1.2rem; display: block; } .meter svg { width: 9rem; height: 1rem; display: block; }
        @media (max-width: 40rem) {
          main, footer, .top { padding-left: .8rem; padding-right: .8rem; } .verdict { padding: 1rem; gap: .8rem; } h1 { font-size: 1.22rem; }
          .sides { grid-template-columns: 1fr; } .tiles { grid-template-columns: 1fr 1fr; } .tile dd { font-size: 1.15rem; } .facts dt { width: 7rem; } section { margin: 1.8rem 0; }
        }
        @media print {
          :root, :root[data-theme] { \(light) --ground: #ffffff; } body { font-size: 11px; } main, footer { max-width: none; }
          .charts { grid-template-columns: 1fr 1fr; } .chart, .cause, tr, .verdict, .tile { break-inside: avoid; } .scroll { overflow: visible; max-height: none; }
          .top, .copy, .filter, details:not([open]) { display: none; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
}
