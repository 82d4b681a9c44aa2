// The next items, fetched while there is a connection and held in memory, so that one can judge on without it.
"use strict";

let ahead = [];
let preparing = 0;

function fetchMain(url) {
  return new Promise((resolve) => {
    // Parsed by the browser as a document without script; nothing is written as markup.
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.timeout = POST_MS;
    request.onload = () => {
      const shown = request.response?.getElementById("judgement");
      resolve(request.status === 200 && shown?.getAttribute("action") === url ? shown.closest("main") : null);
    };
    request.onerror = request.ontimeout = () => resolve(null);
    request.send();
  });
}

// Tells the server what is on screen and fetches what it reserved.
async function prepare() {
  preparing += 1;
  const run = preparing;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  let pages;
  try {
    const reply = await fetch(form.getAttribute("action") + "/ahead", { method: "POST", body, signal: AbortSignal.timeout(POST_MS) });
    pages = (await reply.json()).pages;
  } catch { return; /* no connection: what is held already serves */ }
  const held = new Map(ahead.map((page) => [page.url, page]));
  const fresh = [];
  for (const url of pages) {
    const page = held.get(url) || { url, main: await fetchMain(url) };
    if (run !== preparing) return; // the reviewer went on meanwhile; a later run sees to it
    if (page.main) fresh.push(page);
  }
  ahead = fresh;
  form.dataset.held = ahead.length;
}

// Shows the next item in reserve; tells whether there was one.
function advance() {
  const page = ahead.shift();
  if (!page) return false;
  const main = document.adoptNode(page.main);
  document.querySelector("main").replaceWith(main);
  mount();
  // Without the notice of the page before.
  history.replaceState(null, "", form.getAttribute("action").replace(/\/\d+$/, ""));
  scrollTo(0, 0);
  // Readers of the screen begin with the new item.
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
  prepare();
  return true;
}

// --- a break, and what cannot be done, while there is no connection ---

function away() { return !navigator.onLine || waiting().length > 0; }

function cover(yes) {
  look();
  form.hidden = yes;
  document.getElementById("cover").hidden = !yes;
  since = yes ? null : performance.now();
  // Leave the hidden button at once, or the next key would still be its own.
  if (yes) document.getElementById("uncover").focus();
  else document.activeElement.blur();
}
