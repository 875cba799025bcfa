// The page of explorers.shift, with page.js, picture.js and network.js. All arithmetic happens here.
// A shift is [down, right] in pixels; what moves in is zero, as with torch.nn.functional.pad.

export const REACH = 8, SHIFTS = 2 * REACH + 1;

// Numbers (height, width) moved down and to the right.
export function shifted(numbers, [height, width], [down, right]) {
  const moved = new Float32Array(height * width);
  const first = Math.max(0, right), last = Math.min(width, width + right);
  for (let i = Math.max(0, down); i < Math.min(height, height + down); i++) {
    for (let j = first; j < last; j++) moved[i * width + j] = numbers[(i - down) * width + j - right];
  }
  return moved;
}

export function softmax(logits) {
  const most = Math.max(...logits), powers = Array.from(logits, logit => Math.exp(logit - most)), total = sum(powers);
  return powers.map(power => power / total);
}

const best = numbers => numbers.reduce((most, number, k) => (number > numbers[most] ? k : most), 0);
const percent = share => `${Math.round(100 * share)} %`;

export function inWords([down, right]) {
  const parts = [[right, "right", "left"], [down, "down", "up"]].filter(([by]) => by)
    .map(([by, ahead, back]) => `${Math.abs(by)} ${by > 0 ? ahead : back}`);
  return parts.length ? `moved ${parts.join(", ")}` : "where it stood";
}

// All shifts, the nearest first.
const NEAREST_FIRST = table(SHIFTS, SHIFTS, (i, j) => [i - REACH, j - REACH]).flat()
  .sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
// Right, wrong, and not computed yet: what a map's colours stand for.
const MAP_COLOURS = { 1: [33, 102, 172, 255], 0: [217, 217, 217, 255], [-1]: [255, 255, 255, 0] };

// One network: its answers for the picture, each computed once, and what the page shows of them.
class Answers {
  constructor({ name, nodes }, classes, choose) {
    Object.assign(this, { name, classes, network: new Network(nodes) });
    this.verdict = make("p", { class: "verdict" });
    const rows = classes.map(text => {
      const filled = make("span", { class: "filled" }), share = make("td", { class: "share" });
      const row = make("tr", {}, make("th", { scope: "row" }, text), make("td", { class: "track" }, filled), share);
      return { row, filled, share };
    });
    this.rows = rows;
    const label = `${name}: probabilities`;
    const bars = make("table", { class: "bars", "aria-label": label }, ...rows.map(({ row }) => row));
    this.map = new Picture({ title: "", height: SHIFTS, width: SHIFTS, side: 170, choose });
    this.node = make("div", { class: "network", role: "group", "aria-label": name },
      make("p", { class: "name" }, name), this.verdict, bars, this.map.node);
  }

  // A new picture: nothing is known of it.
  begin(image, shape, label) {
    Object.assign(this, { image, shape, label, known: new Map() });
  }

  // The probabilities of the classes after a shift.
  at(shift) {
    const key = String(shift);
    if (!this.known.has(key)) {
      const logits = this.network.forward(shifted(this.image, this.shape, shift)).at(-1);
      this.known.set(key, softmax(logits));
    }
    return this.known.get(key);
  }

  knows(shift) { return this.known.has(String(shift)); }
  right(shift) { return best(this.at(shift)) === this.label; }

  // What it says at this shift, with the probability.
  says(shift) {
    const probabilities = this.at(shift), chosen = best(probabilities);
    return `${this.classes[chosen]} ${percent(probabilities[chosen])}`;
  }

  show(shift) {
    const probabilities = this.at(shift), right = this.right(shift);
    this.verdict.textContent = `${right ? "✓" : "✗"} ${this.says(shift)}`;
    this.node.classList.toggle("wrong", !right);
    this.rows.forEach(({ row, filled, share }, k) => {
      row.classList.toggle("asked", k === this.label);
      filled.style.width = `${100 * probabilities[k]}%`;
      share.textContent = percent(probabilities[k]);
    });
    const [i, j] = this.map.at = shift.map(by => by + REACH);
    for (const line of ["halo", "here"]) this.map.outline(line, { top: i, left: j, bottom: i, right: j });
  }

