// Judgements that could not be sent wait on this device. Every page of a signed-in person sends what waits.
"use strict";

const queueName = "plumbline.queue." + document.body.dataset.account;

// A browser may forbid it; then drafts live on the server only ---

function recall(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch { return false; }
}

async function post(entry) {
  const body = new URLSearchParams(entry.body);
  body.set("csrf", document.querySelector("input[name=csrf]").value);
  const reply = await fetch(entry.url, { method: "POST", body, headers: { accept: "application/json" } });
  if (reply.status >= 500 || reply.status === 429) throw new Error("later");
  return reply;
}

// Sends what waits, unless there is nothing or still no connection; tells whether something was sent.
async function flush() {
  const entry = recall(queueName);
  if (!entry) return false;
  try {
    await post(entry);
    remember(queueName, null);
    return true;
  } catch { return false; }
}

if (!document.getElementById("judgement")) flush();
