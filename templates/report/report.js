// The report's page: reads DATA (data.js) and TAILS (tails.js, when first needed) and shows them. All text out of the
// data enters the page as text nodes, never as markup.
"use strict";
(() => {
  const D = window.DATA;
  const ALL = D.name.map((_, i) => i);
  const TONES = { built: "good", "up to date": "same", failed: "bad", "timed out": "bad", killed: "bad", broken: "broken", skipped: "skipped", unresolved: "skipped", building: "now", "not done": "now" };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const index = new Map(D.name.map((name, i) => [name, i]));
  const ofSome = (then) => (i) => (then.state[i] === "-" ? "" : D.words[then.state[i]]);
  const word = (i) => D.words[D.state[i]];
  const good = (text) => D.good[D.words.indexOf(text)];
  const bad = (text) => TONES[text] === "bad";
  const critical = new Set(D.critical);
  const dependents = ALL.map(() => []);
  D.needs.forEach((needs, i) => needs.forEach((j) => dependents[j].push(i)));

  // h(TAG, {ATTRIBUTE: VALUE}, CHILD...): an element; strings become text.
  const h = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return made;
  };
  const $ = (id) => document.getElementById(id);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const two = (n) => String(n).padStart(2, "0");
  const span = (s) => (s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))} h` : s >= 60 ? `${Math.floor(s / 60)}:${two(Math.floor(s % 60))} min` : `${Math.round(s * 10) / 10} s`);
  const kb = (n) => (n >= 1048576 ? `${(n / 1048576).toFixed(1)} GB` : n >= 1024 ? `${(n / 1024).toFixed(1)} MB` : `${Math.round(n)} KB`);
  const when = (s) => (s ? new Date(s * 1000).toISOString().slice(0, 16).replace("T", " ") : "unknown");
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const share = (part, whole) => (whole ? `${part} of ${whole} (${Math.floor((100 * part) / whole)} %)` : "");
  const remote = (i) => (D.compiled[i] && D.compiled[i][0] ? (100 * D.compiled[i][1]) / D.compiled[i][0] : null);
  const link = (i) => h("a", { href: `#package/${D.name[i]}` }, D.name[i]);
  const changed = new Set(D.changed);
  const whatChanged = (i) => (changed.has(i) ? [" ", h("a", { href: `changes/${D.name[i]}.txt` }, "what has changed")] : []);
  const state = (text) => h("span", { class: `state ${TONES[text] || ""}` }, text);
  const summary = (i) => {
    const where = D.phase[i] ? ` in ${D.where[D.phase[i]]}` : "";
    return [state(word(i)), where, D.by[i] >= 0 ? [" by ", link(D.by[i])] : "", D.reason[i] ? `: ${D.reasons[D.reason[i]]}` : ""].flat();
  };
  const kind = (i) => { const text = D.reasons[D.reason[i]]; return text.includes(": ") ? text.slice(0, text.indexOf(": ")) : text; };
  const failed = ALL.filter((i) => bad(word(i))).sort((a, b) => D.breaks[b] - D.breaks[a] || (D.name[a] < D.name[b] ? -1 : 1));

  // Charts: ECharts in the page's colours, drawn anew when those change.
  const charts = new Map();
  const draw = (element, option, onclick) => {
    const old = echarts.getInstanceByDom(element);
    if (old) old.dispose();
    const chart = echarts.init(element, dark.matches ? "dark" : null, { renderer: "canvas" });
    const base = { backgroundColor: "transparent", animation: false, aria: { enabled: true }, textStyle: { fontFamily: "system-ui, sans-serif" } };
    chart.setOption({ ...base, ...option() });
    if (onclick) chart.on("click", onclick);
    charts.set(element, () => draw(element, option, onclick));
  };
  dark.addEventListener("change", () => charts.forEach((again, element) => element.isConnected && element.offsetWidth && again()));
  addEventListener("resize", () => charts.forEach((_, element) => { const chart = element.isConnected && echarts.getInstanceByDom(element); if (chart) chart.resize(); }));
  const chartBox = (label, height) => h("div", { class: "chart", role: "img", "aria-label": label, style: height ? `height:${height}px` : null });

  // table(ELEMENT, ROWS, COLUMNS, OPTIONS): a Tabulator whose headers also sort by keyboard.
  const table = (element, rows, columns, options = {}) => {
    const made = new Tabulator(element, {
      data: rows, columns, index: "i", layout: "fitColumns", responsiveLayout: "hide", height: options.height || "70vh",
      placeholder: "No package", columnDefaults: { headerTooltip: true, headerWordWrap: true, resizable: false }, renderVerticalBuffer: 300, ...options,
    });
    made.on("tableBuilt", () => element.querySelectorAll(".tabulator-sortable").forEach((head) => {
      head.tabIndex = 0;
      head.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); head.querySelector(".tabulator-col-title").click(); } });
    }));
    return made;
  };
  const nameColumn = { title: "Package", field: "name", minWidth: 200, widthGrow: 3, responsive: 0, formatter: (cell) => link(cell.getData().i) };
  const stateColumn = { title: "State", field: "state", minWidth: 95, width: 110, responsive: 1, formatter: (cell) => state(cell.getValue()) };
  const number = (title, field, show, extra = {}) => ({ title, field, hozAlign: "right", headerHozAlign: "right", sorter: "number", cssClass: "number", width: 95, headerSortStartingDir: "desc", formatter: (cell) => (cell.getValue() ? show(cell.getValue()) : ""), ...extra });
  const reasonColumn = { title: "Reason", field: "reason", minWidth: 180, widthGrow: 4, responsive: 4 };
  const row = (i) => ({
    i, name: D.name[i], path: D.path[i], state: word(i), phase: D.where[D.phase[i]], reason: D.by[i] >= 0 ? `by ${D.name[D.by[i]]}` : D.reasons[D.reason[i]],
    breaks: D.breaks[i], needed: D.dependents[i], seconds: D.seconds[i], cpu: D.cpu[i], memory: D.memory[i], wrkdir: D.wrkdir[i], bytes: D.bytes[i], remote: remote(i), who: D.maintainers[D.maintainer[i]],
  });
  const search = (label, oninput) => {
    let timer = 0;
    return h("label", {}, label, h("input", { type: "search", autocomplete: "off", spellcheck: "false", oninput: (event) => { clearTimeout(timer); timer = setTimeout(() => oninput(event.target.value.toLowerCase()), 120); } }));
  };
  const choice = (label, texts, onchange) => h("label", {}, label, h("select", { onchange: (event) => onchange(event.target.value) }, texts.map(([value, text]) => h("option", { value }, text))));

  const views = {
    overview(section) {
      const counts = D.words.map((text, n) => [text, ALL.filter((i) => +D.state[i] === n).length]);
      const shown = counts.filter(([text, n]) => n || ["built", "failed", "broken"].includes(text));
      section.append(
        h("h2", {}, "What became of the packages"),
        h("ul", { class: "tiles" }, h("li", {}, h("a", { href: "#packages" }, h("strong", {}, String(ALL.length)), "packages")), shown.map(([text, n]) => h("li", {}, h("a", { class: TONES[text], href: `#packages/${text}` }, h("strong", {}, String(n)), text)))),
        h("div", { class: "bar", "aria-hidden": "true" }, shown.map(([text, n]) => h("span", { class: TONES[text], style: `flex-grow:${n}` }))),
        h("p", { class: "soft" }, `${shown.map(([text, n]) => `${n} ${text}`).join(" + ")} = ${sum(shown.map(([, n]) => n))} packages`),
      );
      if (D.earlier.length) {
        const then = D.earlier[D.earlier.length - 1], found = then.changes;
        section.append(h("p", {}, `Against the run of ${when(then.start)}: `, h("a", { href: "#changes" }, `${found.broken.length} newly broken, ${found.fixed.length} newly fixed`), "."));
      }
      const kinds = new Map();
      failed.forEach((i) => kinds.set(kind(i), (kinds.get(kind(i)) || 0) + 1));
      const top = failed.slice(0, 10);
      if (top.length) section.append(
        h("h2", {}, "Failures that break the most others"),
        h("div", { class: "scroll" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { class: "number" }, "breaks"), h("th", {}, "package"), h("th", {}, "why"))), h("tbody", {}, top.map((i) => h("tr", {}, h("td", { class: "number" }, String(D.breaks[i])), h("td", {}, link(i)), h("td", {}, summary(i))))))),
        h("p", {}, h("a", { href: "#failures" }, `All ${failed.length} failures`)),
        h("h2", {}, "Reasons"),
        h("ul", { class: "names" }, [...kinds].sort((a, b) => b[1] - a[1]).map(([text, n]) => h("li", {}, `${n} × ${text || "unknown"}`))),
      );
    },

    failures(section) {
      let words = "", only = "";
      const live = h("p", { class: "soft", role: "status" }, `${failed.length} failures`);
      const box = h("div");
      const kinds = [...new Set(failed.map(kind))].sort();
      const apply = () => { made.setFilter((r) => (!only || kind(r.i) === only) && words.split(" ").every((w) => `${r.name} ${r.path} ${r.reason} ${r.phase} ${r.who}`.toLowerCase().includes(w))); };
      section.append(h("h2", {}, "Failures"), h("div", { class: "tools" }, search("Search name, reason, maintainer", (text) => { words = text; apply(); }), choice("Reason", [["", "all"], ...kinds.map((text) => [text, text || "unknown"])], (text) => { only = text; apply(); })), live, box);
      const made = table(box, failed.map(row), [
        number("Breaks", "breaks", String, { width: 100, responsive: 0 }),
        { ...nameColumn, widthGrow: 2, formatter: (cell) => { const i = cell.getData().i; return h("div", { style: "white-space:normal;overflow-wrap:anywhere" }, link(i), h("div", { class: "soft" }, D.reasons[D.reason[i]] || "no reason recognised")); } },
        { title: "Phase", field: "phase", width: 100, responsive: 3 },
        { title: "Maintainer", field: "who", minWidth: 150, widthGrow: 1, responsive: 4 },
        number("Time", "seconds", span, { responsive: 5 }),
      ], { height: failed.length > 15 ? "75vh" : undefined, maxHeight: "75vh" });
      made.on("dataFiltered", (_, rows) => { live.textContent = `${rows.length} of ${failed.length} failures`; });
    },

    packages(section, argument) {
      if (!section.firstChild) {
        let words = "";
        const live = h("p", { class: "soft", role: "status" }, `${ALL.length} packages`);
        const box = h("div");
        const select = choice("State", [["", "all"], ...D.words.map((text) => [text, text])], (text) => { location.hash = text ? `#packages/${text}` : "#packages"; });
        const text = ALL.map((i) => `${D.name[i]} ${D.path[i]} ${D.maintainers[D.maintainer[i]]} ${D.reasons[D.reason[i]]}`.toLowerCase());
        let only = "";
        const apply = () => { const list = words.split(" ").filter(Boolean); made.setFilter((r) => (!only || r.state === only) && list.every((w) => text[r.i].includes(w))); };
        section.append(h("h2", {}, "Packages"), h("div", { class: "tools" }, search("Search name, directory, maintainer, reason", (value) => { words = value; apply(); }), select), live, box);
        const made = table(box, ALL.map(row), [
          nameColumn, stateColumn, reasonColumn,
          number("Time", "seconds", span, { responsive: 2 }), number("CPU", "cpu", span, { responsive: 7 }), number("Needed by", "needed", String, { width: 140, responsive: 3 }),
          number("Memory", "memory", kb, { width: 110, responsive: 8 }), number("Work dir", "wrkdir", kb, { width: 115, responsive: 9 }), number("Size", "bytes", (n) => kb(n / 1024), { responsive: 6 }),
          number("Remote", "remote", String, { width: 105, responsive: 6, formatter: (cell) => (cell.getValue() === null ? "" : `${Math.floor(cell.getValue())} %`) }),
        ].filter((column) => (column.field !== "memory" || D.memory.some(Boolean)) && (column.field !== "remote" || D.compiled.some(Boolean))), { rowHeight: 36 });
        made.on("dataFiltered", (_, rows) => { live.textContent = `${rows.length} of ${ALL.length} packages`; });
        const ready = new Promise((done) => { made.on("tableBuilt", done); });
        section.filterState = (value) => { only = D.words.includes(value) ? value : ""; select.querySelector("select").value = only; ready.then(apply); };
      }
      section.filterState(argument);
    },

    changes(section) {
      section.append(h("h2", {}, "Changes"));
      if (!D.earlier.length) { section.append(h("p", {}, "There is no earlier run to compare with.")); return; }
      const body = h("div");
      const show = (n) => {
        const then = D.earlier[n], was = ofSome(then), found = then.changes;
        const list = (title, some, line) => [h("h3", {}, `${title}: ${some.length}`), some.length ? h("ul", {}, some.slice(0, 2000).map((i) => h("li", {}, line(i)))) : null];
        body.replaceChildren(...[
          list("Newly broken", found.broken, (i) => [link(i), " ", ...summary(i), ` (was ${was(i)})`, ...whatChanged(i)]),
          list("Newly fixed", found.fixed, (i) => [link(i), " ", ...summary(i), ` (was ${was(i)})`]),
          list("Fails in another way", found.otherwise, (i) => [link(i), " ", ...summary(i), ` (was ${was(i)})`]),
          list("Other build times", found.times, (i) => [link(i), ` ${span(then.seconds[i])}, now ${span(D.seconds[i])}`]),
          list("Added", found.added, (i) => [link(i), " ", ...summary(i)]),
          [h("h3", {}, `Removed: ${found.removed.length}`), h("p", {}, found.removed.slice(0, 2000).join(", "))],
        ].flat().filter(Boolean));
      };
      const last = D.earlier.length - 1;
      const select = choice("Against the run of", D.earlier.map((then, n) => [String(n), when(then.start)]), (n) => show(+n));
      select.querySelector("select").value = String(last);
      section.append(h("div", { class: "tools" }, select), body);
      show(last);
    },

    timeline(section) {
      const timed = ALL.filter((i) => D.slot[i] >= 0 && D.end[i] >= 0);
      section.append(h("h2", {}, "Timeline"));
      if (!timed.length) { section.append(h("p", {}, "Nothing was built in this run.")); return; }
      const slots = Math.max(...timed.map((i) => D.slot[i])) + 1;
      const busy = sum(timed.map((i) => D.end[i] - D.start[i]));
      section.append(h("p", {}, `${slots} job slots over ${span(D.elapsed)}, busy ${Math.round((100 * busy) / Math.max(1, slots * D.elapsed))} % of the time. The longest chain of builds, each waiting for the one before, takes ${span(sum(D.critical.map((i) => D.seconds[i])))} and is marked. Zoom by wheel or the handles below; a click opens a package.`));
      const box = chartBox("Builds on each job slot over time, the critical path marked", Math.min(900, 130 + 22 * slots));
      section.append(box);
      const first = Math.min(...timed.map((i) => D.start[i]));
      const bar = (params, api) => {
        const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        const height = Math.max(2, api.size([0, 1])[1] * 0.8);
        const shape = echarts.graphic.clipRectByRect({ x: from[0], y: from[1] - height / 2, width: Math.max(to[0] - from[0], 1), height }, params.coordSys);
        return shape && { type: "rect", shape, style: { fill: api.visual("color"), stroke: api.value(4) ? css("ink") : css("back"), lineWidth: api.value(4) ? 1.5 : 0.3 } };
      };
      const group = (name, tone, some) => ({ name, type: "custom", renderItem: bar, itemStyle: { color: tone }, encode: { x: [0, 1], y: 2 }, clip: true, progressive: 0, data: some.map((i) => [D.start[i] - first, D.end[i] - first, D.slot[i], i, critical.has(i) ? 1 : 0]) });
      draw(box, () => ({
        tooltip: { formatter: (p) => h("div", {}, h("b", {}, D.name[p.value[3]]), h("div", {}, `${word(p.value[3])}, ${span(D.seconds[p.value[3]])}`)) },
        legend: { top: 0 }, grid: { left: 45, right: 15, top: 35, bottom: 75 },
        xAxis: { type: "value", min: 0, max: Math.max(1, Math.ceil(D.elapsed)), axisLabel: { formatter: span, hideOverlap: true } },
        yAxis: { type: "category", inverse: true, data: [...Array(slots).keys()].map((n) => String(n + 1)) },
        dataZoom: [{ type: "inside", filterMode: "weakFilter" }, { type: "slider", filterMode: "weakFilter", labelFormatter: span }],
        series: [
          group("built", css("good"), timed.filter((i) => !critical.has(i) && good(word(i)))), group("failed", css("bad"), timed.filter((i) => !critical.has(i) && !good(word(i)))),
          group("critical path", css("now"), timed.filter((i) => critical.has(i))),
        ],
      }), (p) => { location.hash = `#package/${D.name[p.value[3]]}`; });
      section.append(h("h3", {}, "The critical path"), h("div", { class: "scroll" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, ["package", "time", "waited before it started"].map((text) => h("th", {}, text)))), h("tbody", {}, D.critical.map((i) => h("tr", {}, h("td", {}, link(i)), h("td", {}, span(D.seconds[i])), h("td", {}, span(D.wait[i]))))))));
    },

    time(section) {
      const built = ALL.filter((i) => D.seconds[i] > 0);
      const total = sum(built.map((i) => D.seconds[i]));
      section.append(h("h2", {}, "Where the hours went"));
      if (!built.length) { section.append(h("p", {}, "Nothing was built in this run.")); return; }
      const capacity = D.jobs * D.elapsed, timed = sum(ALL.map((i) => (D.end[i] >= 0 ? D.end[i] - D.start[i] : 0)));
      section.append(h("dl", {},
        h("dt", {}, "Elapsed"), h("dd", {}, `${span(D.elapsed)}, ${D.jobs} job slots: ${span(capacity)} of slot time`),
        h("dt", {}, "Building"), h("dd", {}, `${span(total)} in ${built.length} builds, ${span(sum(D.cpu))} of CPU time`),
        h("dt", {}, "Idle slots"), h("dd", {}, `${span(Math.max(0, capacity - timed))}: nothing was ready to build`),
        h("dt", {}, "Waiting for a slot"), h("dd", {}, `${span(sum(D.wait))} by all packages together, from the end of the last one they need to their own start`)));
      const jobs = [0, 1, 2, 3, 4].map((n) => sum(D.compiled.map((c) => (c ? c[n] : 0))));
      if (jobs[0] || jobs[3]) section.append(h("dl", {},
        jobs[0] ? [h("dt", {}, "Compile jobs on other machines"), h("dd", {}, `${share(jobs[1], jobs[0])}${jobs[2] ? `; ${jobs[2]} came back undone` : ""}`)] : null,
        jobs[3] ? [h("dt", {}, "Compile jobs found by ccache"), h("dd", {}, share(jobs[4], jobs[3]))] : null));
      const bars = (title, rows, colour) => {
        const box = chartBox(title, 60 + 26 * rows.length);
        section.append(h("h3", {}, title), box);
        draw(box, () => ({
          tooltip: { formatter: (p) => `${span(p.value)}` }, grid: { left: 10, right: 70, top: 5, bottom: 25, containLabel: true },
          xAxis: { type: "value", axisLabel: { formatter: span, hideOverlap: true } },
          yAxis: { type: "category", inverse: true, data: rows.map(([name]) => name), axisLabel: { width: Math.min(220, innerWidth / 3), overflow: "truncate" } },
          series: [{ type: "bar", data: rows.map(([, s, failed]) => (failed ? { value: s, itemStyle: { color: css("bad") } } : s)), itemStyle: { color: css(colour) }, label: { show: true, position: "right", color: css("ink"), formatter: (p) => span(p.value) } }],
        }), (p) => { if (index.has(p.name)) location.hash = `#package/${p.name}`; });
      };
      bars("By phase", D.phaseTotals.map(([name, wall]) => [name, wall]), "link");
      const most = (column) => ALL.filter((i) => column[i] > 0).sort((a, b) => column[b] - column[a]).slice(0, 25).map((i) => [D.name[i], column[i], bad(word(i))]);
      bars("By package: the 25 longest builds (red: failed)", most(D.seconds), "good");
      const waited = most(D.wait);
      if (waited.length) bars("By waiting: the 25 that waited longest for a slot", waited, "broken");
    },

    package(section, name) {
      section.replaceChildren();
      const i = index.get(name);
      if (i === undefined) { section.append(h("h2", {}, "No such package"), h("p", {}, name)); return; }
      const fact = (title, value) => (value ? [h("dt", {}, title), h("dd", {}, value)] : []);
      section.append(h("h2", {}, D.name[i]), h("p", {}, summary(i), whatChanged(i)), h("dl", {},
        fact("Directory", D.path[i]), fact("Maintainer", D.maintainers[D.maintainer[i]]), fact("Host", D.host[i] || (D.seconds[i] ? D.facts.HOST : "")),
        fact("Breaks", D.breaks[i] ? `${D.breaks[i]} packages` : ""), fact("Started", D.start[i] >= 0 ? `${when(D.start[i] + D.began)}, slot ${D.slot[i] + 1}, after waiting ${span(D.wait[i])}${critical.has(i) ? ", on the critical path" : ""}` : ""),
        fact("Time", D.seconds[i] ? `${span(D.seconds[i])}, CPU ${span(D.cpu[i])}` : ""), fact("Peak memory", D.memory[i] ? kb(D.memory[i]) : ""), fact("Work directory", D.wrkdir[i] ? kb(D.wrkdir[i]) : ""), fact("Package", D.bytes[i] ? kb(D.bytes[i] / 1024) : ""),
        ...(D.compiled[i] ? [fact("Compile jobs on other machines", share(D.compiled[i][1], D.compiled[i][0]) + (D.compiled[i][2] ? `; ${D.compiled[i][2]} came back undone` : "")), fact("Compile jobs found by ccache", share(D.compiled[i][4], D.compiled[i][3]))] : [])));
      if (D.logs[i]) section.append(h("h3", {}, "Logs"), h("p", {}, D.logs[i].flatMap((log) => [h("a", { href: `logs/${D.name[i]}/${log}.txt` }, log), " "])));
      if (bad(word(i))) {
        const tail = h("pre", { tabindex: "0", "aria-label": "End of the log" }, "...");
        section.append(h("h3", {}, `The end of the ${D.where[D.phase[i]]} log`), tail);
        tails().then((all) => { tail.textContent = all[i] || "The log is not there any more."; tail.scrollTop = tail.scrollHeight; });
      }
      if (D.steps[i]) {
        section.append(h("h3", {}, "Phases"), h("div", { class: "scroll" }, h("table", { class: "plain" }, h("tbody", {}, D.phases.map((phase, n) => (D.steps[i][n] ? h("tr", {}, h("th", { scope: "row" }, phase), h("td", {}, span(D.steps[i][n]))) : null))))));
      }
      if (D.earlier.length) {
        const runs = D.earlier.map((then) => [when(then.start), ofSome(then)(i) || "not there", then.seconds[i]]).concat([[when(D.began), word(i), D.seconds[i]]]);
        section.append(h("h3", {}, "Over the last runs"));
        if (runs.filter(([, , seconds]) => seconds).length > 1) {
          const box = chartBox("Time of its builds in the last runs", 200);
          section.append(box);
          draw(box, () => ({ tooltip: { trigger: "axis", valueFormatter: (s) => (s === null || s === undefined ? "no build" : span(s)) }, grid: { left: 10, right: 20, top: 10, bottom: 10, containLabel: true }, xAxis: { type: "category", data: runs.map(([date]) => date) }, yAxis: { type: "value", axisLabel: { formatter: span } }, series: [{ type: "line", connectNulls: true, data: runs.map(([, , seconds]) => seconds || null), itemStyle: { color: css("link") } }] }));
        }
        section.append(h("div", { class: "scroll" }, h("table", { class: "plain" }, h("tbody", {}, runs.reverse().map(([date, text, seconds]) => h("tr", {}, h("td", {}, date), h("td", {}, state(text)), h("td", {}, seconds ? span(seconds) : "")))))));
      }
      const list = (title, some) => {
        if (some.length) section.append(h("h3", {}, `${title}: ${some.length}`), h("ul", { class: "names" }, some.slice(0, 1000).map((j) => h("li", {}, link(j), " ", state(word(j))))));
      };
      list("Needs", D.needs[i]);
      list("Needed directly by", dependents[i]);
      if (D.dependents[i] > dependents[i].length) section.append(h("p", { class: "soft" }, `${D.dependents[i]} packages need it, directly or not.`));
    },
  };

  let loading = null;
  const tails = () => {
    loading = loading || new Promise((done) => { document.head.append(h("script", { src: "tails.js", onload: () => done(window.TAILS), onerror: () => done({}) })); });
    return loading;
  };

  const drawn = new Set();
  const route = () => {
    const [view, argument] = decodeURIComponent(location.hash.slice(1)).split(/\/(.*)/s);
    const name = Object.hasOwn(views, view) ? view : "overview";
    document.querySelectorAll("main > section").forEach((section) => { section.hidden = section.id !== `view-${name}`; });
    document.querySelectorAll("nav a").forEach((a) => { if (a.hash === `#${name}`) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current"); });
    if (name === "package" || name === "packages" || !drawn.has(name)) views[name]($(`view-${name}`), argument || "");
    drawn.add(name);
    document.title = `${name === "package" ? argument : name} - pkgsrc bulk build`;
    if (name === "package") { scrollTo(0, 0); $("main").focus({ preventScroll: true }); }
  };
  $("run").textContent = [`${when(D.began)} to ${when(D.ended)}`, D.facts.HOST, D.facts.SYSTEM, `${D.facts.MAKE} -j ${D.facts.JOBS || "?"}`, D.facts.MAKE_JOBS && `MAKE_JOBS=${D.facts.MAKE_JOBS}`].filter(Boolean).join(" · ");
  if (D.halt) { $("halt").textContent = `The run was halted: ${D.halt}`; $("halt").hidden = false; }
  addEventListener("hashchange", route);
  route();
})();
