// Why something was refused, in a sentence, with a way on: the fields that are left, or a button to load the page again.

export function showRefusal(notice, data, { isConflict, go }) {
  const text = document.createElement("p");
  text.textContent = `${data.sentence} ${data.next_step}`;
  notice.replaceChildren(text);
  if (data.left?.length) notice.append(listOf(data.left, go));
  if (isConflict) notice.append(reloadButton());
  notice.hidden = false;
}

function listOf(left, go) {
  const list = document.createElement("ul");
  for (const { id, label, reason } of left) {
    const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent: label });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go(id);
    });
    const item = document.createElement("li");
    item.append(link, ` ${reason}`);
    list.append(item);
  }
  return list;
}

function reloadButton() {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Load the page again" });
  button.className = "btn btn-sm btn-outline-secondary";
  button.addEventListener("click", () => window.location.reload());
  return button;
}
