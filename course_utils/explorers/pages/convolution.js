// The page of explorers.convolution, with page.js and grid.js. All arithmetic happens here: nothing is asked of the kernel.
// As in PyTorch: picture x (C, H, W), one kernel k (C, kh, kw), output (rows, columns), places counted from 0.

export function outputSize(n, k, { stride, padding, dilation }) {
  return Math.max(0, Math.floor((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1);
}

// What output [i, j] reads: a term for each number of the kernel. A pixel of the padding is 0.
export function reads(x, k, { stride, padding, dilation }, i, j) {
  return k.flatMap((plane, c) => plane.flatMap((weights, a) => weights.map((weight, b) => {
    const row = i * stride - padding + a * dilation, column = j * stride - padding + b * dilation;
    return { c, a, b, row, column, i, j, weight, pixel: x[c][row]?.[column] ?? 0 };
  })));
}

// Every term of the convolution: [row][column] of the output, then as `reads` gives them.
export function allReads(x, k, settings) {
  const rows = outputSize(x[0].length, k[0].length, settings);
  const columns = outputSize(x[0][0].length, k[0][0].length, settings);
  if (!rows || !columns) return [];
  return table(rows, columns, (i, j) => reads(x, k, settings, i, j));
}

export function convolve(x, k, settings) {
  return allReads(x, k, settings).map(row => row.map(terms => sum(terms.map(t => t.weight * t.pixel))));
}

// The gradients of picture and kernel, where g (rows, columns) is the gradient of the output.
export function backward(x, k, settings, g) {
  const zeros = planes => planes.map(plane => plane.map(row => row.map(() => 0)));
  const picture = zeros(x), kernel = zeros(k);
  for (const t of allReads(x, k, settings).flat(2)) {
    kernel[t.c][t.a][t.b] += t.pixel * g[t.i][t.j];
    if (x[t.c][t.row]?.[t.column] !== undefined) picture[t.c][t.row][t.column] += t.weight * g[t.i][t.j];
  }
  return { picture, kernel };
}

// How many windows of a pooling fit on n numbers. With `ceil` the last one may stick out, unless it begins outside.
export function pooledSize(n, { size, stride, ceil }) {
  const windows = (ceil ? Math.ceil : Math.floor)((n - size) / stride) + 1;
  return Math.max(0, ceil && (windows - 1) * stride >= n ? windows - 1 : windows);
}

// The places [row, column] of y (rows, columns) that pooled [i, j] is made of.
export function poolReads(y, { size, stride }, i, j) {
  const all = table(size, size, (a, b) => [i * stride + a, j * stride + b]).flat();
  return all.filter(([row, column]) => y[row]?.[column] !== undefined);
}

export const POOLINGS = {
  max: numbers => Math.max(...numbers),
  mean: numbers => sum(numbers) / numbers.length,
};

export function pool(y, pooling) {
  const [rows, columns] = [y.length, y[0]?.length ?? 0].map(n => pooledSize(n, pooling));
  const value = (i, j) => POOLINGS[pooling.kind](poolReads(y, pooling, i, j).map(([a, b]) => y[a][b]));
  return rows && columns ? table(rows, columns, value) : [];
}

// Kernels by name, for any size; null where it has no place in this one.
export const PRESETS = {
  "one pixel": (h, w) => table(h, w, (a, b) => +(a === h >> 1 && b === w >> 1)),
  "mean": (h, w) => table(h, w, () => 1 / (h * w)),
  "right minus left": (h, w) => w < 2 ? null : table(h, w, (a, b) => (b === w - 1) - (b === 0)),
  "lower minus upper": (h, w) => h < 2 ? null : table(h, w, a => (a === h - 1) - (a === 0)),
  "sharpen": (h, w) => h !== 3 || w !== 3 ? null : [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
};

class Page {
  constructor(root, state) {
    Object.assign(this, copy(state));
    this.given = copy(state.kernel);
    this.backwards = false;
    this.pooling = { kind: "none", size: 2, stride: 2, ceil: false };
    this.at = [0, 0];
    this.stage = make("div", { class: "stage" });
    this.size = make("p", { class: "size" });
    this.says = saying();
    root.classList.add("course-explorer", PAGE);
    root.append(this.#settings(), this.#poolingSettings(), this.size, this.stage, this.#steps(), this.says);
    this.build();
  }

  #settings() {
    const sliders = [["stride", 1, 4], ["padding", 0, 3], ["dilation", 1, 3]].map(([name, low, high]) =>
      slider(name, { low, high, value: this[name] }, value => { this[name] = value; this.build(); }));
    const [h, w] = [this.kernel[0].length, this.kernel[0][0].length];
    const names = ["as given", ...Object.keys(PRESETS).filter(name => PRESETS[name](h, w))];
    const presets = choice("kernel", names, name => {
      const preset = PRESETS[name]?.(h, w);
      this.kernel = this.given.map(plane => copy(preset ?? plane));
      this.refresh();
    });
    const backwards = checkbox("gradients", checked => { this.backwards = checked; this.build(); });
    return bar("settings", ...sliders, presets, backwards);
  }

  #poolingSettings() {
    const set = (name, value) => { this.pooling[name] = value; this.build(); };
    const more = [
      slider("pool size", { low: 2, high: 3, value: this.pooling.size }, value => set("size", value)),
      slider("pool stride", { low: 1, high: 3, value: this.pooling.stride }, value => set("stride", value)),
      checkbox("ceil_mode", checked => set("ceil", checked)),
    ];
    const hide = kind => more.forEach(part => { part.hidden = kind === "none"; });
    const kind = choice("pooling", ["none", ...Object.keys(POOLINGS)], name => { hide(name); set("kind", name); });
    hide("none");
    return bar("pooling after it", kind, ...more);
  }

  #steps() {
    this.step = touchable("input", { type: "range", min: 0, value: 0, "aria-label": "place of the window" });
    this.step.addEventListener("input", () => this.go(Number(this.step.value)));
    const by = step => () => this.go(Number(this.step.value) + step);
    return bar("move the window", button("back", by(-1)), this.step, button("next", by(1)));
  }

  // The window to the place with this number, row after row.
  go(number) {
    const columns = this.output.columns, places = this.output.rows * columns;
    if (number >= 0 && number < places) this.choose(this.output, Math.floor(number / columns), number % columns);
  }

  // New grids, where the number of cells may have changed.
  build() {
    const [H, W, kh, kw] = [this.picture[0], this.kernel[0]].flatMap(plane => [plane.length, plane[0].length]);
    const rows = outputSize(H, kh, this), columns = outputSize(W, kw, this);
    this.gradient = table(rows, columns, () => 1);
    const choose = (grid, i, j) => this.choose(grid, i, j);
    const planes = (name, numbers, options = {}) => numbers.map((plane, c) => {
      const channel = numbers.length > 1 ? c : null, [h, w] = [plane.length, plane[0].length];
      const change = options.fixed ? null : (i, j, number) => { this[name][c][i][j] = number; this.refresh(); };
      const title = `${name}${channel === null ? "" : `, channel ${c}`}: ${h} × ${w}`;
      return new Grid({ name, title, rows: h, columns: w, channel, change, choose, ...options });
    });
    const whole = rows > 0 && columns > 0;
    const title = whole ? `output: ${rows} × ${columns}` : "output: the kernel does not fit";
    this.pictures = planes("picture", this.picture, { border: this.padding });
    this.kernels = planes("kernel", this.kernel);
    this.output = new Grid({ name: "output", title, rows: whole ? rows : 0, columns: whole ? columns : 0, choose });
    const forward = [...this.pictures, ...this.kernels, this.output];
    this.backs = this.backwards && whole ? this.#gradients(planes, rows, columns, choose) : [];
    this.pooled = this.pooling.kind !== "none" && whole ? this.#pooled(rows, columns, choose) : null;
    if (this.pooled) forward.push(this.pooled);
    this.stage.replaceChildren(...forward.map(grid => grid.node), ...this.backs.map(grid => grid.node));
    this.grids = [...forward, ...this.backs];
    this.step.max = Math.max(0, rows * columns - 1);
    const formulas = [this.#formula("rows", H, kh, rows), [make("br")], this.#formula("columns", W, kw, columns)];
    if (this.pooled) formulas.push(...this.#poolFormula("rows", rows), ...this.#poolFormula("columns", columns));
    this.size.replaceChildren(...formulas.flat());
    this.chosen = { grid: this.output, i: Math.min(this.at[0], rows - 1), j: Math.min(this.at[1], columns - 1) };
    this.refresh();
  }

  #formula(what, n, k, result) {
    const { stride, padding, dilation } = this;
    const fraction = `(${n} + 2·${padding} − ${dilation}·(${k} − 1) − 1) / ${stride}`;
    return [`output ${what} = ⌊${fraction}⌋ + 1 = `, make("strong", {}, String(result))];
  }

  #poolFormula(what, n) {
    const { size, stride, ceil } = this.pooling, result = pooledSize(n, this.pooling);
    const [open, close] = ceil ? "⌈⌉" : "⌊⌋";
    const left = ceil && result < Math.ceil((n - size) / stride) + 1 ? " − 1 (the last would begin outside)" : "";
    const text = `pooled ${what} = ${open}(${n} − ${size}) / ${stride}${close} + 1${left} = `;
    return [[make("br")], [text, make("strong", {}, String(result))]];
  }

  #pooled(rows, columns, choose) {
    const [h, w] = [pooledSize(rows, this.pooling), pooledSize(columns, this.pooling)], fits = h && w;
    const title = fits ? `pooled: ${h} × ${w}` : "pooled: the window does not fit";
    return new Grid({ name: "pooled", title, rows: fits ? h : 0, columns: fits ? w : 0, choose });
  }

  #gradients(planes, rows, columns, choose) {
    const change = (i, j, number) => { this.gradient[i][j] = number; this.refresh(); };
    const name = "gradient of output";
    this.ofOutput = new Grid({ name, title: `${name}: choose it`, rows, columns, change, choose });
    this.ofPicture = planes("gradient of picture", this.picture, { fixed: true });
    this.ofKernel = planes("gradient of kernel", this.kernel, { fixed: true });
    return [this.ofOutput, ...this.ofPicture, ...this.ofKernel];
  }

  // The numbers again, after one has changed.
  refresh() {
    this.terms = allReads(this.picture, this.kernel, this);
    this.pictures.forEach((grid, c) => grid.fill(this.picture[c], this.kernel));
    this.kernels.forEach((grid, c) => grid.fill(this.kernel[c]));
    this.output.fill(convolve(this.picture, this.kernel, this), this.kernel);
    this.pooled?.fill(pool(this.output.numbers, this.pooling));
    if (this.backs.length) {
      const found = backward(this.picture, this.kernel, this, this.gradient);
      this.ofOutput.fill(this.gradient, [...this.picture, ...this.kernel]);
      this.ofPicture.forEach((grid, c) => grid.fill(found.picture[c]));
      this.ofKernel.forEach((grid, c) => grid.fill(found.kernel[c]));
    }
    this.choose(this.chosen.grid, this.chosen.i, this.chosen.j);
  }

  // Show what belongs to this cell, and say it.
  choose(grid, i, j) {
    this.chosen = { grid, i, j };
    this.grids.forEach(other => other.unmark());
    if (!this.output.rows) return this.say("The kernel does not fit on the picture: no output.");
    grid.mark(i, j, "chosen");
    if (grid === this.output) return this.#window(i, j);
    if (grid === this.pooled) return this.#pools(i, j);
    const c = grid.channel ?? 0, all = this.terms.flat(2).filter(t => t.c === c);
    const fed = all.filter(t => t.row === i && t.column === j), used = all.filter(t => t.a === i && t.b === j);
    if (grid.name === "picture") this.#feeds(grid, i, j, fed);
    else if (grid.name === "kernel") this.#uses(grid, i, j, used);
    else if (grid === this.ofOutput) this.say(`${grid.place(i, j)} = ${shown(this.gradient[i][j])}`);
    else if (grid.name === "gradient of picture") this.#gathers(grid, i, j, fed, t => t.weight);
    else this.#gathers(grid, i, j, used, t => t.pixel);
  }

  #window(i, j) {
    this.at = [i, j];
    this.step.value = i * this.output.columns + j;
    this.step.setAttribute("aria-valuetext", `row ${i}, column ${j}`);
    const terms = this.terms[i][j], products = terms.map(t => product(t.pixel, t.weight)).join(" + ");
    for (const t of terms) this.pictures[t.c].mark(t.row, t.column, "window", t.weight);
    this.say(`${this.output.place(i, j)} = ${products} = ${shown(this.output.numbers[i][j])}`);
  }

  #pools(i, j) {
    const places = poolReads(this.output.numbers, this.pooling, i, j);
    for (const [a, b] of places) this.output.mark(a, b, "window");
    const read = places.map(([a, b]) => shown(this.output.numbers[a][b])).join(", ");
    const result = shown(this.pooled.numbers[i][j]);
    this.say(`${this.pooled.place(i, j)} = ${this.pooling.kind}(${read}) = ${result}`);
  }

  #feeds(grid, i, j, terms) {
    for (const t of terms) this.output.mark(t.i, t.j, "window", t.weight);
    const parts = terms.map(t => `${this.output.place(t.i, t.j)} by ${shown(t.weight)}`);
    const told = parts.length ? `goes into ${parts.join(", ")}` : "goes into no output: the window never covers it";
    this.say(`${grid.place(i, j)} = ${shown(this.picture[grid.channel ?? 0][i][j])} ${told}`);
  }

  #uses(grid, i, j, terms) {
    for (const t of terms) this.pictures[t.c].mark(t.row, t.column, "window");
    const value = shown(this.kernel[grid.channel ?? 0][i][j]);
    this.say(`${grid.place(i, j)} = ${value} is multiplied with each of the marked pixels, once for each output`);
  }

  #gathers(grid, i, j, terms, other) {
    for (const t of terms) this.ofOutput.mark(t.i, t.j, "window", other(t));
    const total = sum(terms.map(t => this.gradient[t.i][t.j] * other(t)));
    const parts = terms.map(t => product(this.gradient[t.i][t.j], other(t)));
    this.say(`${grid.place(i, j)} = ${parts.length ? `${parts.join(" + ")} = ` : ""}${shown(total)}`);
  }

  say(text) { this.says.textContent = text; }
}

export default {
  render({ model, el }) { new Page(el, model.get("state")); },
};
