// The desk's own conveniences; every page works without them.
"use strict";

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
  });
});

// Money back follows what was paid until somebody writes another amount.
const paid = document.getElementById("id_amount_fen");
const back = document.getElementById("id_recovered_fen");
if (paid && back) {
  let follows = back.value === paid.value;
  back.addEventListener("input", () => { follows = false; });
  paid.addEventListener("input", () => { if (follows) back.value = paid.value; });
}

const errors = document.querySelector(".desk .errors");
if (errors) errors.focus();

// A double press sends once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
