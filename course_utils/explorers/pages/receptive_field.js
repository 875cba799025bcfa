// The page of explorers.receptive_field: a layer and a unit are chosen, and what the unit sees lies over the picture.

const RANGES = { kernel: [1, 11], stride: [1, 4], padding: [0, 10], dilation: [1, 9] };
const rangeInWords = (name, [first, last]) => (first === last ? `${name} ${first}` : `${name}s ${first} to ${last}`);

class Page {
  constructor(root, state) {
    this.state = state;
    this.numbers = decoded(state.picture);
    const nodes = state.nodes;
    this.chain = nodes && chainOf(nodes, state.layers);
    this.added = 0;
    this.channel = "all, added up";
    this.says = saying();
    this.problem = "";
    this.layers = make("tbody", {});
    this.maps = make("div", { class: "map" });
    this.picture = this.#picture();
    this.channels = bar("effective field");
    root.classList.add("course-explorer", PAGE, "receptive-field");
    this.list = this.#table();
    root.append(make("div", { class: "stage" }, make("div", {}, this.list, this.maps), this.picture.node), this.says, this.channels);
    root.append(this.chain ? this.#chainControls() : "", this.#note());
    this.take(nodes, state.layers, state.start);
    requestAnimationFrame(() => this.#scroll()); // now it stands in the document
  }

  #note() {
    const { why } = this.state, fixed = nodeless => make("p", { class: "note" }, nodeless);
    if (why) return fixed(`The effective field is left out: ${why}.`);
    return this.chain ? "" : fixed("This model is no plain chain, so its layers can be looked at and not changed.");
  }

  #table() {
    const head = ["layer", "output", "window", "jump", "centre of unit 0"];
    const table = make("table", { class: "layers" },
      make("thead", {}, make("tr", {}, ...head.map(name => make("th", { scope: "col" }, name)))), this.layers);
    this.group = `layer ${Math.random()}`; // pages of several explorers stand in one document
    return make("figure", { class: "list" }, make("figcaption", {}, "layers"), table);
  }

  // The picture with a margin, in which windows reach over the edge.
  #picture() {
    const [C, H, W] = this.state.shape, margin = clamp(Math.round(Math.max(H, W) / 3), 3, 28);
    this.margin = margin;
    const [height, width] = [H + 2 * margin, W + 2 * margin];
    const pixels = this.numbers, low = pixels.reduce((a, b) => Math.min(a, b)), high = pixels.reduce((a, b) => Math.max(a, b));
    const level = number => (255 * (number - low)) / (high - low || 1);
    const picture = new Picture({
      title: `picture: ${H} by ${W} pixels`, height, width, side: 340,
      choose: (row, column, pressed, byKey) => { if (pressed || byKey) this.#nearest([row - margin, column - margin]); },
    });
    this.places = table(height, width, (i, j) => {
      const inside = i >= margin && j >= margin && i < margin + H && j < margin + W;
      return inside ? (i - margin) * W + j - margin : -1;
    }).flat();
    picture.fill(this.places, place => {
      if (place < 0) return [0, 0, 0, 0];
      const values = Array.from({ length: C }, (_, c) => level(pixels[c * H * W + place]));
      return C === 3 ? [...values, 255] : [...Array(3).fill(sum(values) / C), 255];
    });
    this.#outline(picture, "edge", [[0, H - 1], [0, W - 1]], margin);
    const mark = (kind, text) => make("span", {}, make("span", { class: `mark ${kind}`, "aria-hidden": "true" }), text);
    const marks = [mark("sees", "what the unit sees"), mark("window", "its window")];
    if (this.state.nodes) marks.push(mark("heat", "effective field (its square root)"));
    picture.node.append(make("p", { class: "legend" }, ...marks));
    return picture;
  }

