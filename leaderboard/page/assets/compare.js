// Two or three picked submissions, two by two: of one split with its slices and questions, or of all splits that have
// them. The picks are those of every page (state.js); each figure is shown as it was written, and none is computed.
"use strict";
(() => {
  const site = window.genbench;
  const form = document.querySelector("form.chooser");
  const place = document.querySelector(".pairs");
  if (!form || !place) return;
  const { split, pairs: path, command } = form.dataset;
  const fields = [...form.querySelectorAll("select")];
  const offered = new Set([...fields[0].options].map(({ value }) => value).filter(Boolean));
  const written = [...place.childNodes]; // what stands there without scripting
  const status = form.querySelector(".shown");
  const clear = form.querySelector("button.clear");
  const HEADS = ["difference", "95 % interval", "p", "won", "lost", "seeds", "the one is"];
  let turn = 0;

  function made(tag, attributes = {}, ...inside) {
    const one = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) if (value) one.setAttribute(key, value);
    one.append(...inside);
    return one;
  }
  function scrolled(label, table) {
    return made("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": label }, table);
  }
  function table(caption, first, pair, rows) {
    const heads = [first, ...pair, ...HEADS];
    const head = made("tr", {}, ...heads.map((text, at) => made("th", { scope: "col", class: at && at !== heads.length - 1 ? "n" : "" }, text)));
    return scrolled(caption, made("table", {}, made("caption", {}, caption), made("thead", {}, head), made("tbody", {}, ...rows)));
  }
  // A row as it is stored, or turned; `lead` stands in its first cell.
  function row([asked, part, means, counts, seeds, p, straight, turned], over, lead) {
    const swap = ([one, other]) => (over ? [other, one] : [one, other]);
    const [difference, interval, verdict] = over ? turned : straight;
    const figures = [...swap(means), difference, interval, p, ...swap(counts), swap(seeds).join(", ")];
    return made("tr", {},
      made("th", { scope: "row", class: part ? "part" : "" }, ...(lead ?? [asked])),
      ...figures.map((text) => made("td", { class: "n" }, String(text))),
      made("td", {}, verdict));
  }
  // Where a pair is among those of a split: what is stored of it, and whether the other way round.
  function stored({ names, pairs }, one, other) {
    const [a, b] = [names.indexOf(one), names.indexOf(other)];
    const found = a < 0 || b < 0 ? null : pairs[a < b ? `${a} ${b}` : `${b} ${a}`];
    return found ? { found, over: a > b } : null;
  }
  function couples(picked) {
    return picked.flatMap((one, at) => picked.slice(at + 1).map((other) => [one, other]));
  }
  function typed([one, other]) {
    const quoted = (name) => (/^[\w@:=,./+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);
    return command.replace(/\bONE\b/, () => quoted(one)).replace(/\bOTHER\b/, () => quoted(other));
  }
  function questions({ found, over }, pair, asked) {
    if (!found.differing.length) return [];
    const seeds = over ? [...found.seeds].reverse() : found.seeds;
    const heads = ["question", "target", ...pair.map((name, at) => `${name}, seed ${seeds[at]}`)];
    const rows = found.differing.map(([number, ...answers]) => {
      const [text, target, slices] = asked[`${found.set} ${number}`];
      const told = [...(text ? [`question ${number}`] : []), ...slices].join(" · ");
      return made("tr", {}, made("th", { scope: "row" }, text || String(number), made("span", {}, told)), made("td", {}, target),
        ...(over ? answers.reverse() : answers).map((one) => made("td", { class: one === target ? "" : "wrong" }, one)));
    });
    const grid = made("table", { class: "asked" }, made("thead", {}, made("tr", {}, ...heads.map((text) => made("th", { scope: "col" }, text)))), made("tbody", {}, ...rows));
    return [made("details", {}, made("summary", {}, `questions of ${found.set} on which they differ most`), scrolled(`questions on which ${pair.join(" and ")} differ`, grid))];
  }
  async function ofSplit(picked) {
    const told = (await site.need(site.root + path, "pairs"))[split];
    return couples(picked).map((pair) => {
      const one = stored(told, ...pair);
      if (!one) return made("section", {}, made("p", {}, `${pair.join(" and ")} are not compared here.`));
      const rows = one.found.rows.map((each) => row(each, one.over));
      const caption = pair.join(" and ");
      return made("section", {}, made("h2", {}, caption),
        rows.length ? made("div", { class: "own" }, table(caption, "asked", pair, rows)) : "",
        ...one.found.left.map((line) => made("p", { class: "facts" }, `left out: ${line}`)),
        ...questions(one, pair, told.questions));
    });
  }
  async function ofAll(picked) {
    const { splits } = await site.need(site.root + path, "listing");
    const wanted = splits.filter(([, , , names]) => picked.filter((name) => names.includes(name)).length > 1);
    await Promise.all(wanted.map(([, , beside]) => site.need(site.root + beside, "pairs")));
    return Promise.all(couples(picked).map(async (pair) => {
      const rows = [];
      for (const [label, page, beside] of wanted) {
        const one = stored((await site.need(site.root + beside, "pairs"))[label], ...pair);
        for (const each of one?.found ?? []) {
          const link = made("a", { href: page }, label);
          rows.push(row(each, one.over, [link, ` ${each[0]}`]));
        }
      }
      const caption = pair.join(" and ");
      const none = `No split has ${caption} both among those that stand first: ${typed(pair)}`;
      return made("section", {}, made("h2", {}, caption), rows.length ? made("div", { class: "own" }, table(caption, "split", pair, rows)) : made("p", {}, none));
    }));
  }
  async function apply() {
    const picks = [...new Set(site.picks().filter(Boolean))];
    const picked = picks.filter((name) => offered.has(name)).slice(0, fields.length);
    fields.forEach((field, at) => { field.value = picked[at] ?? ""; });
    clear.hidden = !picks.length;
    const strange = picks.filter((name) => !offered.has(name));
    status.textContent = strange.length ? `not among those that can be chosen here: ${strange.join(", ")}` : "";
    const mine = ++turn;
    if (picked.length < 2) { place.replaceChildren(...written); return; }
    try {
      const sections = await (split ? ofSplit(picked) : ofAll(picked));
      if (mine === turn) place.replaceChildren(...sections);
    } catch (fault) {
      if (mine === turn) status.textContent = `the comparison could not be read: ${fault.message}`;
    }
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => site.repick(fields.map(({ value }) => value).filter(Boolean)));
  clear.addEventListener("click", () => site.repick([]));
  site.onChange(apply);
  apply();
})();
