// The words of the pages: where they are, which ones a point or a box touches, and the spans of a selection.
// A word is [text, left, top, right, bottom, start, end]; places are fractions of the page.

const [TEXT, LEFT, TOP, RIGHT, BOTTOM, START, END] = [0, 1, 2, 3, 4, 5, 6];

export class Words {
  constructor(pages) {
    this.pages = pages;
  }

  on(page) {
    return this.pages[page] || [];
  }

  /** The number of the word under a point, or -1. */
  at(page, { x, y }) {
    return this.on(page).findIndex((w) => x >= w[LEFT] && x <= w[RIGHT] && y >= w[TOP] && y <= w[BOTTOM]);
  }

  /** The numbers of the words whose middle lies in the box. */
  inside(page, box) {
    const found = [];
    this.on(page).forEach((w, i) => {
      const x = (w[LEFT] + w[RIGHT]) / 2;
      const y = (w[TOP] + w[BOTTOM]) / 2;
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) found.push(i);
    });
    return found;
  }

  /** The word that contains an offset of the flat text: {page, index}, or null. */
  of(offset) {
    for (const page of Object.keys(this.pages)) {
      const index = this.on(page).findIndex((w) => offset >= w[START] && offset < w[END]);
      if (index >= 0) return { page: Number(page), index };
    }
    return null;
  }

  box(page, index) {
    const w = this.on(page)[index];
    return { left: w[LEFT], top: w[TOP], right: w[RIGHT], bottom: w[BOTTOM] };
  }

  /** The next word in a direction: left and right follow the reading order, up and down the page. */
  beside(page, index, key) {
    const words = this.on(page);
    if (key === "ArrowLeft") return Math.max(index - 1, 0);
    if (key === "ArrowRight") return Math.min(index + 1, words.length - 1);
    const here = words[index];
    const middle = (w) => [(w[LEFT] + w[RIGHT]) / 2, (w[TOP] + w[BOTTOM]) / 2];
    const [x, y] = middle(here);
    const height = here[BOTTOM] - here[TOP];
    let best = index;
    let least = Infinity;
    words.forEach((w, i) => {
      const [wx, wy] = middle(w);
      const away = key === "ArrowDown" ? wy - y : y - wy;
      if (away < height * 0.6) return;
      const distance = away * 3 + Math.abs(wx - x);
      if (distance < least) [best, least] = [i, distance];
    });
    return best;
  }

  text(page, indexes) {
    return sorted(indexes).map((i) => this.on(page)[i][TEXT]).join(" ");
  }

  /** Runs of words that follow one another, as [start, end] of the flat text. */
  spans(page, indexes) {
    const spans = [];
    let last = -2;
    for (const i of sorted(indexes)) {
      const word = this.on(page)[i];
      if (i === last + 1) spans[spans.length - 1][1] = word[END];
      else spans.push([word[START], word[END]]);
      last = i;
    }
    return spans;
  }
}

function sorted(indexes) {
  return [...indexes].sort((a, b) => a - b);
}
