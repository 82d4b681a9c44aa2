// Copies a personal link that was just made, where the browser allows it.
"use strict";

const copyButton = document.getElementById("copy");
copyButton.hidden = !navigator.clipboard;
copyButton.addEventListener("click", async () => {
  await navigator.clipboard.writeText(document.getElementById("link").textContent);
  copyButton.textContent = copyButton.dataset.done;
});
