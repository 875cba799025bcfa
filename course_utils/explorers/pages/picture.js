// A picture to point at: numbers as colours, what lies over it, and outlines. Goes with page.js.

// Colours take a number and give red, green, blue and how much it covers, each 0 to 255.
const grey = (low, high) => number => {
  const level = clamp((255 * (number - low)) / (high - low || 1), 0, 255);
  return [level, level, level, 255];
};
// White is 0, blue is −limit, red is +limit.
const signed = limit => number => {
  const part = clamp(number / (limit || 1), -1, 1), end = part < 0 ? [33, 102, 172] : [178, 24, 43];
  return [...end.map(level => 255 + (level - 255) * Math.abs(part)), 255];
};
// Nothing is 0, a strong orange is the highest: to lie over a grey picture.
const heat = high => number => [255, 120, 0, 215 * clamp(number / (high || 1), 0, 1)];

const largest = numbers => numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);

// (height, width) places, row after row. With `choose` it can be pointed at, and arrow keys go from place to place:
// choose(row, column, pressed, byKey, begins), where `pressed` tells a press or a drag from a pointer that only passes, and
// `begins` the first place of a drag.
class Picture {
  constructor({ title, height, width, side = 196, choose = null }) {
    Object.assign(this, { height, width, choose, at: [height >> 1, width >> 1], outlines: {} });
    const size = { width, height };
    this.canvas = choose
      ? touchable("canvas", { ...size, tabindex: "0", role: "application", "aria-label": title })
      : make("canvas", { ...size, role: "img", "aria-label": title });
    this.above = make("canvas", { ...size, "aria-hidden": "true" });
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.lines.setAttribute("aria-hidden", "true");
    const frame = make("div", { class: "picture" }, this.canvas, this.above, this.lines);
    frame.style.width = `${side}px`;
    this.caption = make("figcaption", {}, title);
    this.node = make("figure", {}, this.caption, frame);
    if (choose) this.#listen();
  }

  #listen() {
    this.canvas.classList.add("pointed");
    const place = event => {
      const box = this.canvas.getBoundingClientRect();
      const along = (from, length, count) => clamp(Math.floor((from / length) * count), 0, count - 1);
      return [along(event.clientY - box.top, box.height, this.height), along(event.clientX - box.left, box.width, this.width)];
    };
    const go = (at, pressed, byKey, begins) => { this.at = at; this.choose(...at, pressed, byKey, begins); };
    this.canvas.addEventListener("pointerdown", event => {
      this.canvas.setPointerCapture(event.pointerId);
      go(place(event), true, false, true);
    });
    this.canvas.addEventListener("pointermove", event => go(place(event), event.buttons > 0, false, false));
    this.canvas.addEventListener("keydown", event => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const press = event.key === "Enter" || event.key === " ";
      if (!step && !press) return;
      event.preventDefault();
      const [i, j] = step ?? [0, 0];
      const at = [clamp(this.at[0] + i, 0, this.height - 1), clamp(this.at[1] + j, 0, this.width - 1)];
      go(at, press, true, press && !event.repeat);
    });
  }

  // One plane of numbers, or three (red, green, blue) between 0 and 1 without `colours`.
  fill(numbers, colours) { paint(this.canvas, numbers, colours); }

  // Numbers over the picture; null takes them away.
  cover(numbers, colours) {
    if (numbers) paint(this.above, numbers, colours);
    else this.above.getContext("2d").clearRect(0, 0, this.width, this.height);
  }

  // A line around rows top to bottom and columns left to right, all counted in; null takes it away.
  outline(name, bounds) {
    this.outlines[name]?.remove();
    if (!bounds) return;
    const { top, left, bottom, right } = bounds;
    const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const numbers = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    for (const [key, value] of Object.entries(numbers)) rectangle.setAttribute(key, value);
    rectangle.setAttribute("class", name);
    this.lines.append(rectangle);
    this.outlines[name] = rectangle;
  }

  // Its title, seen and read out.
  name(title) {
    this.caption.textContent = title;
    this.canvas.setAttribute("aria-label", title);
  }
}

function paint(canvas, numbers, colours) {
  const context = canvas.getContext("2d"), places = canvas.width * canvas.height;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let k = 0; k < places; k++) {
    const colour = colours
      ? colours(numbers[k])
      : [255 * numbers[k], 255 * numbers[places + k], 255 * numbers[2 * places + k], 255];
    image.data.set(colour, 4 * k);
  }
  context.putImageData(image, 0, 0);
}
