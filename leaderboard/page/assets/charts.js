// Charts: Vega-Lite from the script beside the page, drawn when they are first seen or nothing else is
// to do, and again when picks or colours change.
"use strict";
(() => {
  const site = window.genbench;
  const LIBRARY = "assets/charts-library.js";
  const BEHIND = 40; // submissions in grey; more would be a grey area
  const SOON = 500; // milliseconds after what a reader did
  const DASHES = [[1, 0], [6, 3]];
  const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left"];
  const figures = new Map();
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const look = (place) => ({ color: style(`--l${place % 8}`), strokeDash: DASHES[Math.floor(place / 8) % 2], shape: SHAPES[place % 8] });

  function config() {
    const [ink, quiet, rule, rest] = ["--ink", "--quiet", "--rule", "--rest"].map(style);
    return {
      background: null, font: getComputedStyle(document.body).fontFamily, aria: false, view: { stroke: null },
      axis: { gridColor: rule, domainColor: rule, tickColor: rule, labelColor: quiet, titleColor: ink, titleFontWeight: "normal" },
      legend: { labelColor: ink, titleColor: ink, titleFontWeight: "normal" },
      header: { labelColor: ink, titleColor: ink }, title: { color: ink, anchor: "start", fontSize: 12 },
      line: { strokeWidth: 1.8 }, point: { size: 34, opacity: 1 }, text: { color: ink },
      style: {
        rest: { color: rest, strokeWidth: 1 }, band: { opacity: 0.14 },
        level: { color: quiet, strokeDash: [3, 3], strokeWidth: 1.2 }, familiar: { color: style("--faint") },
      },
    };
  }
  // The picked submissions get their looks wherever a channel goes by submission.
  function dress(spec, picks, own) {
    if (Array.isArray(spec)) { for (const one of spec) dress(one, picks, own); return; }
    if (spec === null || typeof spec !== "object") return;
    const channels = spec.encoding ?? {};
    const known = picks.map((name, place) => [name, place]).filter(([name]) => name);
    for (const name of ["color", "strokeDash", "shape"]) {
      if (channels[name]?.field !== "who") continue;
      channels[name].scale = { domain: known.map(([who]) => who), range: known.map(([, place]) => look(place)[name]) };
      channels[name].legend = own ? { title: null, orient: "bottom" } : null;
    }
    for (const name of ["xOffset", "yOffset"]) {
      if (channels[name]?.field === "who") channels[name].scale = { domain: known.map(([who]) => who) };
    }
    for (const [key, one] of Object.entries(spec)) if (key !== "data") dress(one, picks, own);
  }
  function rowsOf({ columns, rows }, picks) {
    const picked = new Set(picks.filter(Boolean));
    const who = columns.indexOf("who");
    const behind = new Set();
    const made = [];
    for (const row of rows) {
      const mine = who < 0 || picked.has(row[who]);
      if (!mine && !behind.has(row[who])) {
        if (behind.size >= BEHIND) continue;
        behind.add(row[who]);
      }
      const one = Object.fromEntries(columns.map((name, at) => [name, row[at]]));
      one.picked = mine;
      made.push(one);
    }
    return made.sort((a, b) => a.picked - b.picked);
  }
  async function draw(figure) {
    const one = figures.get(figure);
    const state = () => JSON.stringify([site.drawn(), style("--paper")]);
    if (one.state === state()) return;
    const path = figure.closest("[data-charts]").dataset.charts;
    try {
      const [found] = await Promise.all([site.need(site.root + path, "charts"), site.need(site.root + LIBRARY, "library")]);
      const told = found[figure.dataset.chart];
      const plot = figure.querySelector(".plot");
      if (!told) return;
      const who = told.columns.indexOf("who");
      const names = () => [...new Set(told.rows.map((row) => row[who]))];
      if (who >= 0 && !told.own && !site.drawn().length) site.offer(names());
      const picks = told.own ? names() : site.drawn(); // some charts have lines of their own
      if (one.state === state()) return;
      one.state = state();
      const spec = structuredClone(told.spec);
      dress(spec, picks, told.own);
      spec.data = { ...spec.data, values: rowsOf(told, picks) };
      one.view?.finalize();
      const made = await window.vegaEmbed(plot, spec, {
        ast: true, actions: false, renderer: "svg", defaultStyle: false, config: config(), logLevel: 1,
        tooltip: { disableDefaultStyle: true },
      });
      one.view = made.view;
      plot.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the figure says what it is, its numbers are below
      figure.dataset.drawn = "";
    } catch (fault) {
      figure.querySelector(".plot").textContent = `This chart could not be drawn: ${fault.message}`;
    }
  }
  function legend() {
    for (const list of document.querySelectorAll("ul.legend")) {
      list.replaceChildren(...site.drawn().map((name, place) => name && entry(name, place)).filter(Boolean));
    }
  }
  function entry(name, place) {
    const item = document.createElement("li");
    const made = (tag, attributes) => {
      const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
      return one;
    };
    const { color, strokeDash } = look(place);
    const swatch = made("svg", { width: 26, height: 10, "aria-hidden": "true" });
    swatch.append(made("line", { x1: 0, x2: 26, y1: 5, y2: 5, stroke: color, "stroke-width": 2.5, "stroke-dasharray": strokeDash[1] ? strokeDash.join(" ") : "none" }));
    swatch.append(made("circle", { cx: 13, cy: 5, r: 3.5, fill: color }));
    item.append(swatch, name);
    return item;
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      figures.get(target).near = isIntersecting;
      if (isIntersecting) draw(target);
    }
  }, { rootMargin: "300px" });
  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    figures.set(figure, { near: false, view: null, state: "" });
    watcher.observe(figure);
  }
  // What is out of sight is drawn when there is nothing else to do: a page that is printed has all its charts.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  let round = 0;
  function others() {
    const own = ++round;
    const left = [...figures.keys()];
    const next = () => {
      if (own === round && left.length) draw(left.shift()).then(() => idle(next));
    };
    setTimeout(() => idle(next), SOON);
  }
  function again() {
    legend();
    for (const [figure, one] of figures) if (one.near) draw(figure);
    others();
  }
  if (figures.size) {
    legend();
    others();
    site.onChange(again);
    addEventListener("themechange", again);
  }
})();
