/* Small comforts. Every form works without this file. */
(function () {
  "use strict";

  /* A second tap while the first is on its way sends nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("method") !== "post") {
      return;
    }
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    buttonsOf(form).forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.sending && (!event.submitter || event.submitter === button)) {
        button.dataset.label = button.textContent;
        button.textContent = button.dataset.sending;
      }
    });
  });

  /* The back button may bring a sent page back from memory: its buttons must work again. */
  window.addEventListener("pageshow", function () {
    Array.from(document.forms).forEach(function (form) {
      delete form.dataset.sending;
      buttonsOf(form).forEach(function (button) {
        button.removeAttribute("aria-disabled");
        if (button.dataset.label) {
          button.textContent = button.dataset.label;
          delete button.dataset.label;
        }
      });
    });
  });

  function buttonsOf(form) {
    return Array.from(form.elements).filter(function (element) {
      return element.type === "submit";
    });
  }

  /* How many characters are left, told once nine tenths are used. */
  function startCounter(area) {
    var output = area.closest(".field").querySelector(".count");
    var limit = Number(area.dataset.count);
    function show() {
      var left = limit - Array.from(area.value).length;
      output.hidden = left > limit / 10;
      output.classList.toggle("is-over", left < 0);
      output.textContent = (left < 0 ? output.dataset.over : output.dataset.left).replace("{n}", Math.abs(left));
    }
    area.addEventListener("input", show);
    show();
  }

  /* A question that only some answers call for: data-when names the other question, data-is the answers. */
  function startQuestion(part) {
    var form = part.closest("form");
    var answers = part.dataset.is.split(" ");
    function show() {
      var called = Array.from(form.elements).some(function (input) {
        return input.name === part.dataset.when && input.checked && answers.includes(input.value);
      });
      part.hidden = !called && !part.querySelector(".has-error");
    }
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }

  /* A button that copies a text; without script the text is selected by hand. */
  function startCopying(button) {
    var area = document.getElementById(button.dataset.copies);
    var told = button.parentNode.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", function () {
      area.select();
      /* Older web views and pages without TLS know only this. */
      var copied = document.execCommand("copy");
      if (!copied && navigator.clipboard) {
        navigator.clipboard.writeText(area.value);
      }
      told.textContent = button.dataset.done;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-copies]").forEach(startCopying);
    document.querySelectorAll("[data-when]").forEach(startQuestion);
    document.querySelectorAll("textarea[data-count]").forEach(startCounter);
    var summary = document.querySelector(".errors");
    if (summary) {
      summary.focus();
    }
  });
})();
