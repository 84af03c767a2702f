// The inbox: drop files anywhere, one request a file with its own progress; tick all rows.
const AT_ONCE = 2;
const form = document.getElementById("upload");
const lines = document.getElementById("uploads");
const said = document.getElementById("uploads-said");
const waiting = [];
let running = 0;

document.body.classList.add("with-script");

function addFiles(files) {
  for (const file of files) {
    const line = document.getElementById("upload-line").content.firstElementChild.cloneNode(true);
    line.querySelector(".upload-name").textContent = file.name;
    line.querySelector(".upload-name").title = file.name;
    line.querySelector(".upload-forget").addEventListener("click", () => line.remove());
    lines.append(line);
    waiting.push({ file, line, type: form.elements.type.value });
  }
  startNext();
}

function startNext() {
  while (running < AT_ONCE && waiting.length > 0) {
    running += 1;
    send(waiting.shift());
  }
}

function send({ file, line, type }) {
  const body = new FormData();
  body.append("file", file);
  body.append("type", type);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.responseType = "json";
  const bar = line.querySelector("progress");
  bar.setAttribute("aria-label", `Progress of ${file.name}`);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    tell(line, bar.value < 100 ? `Uploading, ${Math.round(bar.value)} %` : "Storing");
  });
  request.addEventListener("load", () => finish(line, file, request));
  request.addEventListener("error", () => refuse(line, file, "The connection broke. Choose the file again."));
  request.send(body);
}

function finish(line, file, request) {
  const answer = request.response;
  if (request.status === 201) {
    line.querySelector("progress").value = 100;
    line.classList.add(answer.twin ? "twin" : "done");
    tell(line, answer.sentence, answer.twin ? "twin" : "done");
    if (answer.twin) linkTo(line, answer.twin);
    else window.setTimeout(() => line.remove(), 8000);
    said.textContent = `${file.name}: ${answer.sentence}`;
    document.body.dispatchEvent(new CustomEvent("uploaded"));
    endOne(line);
  } else if (answer && answer.sentence) {
    refuse(line, file, `${answer.sentence} ${answer.next_step}`);
  } else {
    refuse(line, file, "The appliance refused this file. Reload the page and try again.");
  }
}

function refuse(line, file, sentence) {
  line.classList.add("refused");
  line.querySelector("progress").hidden = true;
  tell(line, sentence, "refused");
  said.textContent = `${file.name}: ${sentence}`;
  endOne(line);
}

function endOne(line) {
  line.querySelector(".upload-forget").hidden = false;
  running -= 1;
  startNext();
}

function tell(line, sentence, icon) {
  const place = line.querySelector(".upload-said");
  place.textContent = sentence;
  if (icon) place.prepend(document.getElementById(`upload-icon-${icon}`).content.cloneNode(true), " ");
}

function linkTo(line, twin) {
  const link = document.createElement("a");
  link.href = twin.url;
  link.textContent = `Show ${twin.name}`;
  line.querySelector(".upload-said").append(" ", link);
}

form.elements.file.addEventListener("change", () => {
  addFiles(form.elements.file.files);
  form.elements.file.value = "";
});

// A drag enters and leaves every element under it, so they are counted.
let depth = 0;
const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

function showCover(shown) {
  document.body.classList.toggle("dragging", shown);
  if (!shown) depth = 0;
}

document.addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  depth += 1;
  showCover(true);
});
document.addEventListener("dragleave", (event) => {
  if (carriesFiles(event) && --depth <= 0) showCover(false);
});
document.addEventListener("dragover", (event) => {
  if (carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  showCover(false);
  addFiles(event.dataTransfer.files);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "tick-all") return;
  for (const tick of document.querySelectorAll(".tick")) tick.checked = event.target.checked;
});
