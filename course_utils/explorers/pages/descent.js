// The page of explorers.descent, with page.js and chart.js. A step is that of torch.optim.SGD.

// Each with its gradient, and how much of it is shown.
export const CURVES = {
  "parabola": {
    formula: "w²",
    loss: w => w * w,
    gradient: w => 2 * w,
    bounds: [-3, 3],
    top: 9,
    start: 2,
  },
  "two valleys": {
    formula: "2 + w²/50 − 2·exp(−(w + 1)²) − exp(−4·(w − 1)²)",
    loss: w => 2 + w * w / 50 - 2 * Math.exp(-((w + 1) ** 2)) - Math.exp(-4 * (w - 1) ** 2),
    gradient: w => w / 25 + 4 * (w + 1) * Math.exp(-((w + 1) ** 2)) + 8 * (w - 1) * Math.exp(-4 * (w - 1) ** 2),
    bounds: [-4, 4],
    top: 3,
    start: 3,
  },
};
const TOO_FAR = 1e6; // there nobody walks on

// The places of so many steps, the start first; `velocity` and `from` are those of the step that led there.
export function descend(curve, start, rate, momentum, steps) {
  const { loss, gradient } = CURVES[curve];
  const path = [{ w: start, loss: loss(start) }];
  for (let step = 0, velocity = 0; step < steps; step++) {
    const w = path[step].w, before = velocity, slope = gradient(w);
    velocity = momentum * before + slope;
    path.push({ w: w - rate * velocity, loss: loss(w - rate * velocity), from: w, slope, before, velocity });
  }
  return path;
}

const MOST = 100; // steps
const RUN = { every: 200, steps: 40 }; // milliseconds, and where a run ends by itself

// Four digits; very large and very small ones as 1.2·10^7.
export function figure(number) {
  const size = Math.abs(number);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) {
    const [digits, power] = number.toExponential(1).split("e");
    return `${digits}·10^${Number(power)}`.replaceAll("-", "−");
  }
  return String(Number(number.toPrecision(4))).replace("-", "−");
}
const factor = number => (number < 0 ? `(${figure(number)})` : figure(number));

class Page {
  constructor(root, state) {
    Object.assign(this, state);
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.says = saying();
    this.hillPlace = make("div");
    this.historyPlace = make("div");
    root.classList.add("course-explorer", PAGE);
    root.append(this.#settings(), this.#steps(), this.hillPlace, this.says, this.historyPlace);
    this.draw = oncePerFrame(() => this.#draw());
    this.build();
  }

  #settings() {
    const set = name => value => { this[name] = value; this.draw(); };
    const rates = this.rates;
    this.startPlace = make("span");
    const curves = choice("loss", Object.keys(CURVES), name => {
      Object.assign(this, { curve: name, start: CURVES[name].start, steps: 0 });
      this.build();
    });
    curves.querySelector("select").value = this.curve;
    return bar("settings", curves,
      slider("learning rate", { low: 0, high: rates.length - 1, value: rates.indexOf(this.rate), say: k => figure(rates[k]) },
        k => set("rate")(rates[k])),
      slider("momentum", { low: 0, high: 0.95, step: 0.05, value: this.momentum, say: figure }, set("momentum")),
      this.startPlace);
  }

  #steps() {
    this.go = button("run", () => (this.timer ? this.stop() : this.run()));
    if (this.still) this.go.textContent = "10 steps";
    return bar("steps", button("step", () => { this.stop(); this.step(1); }), this.go,
      button("reset", () => { this.stop(); this.steps = 0; this.draw(); }));
  }

  // A new curve: its own charts, and a start on it.
  build() {
    this.stop();
    const { bounds: [low, high], formula, top } = CURVES[this.curve];
    const whole = Array.from({ length: high - low + 1 }, (_, k) => [low + k, shown(low + k)]);
    const heights = Array.from({ length: 4 }, (_, k) => [k * top / 3, shown(k * top / 3)]);
    this.hill = new Chart({ title: `loss = ${formula}, over the weight w`, x: [low, high], y: [-top / 20, top * 1.05],
      xticks: whole, yticks: heights, height: 210 });
    this.hill.dragged(w => { this.startSlider.value = w; this.startSlider.dispatchEvent(new Event("input")); });
    const start = slider("start", { low, high, step: 0.1, value: this.start, say: figure },
      w => { this.stop(); this.start = w; this.draw(); });
    this.startPlace.replaceChildren(start);
    this.hillPlace.replaceChildren(this.hill.node);
    this.startSlider = start.querySelector("input");
    this.#draw();
  }

  step(count) {
    const path = this.path(), last = path[path.length - 1];
    if (this.steps + count > MOST || Math.abs(last.w) > TOO_FAR) return this.stop();
    this.steps += count;
    this.draw();
  }

  run() {
    if (this.still) return this.step(10); // nothing moves by itself
    if (this.steps >= RUN.steps) this.steps = 0;
    this.go.textContent = "stop";
    this.says.setAttribute("aria-live", "off"); // the end is read out, not each step
    this.timer = setInterval(() => (this.steps < RUN.steps && this.says.isConnected ? this.step(1) : this.stop()), RUN.every);
    this.step(1);
  }

  stop() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.go.textContent = "run";
    this.says.setAttribute("aria-live", "polite");
    this.draw();
  }

  path() { return descend(this.curve, this.start, this.rate, this.momentum, this.steps); }

  #draw() {
    const path = this.path(), points = path.map(({ w, loss }) => [w, loss]);
    const { bounds: [low, high], loss, top } = CURVES[this.curve];
    this.hill.clear();
    this.hill.line(Array.from({ length: 161 }, (_, k) => low + (k / 160) * (high - low)).map(w => [w, loss(w)]), "curve");
    this.hill.line(points, "path");
    this.hill.dots(points.slice(0, -1), "place");
    this.hill.dots(points.slice(-1), "ball");
    this.#history(path, top);
    this.says.textContent = this.#inWords(path);
  }

  // The loss of each step, beneath.
  #history(path, top) {
    const end = Math.max(20, Math.ceil(this.steps / 20) * 20), each = end / 4;
    const ticks = [0, 1, 2, 3, 4].map(k => [k * each, String(k * each)]);
    const chart = new Chart({ title: "loss after each step", x: [0, end], y: [-top / 15, top * 1.05], xticks: ticks,
      yticks: [[0, "0"], [top, shown(top)]], height: 90 });
    chart.line(path.map(({ loss }, k) => [k, loss]), "path");
    chart.dots(path.map(({ loss }, k) => [k, loss]), "place");
    this.historyPlace.replaceChildren(chart.node);
  }

  #inWords(path) {
    const { w, loss, from, slope, before, velocity } = path[this.steps];
    if (!this.steps) return `Start: w = ${figure(w)}, loss ${figure(loss)}, gradient ${figure(CURVES[this.curve].gradient(w))}.`;
    const pushed = this.momentum
      ? `v = ${figure(this.momentum)}·${factor(before)} + ${factor(slope)} = ${figure(velocity)}, ` : "";
    const sum = `${pushed}w = ${figure(from)} − ${figure(this.rate)}·${factor(velocity)} = ${figure(w)}`;
    const [low, high] = CURVES[this.curve].bounds, outside = w < low || w > high;
    const end = Math.abs(w) > TOO_FAR ? " It diverges: the steps are too large." : outside ? " That is outside the picture." : "";
    return `Step ${this.steps}: gradient ${figure(slope)}, ${sum}. The loss is now ${figure(loss)}.${end}`;
  }
}

export default {
  render({ model, el }) { new Page(el, model.get("state")); },
};
