// All keys of the screen, in one table: where the focus is decides which of them count.

/** `acts` are functions by name (see main.js). */
export function listenToKeys({ form, picker, acts }) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const act = anywhere(event, acts) || (isIn(form.root, event.target) ? inField(event, { form, picker, acts }) : onPage(event, acts));
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isIn(root, target) {
  return root.contains(target) && target.matches("[data-path]:not(button)");
}

function anywhere(event, acts) {
  if (event.ctrlKey && event.key === "Enter") return acts.finish;
  if (event.key === "F1") return acts.keys;
  if (event.key === "PageDown") return acts.nextPage;
  if (event.key === "PageUp") return acts.previousPage;
  if (!event.altKey || event.ctrlKey) return null;
  if (event.key === "Enter") return acts.rowFromPick;
  if (/^[1-9]$/.test(event.key)) return () => acts.choose(Number(event.key));
  return { "+": acts.zoomIn, "=": acts.zoomIn, "-": acts.zoomOut, 0: acts.fit, r: acts.rotate, o: acts.misread, Delete: acts.removeRow }[event.key];
}

function inField(event, { form, picker, acts }) {
  const input = event.target;
  const isText = input instanceof HTMLInputElement;
  if (picker.isOn && picker.key(event)) return () => {};
  if (event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return event.key.toLowerCase() === "z" && !form.isDirty(input) ? acts.undo : null;
  switch (event.key) {
    case "Enter":
      return acts.confirm;
    case "Escape":
      return acts.back;
    case "F2":
      return acts.pick;
    case "Delete":
      return !isText || isWhole(input) ? acts.absent : null;
    case "ArrowDown":
      return isText || !("value" in input) ? acts.nextField : null;
    case "ArrowUp":
      return isText || !("value" in input) ? acts.previousField : null;
    default:
      return null;
  }
}

/** Nothing was typed, and all of it (or nothing) is there to be replaced. */
function isWhole(input) {
  const isSelected = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  return input.value === input.defaultValue && isSelected;
}

function onPage(event, acts) {
  if (event.target.matches("input, select, textarea") || event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return event.key.toLowerCase() === "z" ? acts.undo : null;
  if (event.key === "Enter") return event.target.matches("button, a, summary") ? null : acts.backToField;
  return {
    "?": acts.keys,
    "+": acts.zoomIn,
    "=": acts.zoomIn,
    "-": acts.zoomOut,
    0: acts.fit,
    r: acts.rotate,
    "<": acts.previousPage,
    ">": acts.nextPage,
  }[event.key];
}
