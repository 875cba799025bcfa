// A chain of layers that can be changed, and what its units see. Goes with page.js and network.js.
// Layer n takes what layer n − 1 gives. Along an axis, unit i sees the window from jump·i + first to jump·i + last of
// the picture, borders ignored, and exactly the pixels from spans[i][0] to spans[i][1].

const inWords = (numbers, between = " by ") => numbers.map(number => number ?? "–").join(between);

// The layers of a network that is a plain chain of what can be changed, or null. Their names and types are the fields'.
export function chainOf(nodes, fields) {
  const plain = nodes.slice(1).every((node, k) => node.of.length === 1 && node.of[0] === k && changeable(node, nodes[k]));
  if (!plain) return null;
  return nodes.slice(1).map((node, k) => {
    const numbers = key => (node[key] ? decoded(node[key]) : null), from = nodes[k].shape[0];
    const layer = { ...node, name: fields[k].name, type: fields[k].type, channels: node.shape[0], seed: k };
    if (node.kind === "conv") {
      layer.given = weightsKey(layer, from);
      layer.weights = { [layer.given]: numbers("weight") };
    }
    return { ...layer, bias: numbers("bias"), scale: numbers("scale"), shift: numbers("shift") };
  });
}

function changeable(node, before) {
  if (node.kind === "max" || node.kind === "mean") return node.kernel !== undefined; // an adaptive one has none
  if (node.kind === "same") return String(node.shape) === String(before.shape);
  return ["conv", "elementwise", "norm"].includes(node.kind);
}

export const NEW = {
  convolution: (name, channels, seed) => ({
    name, seed, type: "Conv2d", kind: "conv", kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1,
    channels, weights: {}, bias: null,
  }),
  pooling: name => ({
    name, type: "MaxPool2d", kind: "max", kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceil: false, counted: false,
  }),
};

// The nodes of a chain for a picture (C, H, W), and a field for each layer. An error says which layer does not fit.
export function built(layers, shape) {
  const nodes = [{ name: "input", kind: "input", of: [], shape }], fields = [];
  let axes = [1, 2].map(a => ({ jump: 1, first: 0, last: 0, spans: Array.from({ length: shape[a] }, (_, p) => [p, p]) }));
  for (const layer of layers) {
    const before = nodes.at(-1).shape, of = [nodes.length - 1];
    if (layer.kernel) {
      const sides = [0, 1].map(a => placesOf(layer, before, a));
      axes = axes.map((axis, a) => slid(axis, layer, a, sides[a]));
      nodes.push({ ...windowed(layer, before, sides), of });
    } else nodes.push({ ...(layer.kind === "norm" ? fitted(layer, before[0]) : layer), of, shape: before });
    fields.push({
      name: layer.name, type: layer.type, output: nodes.at(-1).shape, everything: false,
      size: axes.map(axis => axis.last - axis.first + 1), jump: axes.map(axis => axis.jump),
      center: axes.map(axis => (axis.first + axis.last) / 2), window: axes.map(axis => [axis.first, axis.last]),
      spans: [axes.map(axis => axis.spans)],
    });
  }
  return { nodes, fields };
}

// How many windows fit, as PyTorch counts; the last of a pooling with ceil_mode does not begin behind the map.
function placesOf({ name, kind, kernel, stride, padding, dilation = [1, 1], ceil }, shape, a) {
  const n = shape[a + 1], wide = dilation[a] * (kernel[a] - 1) + 1;
  const places = (ceil ? Math.ceil : Math.floor)((n + 2 * padding[a] - wide) / stride[a]) + 1;
  if (places < 1) {
    const spread = wide > kernel[a] ? `, spread over ${wide},` : "";
    throw new Error(`layer ${name}: a kernel of ${kernel[a]}${spread} does not fit on ${n} units with padding ${padding[a]}`);
  }
  if (kind !== "conv" && 2 * padding[a] > kernel[a])
    throw new Error(`layer ${name}: the padding of a pooling is at most half of its kernel, which is ${kernel[a]}`);
  return ceil && (places - 1) * stride[a] >= n + padding[a] ? places - 1 : places;
}

// What units see, a window further.
function slid({ jump, first, last, spans }, { kernel, stride, padding, dilation = [1, 1] }, a, places) {
  const [k, s, p, d] = [kernel[a], stride[a], padding[a], dilation[a]];
  const seen = Array.from({ length: places }, (_, i) => {
    const read = Array.from({ length: k }, (_, b) => spans[i * s - p + b * d]).filter(Boolean);
    return read.length ? [Math.min(...read.map(span => span[0])), Math.max(...read.map(span => span[1]))] : null;
  });
  return { jump: jump * s, first: first - jump * p, last: last + jump * (d * (k - 1) - p), spans: seen };
}

