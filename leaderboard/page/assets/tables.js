// Tables: sorted by a heading, searched and filtered by the form above them; of very many rows those in sight are in
// the page. The state is the address bar's (state.js); without this script the tables stand as they were written.
"use strict";
(() => {
  const site = window.genbench;
  const PAGE = 60; // rows that are added at once: two screens, laid out in a few milliseconds
  const AHEAD = 40; // rows that are read at once while nothing else is to do
  const form = document.querySelector("form.filters");
  const tables = [...document.querySelectorAll(".tabled")].map(prepare);
  const form_fields = form ? [...form.querySelectorAll("input, select")] : [];

  function prepare(box, number) {
    const table = box.querySelector("table");
    const one = {
      box, number, body: table.tBodies[0], key: number ? `sort${number + 1}` : "sort",
      heads: [...table.querySelectorAll("thead tr:last-child th")], rows: [...table.tBodies[0].rows].map(record),
      shown: [], count: 0, order: null, complete: !box.dataset.rest,
      pickable: Boolean(form) && (box.classList.contains("overview") || box.classList.contains("standings")),
    };
    for (const head of one.heads) {
      if (head.dataset.sort === "plain") continue;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(one, head));
      head.append(button);
    }
    return one;
  }
  function record(row, at) {
    return { row, at, name: row.dataset.name ?? "", text: null };
  }
  // Rows that are beside the page are fetched when nothing else is to do, a few at a time, so that who sorts or searches
  // waits for none of them; all at once when something is asked of all rows before, or when the reader gets there.
  function fetched(one) {
    one.fetching ??= site.need(site.root + one.box.dataset.rest.replace(/^(\.\.\/)+/, ""), "rows").then((found) => {
      one.left = found[one.box.id] ?? [];
    });
    return one.fetching;
  }
  function take(one, most) {
    const holder = document.createElement("template");
    holder.innerHTML = one.left.splice(0, most).join("");
    for (const row of [...holder.content.querySelectorAll("tr")]) one.rows.push(record(row, one.rows.length));
    if (one.left.length) return;
    one.complete = true;
    one.order = null;
    one.box.querySelector(".more")?.remove();
  }
  function complete(one) {
    if (one.complete) return null;
    one.completing ??= fetched(one).then(() => {
      if (!one.complete) take(one, Infinity);
      show(one);
    });
    return one.completing;
  }
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  function ahead(one) {
    const next = () => {
      if (!one.complete) take(one, AHEAD);
      if (!one.complete) idle(next);
    };
    fetched(one).then(() => idle(next));
  }
  function sortBy(one, head) {
    const [key, way] = site.get(one.key).split(/\.(?=[^.]*$)/);
    const first = head.dataset.sort === "text" || head.dataset.key === "rank" ? "up" : "down";
    const next = key !== head.dataset.key ? first : way === first ? (first === "up" ? "down" : "up") : "";
    site.set(one.key, next ? `${head.dataset.key}.${next}` : "", false);
  }
  function value(record, column, text) {
    record.values ??= [];
    if (record.values[column] === undefined) {
      const cell = record.row.cells[column];
      const told = cell?.dataset.v ?? cell?.textContent ?? "";
      record.values[column] = text ? told : Number.parseFloat(told.replaceAll(",", "").replace("\u2212", "-"));
    }
    return record.values[column];
  }
  function show(one) {
    const [key, way] = site.get(one.key).split(/\.(?=[^.]*$)/);
    const column = one.heads.findIndex((head) => head.dataset.key === key);
    one.heads.forEach((head, at) => {
      if (at === column) head.setAttribute("aria-sort", way === "up" ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    const wanted = filters();
    if ((column >= 0 || wanted.length) && complete(one)) return;
    let rows = one.rows;
    if (column >= 0) {
      const text = one.heads[column].dataset.sort === "text";
      const sign = way === "up" ? 1 : -1;
      rows = [...rows].sort((a, b) => {
        const [x, y] = [value(a, column, text), value(b, column, text)];
        if (text) return sign * (x < y ? -1 : x > y ? 1 : 0) || a.at - b.at;
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a.at - b.at;
        return sign * (x - y) || a.at - b.at;
      });
    }
    one.shown = wanted.length ? rows.filter((record) => wanted.every((test) => test(record, one))) : rows;
    one.count = 0;
    one.body.replaceChildren();
    add(one);
  }
  function add(one) {
    const next = one.shown.slice(one.count, one.count + PAGE);
    one.count += next.length;
    one.body.append(...next.map((record) => record.row));
    if (one.pickable) for (const record of next) tick(record);
    columns(one, next);
    if (one.watched) watcher.unobserve(one.watched);
    one.watched = one.body.lastElementChild;
    if (one.watched && (one.count < one.shown.length || !one.complete)) watcher.observe(one.watched);
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const one = entry.isIntersecting && tables.find((each) => each.watched === entry.target);
      if (!one) continue;
      if (one.count < one.shown.length) add(one);
      else complete(one);
    }
  }, { rootMargin: "600px" });

  function filters() {
    const found = [];
    const words = site.get("q").toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) {
      found.push((record) => {
        record.text ??= record.name.toLowerCase();
        return words.every((word) => record.text.includes(word));
      });
    }
    const family = site.get("family");
    if (family) { // a row without a figure of the task says nothing of it
      found.push(({ row }, one) => {
        const own = one.heads.flatMap((head, at) => head.dataset.key.startsWith(family + ".") ? [at] : []);
        return !own.length || own.some((at) => row.cells[at]?.textContent);
      });
    }
    for (const field of form_fields) {
      if (field.name === "q" || field.name === "family") continue;
      const chosen = site.get(field.name);
      if (chosen) found.push(({ row }) => {
        const own = row.dataset[field.name];
        return own === undefined || own === chosen || (field.name === "sealing" && own.split(" ").includes(chosen));
      });
    }
    return found;
  }
  // One task chosen: the columns of the others are not shown.
  function columns(one, records) {
    const family = site.get("family");
    if (!family && !one.narrowed) return;
    const away = one.heads.map((head) => Boolean(family) && head.dataset.key.includes(".") && !head.dataset.key.startsWith(family + "."));
    one.heads.forEach((head, at) => { head.hidden = away[at]; });
    for (const group of one.box.querySelectorAll("th[data-group]")) {
      group.hidden = Boolean(family) && group.dataset.group !== family && group.dataset.group !== "all tasks";
    }
    for (const { row } of records ?? []) [...row.cells].forEach((cell, at) => { cell.hidden = away[at]; });
    one.narrowed = Boolean(family);
  }

  // The picker: a box before each name, ticked where charts show the submission in colour.
  const starts = () => [...new Set(tables.filter((one) => one.pickable)
    .flatMap((one) => one.rows.slice(0, 8).filter(({ row }) => !row.classList.contains("none")).map(({ name }) => name)))].slice(0, 8);
  let start = null;
  function drawn() {
    const own = site.picks();
    start ??= starts();
    return own.some(Boolean) ? own : start;
  }
  function tick(record) {
    const cell = record.row.querySelector("th");
    if (!cell) return;
    record.box ??= (() => {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.ariaLabel = `show ${record.name} in charts`;
      box.addEventListener("change", () => {
        if (!site.pick(record.name, drawn())) { box.checked = false; say(`${site.most} are picked; take one away first`); }
      });
      cell.prepend(box);
      return box;
    })();
    const at = drawn().indexOf(record.name);
    record.box.checked = at >= 0;
    record.box.className = at >= 0 ? `look-${at}` : "";
  }
  function say(text) { const told = form?.querySelector(".shown"); if (told) told.textContent = text; }

  function apply() {
    for (const field of form_fields) if (field.value !== site.get(field.name)) field.value = site.get(field.name);
    for (const one of tables) {
      const asked = JSON.stringify([site.get(one.key), ...form_fields.map(({ name }) => site.get(name))]);
      if (one.asked !== asked) show(one);
      else if (one.pickable) one.shown.slice(0, one.count).forEach(tick);
      one.asked = asked;
    }
    const clear = form?.querySelector("button.clear");
    if (clear) clear.hidden = !location.hash.includes("=");
    const counted = tables.filter((one) => one.pickable);
    if (form && counted.length) {
      const rows = counted.reduce((sum, one) => sum + one.shown.length, 0);
      const all = counted.reduce((sum, one) => sum + one.rows.length, 0);
      say(filters().length ? `${rows} of ${all} rows` : "");
    }
  }
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => site.set(event.target.name, event.target.value, event.target.name === "q"));
    form.querySelector("button.clear").addEventListener("click", () => site.clear());
  }
  site.drawn = drawn;
  site.offer = (names) => { // a page without a table starts with what its first chart has
    if (drawn().length) return;
    start = names.slice(0, 8);
    apply();
    dispatchEvent(new Event("themechange"));
  };
  site.onChange(apply);
  apply();
  addEventListener("load", () => { for (const one of tables) if (!one.complete) idle(() => ahead(one)); });
})();