  #outline(picture, name, bounds, shift = 0) {
    if (!bounds) return picture.outline(name, null);
    const [[top, bottom], [left, right]] = bounds.map(ends => ends.map(end => end + shift));
    picture.outline(name, { top, bottom, left, right });
  }

  // Another network, or the same layers changed; `chosen` is the number of a layer.
  take(nodes, fields, chosen) {
    this.nodes = nodes;
    this.network = nodes && new Network(nodes);
    this.network?.forward(this.numbers);
    this.fields = fields;
    this.#fillTable(chosen);
    if (chosen !== this.chosen) this.#scroll(chosen);
    this.chooseLayer(chosen);
  }

  // The row of a layer to the middle of a list that is too long; the notebook stays where it is.
  #scroll(n = this.chosen) { this.list.scrollTop = this.layers.rows[n].offsetTop - this.list.clientHeight / 2; }

  #fillTable(chosen) {
    const rows = this.fields.map((field, n) => {
      const radio = touchable("input", { type: "radio", name: this.group, "aria-label": `layer ${field.name} (${field.type})` });
      radio.checked = n === chosen;
      radio.addEventListener("change", () => this.chooseLayer(n));
      const name = make("label", {}, radio, make("span", {}, field.name), make("small", {}, field.type));
      const window = field.everything ? "everything" : inWords(field.size, "×");
      const cells = [inWords(field.output, "×"), window, inWords(field.jump, "×"), inWords(field.center.map(c => c === null ? null : shown(c)), ", ")];
      return make("tr", {}, make("th", { scope: "row" }, name), ...cells.map(text => make("td", {}, text)));
    });
    this.layers.replaceChildren(...rows);
  }

  chooseLayer(n) {
    this.chosen = n;
    [...this.layers.rows].forEach((row, k) => row.classList.toggle("chosen", k === n));
    this.field = this.fields[n];
    const grid = this.field.spans[0].map(axis => axis.length);
    const same = String(grid) === String(this.grid);
    this.grid = grid;
    this.unit = same ? this.unit : grid.map(units => units >> 1);
    if (!same) this.#newMap(grid);
    this.map.name(`units of layer ${this.field.name}: ${inWords(grid)}`);
    this.#channelChoice();
    if (this.chain) this.#settings();
    this.#fillMap();
    this.chooseUnit(this.unit);
  }

  #newMap([height, width]) {
    this.map = new Picture({
      title: "units", height, width, side: clamp(14 * width, 64, 168),
      choose: (row, column, pressed, byKey) => { if (pressed || byKey) this.chooseUnit([row, column]); },
    });
    this.maps.replaceChildren(this.map.node);
  }

  #channelChoice() {
    if (!this.network) return;
    const channels = count(this.nodes[this.chosen + 1].shape) / count(this.grid);
    const names = ["all, added up", "the strongest", ...Array.from({ length: channels }, (_, c) => String(c))];
    if (!names.includes(this.channel)) this.channel = names[0];
    const list = choice("channel of the unit", names, name => { this.channel = name; this.#fillMap(); this.chooseUnit(this.unit); });
    list.querySelector("select").value = this.channel;
    this.channels.replaceChildren(...(channels > 1 ? [list] : []));
  }

  // The channel whose gradient is asked for; null for the sum of all.
  #channelOf([i, j]) {
    if (this.channel === "all, added up") return null;
    if (this.channel !== "the strongest") return Number(this.channel);
    const values = this.network.values[this.chosen + 1], places = count(this.grid), at = i * this.grid[1] + j;
    const channels = Array.from({ length: values.length / places }, (_, c) => Math.abs(values[c * places + at]));
    return channels.indexOf(Math.max(...channels));
  }

  // The map: the chosen channel, or of several their sum, or their strongest.
  #fillMap() {
    const places = count(this.grid), numbers = new Float32Array(places);
    if (this.network) {
      const values = this.network.values[this.chosen + 1], strongest = this.channel === "the strongest";
      for (let c = 0; c * places < values.length; c++) for (let k = 0; k < places; k++) {
        const value = values[c * places + k];
        if (strongest) numbers[k] = Math.max(numbers[k], Math.abs(value));
        else if (this.channel === "all, added up" || c === Number(this.channel)) numbers[k] += value;
      }
    }
    const low = Math.min(...numbers), high = Math.max(...numbers);
    this.map.fill(numbers, high > low ? grey(low, high) : () => [128, 128, 128, 255]);
  }

  // The unit in the middle of whose window, or of what it sees, this pixel lies; the nearest one.
  #nearest(pixel) {
    const far = (a, unit) => {
      const { window, jump, spans } = this.field, ends = window ? window[a].map(end => end + jump[a] * unit) : spans[0][a][unit];
      return ends ? Math.abs((ends[0] + ends[1]) / 2 - pixel[a]) : Infinity;
    };
    const nearest = (units, a) => Array.from({ length: units }, (_, unit) => far(a, unit)).reduce(
      (best, distance, unit, all) => (distance < all[best] ? unit : best), 0);
    this.chooseUnit(this.grid.map(nearest), true);
  }

  // Show what this unit sees, and say it. Arrow keys on the picture go on from the unit's middle, or from their pixel.
  chooseUnit(unit, byPixel = false) {
    this.unit = unit;
    this.map.at = unit;
    const seen = boundsOf(this.field, unit), window = windowOf(this.field, unit);
    this.#outline(this.map, "unit", unit.map(at => [at, at]));
    this.#outline(this.picture, "window", window, this.margin);
    this.#outline(this.picture, "sees", seen, this.margin);
    if (seen && !byPixel) this.picture.at = seen.map(([first, last]) => ((first + last) >> 1) + this.margin);
    if (this.network) this.#heat(unit);
    this.said = [this.#place(unit, seen), this.#window(window), this.#share(seen, window)].filter(Boolean).join(" ");
    this.#say();
  }

  #say() { this.says.replaceChildren(...(this.problem ? [make("strong", {}, this.problem), " "] : []), this.said); }

  #heat(unit) {
    this.effective = effectiveField(this.network, this.chosen + 1, this.grid, unit, this.#channelOf(unit));
    const colour = heat(Math.sqrt(largest(this.effective))); // the root, since most of a bell is faint
    this.picture.cover(this.places, place => (place < 0 ? [0, 0, 0, 0] : colour(Math.sqrt(this.effective[place]))));
  }

  #place(unit, seen) {
    const sees = seen ? `${rangeInWords("row", seen[0])}, ${rangeInWords("column", seen[1])}` : "nothing but padding";
    const drawn = this.chain && isDrawn(this.chain[this.chosen], this.nodes[this.chosen].shape[0]);
    return `Layer ${this.field.name}${drawn ? " (its weights are drawn)" : ""}, unit [${unit.join(", ")}]: ${sees}.`;
  }

  #window(window) {
    if (!window) return this.field.everything ? "It sees everything, so it has no window." : "";
    const [, H, W] = this.state.shape;
    const over = [-window[0][0], window[0][1] - H + 1, -window[1][0], window[1][1] - W + 1];
    const beyond = ["above", "below", "left", "right"].map((side, k) => over[k] > 0 && `${over[k]} ${side}`).filter(Boolean);
    const where = beyond.length ? `over the edge by ${beyond.join(", ")}` : "all in the picture";
    return `Window ${inWords(this.field.size)}, ${where}.`;
  }

  #share(seen, window) {
    if (!this.network || !seen) return "";
    const [top, bottom, left, right] = seen.flat(), live = this.effective.filter(Boolean).length;
    const arrives = `A gradient arrives at ${live} of its ${(bottom - top + 1) * (right - left + 1)} pixels.`;
    if (!live || !window) return arrives;
    const share = Math.round(100 * middleShare(this.effective, this.state.shape.slice(1), window));
    return `${arrives} ${share} % of the effective field lies in the middle half of the window.`;
  }

  #chainControls() {
    this.given = this.chain;
    this.sliders = make("div", { class: "bar" });
    const add = kind => () => {
      const name = `new ${this.added + 1}`, channels = this.nodes[this.chosen + 1].shape[0];
      if (this.#change(this.chain.toSpliced(this.chosen + 1, 0, NEW[kind](name, channels, 1000 + this.added)), this.chosen + 1)) this.added++;
    };
    const remove = () => {
      if (this.chain.length === 1) return this.#refuse("a chain has at least one layer");
      this.#change(this.chain.toSpliced(this.chosen, 1), Math.max(0, this.chosen - 1));
    };
    const anew = () => this.#change(this.given, this.state.start);
    return bar("change the layers", this.sliders, make("div", { class: "bar" },
      button("add convolution", add("convolution")), button("add pooling", add("pooling")), button("remove", remove), button("as given", anew)));
  }

  // Sliders for the chosen layer; each sets rows and columns alike. What does not fit stays wanted until another does.
  #settings() {
    if (this.sliding) return;
    this.problem = "";
    this.wanted = this.chain[this.chosen];
    const names = Object.keys(RANGES).filter(name => this.wanted[name]);
    this.sliders.hidden = !names.length;
    this.sliders.replaceChildren(...names.map(name => {
      const [low, high] = RANGES[name], now = this.wanted[name];
      let fresh = true;
      const say = value => (fresh ? inWords([...new Set(now)], "×") : String(value));
      const part = slider(name, { low, high: Math.max(high, ...now), value: now[0], say }, value => {
        this.wanted = { ...this.wanted, [name]: [value, value] };
        this.sliding = true;
        this.#change(this.chain.with(this.chosen, this.wanted), this.chosen);
        this.sliding = false;
      });
      fresh = false;
      return part;
    }));
  }

  // Try other layers. Where they do not fit, it is said and the last good ones stay.
  #change(layers, chosen) {
    const { shape, most } = this.state, written = number => number.toLocaleString("en");
    try {
      const { nodes, fields } = built(layers, shape), many = products(nodes);
      if (many > most) throw new Error(`one pass would take ${written(many)} products, and the page does ${written(most)}`);
      this.problem = "";
      this.chain = layers;
      this.take(nodes, fields, chosen);
      return true;
    } catch (error) {
      this.#refuse(error.message);
      return false;
    }
  }

  #refuse(why) {
    this.problem = `This does not fit: ${why}. What you see is the last chain that does.`;
    this.#say();
  }
}

export default {
  render({ model, el }) { new Page(el, model.get("state")); },
};