function windowed(layer, [channels, ...sizes], sides) {
  if (layer.kind === "conv") {
    const groups = channels % layer.groups ? 1 : layer.groups;
    return { ...layer, groups, shape: [layer.channels, ...sides], weight: weightsOf({ ...layer, groups }, channels) };
  }
  const [rows, columns] = sides.map((places, a) => Array.from({ length: places }, (_, i) => {
    const begin = i * layer.stride[a] - layer.padding[a], end = begin + layer.kernel[a];
    const [from, to] = [Math.max(begin, 0), Math.min(end, sizes[a])];
    return [from, to, layer.counted ? Math.min(end, sizes[a] + layer.padding[a]) - begin : to - from];
  }));
  return { ...layer, shape: [channels, ...sides], rows, columns };
}

// A batch norm that meets another number of channels starts anew: it changes nothing.
const fitted = (layer, channels) => layer.scale.length === channels ? layer
  : { ...layer, scale: new Float32Array(channels).fill(1), shift: new Float32Array(channels) };

const weightsKey = ({ kernel }, channels) => `${channels}: ${kernel}`;

// A layer's weights for so many channels and its kernel: those that it had before, or drawn, with the variance of He
// and others (2015). The same kernel has the same weights again.
function weightsOf(layer, channels) {
  const each = (channels / layer.groups) * layer.kernel[0] * layer.kernel[1];
  return layer.weights[weightsKey(layer, channels)] ??= drawn(layer.channels * each, Math.sqrt(2 / each), layer.seed);
}

export const isDrawn = (layer, channels) => layer.kind === "conv" && layer.given !== weightsKey(layer, channels);

// Normal numbers, the same each time: by Box and Muller, from a linear congruential generator (Numerical Recipes).
function drawn(many, deviation, seed) {
  let state = 7919 * (seed + 1) + many;
  const uniform = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0, (state + 0.5) / 2 ** 32);
  return Float32Array.from({ length: many }, () =>
    deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

// How many numbers are multiplied or compared in one pass.
export const products = nodes => sum(nodes.slice(1).map(node => {
  const size = count(node.shape);
  if (node.kind === "conv") return (size * count(node.kernel) * nodes[node.of[0]].shape[0]) / node.groups;
  if (node.kind === "linear") return size * count(nodes[node.of[0]].shape);
  if (!node.rows) return size;
  return node.shape[0] * sum(node.rows.map(([from, to]) => to - from)) * sum(node.columns.map(([from, to]) => to - from));
}));

// Rows [first, last] and columns that a unit sees, exactly; null where it sees nothing but padding.
export function boundsOf({ spans }, unit) {
  const seen = spans.map(term => term.map((axis, a) => axis[unit[a]])).filter(term => term.every(Boolean));
  if (!seen.length) return null;
  return [0, 1].map(a => [Math.min(...seen.map(term => term[a][0])), Math.max(...seen.map(term => term[a][1]))]);
}

// Rows and columns of a unit's window, which may reach over the edge; null where there is no window.
export function windowOf({ window, jump, everything }, unit) {
  return window && !everything ? window.map((ends, a) => ends.map(end => end + jump[a] * unit[a])) : null;
}

// |d unit / d pixel|, the picture's channels added up: of one channel of the unit, or of their sum with null.
export function effectiveField(network, n, [rows, columns], [i, j], channel = null) {
  const [C, H, W] = network.nodes[0].shape, places = rows * columns;
  const g = new Float32Array(count(network.nodes[n].shape));
  for (let c = 0; c * places < g.length; c++) if (channel === null || c === channel) g[c * places + i * columns + j] = 1;
  const gradient = network.backward(n, g)[0], field = new Float32Array(H * W);
  for (let c = 0; c < C; c++) for (let k = 0; k < H * W; k++) field[k] += Math.abs(gradient[c * H * W + k]);
  return field;
}

// What part of a field lies within a quarter of the window's height and width from its middle.
export function middleShare(field, [H, W], window) {
  const near = (at, [first, last]) => Math.abs(at - (first + last) / 2) <= (last - first + 1) / 4;
  let inside = 0;
  for (let i = 0; i < H; i++) for (let j = 0; j < W; j++)
    if (near(i, window[0]) && near(j, window[1])) inside += field[i * W + j];
  return inside / sum(field);
}