  paintMap() {
    const all = table(SHIFTS, SHIFTS, (i, j) => [i - REACH, j - REACH]).flat();
    const states = all.map(shift => (this.knows(shift) ? +this.right(shift) : -1));
    this.map.fill(states, state => MAP_COLOURS[state]);
    const done = states.every(state => state >= 0), count = states.filter(state => state === 1).length;
    const title = done ? `right at ${count} of ${states.length} shifts` : "a square for each shift";
    this.map.caption.textContent = title;
    this.map.canvas.setAttribute("aria-label", `${this.name}: ${title}`);
  }
}

class ShiftPage {
  constructor(root, { models, shape, images, labels, classes }) {
    Object.assign(this, { shape, labels, classes, images: images.map(decoded), shift: [0, 0], grabbed: null });
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pick = (row, column, pressed, byKey) => { if (pressed || byKey) this.go([row - REACH, column - REACH]); };
    this.networks = models.map(model => new Answers(model, classes, pick));
    this.picture = new Picture({
      title: "drag it", height: shape[0], width: shape[1], side: 224, choose: (...event) => this.#drag(...event),
    });
    for (const event of ["pointerup", "pointercancel"]) {
      this.picture.canvas.addEventListener(event, () => { this.grabbed = null; });
    }
    this.picture.canvas.classList.add("dragged");
    this.says = saying();
    const names = labels.map((label, n) => `${n + 1}: ${classes[label]}`);
    const chosen = choice("picture", names, name => this.begin(names.indexOf(name)));
    const cards = make("div", { class: "networks" }, ...this.networks.map(answers => answers.node));
    root.classList.add("course-explorer", PAGE);
    root.append(
      bar("settings", chosen, button("back to where it stood", () => this.go([0, 0]))),
      make("div", { class: "stage dragging" }, this.picture.node, cards), this.says);
    this.paintMaps = oncePerFrame(() => this.networks.forEach(answers => answers.paintMap()));
    this.begin(0);
  }

  // Another picture, where it stands; the maps fill while nothing else is to do.
  begin(n) {
    this.n = n;
    for (const answers of this.networks) answers.begin(this.images[n], this.shape, this.labels[n]);
    const numbers = this.images[n];
    this.colours = grey(Math.min(...numbers), Math.max(...numbers));
    this.go([0, 0]);
    this.networks.forEach(answers => answers.paintMap());
    this.#fillMaps([...NEAREST_FIRST], n);
  }

  #fillMaps(waiting, n) {
    const idle = window.requestIdleCallback ?? (work => setTimeout(work, 10));
    idle(() => {
      const begun = performance.now();
      while (waiting.length && performance.now() - begun < 6) {
        const shift = waiting.shift();
        for (const answers of this.networks) answers.at(shift);
      }
      if (n !== this.n) return; // another picture has been chosen
      if (!this.still || !waiting.length) this.paintMaps();
      if (waiting.length) this.#fillMaps(waiting, n);
    });
  }

  // A press holds the picture, a move takes it along; an arrow key moves it by one.
  #drag(row, column, pressed, byKey) {
    if (byKey) {
      const middle = this.shape.map(side => side >> 1);
      this.picture.at = middle;
      return this.go([this.shift[0] + row - middle[0], this.shift[1] + column - middle[1]]);
    }
    if (!pressed) return;
    this.grabbed ??= [row - this.shift[0], column - this.shift[1]];
    this.go([row - this.grabbed[0], column - this.grabbed[1]]);
  }

  // Show the picture and the answers after this shift.
  go(shift) {
    this.shift = shift.map(by => clamp(by, -REACH, REACH));
    this.picture.fill(shifted(this.images[this.n], this.shape, this.shift), this.colours);
    const label = this.classes[this.labels[this.n]], where = inWords(this.shift);
    this.picture.name(`drag it: ${where}`);
    for (const answers of this.networks) answers.show(this.shift);
    const verdict = answers => (answers.right(this.shift) ? "right" : "wrong");
    const said = this.networks.map(answers => `${answers.name}: ${answers.says(this.shift)}, ${verdict(answers)}`);
    this.says.textContent = `${label}, ${where}. ${said.join(". ")}.`;
  }
}

export default {
  render({ model, el }) { new ShiftPage(el, model.get("state")); },
};
