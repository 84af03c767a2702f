// The editor without a mouse: Alt+Up and Alt+Down move the field that has the focus; links to problems focus their control.
// Everything here is a short cut for a button that works without it.

function moveRow(event) {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const row = event.target.closest("[data-field-row]");
  if (!row) return;
  event.preventDefault();
  const button = row.querySelector(`[data-move=${event.key === "ArrowUp" ? "up" : "down"}]`);
  if (button.disabled) return;
  // htmx gives the focus back to the id that had it, which names another field after the move: let the button have it.
  button.focus();
  button.click();
}

function followProblem(event) {
  const link = event.target.closest("#editor .alert a, #preview a");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  const focusable = control.matches("fieldset") ? control.querySelector("select, input:not([type=hidden])") : control;
  (focusable ?? control).focus();
}

let changed = false;

document.addEventListener("keydown", moveRow);
document.addEventListener("click", followProblem);
document.addEventListener("input", (event) => { changed ||= Boolean(event.target.closest("#editor-form")); });
document.addEventListener("htmx:afterSettle", (event) => { changed ||= event.target.id === "editor"; });
document.addEventListener("submit", () => { changed = false; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
