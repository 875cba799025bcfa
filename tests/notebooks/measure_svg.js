// Measures the texts of every SVG on the page, once in each font, and leaves the result as JSON in the page.
// Lengths are in the SVG's own units, measured from the corner of its viewBox.
const HIDDEN = "defs, marker, pattern, clipPath, symbol, mask";
const SHAPES = "rect, circle, ellipse, path, polygon";

function boxOf(element, svg) {
  const box = element.getBoundingClientRect(), frame = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / frame.width;
  const sides = [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top];
  return sides.map((side) => side * scale);
}

function coloursOf(shape, svg) {
  const style = getComputedStyle(shape);
  const pattern = style.fill.match(/url\("?#([^")]+)/);
  if (!pattern) return [[style.fill, style.fillOpacity * style.opacity]];
  const parts = [...svg.querySelector(`[id="${pattern[1]}"]`).children].map((part) => getComputedStyle(part));
  return parts.flatMap((part) => [part.fill, part.stroke].map((colour) => [colour, 1]));
}

// What is painted behind a point of the screen before `text`, the lowest first.
function behind(text, x, y, shapes, svg) {
  return shapes.filter((shape) => {
    if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) return false;
    if (getComputedStyle(shape).fill === "none") return false;
    return shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse()));
  }).map((shape) => coloursOf(shape, svg));
}

function measured(svg) {
  const seen = (kind) => [...svg.querySelectorAll(kind)].filter((element) => !element.closest(HIDDEN));
  const shapes = seen(SHAPES), all = [...svg.querySelectorAll("*")], order = (element) => all.indexOf(element);
  const texts = seen("text").filter((text) => text.textContent.trim()).map((text) => {
    const screen = text.getBoundingClientRect(), middle = (screen.top + screen.bottom) / 2;
    const along = [screen.left + 1, (screen.left + screen.right) / 2, screen.right - 1];
    const style = getComputedStyle(text);
    // A halo is painted before the letters and covers what lies behind them.
    const halo = style.paintOrder.startsWith("stroke") ? [[[style.stroke, style.strokeOpacity * style.opacity]]] : [];
    return {
      place: order(text),
      text: text.textContent.trim().replace(/\s+/g, " "),
      box: boxOf(text, svg),
      fill: [style.fill, style.fillOpacity * style.opacity],
      behind: along.map((x) => [...behind(text, x, middle, shapes, svg), ...halo]),
      halo: halo.length > 0,
    };
  });
  const { width, height } = svg.viewBox.baseVal;
  const rects = seen("rect").map((rect) => {
    return { place: order(rect), box: boxOf(rect, svg), filled: getComputedStyle(rect).fill !== "none" };
  });
  return { size: [width, height], texts, rects };
}

// Each figure in a shadow tree of its own, as the styles and ids of one are not for the others.
const result = {};
for (const figure of document.querySelectorAll("section")) {
  const tree = figure.attachShadow({ mode: "open" });
  tree.append(figure.querySelector("template").content);
  const style = tree.appendChild(document.createElement("style"));
  result[figure.id] = {};
  for (const [sans, mono] of FONTS) {
    style.textContent = `svg, svg * { font-family: "${sans}" !important }
      svg [font-family*="monospace"], svg [font-family*="monospace"] * { font-family: "${mono}" !important }`;
    result[figure.id][sans] = measured(tree.querySelector("svg"));
  }
}
document.body.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(result))));
