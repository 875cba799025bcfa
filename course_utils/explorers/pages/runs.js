// The page of explorers.runs, with page.js and chart.js: which recorded run is shown, and what it says.
const TOP = 3; // of the losses that are shown

// Points [step, loss]: a mean of so many steps stands in their middle.
export function trainingPoints(run, every) {
  return run.train_loss.map((loss, k) => [every * k + (every + 1) / 2, loss]);
}

// How a run ended.
export function inWords(run, { epochs, every, steps }) {
  const kind = `momentum ${run.momentum}, ${run.norm ? "with" : "without"} batch norm`;
  const before = `Learning rate ${run.rate}, ${kind}: `;
  if (run.diverged !== null) return `${before}diverged. In step ${run.diverged} the loss was no finite number any more.`;
  const last = run.train_loss.slice(-steps / every), accuracy = run.val_accuracy.at(-1);
  const guess = accuracy < 0.2 ? " A guess among ten classes has a loss of about 2.30, and 10 %." : "";
  return `${before}in the last of ${epochs} epochs the training loss is ${(sum(last) / last.length).toFixed(2)} on average, `
    + `at its end the validation loss ${run.val_loss.at(-1).toFixed(2)}, and ${(100 * accuracy).toFixed(1)} % of the `
    + `validation images are named rightly.${guess}`;
}

class Page {
  constructor(root, state) {
    this.recorded = state;
    this.chosen = { ...state.chosen };
    this.rates = [...new Set(state.runs.map(run => run.rate))];
    this.momenta = [...new Set(state.runs.map(run => run.momentum))];
    this.seen = new Set();
    this.says = saying();
    this.#charts();
    root.classList.add("course-explorer", PAGE);
    root.append(this.#settings(), this.losses.node, this.says, this.ends.node);
    this.draw = oncePerFrame(() => this.#draw());
    this.#draw();
  }

  #settings() {
    const set = name => value => { this.chosen[name] = value; this.draw(); };
    const [none, much] = this.momenta;
    return bar("settings",
      slider("learning rate", { low: 0, high: this.rates.length - 1, value: this.rates.indexOf(this.chosen.rate), say: k => String(this.rates[k]) },
        k => set("rate")(this.rates[k])),
      checkbox(`momentum ${much}`, checked => set("momentum")(checked ? much : none), this.chosen.momentum === much),
      checkbox("batch norm", set("norm"), this.chosen.norm));
  }

  #charts() {
    const { steps, epochs, every } = this.recorded;
    const ends = Array.from({ length: epochs + 1 }, (_, k) => [k * steps, String(k)]);
    this.losses = new Chart({
      title: `Loss, over the epochs. Line: training, mean of ${every} steps. Squares: validation. Grey: the other runs.`,
      x: [0, epochs * steps * 1.02], y: [0, TOP], xticks: ends, yticks: [0, 1, 2, 3].map(k => [k, String(k)]), height: 220,
    });
    const places = this.rates.map(rate => [Math.log10(rate), String(rate)]), [low, high] = [places[0][0], places.at(-1)[0]];
    this.ends = new Chart({
      title: "Validation accuracy at the end in %, by learning rate, of the runs that were chosen",
      x: [low - 0.2, high + 0.2], y: [0, 100], xticks: places, yticks: [0, 50, 100].map(k => [k, String(k)]), height: 110,
    });
  }

  #draw() {
    const { runs, every, steps } = this.recorded, { rate, momentum, norm } = this.chosen;
    const run = runs.find(one => one.rate === rate && one.momentum === momentum && one.norm === norm);
    this.seen.add(run);
    this.losses.clear();
    for (const other of runs) if (other !== run) this.losses.line(trainingPoints(other, every), "other");
    this.losses.line(trainingPoints(run, every), "training");
    const measured = run.val_loss.map((loss, epoch) => [epoch * steps, loss]);
    this.losses.line(measured, "between");
    this.losses.dots(measured, "validation");
    this.#ends(run);
    this.says.textContent = inWords(run, this.recorded);
  }

  // A run that diverged has no end to show.
  #ends(run) {
    const point = one => [Math.log10(one.rate), 100 * one.val_accuracy.at(-1)];
    const seen = this.recorded.runs.filter(one => this.seen.has(one) && one.diverged === null);
    const same = seen.filter(one => one.momentum === run.momentum && one.norm === run.norm);
    this.ends.clear();
    this.ends.dots(seen.filter(one => !same.includes(one)).map(point), "past");
    this.ends.line(same.map(point), "between");
    this.ends.dots(same.map(point), "kin");
    this.ends.dots(same.filter(one => one === run).map(point), "end");
  }
}

export default {
  render({ model, el }) { new Page(el, model.get("state")); },
};
