// The page of explorers.inside, with page.js, picture.js, network.js and evidence.js. All arithmetic happens here.
// Pictures are (C, H, W), maps (C, h, w), as PyTorch has them in memory; places are counted from 0.

const SIDE = 168; // of a large picture: a pixel of FashionMNIST is 6 by 6 on the screen
const HIGHEST = "what it says"; // in the list of classes to explain

// The places from one to the next, without a gap: a fast pointer leaves out pixels.
export function stroke([i, j], [row, column]) {
  const steps = Math.max(Math.abs(row - i), Math.abs(column - j), 1);
  return Array.from({ length: steps + 1 }, (_, k) =>
    [Math.round(i + ((row - i) * k) / steps), Math.round(j + ((column - j) * k) / steps)]);
}

// One of many small pictures, by a click or the arrow keys.
class Choices {
  constructor(name, choose) {
    this.choose = choose;
    this.node = make("div", { class: "maps", role: "radiogroup", "aria-label": name });
    this.node.addEventListener("keydown", event => {
      const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.take(clamp(this.chosen + step, 0, this.buttons.length - 1));
      this.buttons[this.chosen].focus();
    });
  }

  build(count, height, width, chosen) {
    this.canvases = Array.from({ length: count }, () => make("canvas", { height, width, "aria-hidden": "true" }));
    this.buttons = this.canvases.map((canvas, k) => {
      const button = touchable("button", { type: "button", role: "radio", "aria-label": `map ${k}` }, canvas);
      button.addEventListener("click", () => this.take(k));
      return button;
    });
    this.node.replaceChildren(...this.buttons);
    this.mark(chosen);
  }

  take(k) { this.mark(k); this.choose(k); }

  mark(chosen) {
    this.chosen = chosen;
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-checked", String(k === chosen));
      button.setAttribute("tabindex", k === chosen ? "0" : "-1");
    });
  }
}

// A bar, a probability and a logit for each class. A click on a row chooses the class, as the list above does.
class Bars {
  constructor(names, choose) {
    this.rows = names.map((name, k) => {
      const part = make("div"), [probability, logit] = [make("td"), make("td")];
      const cells = [make("th", { scope: "row" }, name), make("td", { class: "part" }, part), probability, logit];
      const row = make("tr", {}, ...cells);
      row.addEventListener("click", () => choose(k));
      return { row, part, probability, logit };
    });
    const body = make("tbody", {}, ...this.rows.map(({ row }) => row));
    this.caption = make("figcaption");
    this.node = make("figure", { class: "bars" }, this.caption, make("table", {}, body));
  }

  fill(logits, target) {
    const probabilities = softmax(logits);
    this.rows.forEach(({ row, part, probability, logit }, k) => {
      part.style.width = `${100 * probabilities[k]}%`;
      probability.textContent = percent(probabilities[k]);
      logit.textContent = logits[k].toFixed(2).replace("-", "−");
      row.classList.toggle("target", k === target);
    });
    return probabilities;
  }
}

const percent = part => `${(100 * part).toFixed(1)} %`;
const span = (first, last) => (first === last ? `${first}` : `${first} to ${last}`);

