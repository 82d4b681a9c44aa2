// What the page can do beyond a plain form: keys, drafts, and judgements that outlive a lost connection.
// Without this script everything still works by sending the form.
"use strict";

const form = document.getElementById("judgement");
const statusLine = document.getElementById("status");
const errorLine = document.getElementById("error");
const submitButton = document.getElementById("submit");
const skipButton = document.getElementById("skip");
const draftName = "plumbline.draft." + form.elements.key.value;
const AUTOSAVE_MS = 1200;
const RETRY_MS = 3000;

function tell(text, alert = false) {
  statusLine.textContent = text;
  statusLine.classList.toggle("alert", alert);
}

// --- questions: which apply, which is current ---

const fieldsets = [...form.querySelectorAll("fieldset[data-question]")];
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
  if (next && !isWords(next)) activate(next);
}

// --- time spent looking at this page ---

let seconds = 0;
let since = document.hidden ? null : performance.now();

function look() {
  if (since !== null) seconds += (performance.now() - since) / 1000;
  since = document.hidden ? null : performance.now();
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
  const fields = draftFields();
  fields.set("csrf", form.elements.csrf.value);
  fields.set("key", form.elements.key.value);
  try {
    const reply = await fetch(form.getAttribute("action") + "/draft", { method: "POST", body: fields, keepalive: true });
    if (!reply.ok || sent || !(await reply.json()).kept) return;
    tell(form.dataset.saved);
    // The server has it: this copy must not one day hide a newer draft from another device.
    if (timer === null) remember(draftName, null);
  } catch { /* kept on this device; the next change or the judgement itself will bring it */ }
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

// --- sending: what cannot be sent now is kept on this device and sent later ---

function busy(yes) {
  for (const button of document.querySelectorAll(".actions button[id]")) {
    if (button.id !== "keys-open") button.disabled = yes;
  }
}

function pause(milliseconds) { return new Promise((resolve) => setTimeout(resolve, milliseconds)); }

function complain(found) {
  errorLine.textContent = found.error;
  errorLine.hidden = false;
  const fieldset = visible().find((one) => one.dataset.question === found.question
    && (isWords(one) || chosen(one).length === 0)) || visible().find((one) => one.dataset.question === found.question);
  if (!fieldset) return;
  activate(fieldset);
  const control = fieldset.querySelector("input, textarea");
  control.focus();
  fieldset.scrollIntoView({ block: "center" });
}

async function deliver(entry) {
  busy(true);
  tell(form.dataset.sending);
  for (let tries = 0; ; tries += 1) {
    try {
      const reply = await post(entry);
      const found = await reply.json().catch(() => null);
      if (reply.status === 422 && found) {
        remember(queueName, null);
        busy(false);
        sent = false;
        tell("");
        complain(found);
        return;
      }
      if (!reply.ok || !found) {
        busy(false);
        tell(form.dataset.failed, true);
        return;
      }
      remember(queueName, null);
      remember(draftName, null);
      location.assign(tries > 0 && !found.next.includes("?") ? found.next + "?notice=restored" : found.next);
      return;
    } catch {
      remember(queueName, entry);
      tell(form.dataset.offline, true);
      await Promise.race([pause(RETRY_MS), new Promise((resolve) => addEventListener("online", resolve, { once: true }))]);
    }
  }
}

function send(event) {
  event.preventDefault();
  if (sent) return;
  sent = true;
  clearTimeout(timer);
  look();
  errorLine.hidden = true;
  const url = event.submitter && event.submitter === skipButton ? skipButton.getAttribute("formaction") : form.getAttribute("action");
  deliver({ url, body: new URLSearchParams(new FormData(form)).toString() });
}

function resume() {
  const entry = recall(queueName);
  // What waits is the very item this page shows: it was judged before the tab was closed.
  if (entry && entry.url === form.getAttribute("action")) {
    sent = true;
    deliver(entry);
  } else {
    flush().then((done) => done && tell(form.dataset.restored));
  }
}

// --- keys ---

const legend = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");
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
  const target = event.target;
  const writing = target instanceof HTMLTextAreaElement;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(submitButton);
    return;
  }
  if (writing && event.key === "Escape") { target.blur(); return; }
  if (writing || legend.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && target === document.body) {
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

restoreDraft();
refresh();
keysOn.checked = recall("plumbline.keys") !== false;
document.getElementById("keys-open").hidden = false;
document.getElementById("keys-open").addEventListener("click", () => legend.showModal());
document.getElementById("keys-close").addEventListener("click", () => legend.close());
keysOn.addEventListener("change", () => remember("plumbline.keys", keysOn.checked));
form.addEventListener("change", () => { refresh(); changed(); });
form.addEventListener("input", changed);
form.addEventListener("submit", send);
form.addEventListener("focusin", (event) => { const own = event.target.closest("fieldset[data-question]"); if (own) activate(own); });
document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", () => { look(); if (document.hidden && timer !== null) saveDraft(); });
addEventListener("pagehide", () => { if (timer !== null) saveDraft(); });
for (const button of form.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const picked = form.querySelector("fieldset[data-kind=pick] input:checked");
    const place = picked && /^\d+$/.test(picked.value) ? picked.value : "0";
    const area = button.closest("fieldset").querySelector("textarea");
    area.value = form.querySelector(`[data-reply="${place}"]`)?.innerText ?? "";
    area.focus();
    changed();
  });
}
resume();
