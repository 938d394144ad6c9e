"use strict";
// Rows are drawn only where they can be seen, so that thousands of them scroll as easily as ten.
const words = JSON.parse(document.getElementById("words").textContent);
const data = JSON.parse(document.getElementById("data").textContent);
const GROUPS = ["retake", "check", "fixed", "ready"];
const COLUMNS = [
  ["before", null], ["after", null], ["person", r => r.label], ["status", r => GROUPS.indexOf(r.group)], ["why", r => r.why],
  ["head_mm", r => r.head], ["eye_line_mm", r => r.eyes], ["light", r => r.light],
];
const HEIGHT = 148;
const list = document.getElementById("rows");
const all = make("div", { id: "all" });
const search = document.getElementById("search");
const large = document.getElementById("large");
const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
let chosen = "", sortBy = 3, upward = true, shown = [], drawn = new Map();

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value); else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function compare(a, b) {
  const key = COLUMNS[sortBy][1], x = key(a), y = key(b);
  if (x === y) return a.at - b.at;
  if (x === null || y === null) return x === null ? 1 : -1;
  const way = typeof x === "number" ? x - y : order.compare(x, y);
  return (upward ? way : -way) || a.at - b.at;
}

function refresh() {
  const wanted = search.value.trim().toLocaleLowerCase();
  shown = data.filter(r => (!chosen || r.group === chosen) && (!wanted || r.find.includes(wanted))).sort(compare);
  all.style.height = `${shown.length * HEIGHT}px`;
  all.replaceChildren();
  drawn.clear();
  if (!shown.length) all.append(make("div", { id: "none" }, words.none));
  list.scrollTop = 0;
  draw();
  buttons();
}

function draw() {
  const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 3);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / HEIGHT) + 3);
  for (const [at, node] of drawn) if (at < first || at >= last) { node.remove(); drawn.delete(at); }
  for (let at = first; at < last; at++) if (!drawn.has(at)) {
    const node = line(shown[at]);
    node.style.top = `${at * HEIGHT}px`;
    drawn.set(at, node);
    all.append(node);
  }
}

function line(r) {
  const copy = r.notice ? make("button", { class: "copy", onclick: e => copied(e.target, r.notice) }, words.copy_notice) : "";
  const cells = [
    picture(r, "before", r.marks), picture(r, "after", []),
    make("div", { role: "cell" }, make("div", { class: "name" }, r.label), make("div", { class: "file" }, r.file)),
    make("div", { role: "cell", class: `status ${r.group}` }, words[r.group]),
    make("div", { role: "cell", class: "why" }, r.why, r.why ? make("br") : "", copy),
    ...[r.head, r.eyes, r.light].map(value => make("div", { role: "cell", class: "number" }, value === null ? "" : value.toFixed(1))),
  ];
  return make("div", { class: "row", role: "row" }, ...cells);
}

function picture(r, which, marks) {
  const cell = make("div", { class: "picture", role: "cell", onclick: () => enlarge(r) });
  if (r[which]) cell.append(framed(r, which, marks));
  return cell;
}

function framed(r, which, marks) {
  const frame = make("span", { class: "frame" }, make("img", { src: `data:image/webp;base64,${r[which]}`, alt: `${words[which]} ${r.label}` }));
  for (const [left, top, right, bottom] of marks) {
    const mark = make("span", { class: "mark" });
    Object.assign(mark.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
    frame.append(mark);
  }
  return frame;
}

function enlarge(r) {
  const both = make("div", { class: "both" });
  for (const which of ["before", "after"]) if (r[which]) both.append(framed(r, which, which === "before" ? r.marks : []));
  const told = make("p", {}, make("b", { class: r.group }, `${r.label}  ${words[r.group]}  `), r.why);
  large.replaceChildren(both, told, make("p", { class: "file" }, r.notice));
  large.showModal();
}
large.addEventListener("click", () => large.close());

async function copied(button, notice) {
  try { await navigator.clipboard.writeText(notice); } catch {
    const area = make("textarea", {}, notice);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = words.copied;
}

function buttons() {
  const counts = Object.fromEntries(GROUPS.map(group => [group, 0]));
  for (const r of data) counts[r.group]++;
  const one = (group, name, count) => make("button", {
    class: group, "aria-pressed": String(chosen === group), onclick: () => { chosen = group; refresh(); },
  }, `${name} `, make("b", {}, String(count)));
  document.getElementById("filters").replaceChildren(one("", words.all, data.length), ...GROUPS.map(g => one(g, words[g], counts[g])));
  document.getElementById("head").replaceChildren(...COLUMNS.map(([name, key], at) => {
    if (!key) return make("button", { disabled: "" }, words[name]);
    const arrow = at === sortBy ? (upward ? " ▲" : " ▼") : "";
    return make("button", { onclick: () => { upward = at === sortBy ? !upward : true; sortBy = at; refresh(); } }, words[name] + arrow);
  }));
}

data.forEach((r, at) => { r.at = at; r.find = `${r.label} ${r.file} ${r.why}`.toLocaleLowerCase(); });
search.placeholder = words.search;
let waiting = 0;
search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
list.append(all);
list.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
addEventListener("resize", draw);
refresh();
