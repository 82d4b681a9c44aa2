// What the page can do beyond a plain form: keys, drafts, and judging on while there is no connection.
// Without this script everything still works by sending the form.
"use strict";

const AUTOSAVE_MS = 1200;

// The item on screen. `mount` fills these in, at the start and whenever an item held in reserve takes its place.
let form, statusLine, errorLine, submitButton, skipButton, legend, keysOn, fieldsets, draftName;
let done = Number(document.getElementById("count").dataset.done);

function tell(text, alert = false) {
  statusLine.textContent = text;
  statusLine.classList.toggle("alert", alert);
}

// --- questions: which apply, which is current ---

let active = null;

function chosen(fieldset) {
  return [...fieldset.querySelectorAll("input:checked")].map((input) => input.value);
}

function answersTo(question, place) {
  const asked = fieldsets.filter((one) => one.dataset.question === question && !one.hidden);
  return asked.filter((one) => one.dataset.place === undefined || place === undefined || one.dataset.place === place);
}

function holds(condition, place) {
  return answersTo(condition.question, place).some((one) => chosen(one).some((value) => {
    if (condition.below !== null) return Number(value) < condition.below;
    const plain = one.dataset.kind === "pick" && /^\d+$/.test(value) ? "reply" : value;
    return condition.is.includes(plain);
  }));
}

function refresh() {
  for (const fieldset of fieldsets) {
    if (!fieldset.dataset.when) continue;
    const conditions = JSON.parse(fieldset.dataset.when);
    fieldset.hidden = !conditions.some((condition) => holds(condition, fieldset.dataset.place));
  }
  if (!active || active.hidden) activate(firstOpen());
}

function visible() { return fieldsets.filter((fieldset) => !fieldset.hidden); }

function isWords(fieldset) { return ["text", "rewrite", "edit"].includes(fieldset.dataset.kind); }

function firstOpen() {
  return visible().find((one) => !isWords(one) && chosen(one).length === 0) || visible()[0];
}

function activate(fieldset) {
  if (active) active.classList.remove("active");
  active = fieldset || null;
  if (active) active.classList.add("active");
}

function move(step) {
  const all = visible();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(active) + step))];
  activate(next);
  next.scrollIntoView({ block: "nearest" });
  if (isWords(next)) next.querySelector("textarea").focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function choose(digit) {
  if (!active || isWords(active)) return;
  const inputs = [...active.querySelectorAll("input")];
  const wanted = String(digit === 0 ? 10 : digit);
  const input = active.dataset.kind === "scale"
    ? inputs.find((one) => one.value === wanted) || inputs.find((one) => one.value === String(digit))
    : inputs[Number(wanted) - 1];
  if (!input) return;
  const answered = active;
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (input.type === "checkbox") return;
  const all = visible();
  const next = all[all.indexOf(answered) + 1];
  if (!next || isWords(next)) return;
  activate(next);
  next.scrollIntoView({ block: "nearest" });
}

// --- time spent looking at this page ---

let seconds = 0;
let since = null;

function look() {
  if (since !== null) seconds += (performance.now() - since) / 1000;
  since = document.hidden || form.hidden ? null : performance.now();
  form.elements.seconds.value = seconds.toFixed(1);
}

// --- drafts: at once on this device, soon after on the server ---

let timer = null;
let sent = false;

function draftFields() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name.startsWith("q.")) fields.append(name, value);
  return fields;
}

function changed() {
  remember(draftName, draftFields().toString());
  clearTimeout(timer);
  timer = setTimeout(saveDraft, AUTOSAVE_MS);
}

async function saveDraft() {
  clearTimeout(timer);
  timer = null;
  if (sent) return;
  const own = form;
  const fields = draftFields();
  fields.set("csrf", own.elements.csrf.value);
  fields.set("key", own.elements.key.value);
  try {
    const reply = await fetch(own.getAttribute("action") + "/draft", { method: "POST", body: fields, keepalive: true });
    if (!reply.ok || !(await reply.json()).kept || sent || own !== form) return;
    tell(form.dataset.saved);
    // The server has it: this copy must not one day hide a newer draft from another device.
    if (timer === null) remember(draftName, null);
  } catch { /* kept on this device; the next change or the judgement itself will bring it */ }
}

