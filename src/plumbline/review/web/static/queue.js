// Judgements wait on this device until the server has them. Every page of a signed-in person sends what waits.
"use strict";

const queueName = "plumbline.queue." + document.body.dataset.account + ".";
const draftPrefix = "plumbline.draft.";
const POST_MS = 20000;

// A browser may forbid storage; then things are kept for as long as the page is open.
const memory = new Map();

function recall(name) {
  if (memory.has(name)) return memory.get(name);
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function remember(name, value) {
  memory.delete(name);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { if (value !== null) memory.set(name, value); }
}

// One entry a form, under the form's key, so that tabs cannot overwrite what others keep.
function keep(entry) { remember(queueName + entry.key, entry); }

function waiting() {
  let names = [...memory.keys()];
  try { names = names.concat(Object.keys(localStorage)); } catch { /* storage is forbidden */ }
  const entries = names.filter((name) => name.startsWith(queueName)).map(recall).filter((entry) => entry && entry.url);
  return entries.sort((one, other) => one.at - other.at);
}

async function post(entry) {
  const body = new URLSearchParams(entry.body);
  body.set("csrf", document.querySelector("input[name=csrf]").value);
  const reply = await fetch(entry.url, {
    method: "POST", body, headers: { accept: "application/json" }, signal: AbortSignal.timeout(POST_MS),
  });
  if (reply.status >= 500 || reply.status === 429) throw new Error("later");
  return reply;
}

async function flushOnce() {
  const answers = new Map();
  for (const entry of waiting()) {
    let reply;
    try { reply = await post(entry); } catch { return { answers, offline: true, refused: false }; }
    // Signed out, or this page is out of date: it waits for its person.
    if (reply.status === 403) return { answers, offline: false, refused: true };
    const found = await reply.json().catch(() => null);
    remember(queueName + entry.key, null);
    if (reply.ok && found) remember(draftPrefix + entry.key, null);
    answers.set(entry.key, { ok: reply.ok, status: reply.status, found });
  }
  return { answers, offline: false, refused: false };
}

// Sends what waits, in the order in which it was judged, up to the first that cannot be sent now. A form that is
// sent twice is one judgement, so a lost reply does no harm.
let sending = Promise.resolve();
function flush() { sending = sending.then(flushOnce); return sending; }

if (!document.getElementById("judgement")) flush();
