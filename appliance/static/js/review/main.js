// The review screen: ties page, form, keys and saving together.

import { makeActs } from "./acts.js";
import { Form } from "./form.js";
import { listenToKeys } from "./keys.js";
import { showRefusal } from "./notice.js";
import { Picker } from "./pick.js";
import { Saver } from "./save.js";
import { Viewer } from "./viewer.js";
import { Words } from "./words.js";

const BEAT = 60_000; // ms between two signs of life
const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const urls = $("sheets").dataset;
const state = read("state");
const pages = [...$("sheets").children].map(({ dataset }) => ({
  number: Number(dataset.page),
  width: Number(dataset.width),
  height: Number(dataset.height),
  image: dataset.image,
}));

const page = {
  keys: $("keys"),
  finishButton: $("finish"),
  pickMisread: $("pick-misread"),
  isPickMisread: () => $("pick-misread").getAttribute("aria-pressed") === "true",
};
const bar = {
  show(input) {
    $("pick-for").textContent = `Picking words for ${input.getAttribute("aria-label") || input.labels[0].dataset.name}`;
    $("pick-text").textContent = "click words, draw a box, or use the arrow keys";
    page.pickMisread.setAttribute("aria-pressed", "false");
    $("pick-row").hidden = !input.dataset.path.includes("[");
    $("pick-bar").hidden = false;
    viewer.stage.classList.add("picking");
  },
  say: (text) => ($("pick-text").textContent = text),
  hide() {
    $("pick-bar").hidden = true;
    page.pickMisread.setAttribute("aria-pressed", "false");
    viewer.stage.classList.remove("picking");
  },
};

const form = new Form({ root: $("fields"), onActive: activate });
const viewer = new Viewer({ stage: $("stage"), sheet: $("sheet"), pages, onBox: (path) => form.go(path), onPage: showPage });
const picker = new Picker({ viewer, words: new Words(read("words")), bar, activeInput: textInput, inputOf: (path) => form.input(path) });
const saver = new Saver({ version: state.version, onSaved: show, onRefused: refused, say });
const acts = makeActs({ form, viewer, picker, saver, urls, page });

function textInput() {
  const input = form.isEditable ? form.activeInput : null;
  return input instanceof HTMLInputElement ? input : null;
}

function activate(path) {
  if (picker.isOn && picker.path !== path) picker.stop();
  viewer.light(path);
}

function showPage(number, scale) {
  $("page-number").textContent = `Page ${pages.findIndex((one) => one.number === number) + 1} of ${pages.length}`;
  $("zoom").textContent = `${Math.round(scale * 100)} %`;
  for (const button of document.querySelectorAll(".thumbnails button")) {
    if (Number(button.dataset.page) === number) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

function say(text, tone = "") {
  Object.assign($("saved"), { textContent: text, className: tone });
}

function show(data) {
  form.update(data.html, saver.waitingPaths);
  viewer.setBoxes(data.boxes);
  $("left").textContent = data.left;
  $("waiting").textContent = data.waiting;
  $("notice").hidden = true;
}

function refused(status, data) {
  showRefusal($("notice"), data, { isConflict: status !== 422, go: (id) => $(id)?.focus() });
  if (data.left?.length) $(data.left[0].id)?.focus();
}

form.root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const link = event.target.closest("[data-go]");
  if (link && form.go(link.dataset.go)) event.preventDefault();
  if (button) press(button);
});

function press(button) {
  const { act, path, normal, pick, misread } = button.dataset;
  if (pick || misread) form.go(pick || misread);
  if (pick) picker.start(form.activeInput);
  else if (misread) acts.misread();
  else if (act === "add_row") acts.addRow(path);
  else if (act === "remove_row") acts.decide(act, path);
  else if (act) decideByButton(act, path, normal);
}

function decideByButton(act, path, normal) {
  const input = form.input(path);
  if (act === "confirm") {
    form.go(path);
    acts.confirm();
    return;
  }
  if (input instanceof HTMLInputElement) input.value = normal || "";
  acts.settle(input, act);
  acts.decide(act, path, normal ? { normal } : {});
  acts.onward(path);
}

form.root.addEventListener("input", (event) => form.showMisread(event.target));
form.root.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && acts.keep(event.target));
form.root.addEventListener("focusout", (event) => {
  const isLeft = event.target instanceof HTMLInputElement && !form.isUpdating && document.hasFocus();
  if (form.isEditable && isLeft) acts.keep(event.target);
});

const views = { in: "zoomIn", out: "zoomOut", fit: "fit", rotate: "rotate", previous: "previousPage", next: "nextPage" };
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => acts[views[button.dataset.view]]());
for (const button of document.querySelectorAll(".thumbnails button")) button.addEventListener("click", () => viewer.show(Number(button.dataset.page)));
viewer.stage.addEventListener("click", (event) => !textInput() && event.target.dataset.path && form.go(event.target.dataset.path));
viewer.stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  viewer.zoomBy(event.deltaY < 0 ? 1.1 : 0.9);
}, { passive: false });
window.addEventListener("resize", () => viewer.isFitted && viewer.fit());
page.pickMisread.addEventListener("click", acts.misread);
page.finishButton?.addEventListener("click", acts.finish);
document.querySelector("[data-undo]")?.addEventListener("click", acts.undo);
$("show-keys").addEventListener("click", acts.keys);
page.keys.querySelector("[data-close]").addEventListener("click", () => page.keys.close());
listenToKeys({ form, picker, acts });

let hasActed = false;
for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, () => (hasActed = true), { passive: true });
setInterval(() => {
  if (hasActed && form.isEditable) saver.send(urls.renew, {}, { isQuiet: true });
  hasActed = false;
}, BEAT);

viewer.setBoxes(state.boxes);
const first = document.getElementById(window.location.hash.slice(1)) || form.nextToCheck(null) || form.inputs[0];
first?.focus();