export class Inside {
  constructor(root, state) {
    Object.assign(this, state);
    this.networks = [new Network(state.trained), new Network(state.random)];
    this.network = this.networks[0];
    this.given = decoded(state.images);
    this.target = null; // the class of Grad-CAM and saliency: null is the highest
    this.brush = { number: this.high, size: 3 };
    this.at = [this.size[1] >> 1, this.size[2] >> 1]; // of the brush
    this.draw = this.draw.bind(this);
    this.soon = oncePerFrame(this.draw);
    this.stage = make("div", { class: "stage" });
    this.below = make("div", { class: "stage" });
    this.says = saying();
    root.classList.add("course-explorer", PAGE);
    root.append(this.#settings(), this.#painting(), this.stage, this.#layerSettings(), this.below, this.says);
    this.#buildPictures();
    this.#take(0);
    this.#open(this.start.layer, this.start);
    this.draw();
  }

  #settings() {
    const garments = this.labels.map((label, k) => `${k}: ${this.classes[label]}`);
    const targets = choice("explain", [HIGHEST, ...this.classes], name => {
      this.target = name === HIGHEST ? null : this.classes.indexOf(name);
      this.soon();
    });
    this.targets = targets.querySelector("select");
    const random = checkbox("random weights", checked => {
      this.network = this.networks[+checked];
      this.soon();
    });
    const picture = choice("picture", garments, name => { this.#take(parseInt(name)); this.soon(); });
    return bar("settings", picture, targets, random);
  }

  #painting() {
    const decimals = number => number.toFixed(2).replace("-", "−");
    const named = { [`light (${decimals(this.high)})`]: this.high, [`dark (${decimals(this.low)})`]: this.low };
    const brush = choice("brush", Object.keys(named), name => { this.brush.number = named[name]; });
    const size = slider("size", { low: 1, high: 7, step: 2, value: 3, say: n => `${n} × ${n}` }, n => {
      this.brush.size = n;
      this.soon();
    });
    const reset = () => { this.#remember(); this.pixels = this.#picture(this.garment); this.soon(); };
    return bar("paint", brush, size, button("undo", () => this.#undo()), button("reset", reset));
  }

  #layerSettings() {
    const select = choice("layer", this.layers.map(layer => layer.label), label => {
      this.#open(this.layers.findIndex(layer => layer.label === label));
      this.soon();
    });
    select.querySelector("select").selectedIndex = this.start.layer;
    return make("div", { class: "bar" }, select);
  }

  #buildPictures() {
    const [, height, width] = this.size, shape = { height, width, side: SIDE };
    const touch = (...place) => this.#touch(...place);
    this.paper = new Picture({ ...shape, title: "the picture: paint on it", choose: touch });
    this.cam = new Picture({ ...shape, title: "Grad-CAM" });
    this.salient = new Picture({ ...shape, title: "saliency" });
    this.bars = new Bars(this.classes, k => {
      this.targets.selectedIndex = k + 1;
      this.target = k;
      this.soon();
    });
    this.stage.append(this.paper.node, this.cam.node, this.salient.node, this.bars.node);
    this.maps = new Choices("maps of the layer", k => { this.map = k; this.touched = "map"; this.soon(); });
    this.mapsCaption = make("figcaption");
    this.kernels = make("div", { class: "maps" });
    this.kernelsCaption = make("figcaption");
    this.whole = make("div", { style: "display: contents" }); // the large picture stands in the row by itself
    this.below.append(
      make("figure", { class: "list" }, this.mapsCaption, this.maps.node), this.whole,
      make("figure", { class: "kernels" }, this.kernelsCaption, this.kernels));
  }

  #picture(k) { const n = count(this.size); return this.given.slice(k * n, (k + 1) * n); }

  #take(garment) {
    this.garment = garment;
    this.pixels = this.#picture(garment);
    this.past = [];
    this.bars.caption.textContent = `probability and logit; labelled ${this.classes[this.labels[garment]]}`;
  }

  // A layer: its maps, and a pixel in one of them; the one in the middle where none is given.
  #open(number, { map = 0, row = null, column = null } = {}) {
    this.layer = this.layers[number];
    const [C, h, w] = this.network.nodes[this.layer.node].shape, shape = `${h}×${w}`;
    Object.assign(this, { map, pixel: [row ?? h >> 1, column ?? w >> 1], touched: "map" });
    this.maps.build(C, h, w, map);
    this.mapsCaption.textContent = `${C} maps of ${shape}: white is 0, red above, blue below`;
    const choose = (i, j) => { this.pixel = [i, j]; this.touched = "map"; this.soon(); };
    this.large = new Picture({ title: "", height: h, width: w, side: SIDE, choose });
    this.large.at = [...this.pixel];
    this.whole.replaceChildren(this.large.node);
    const conv = this.network.nodes[this.layer.kernel];
    const [kh, kw] = conv?.kernel ?? [0, 0], each = conv ? this.network.nodes[conv.of[0]].shape[0] / conv.groups : 0;
    this.kernelCanvases = Array.from({ length: each }, () => make("canvas", { height: kh, width: kw, role: "img" }));
    this.kernels.replaceChildren(...this.kernelCanvases);
  }

