// What every explorer's page is built of. A page is this file and others, joined: see `Explorer`; none imports another.

const sum = numbers => numbers.reduce((total, number) => total + number, 0);
const table = (rows, columns, value) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j)));
const copy = value => JSON.parse(JSON.stringify(value));
const clamp = (number, low, high) => Math.min(high, Math.max(low, number));
const shown = number => String(+number.toFixed(3)).replace("-", "−");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Whatever takes the focus needs this attribute: without it JupyterLab's `d d` deletes the cell.
const touchable = (tag, attributes, ...children) =>
  make(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);

const labelled = (name, element, ...more) => make("label", {}, make("span", {}, name), element, ...more);
const bar = (name, ...children) => make("div", { class: "bar", role: "group", "aria-label": name }, ...children);

// A slider with its value beside it; `say` turns the value into words.
function slider(name, { low, high, step = 1, value, say = String }, change) {
  const input = touchable("input", { type: "range", min: low, max: high, step, value, "aria-valuetext": say(value) });
  const out = make("span", { class: "value", "aria-hidden": "true" }, say(value)); // the slider says it itself
  input.addEventListener("input", () => {
    out.textContent = say(Number(input.value));
    input.setAttribute("aria-valuetext", out.textContent);
    change(Number(input.value));
  });
  return labelled(name, input, out);
}

// A list to choose one name of.
function choice(name, names, change) {
  const select = touchable("select", { "aria-label": name }, ...names.map(option => make("option", {}, option)));
  select.addEventListener("change", () => change(select.value));
  return labelled(name, select);
}

function checkbox(name, change, checked = false) {
  const input = touchable("input", { type: "checkbox" });
  input.checked = checked;
  input.addEventListener("change", () => change(input.checked));
  return make("label", {}, input, make("span", {}, name));
}

function button(name, press) {
  const element = touchable("button", { type: "button" }, name);
  element.addEventListener("click", press);
  return element;
}

// The line that says in words what is chosen; a screen reader reads it out whenever it changes.
const saying = () => make("p", { role: "status", "aria-live": "polite", class: "says" });

// Numbers as they come from Python: base64 of float32, the lowest byte first.
function decoded(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

// `draw` once in the next frame, however often it is called until then.
function oncePerFrame(draw) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; draw(); });
  };
}
