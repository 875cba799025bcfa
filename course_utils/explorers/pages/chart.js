// A chart of lines and points in the unit of its numbers; the part of every page that draws one.
// The picture is stretched to the width of the page, its texts are not.

// The bounds [low, high] of both axes, and where their numbers stand: [place, text].
class Chart {
  constructor({ title, x, y, xticks, yticks, height }) {
    Object.assign(this, { x, y });
    this.svg = shape("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.svg.append(...yticks.map(([at]) => this.#path([[x[0], at], [x[1], at]], "rule")));
    this.drawn = shape("g");
    this.svg.append(this.drawn);
    const tick = (text, side, share) => {
      const span = make("span", {}, text);
      span.style[side] = `${100 * share}%`;
      return span;
    };
    const left = make("div", { class: "left" }, ...yticks.map(([at, text]) => tick(text, "bottom", this.#share(y, at))));
    const below = make("div", { class: "below" }, ...xticks.map(([at, text]) => tick(text, "left", this.#share(x, at))));
    const plot = make("div", { class: "plot", "aria-hidden": "true" }, left, this.svg, below);
    plot.style.gridTemplateRows = `${height}px 20px`;
    this.caption = make("figcaption", {}, title);
    this.node = make("figure", { class: "chart" }, this.caption, plot);
  }

  #share([low, high], at) { return (at - low) / (high - low); }

  #path(points, name) {
    // far outside, browsers draw nonsense
    const place = ([a, b]) => [100 * this.#share(this.x, a), 100 - 100 * this.#share(this.y, b)]
      .map(number => clamp(number, -1e4, 1e4).toFixed(2));
    const d = points.map((point, k) => `${k ? "L" : "M"}${place(point).join(" ")}`).join("");
    return shape("path", { d: points.length > 1 ? d : `${d}h0`, class: name, "vector-effect": "non-scaling-stroke" });
  }

  clear() { this.drawn.replaceChildren(); }

  // Points [x, y], joined; `name` is the class that says how.
  line(points, name) { if (points.length > 1) this.drawn.append(this.#path(points, name)); }

  // Points [x, y], each a dot.
  dots(points, name) { this.drawn.append(...points.map(point => this.#path([point], name))); }

  // Press or drag: `moved` gets the place along the x axis.
  dragged(moved) {
    const go = event => {
      const box = this.svg.getBoundingClientRect(), [low, high] = this.x;
      moved(clamp(low + ((event.clientX - box.left) / box.width) * (high - low), low, high));
    };
    this.svg.classList.add("dragged");
    this.svg.addEventListener("pointerdown", event => { this.svg.setPointerCapture(event.pointerId); go(event); });
    this.svg.addEventListener("pointermove", event => { if (event.buttons) go(event); });
  }
}

function shape(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
