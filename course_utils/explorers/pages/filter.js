// The page of explorers.filter, with page.js, grid.js and picture.js. All arithmetic happens here.
// As in PyTorch's conv2d: picture (H, W), kernel (kh, kw), places counted from 0.

// The pixel at a place; outside the picture a zero of the padding.
const pixelAt = ({ pixels, shape: [H, W] }, row, column) =>
  row < 0 || column < 0 || row >= H || column >= W ? 0 : pixels[row * W + column];

// Rows and columns of zeros on each side; `same` makes the result as large as the picture.
const paddingOf = (kernel, same) => (same ? [kernel.length >> 1, kernel[0].length >> 1] : [0, 0]);

// {shape, values} of the picture {shape, pixels}; values lie row after row.
export function filtered({ shape: [H, W], pixels }, kernel, same) {
  const [up, left] = paddingOf(kernel, same);
  const rows = H + 2 * up - kernel.length + 1, columns = W + 2 * left - kernel[0].length + 1;
  const values = new Float64Array(rows * columns);
  kernel.forEach((weights, a) => weights.forEach((weight, b) => {
    const down = a - up, right = b - left;
    const first = Math.max(0, -right), last = Math.min(columns, W - right);
    for (let i = Math.max(0, -down); i < Math.min(rows, H - down); i++) {
      const from = (i + down) * W + right, to = i * columns;
      for (let j = first; j < last; j++) values[to + j] += weight * pixels[from + j];
    }
  }));
  return { shape: [rows, columns], values };
}

// Kernels by name; those that the chapter speaks of.
export const FILTERS = {
  "one pixel": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "blur, 3 × 3": table(3, 3, () => 1 / 9),
  "blur, 5 × 5": table(5, 5, () => 1 / 25),
  "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
  "right minus left": table(3, 3, (a, b) => b - 1),
  "lower minus upper": table(3, 3, a => a - 1),
};

// How a number of the result becomes a colour, and what the page says of it.
const LOOKS = {
  "grey, 0 to 1": {
    colours: () => grey(0, 1),
    told: values => `black is 0, white is 1; ${outside(values)} of the numbers lie outside and are cut off`,
  },
  "dark where strong": {
    colours: () => number => grey(0, 1)(1 - Math.abs(number)),
    told: () => "white is 0, black is 1 or −1 or beyond",
  },
  "signed colours": {
    colours: values => signed(largest(values)),
    told: values => `blue is ${shown(-largest(values))}, white is 0, red is ${shown(largest(values))}`,
  },
};

function outside(values) {
  const many = values.reduce((total, number) => total + (number < -1e-9 || number > 1 + 1e-9), 0);
  return `${Math.round((100 * many) / values.length)} %`;
}

class FilterPage {
  constructor(root, { shape, pixels, kernel }) {
    const levels = Uint8Array.from(atob(pixels), letter => letter.charCodeAt(0));
    this.picture = { shape, pixels: Float64Array.from(levels, level => level / 255) };
    Object.assign(this, { given: copy(kernel), kernel: copy(kernel), same: false, look: "grey, 0 to 1", term: null });
    this.centre = [kernel.length, kernel[0].length].map((k, axis) => ((shape[axis] - k + 1) >> 1) + (k >> 1));
    this.pictures = make("div", { class: "stage" });
    this.note = make("p", {});
    this.equation = make("div", { class: "stage equation" });
    this.sum = make("p", { class: "sum", "aria-hidden": "true" }); // the line beneath says it
    this.says = saying();
    root.classList.add("course-explorer", PAGE);
    root.append(this.#settings(), this.pictures, this.note, this.equation, this.says);
    this.build();
  }

  #settings() {
    const [H, W] = this.picture.shape, fits = name => FILTERS[name].length <= H && FILTERS[name][0].length <= W;
    const presets = choice("preset", ["as given", ...Object.keys(FILTERS).filter(fits)], name => {
      this.kernel = copy(FILTERS[name] ?? this.given);
      this.build();
    });
    const border = choice("border", ["no padding", "zeros, same size"], name => {
      this.same = name !== "no padding";
      this.build();
    });
    const look = choice("result shown as", Object.keys(LOOKS), name => { this.look = name; this.refresh(); });
    return bar("settings", presets, border, look);
  }

