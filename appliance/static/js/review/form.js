// The form at the right: which field is in hand, which comes next, and new HTML without losing what is being typed.

export class Form {
  constructor({ root, onActive }) {
    this.root = root;
    this.onActive = onActive;
    this.active = null;
    this.isEditable = root.dataset.editable === "yes";
    for (const part of root.querySelectorAll("[data-part]")) part.sent = part.outerHTML;
    root.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    root.addEventListener("focusin", (event) => {
      const input = event.target.closest("[data-path]:not(button)");
      if (input) this.#activate(input);
    });
  }

  get inputs() {
    return [...this.root.querySelectorAll("[data-path]:not(button):not([data-detail-of])")];
  }

  input(path) {
    return this.inputs.find((input) => input.dataset.path === path) || null;
  }

  get activeInput() {
    return this.active ? this.input(this.active) : null;
  }

  go(path) {
    const input = this.input(path);
    if (input) input.focus();
    return Boolean(input);
  }

  step(by) {
    const inputs = this.inputs.filter((input) => input.tabIndex >= 0);
    const next = inputs[inputs.indexOf(this.activeInput) + by];
    if (next) next.focus();
  }

  /** The next field to check after this one, from the top again at the end; null when none is left. */
  nextToCheck(path) {
    const inputs = this.inputs;
    const from = inputs.findIndex((input) => input.dataset.path === path) + 1;
    const round = [...inputs.slice(from), ...inputs.slice(0, from)];
    return round.find((input) => input.dataset.status === "to_check" && input.dataset.path !== path) || null;
  }

  isDirty(input) {
    if (input instanceof HTMLInputElement) return input.value !== input.defaultValue;
    if (input instanceof HTMLSelectElement) return ![...input.options].some((o) => o.defaultSelected && o.selected);
    return false;
  }

  restore(input) {
    if (input instanceof HTMLInputElement) input.value = input.defaultValue;
    if (input instanceof HTMLInputElement) input.select();
    this.showMisread(input);
  }

  /** The choice "the scan was misread here" belongs to a place whose text is being changed. */
  showMisread(input) {
    const button = this.misreadButton(input);
    if (!button) return;
    button.hidden = !this.isDirty(input);
    if (button.hidden) button.setAttribute("aria-pressed", "false");
  }

  misreadButton(input) {
    return this.root.querySelector(`[data-misread="${CSS.escape(input.dataset.path)}"]`);
  }

  /**
   * Take over the parts that changed. A field that is being typed in keeps its text, the focus stays where it is.
   * Parts with a path in `waiting` stay as they are: a decision on them is under way, and this answer is older.
   */
  update(html, waiting = new Set()) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const keys = (root) => [...root.querySelectorAll(":scope > section")].map((section) => section.dataset.section).join();
    const isWaiting = (part) => [...part.querySelectorAll("[data-path]:not(button)")].some((i) => waiting.has(i.dataset.path));
    const held = this.#hold();
    this.isUpdating = true;
    const parts = new Map([...this.root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    const freshParts = [...fresh.querySelectorAll("[data-part]")];
    const isSame = keys(fresh) === keys(this.root) && freshParts.length === parts.size && freshParts.every((p) => parts.has(p.dataset.part));
    for (const part of freshParts) {
      const old = parts.get(part.dataset.part);
      part.sent = part.outerHTML;
      if (old && isWaiting(old)) {
        if (!isSame) part.replaceWith(old);
      } else if (isSame && old.sent !== part.sent) old.replaceWith(part);
    }
    if (!isSame) this.root.replaceChildren(...fresh.children);
    this.#giveBack(held);
    this.isUpdating = false;
  }

  #hold() {
    const drafts = this.inputs.filter((i) => i instanceof HTMLInputElement && this.isDirty(i)).map((i) => [i.dataset.path, i.value]);
    const focused = document.activeElement;
    const isOurs = this.root.contains(focused) && focused.dataset.path;
    const selection = isOurs && focused instanceof HTMLInputElement ? [focused.selectionStart, focused.selectionEnd] : null;
    return { drafts, path: isOurs ? focused.dataset.path : null, selection };
  }

  #giveBack({ drafts, path, selection }) {
    for (const [draftPath, text] of drafts) {
      const input = this.input(draftPath);
      if (input && draftPath === path) input.value = text;
    }
    const input = path ? this.input(path) : null;
    if (input && document.activeElement !== input) {
      this.isQuiet = true;
      input.focus();
      if (selection) input.setSelectionRange(...selection);
      this.isQuiet = false;
    }
    if (this.active) this.#showDetail(this.active);
  }

  #activate(input) {
    this.active = input.dataset.path;
    this.#showDetail(this.active);
    if (this.isQuiet) return;
    if (input instanceof HTMLInputElement) input.select();
    const detail = this.root.querySelector(`[data-detail-of="${CSS.escape(this.active)}"]`);
    (detail || input.closest(".field-row"))?.scrollIntoView({ block: "nearest" });
    input.scrollIntoView({ block: "nearest" });
    this.onActive(this.active);
  }

  #showDetail(path) {
    for (const detail of this.root.querySelectorAll("[data-detail-of]")) detail.hidden = detail.dataset.detailOf !== path;
    for (const row of this.root.querySelectorAll(".field-row.active, .cell.active")) row.classList.remove("active");
    this.input(path)?.closest(".field-row, .cell")?.classList.add("active");
  }
}
