// What the reader chose stands in the address bar behind the #, so that a view can be linked and the back button
// works: sort, q, filters by name, and a `pick` for each picked submission (an empty one keeps the colours of the rest).
"use strict";
window.genbench = (() => {
  const listeners = [];
  const root = document.body.dataset.root;
  const most = 16;

  function read() {
    const text = location.hash.slice(1);
    return new URLSearchParams(text.includes("=") ? text : "");
  }
  const get = (name) => read().get(name) ?? "";
  const picks = () => read().getAll("pick");

  function write(state, replace) {
    const text = state.toString();
    if (text === read().toString()) return;
    const url = text ? "#" + text : location.pathname + location.search;
    if (replace) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    tell();
  }
  function set(name, value, replace) {
    const state = read();
    if (value) state.set(name, value);
    else state.delete(name);
    write(state, replace);
  }
  // Where none was picked a page draws those it starts with; the first click picks beside them.
  function pick(name, start) {
    const state = read();
    let own = state.getAll("pick");
    if (!own.some(Boolean)) own = [...start];
    const at = own.indexOf(name);
    if (at >= 0) own[at] = "";
    else if (own.includes("")) own[own.indexOf("")] = name;
    else if (own.length < most) own.push(name);
    else return false;
    while (own.length && !own[own.length - 1]) own.pop();
    state.delete("pick");
    for (const one of own) state.append("pick", one);
    write(state, false);
    return true;
  }
  function repick(names) {
    const state = read();
    state.delete("pick");
    for (const one of names) state.append("pick", one);
    write(state, false);
  }
  function clear() {
    const state = new URLSearchParams();
    write(state, false);
  }
  function tell() { for (const one of listeners) one(); }
  function onChange(listener) { listeners.push(listener); }
  addEventListener("popstate", tell);
  addEventListener("hashchange", tell);

  // Scripts with data call `give`; whoever asked for them by `need` gets what they hold.
  const given = new Map();
  const waiting = new Map();
  function give(kind, value) { given.set(kind, Object.assign(given.get(kind) ?? {}, value)); }
  function need(path, kind) {
    if (!waiting.has(path)) {
      waiting.set(path, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = path;
        script.onload = () => done();
        script.onerror = () => failed(new Error(path + " cannot be loaded"));
        document.head.append(script);
      }));
    }
    return waiting.get(path).then(() => given.get(kind) ?? {});
  }

  // Links within the site take the picks along.
  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || link.origin !== location.origin && link.protocol !== "file:") return;
    const own = picks();
    if (!own.length || link.getAttribute("href").includes("#") || link.protocol !== location.protocol) return;
    const state = new URLSearchParams();
    for (const one of own) state.append("pick", one);
    link.hash = state.toString();
  });

  const button = document.querySelector("button.theme");
  const dark = () => (document.documentElement.dataset.theme
    ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  function name() { button.textContent = dark() ? "light" : "dark"; button.ariaLabel = `show the page ${button.textContent}`; }
  if (button) {
    button.hidden = false;
    name();
    button.addEventListener("click", () => {
      const theme = dark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try { localStorage.setItem("genbench-theme", theme); } catch { /* it holds for this page alone */ }
      name();
      dispatchEvent(new Event("themechange"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { name(); dispatchEvent(new Event("themechange")); });
  }
  return { get, set, pick, repick, picks, clear, onChange, give, need, root, most };
})();