  // The brush comes to a place, pressed or not; `begins` is the first place of a stroke.
  #touch(i, j, pressed, byKey, begins) {
    if (pressed) {
      if (begins) this.#remember();
      for (const [row, column] of stroke(begins ? [i, j] : this.at, [i, j])) this.paint(row, column);
    }
    this.at = [i, j];
    this.touched = "brush";
    this.soon();
  }

  paint(i, j) {
    const [C, height, width] = this.size, { top, left, bottom, right } = this.#brushBounds(i, j);
    for (let c = 0; c < C; c++)
      for (let row = top; row <= bottom; row++) {
        const start = (c * height + row) * width;
        this.pixels.fill(this.brush.number, start + left, start + right + 1);
      }
  }

  #brushBounds(i, j) {
    const [, height, width] = this.size, reach = (this.brush.size - 1) / 2;
    return {
      top: Math.max(0, i - reach), bottom: Math.min(height - 1, i + reach),
      left: Math.max(0, j - reach), right: Math.min(width - 1, j + reach),
    };
  }

  #remember() { this.past.push(this.pixels.slice()); }

  #undo() {
    this.pixels = this.past.pop() ?? this.pixels;
    this.soon();
  }

  // What the network says of the pixels, and why: a forward and a backward pass.
  answer() {
    const { network } = this, [, height, width] = this.size, output = network.nodes.length - 1;
    const values = network.forward(this.pixels), logits = values[output];
    const said = logits.indexOf(Math.max(...logits)), target = this.target ?? said;
    const gradients = network.backward(output, logits.map((_, k) => +(k === target)));
    const at = this.evidence, shape = network.nodes[at].shape;
    const cam = gradCam(values[at], gradients[at], shape, height, width);
    return { values, logits, said, target, cam, saliency: saliency(gradients[0], height * width) };
  }

  // Every picture anew, from the pixels on.
  draw() {
    const { values, logits, said, target, cam, saliency } = this.answer(), maps = values[this.layer.node];
    for (const picture of [this.paper, this.cam, this.salient]) this.#fill(picture);
    this.cam.cover(cam, heat(1));
    this.salient.cover(saliency, heat(1));
    this.cam.name(`Grad-CAM for ${this.classes[target]}`);
    this.salient.name(`saliency for ${this.classes[target]}`);
    const probabilities = this.bars.fill(logits, target);
    this.#drawMaps(maps);
    this.#drawKernel();
    this.paper.outline("reads", this.#reads());
    this.paper.outline("brush", this.#brushBounds(...this.at));
    this.#say(maps, said, probabilities[said]);
  }

  #fill(picture) {
    const { low, high } = this;
    if (this.size[0] === 1) picture.fill(this.pixels, grey(low, high));
    else picture.fill(this.pixels.map(number => (number - low) / (high - low || 1)));
  }

  #drawMaps(values) {
    const plane = this.large.height * this.large.width, colours = signed(largest(values));
    const one = k => values.subarray(k * plane, (k + 1) * plane);
    this.maps.canvases.forEach((canvas, k) => paint(canvas, one(k), colours));
    this.large.fill(one(this.map), colours);
    this.large.name(`map ${this.map}: choose a pixel`);
    const [row, column] = this.pixel;
    this.large.outline("reads", { top: row, bottom: row, left: column, right: column });
  }

  #drawKernel() {
    const conv = this.network.nodes[this.layer.kernel];
    if (!conv) {
      this.kernelsCaption.textContent = "no single kernel made this map";
      return;
    }
    const each = this.kernelCanvases.length, plane = conv.kernel[0] * conv.kernel[1];
    const weights = conv.weight.subarray(this.map * each * plane, (this.map + 1) * each * plane);
    const colours = signed(largest(weights)), what = each === 1 ? "" : ` for each of ${each} maps that it reads`;
    this.kernelCanvases.forEach((canvas, c) => {
      const own = weights.subarray(c * plane, (c + 1) * plane);
      paint(canvas, own, colours);
      const [least, most] = [Math.min(...own), Math.max(...own)].map(shown);
      canvas.setAttribute("aria-label", `weights for input ${c}: from ${least} to ${most}`);
    });
    this.kernelsCaption.textContent = `its kernel, in layer ${conv.name}: ${conv.kernel.join("×")}${what}`;
  }

  // What the chosen pixel reads on the picture; null for one that reads padding alone.
  #reads() {
    const [row, column] = this.pixel, rows = this.layer.rows[row], columns = this.layer.columns[column];
    return rows && columns && { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
  }

  #say(values, said, probability) {
    const weights = this.network === this.networks[0] ? "Trained" : "Random", [row, column] = this.pixel;
    const answer = `${weights} weights: it says ${this.classes[said]}, ${percent(probability)}.`;
    const touched = this.touched === "map" ? this.#sayMap(values, row, column) : this.#sayBrush();
    this.says.textContent = `${answer} ${touched}`;
  }

  #sayMap(values, row, column) {
    const reads = this.#reads(), { height, width } = this.large;
    const value = shown(values[(this.map * height + row) * width + column]);
    const place = `Map ${this.map}, row ${row}, column ${column} = ${value}; it reads`;
    if (!reads) return `${place} nothing but padding.`;
    const [rows, columns] = [span(reads.top, reads.bottom), span(reads.left, reads.right)];
    return `${place} rows ${rows} and columns ${columns} of the picture.`;
  }

  #sayBrush() {
    const [row, column] = this.at, [C, height, width] = this.size;
    const numbers = Array.from({ length: C }, (_, c) => shown(this.pixels[(c * height + row) * width + column]));
    return `Brush at row ${row}, column ${column}: the pixel is ${numbers.join(", ")}.`;
  }
}

export default {
  render({ model, el }) { new Inside(el, model.get("state")); },
};
