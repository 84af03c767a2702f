// Picking words of the page for the field in hand: by clicks, by a drawn box, or by the arrow keys.

export class Picker {
  constructor({ viewer, words, bar, activeInput, inputOf }) {
    Object.assign(this, { viewer, words, bar, activeInput, inputOf });
    this.path = null; // the field that is being filled, while picking
    this.clear();
    const stage = viewer.stage;
    stage.addEventListener("mousedown", (event) => activeInput() && event.preventDefault()); // the field keeps the focus
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", () => this.#endDrag());
  }

  get isOn() {
    return this.path !== null;
  }

  get hasWords() {
    return this.isOn && this.chosen.size > 0;
  }

  get text() {
    return this.words.text(this.page, this.chosen);
  }

  get spans() {
    return this.words.spans(this.page, this.chosen);
  }

  clear() {
    this.chosen = new Set();
    this.first = null;
    this.cursor = null;
  }

  start(input) {
    this.clear();
    this.path = input.dataset.path;
    this.before = input.value;
    this.page = this.viewer.page.number;
    this.bar.show(input);
  }

  /** Begin by keyboard: on the field's own words, else on the first word of the page. */
  startByKeys(input) {
    this.start(input);
    const [from, to] = (input.dataset.span || "").split(",").map(Number);
    const place = input.dataset.span ? this.words.of(from) : null;
    if (place) {
      this.viewer.show(place.page);
      this.page = place.page;
      this.first = place.index;
      const last = this.words.of(to - 1);
      this.#range(place.index, last && last.page === place.page ? last.index : place.index);
    } else if (this.words.on(this.page).length) this.#only(0);
  }

  stop({ restore = false } = {}) {
    const input = this.isOn ? this.inputOf(this.path) : null;
    if (restore && input) input.value = this.before;
    this.path = null;
    this.clear();
    this.viewer.mark([]);
    this.bar.hide();
  }

  /** Arrow keys; true if the key was used. */
  key(event) {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) || event.ctrlKey || event.altKey) return false;
    this.#follow();
    if (!this.words.on(this.page).length) return false;
    const to = this.cursor === null ? 0 : this.words.beside(this.page, this.cursor, event.key);
    if (event.shiftKey) this.#range(this.first ?? to, to);
    else this.#only(to);
    return true;
  }

  #only(index) {
    this.first = index;
    this.#range(index, index);
  }

  #range(from, to) {
    this.cursor = to;
    const [low, high] = from < to ? [from, to] : [to, from];
    this.chosen = new Set(Array.from({ length: high - low + 1 }, (_, i) => low + i));
    this.#changed();
  }

  /** Another page was turned to: what was picked before stays behind. */
  #follow() {
    if (this.page === this.viewer.page.number) return;
    this.page = this.viewer.page.number;
    this.clear();
  }

  #changed() {
    this.inputOf(this.path).value = this.text;
    this.viewer.mark([...this.chosen].map((i) => this.words.box(this.page, i)), { scroll: true });
    this.bar.say(this.text);
  }

  #down(event) {
    if (event.button !== 0 || !this.activeInput()) return;
    this.drag = { from: this.viewer.point(event), event, isMoving: false, box: event.target.dataset.path };
    this.viewer.stage.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (!this.drag) return;
    const far = Math.hypot(event.clientX - this.drag.event.clientX, event.clientY - this.drag.event.clientY) > 5;
    this.drag.isMoving ||= far;
    if (this.drag.isMoving) this.viewer.sketch(between(this.drag.from, this.viewer.point(event)));
  }

  #up(event) {
    if (!this.drag) return;
    const { from, isMoving, box } = this.drag;
    this.#endDrag();
    const isPlain = !isMoving && !event.ctrlKey && !event.shiftKey && !event.metaKey && !this.isOn;
    if (isPlain && box) this.viewer.onBox(box);
    if (isPlain) return;
    if (!this.isOn) this.start(this.activeInput());
    this.#follow();
    if (isMoving) this.#box(between(from, this.viewer.point(event)));
    else this.#click(this.words.at(this.page, from), event);
  }

  #endDrag() {
    this.drag = null;
    this.viewer.sketch(null);
  }

  #box(box) {
    this.chosen = new Set(this.words.inside(this.page, box));
    [this.first = null] = this.chosen;
    this.cursor = this.first;
    if (this.chosen.size) this.#changed();
    else this.bar.say("no words there");
  }

  #click(index, event) {
    if (index < 0) return;
    if (event.shiftKey && this.first !== null) this.#range(this.first, index);
    else if (event.ctrlKey || event.metaKey) {
      if (!this.chosen.delete(index)) this.chosen.add(index);
      this.first ??= index;
      this.cursor = index;
      this.#changed();
    } else this.#only(index);
  }
}

function between(a, b) {
  return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), right: Math.max(a.x, b.x), bottom: Math.max(a.y, b.y) };
}