function differs(element) {
  if (!element.name.startsWith("q.")) return false;
  return element.type === "radio" || element.type === "checkbox"
    ? element.checked !== element.defaultChecked : element.value !== element.defaultValue;
}

function restoreDraft() {
  const kept = recall(draftName);
  if (typeof kept !== "string") return;
  const fields = new URLSearchParams(kept);
  for (const element of form.elements) {
    if (!element.name.startsWith("q.")) continue;
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = fields.getAll(element.name).includes(element.value);
    } else if (fields.has(element.name)) {
      element.value = fields.get(element.name);
    }
  }
}

// --- keys ---

const KEYS = {
  s: () => skipButton.click(),
  u: () => document.getElementById("undo")?.click(),
  p: () => document.getElementById("pause").click(),
  g: () => { const guide = document.getElementById("guide"); guide.open = !guide.open; guide.scrollIntoView({ block: "nearest" }); },
  j: () => move(1),
  k: () => move(-1),
  "?": () => legend.showModal(),
};

function onKey(event) {
  if (form.hidden) return;
  const target = event.target;
  const writing = target instanceof HTMLTextAreaElement;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(submitButton);
    return;
  }
  if (writing && event.key === "Escape") { target.blur(); return; }
  if (writing || legend.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && (target === document.body || target.id === "content")) {
    event.preventDefault();
    form.requestSubmit(submitButton);
  } else if (keysOn.checked && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    choose(Number(event.key));
  } else if (keysOn.checked && KEYS[event.key.toLowerCase()]) {
    event.preventDefault();
    KEYS[event.key.toLowerCase()]();
  }
}

// --- start ---

function showCount() {
  const count = document.getElementById("count");
  count.textContent = count.dataset.text.replace("{n}", done);
  document.getElementById("undo").hidden = done === 0;
}

function copyReply(event) {
  const picked = form.querySelector("fieldset[data-kind=pick] input:checked");
  const place = picked && /^\d+$/.test(picked.value) ? picked.value : "0";
  const area = event.target.closest("fieldset").querySelector("textarea");
  area.value = form.querySelector(`[data-reply="${place}"]`)?.innerText ?? "";
  area.focus();
  changed();
}

function mount() {
  form = document.getElementById("judgement");
  statusLine = document.getElementById("status");
  errorLine = document.getElementById("error");
  submitButton = document.getElementById("submit");
  skipButton = document.getElementById("skip");
  legend = document.getElementById("keys");
  keysOn = document.getElementById("keys-on");
  fieldsets = [...form.querySelectorAll("fieldset[data-question]")];
  draftName = draftPrefix + form.elements.key.value;
  active = null;
  sent = false;
  seconds = 0;
  since = document.hidden ? null : performance.now();
  restoreDraft();
  refresh();
  showCount();
  // What was filled in before this script ran, or was kept on this device only, is a draft to save as well.
  if ([...form.elements].some(differs)) changed();
  keysOn.checked = recall("plumbline.keys") !== false;
  document.getElementById("keys-open").hidden = false;
  document.getElementById("keys-open").addEventListener("click", () => legend.showModal());
  document.getElementById("keys-close").addEventListener("click", () => legend.close());
  keysOn.addEventListener("change", () => remember("plumbline.keys", keysOn.checked));
  form.addEventListener("change", () => { refresh(); changed(); });
  form.addEventListener("input", changed);
  form.addEventListener("submit", send);
  form.addEventListener("focusin", (event) => { const own = event.target.closest("fieldset[data-question]"); if (own) activate(own); });
  for (const button of form.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", copyReply);
  }
  document.getElementById("undo-form").addEventListener("submit", (event) => {
    if (away()) { event.preventDefault(); tell(form.dataset.needs, true); }
  });
  document.getElementById("pause-form").addEventListener("submit", (event) => {
    if (away()) { event.preventDefault(); cover(true); }
  });
  document.getElementById("uncover").addEventListener("click", () => cover(false));
}

document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", () => { look(); if (document.hidden && timer !== null) saveDraft(); });
addEventListener("pagehide", () => { if (timer !== null) saveDraft(); });
mount();
resume();
