// Sends acts one after another, each on the version that the one before left. What could not be sent is tried again.

const PAUSES = [1, 2, 4, 8, 15]; // seconds
const csrf = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

export class Saver {
  constructor({ version, onSaved, onRefused, say }) {
    Object.assign(this, { version, onSaved, onRefused, say });
    this.waiting = [];
    this.isBusy = false;
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
  }

  /** The places whose decisions are not answered yet. */
  get waitingPaths() {
    return new Set(this.waiting.map(({ body }) => body.path).filter(Boolean));
  }

  /** Queue a request; resolves with its answer, or null where it was refused. */
  send(url, body = {}, { isQuiet = false } = {}) {
    return new Promise((done) => {
      this.waiting.push({ url, body, done, isQuiet });
      this.#run();
    });
  }

  async #run() {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length) {
      const item = this.waiting[0];
      if (!item.isQuiet) this.say("Saving…");
      const answer = await this.#untilAnswered(item);
      this.waiting.shift();
      this.#take(item, answer);
    }
    this.isBusy = false;
  }

  async #untilAnswered(item) {
    const body = item.isQuiet ? "{}" : JSON.stringify({ version: this.version, ...item.body });
    for (let tries = 0; ; tries += 1) {
      const answer = await ask(item.url, body);
      if (answer) return answer;
      const pause = PAUSES[Math.min(tries, PAUSES.length - 1)];
      this.say(`Not saved yet: the appliance does not answer. Trying again in ${pause} s.`, "bad");
      await new Promise((go) => setTimeout(go, pause * 1000));
    }
  }

  #take(item, { status, data }) {
    if (status === 200) {
      if (data.html !== undefined) this.version = data.version;
      if (data.saved_at && !this.waiting.length) this.say(`Saved ${data.saved_at}`, "good");
      if (data.html !== undefined) this.onSaved(data);
      item.done(data);
      return;
    }
    // What was queued behind a refusal stood on a state that is not there: it is not sent.
    const dropped = this.waiting.splice(0).length;
    const lost = dropped ? `, nor ${dropped} made after it` : "";
    this.say(data.left ? "Not finished yet." : `This decision is not saved${lost}.`, "bad");
    this.onRefused(status, data);
    item.done(null);
  }
}

/** {status, data}, or null where it makes sense to try again. */
async function ask(url, body) {
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
    const response = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (isJson) return { status: response.status, data: await response.json() };
    if (response.redirected || response.status === 403) return { status: 403, data: { ...LOGGED_OUT } };
    return response.status >= 500 || response.status === 429 ? null : { status: response.status, data: { ...LOGGED_OUT } };
  } catch {
    return null;
  }
}

const LOGGED_OUT = {
  code: "logged_out",
  sentence: "You are no longer logged in, so this last decision is not saved. All before it are.",
  next_step: "Load the page again and log in.",
};