  // New pictures and grids, where a size may have changed. The kernel's middle stays on the pixel that it lay on.
  build() {
    const [H, W] = this.picture.shape, [kh, kw] = [this.kernel.length, this.kernel[0].length];
    this.pad = paddingOf(this.kernel, this.same);
    const rows = H + 2 * this.pad[0] - kh + 1, columns = W + 2 * this.pad[1] - kw + 1, wide = clamp(3 * W, 120, 300);
    this.photograph = new Picture({
      title: `picture: ${H} × ${W}`, height: H, width: W, side: wide,
      choose: (row, column) => this.go(...this.under(row, column)),
    });
    this.result = new Picture({
      title: `result: ${rows} × ${columns}`, height: rows, width: columns, side: (wide * columns) / W,
      choose: (i, j) => this.go(i, j),
    });
    this.photograph.fill(this.picture.pixels, grey(0, 1));
    this.pictures.replaceChildren(this.photograph.node, this.result.node);
    const grid = (name, title, change = null) => new Grid({
      name, title, rows: kh, columns: kw, change, choose: (chosen, a, b) => { this.term = [a, b]; this.show(); },
    });
    this.window = grid("pixels", "pixels under the kernel");
    this.weights = grid("kernel", "kernel", (a, b, number) => { this.kernel[a][b] = number; this.refresh(); });
    this.products = grid("products", "products");
    const sign = text => make("span", { class: "sign", "aria-hidden": "true" }, text);
    this.equation.replaceChildren(
      this.window.node, sign("·"), this.weights.node, sign("="), this.products.node, sign("→"), this.sum);
    [this.at, this.term] = [this.under(...this.centre), null];
    this.refresh();
  }

  // The place of the result that is made with the kernel's middle on this pixel; it may lie outside.
  under(row, column) {
    return [row - (this.kernel.length >> 1) + this.pad[0], column - (this.kernel[0].length >> 1) + this.pad[1]];
  }

  // The result again, after a number of the kernel has changed.
  refresh() {
    this.output = filtered(this.picture, this.kernel, this.same);
    const { colours, told } = LOOKS[this.look];
    this.result.fill(this.output.values, colours(this.output.values));
    this.note.textContent = `The result: ${told(this.output.values)}.`;
    this.weights.fill(this.kernel);
    this.weights.node.firstElementChild.textContent = `kernel; it adds up to ${shown(sum(this.kernel.flat()))}`;
    this.show();
  }

  go(i, j) {
    [this.at, this.term] = [[i, j], null];
    this.show();
  }

  // The window of the chosen number, its products, and the words for them.
  show() {
    this.at = this.at.map((place, axis) => clamp(place, 0, this.output.shape[axis] - 1));
    const [i, j] = this.at, [kh, kw] = [this.kernel.length, this.kernel[0].length];
    const [top, left] = [i - this.pad[0], j - this.pad[1]], value = this.output.values[i * this.output.shape[1] + j];
    this.photograph.outline("window", { top, left, bottom: top + kh - 1, right: left + kw - 1 });
    this.result.outline("window", { top: i, left: j, bottom: i, right: j });
    this.result.at = this.at;
    this.photograph.at = this.centre = [top + (kh >> 1), left + (kw >> 1)];
    const pixels = table(kh, kw, (a, b) => pixelAt(this.picture, top + a, left + b));
    this.window.fill(pixels);
    this.products.fill(table(kh, kw, (a, b) => pixels[a][b] * this.kernel[a][b]));
    for (const grid of [this.window, this.weights, this.products]) {
      grid.unmark();
      if (this.term) grid.mark(...this.term, "chosen");
    }
    this.sum.textContent = `sum ${shown(value)}`;
    const result = `result[${i}, ${j}]`;
    const terms = pixels.map((row, a) => row.map((pixel, b) => product(pixel, this.kernel[a][b])));
    if (!this.term) return this.#say(`${result} = ${terms.flat().join(" + ")} = ${shown(value)}`);
    const [a, b] = this.term, names = `picture[${top + a}, ${left + b}]·kernel[${a}, ${b}]`;
    const term = shown(pixels[a][b] * this.kernel[a][b]);
    this.#say(`${names} = ${terms[a][b]} = ${term}, a part of ${result} = ${shown(value)}`);
  }

  #say(text) { this.says.textContent = text; }
}

export default {
  render({ model, el }) { new FilterPage(el, model.get("state")); },
};
