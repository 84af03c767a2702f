// The page: an SVG with the image and the boxes. Zoom, turn and place are attributes only, never styles.

const SVG = "http://www.w3.org/2000/svg";
const PADDING = 4; // pixels of the image around a box
const [LEAST, MOST] = [0.1, 5];

export class Viewer {
  constructor({ stage, sheet, pages, onBox, onPage }) {
    Object.assign(this, { stage, sheet, pages, onBox, onPage });
    this.boxes = [];
    this.active = null;
    this.rotation = 0;
    this.scale = 1;
    this.layer = sheet.appendChild(make("g"));
    this.image = this.layer.appendChild(make("image"));
    this.boxLayer = this.layer.appendChild(make("g", { class: "boxes" }));
    this.pickLayer = this.layer.appendChild(make("g", { class: "picked" }));
    this.draft = this.layer.appendChild(make("rect", { class: "draft" }));
    this.show(pages[0].number);
    this.fit();
    this.boxLayer.addEventListener("keydown", (event) => this.#boxKey(event));
  }

  show(number) {
    const page = this.pages.find((candidate) => candidate.number === number);
    if (!page || page === this.page) return;
    this.page = page;
    set(this.image, { href: page.image, width: page.width, height: page.height });
    this.sheet.setAttribute("aria-label", `Page ${number}`);
    this.#size();
    this.#drawBoxes();
    this.mark([]);
    this.stage.scrollTo(0, 0);
    this.onPage(number, this.scale);
  }

  step(by) {
    const index = this.pages.indexOf(this.page) + by;
    if (this.pages[index]) this.show(this.pages[index].number);
  }

  fit() {
    const wide = this.rotation % 180 ? this.page.height : this.page.width;
    this.isFitted = true;
    this.#zoomTo((this.stage.clientWidth - 24) / wide);
  }

  zoomBy(factor) {
    this.isFitted = false;
    this.#zoomTo(this.scale * factor);
  }

  rotate() {
    this.rotation = (this.rotation + 90) % 360;
    this.fit();
  }

  setBoxes(boxes) {
    this.boxes = boxes;
    this.#drawBoxes();
  }

  /** Light the boxes of a field and bring the first into view. */
  light(path, { scroll = true } = {}) {
    this.active = path;
    const first = this.boxes.find((box) => box.path === path);
    if (first && scroll) this.show(first.page);
    for (const rect of this.boxLayer.children) {
      const isActive = rect.dataset.path === path;
      rect.classList.toggle("active", isActive);
      rect.setAttribute("tabindex", isActive ? "0" : "-1");
    }
    const rect = this.boxLayer.querySelector(".active");
    if (!rect && this.boxLayer.firstChild) this.boxLayer.firstChild.setAttribute("tabindex", "0");
    if (rect && scroll) this.reveal(rect);
  }

  /** Scroll so that the element lies well inside of the stage. */
  reveal(element) {
    const [inner, outer] = [element.getBoundingClientRect(), this.stage.getBoundingClientRect()];
    const margin = 60;
    if (inner.top < outer.top + margin || inner.bottom > outer.bottom - margin) {
      this.stage.scrollTop += inner.top - outer.top - outer.height / 3;
    }
    if (inner.left < outer.left || inner.right > outer.right) {
      this.stage.scrollLeft += inner.left - outer.left - outer.width / 4;
    }
  }

  /** Show picked words; `boxes` are fractions of the page. */
  mark(boxes, { scroll = false } = {}) {
    this.pickLayer.replaceChildren(...boxes.map((box) => make("rect", this.#rect(box, 1))));
    if (scroll && this.pickLayer.lastChild) this.reveal(this.pickLayer.lastChild);
  }

  /** The box that is being drawn, or nothing. */
  sketch(box) {
    set(this.draft, box ? this.#rect(box, 0) : { width: 0, height: 0 });
  }

  /** Where on the page the pointer is, as fractions. */
  point(event) {
    const matrix = this.layer.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return { x: x / this.page.width, y: y / this.page.height };
  }

  #zoomTo(scale) {
    this.scale = Math.min(MOST, Math.max(LEAST, scale));
    this.#size();
    this.onPage(this.page.number, this.scale);
  }

  #size() {
    const { width, height } = this.page;
    const [wide, high] = this.rotation % 180 ? [height, width] : [width, height];
    const moves = { 0: "", 90: `translate(${height} 0)`, 180: `translate(${width} ${height})`, 270: `translate(0 ${width})` };
    set(this.layer, { transform: `${moves[this.rotation]} rotate(${this.rotation})` });
    const { scale } = this;
    set(this.sheet, { viewBox: `0 0 ${wide} ${high}`, width: Math.round(wide * scale), height: Math.round(high * scale) });
  }

  #drawBoxes() {
    const here = this.boxes.filter((box) => box.page === this.page.number);
    this.boxLayer.replaceChildren(
      ...here.map((box) => {
        const [left, top, right, bottom] = box.box;
        const rect = make("rect", { ...this.#rect({ left, top, right, bottom }, PADDING), class: `box ${box.state}` });
        set(rect, { role: "button", "aria-label": `${box.label} (${box.state.replace("_", " ")})`, rx: 3 });
        rect.dataset.path = box.path;
        return rect;
      }),
    );
    this.light(this.active, { scroll: false });
  }

  #rect({ left, top, right, bottom }, padding) {
    const { width, height } = this.page;
    return {
      x: left * width - padding,
      y: top * height - padding,
      width: (right - left) * width + 2 * padding,
      height: (bottom - top) * height + 2 * padding,
    };
  }

  #boxKey(event) {
    const rect = event.target.closest("rect");
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") this.onBox(rect.dataset.path);
    else if (step) {
      const next = step > 0 ? rect.nextElementSibling : rect.previousElementSibling;
      if (!next) return;
      this.light(next.dataset.path);
      next.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function make(name, attributes = {}) {
  return set(document.createElementNS(SVG, name), attributes);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
