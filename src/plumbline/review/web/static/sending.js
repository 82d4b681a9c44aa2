// Sending: kept on this device first, then sent; an item in reserve takes the place of one that was judged.
"use strict";

const RETRY_MS = 3000;

function busy(yes) {
  // A break can be taken at any time.
  for (const id of ["submit", "skip", "undo"]) document.getElementById(id).disabled = yes;
}

function pause(milliseconds) { return new Promise((resolve) => setTimeout(resolve, milliseconds)); }

function complain(text, fieldset) {
  errorLine.textContent = text;
  errorLine.hidden = false;
  if (!fieldset) return;
  activate(fieldset);
  fieldset.querySelector("input, textarea").focus();
  fieldset.scrollIntoView({ block: "center" });
}

function unanswered(fieldset) {
  if (!isWords(fieldset)) return chosen(fieldset).length === 0;
  // Whether an edit changed anything the server tells.
  return fieldset.dataset.kind !== "edit" && fieldset.querySelector("textarea").value.trim() === "";
}

// The server had the form: go on, or mend what it found wrong.
function arrived(answer, restored) {
  const found = answer.found;
  if (answer.status === 422 && found) {
    reopen("");
    const asked = visible().filter((one) => one.dataset.question === found.question);
    complain(found.error, asked.find(unanswered) || asked[0]);
  } else if (!answer.ok || !found) {
    reopen(form.dataset.failed);
  } else {
    const plain = found.outcome === "stored" && !found.next.includes("?") && !restored;
    if (plain) done += 1;
    if (plain && advance()) return;
    location.assign(restored && !found.next.includes("?") ? found.next + "?notice=restored" : found.next);
  }
}

function reopen(text) {
  busy(false);
  sent = false;
  tell(text, text !== "");
}

async function deliver(entry) {
  busy(true);
  tell(form.dataset.sending);
  keep(entry);
  const { answers, offline, refused } = await flush();
  if (answers.has(entry.key)) arrived(answers.get(entry.key), false);
  else if (offline) {
    if (advance() && !entry.url.endsWith("/skip")) done += 1;
    showCount();
    tellOffline();
    retry();
  } else if (refused) reopen(form.dataset.failed);
  // Else the retry below has sent it, and goes on.
}

function tellOffline() {
  tell((sent ? form.dataset.offlineWait : form.dataset.offline).replace("{n}", waiting().length), true);
}

let retrying = false;
async function retry() {
  if (retrying) return;
  retrying = true;
  while (waiting().length > 0) {
    await Promise.race([pause(RETRY_MS), new Promise((resolve) => addEventListener("online", resolve, { once: true }))]);
    const { answers, offline, refused } = await flush();
    const own = answers.get(form.elements.key.value);
    if (own) arrived(own, true);
    else if (offline) { if (statusLine.textContent !== form.dataset.needs) tellOffline(); }
    else if (refused) { reopen(form.dataset.failed); break; }
    else { tell(form.dataset.restored); prepare(); }
  }
  retrying = false;
}

function send(event) {
  event.preventDefault();
  if (sent) return;
  errorLine.hidden = true;
  const skipping = event.submitter && event.submitter === skipButton;
  const missing = skipping ? null : visible().find((one) => one.dataset.missing && unanswered(one));
  if (missing) { complain(missing.dataset.missing, missing); return; }
  sent = true;
  clearTimeout(timer);
  timer = null;
  look();
  const url = skipping ? skipButton.getAttribute("formaction") : form.getAttribute("action");
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrf");
  deliver({ key: form.elements.key.value, url, body: body.toString(), at: Date.now() });
}

async function resume() {
  const own = waiting().some((entry) => entry.key === form.elements.key.value);
  if (own) {
    // What waits is the very item this page shows: it was judged before the tab was closed.
    sent = true;
    busy(true);
    tell(form.dataset.sending);
  }
  if (waiting().length > 0) {
    const { answers, offline, refused } = await flush();
    const answer = answers.get(form.elements.key.value);
    if (answer) { arrived(answer, true); return; }
    if (offline) { tellOffline(); retry(); }
    else if (refused) reopen(form.dataset.failed);
    else tell(form.dataset.restored);
  }
  prepare();
}
