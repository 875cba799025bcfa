// A network at work in the page, forward and backward, as PyTorch computes it in evaluation mode. Goes with page.js.
// Its nodes come from `course_utils.explorers.network`; numbers lie in memory as PyTorch has them, without the batch.

const ELEMENTWISE = {
  relu: [x => Math.max(0, x), (x, y) => +(x > 0)],
  sigmoid: [x => 1 / (1 + Math.exp(-x)), (x, y) => y * (1 - y)],
  tanh: [Math.tanh, (x, y) => 1 - y * y],
};
const count = shape => shape.reduce((product, size) => product * size, 1);

// Each meeting of a weight with a row of pixels: visit(weight's place, first output, first input, how many, stride).
function meetings({ shape, stride, padding, dilation, groups, kernel }, [C, H, W], visit) {
  const [O, rows, columns] = shape, [kh, kw] = kernel, each = C / groups;
  for (let o = 0; o < O; o++) for (let c = 0; c < each; c++) {
    const plane = (Math.floor(o / (O / groups)) * each + c) * H;
    for (let a = 0; a < kh; a++) for (let b = 0; b < kw; b++) {
      const weight = ((o * each + c) * kh + a) * kw + b, shift = b * dilation[1] - padding[1];
      const first = Math.max(0, Math.ceil(-shift / stride[1]));
      const last = Math.min(columns - 1, Math.floor((W - 1 - shift) / stride[1]));
      for (let i = 0; i < rows; i++) {
        const row = i * stride[0] - padding[0] + a * dilation[0];
        if (row < 0 || row >= H || last < first) continue;
        const from = (plane + row) * W + first * stride[1] + shift;
        visit(weight, (o * rows + i) * columns + first, from, last - first + 1, stride[1]);
      }
    }
  }
}

// Each window of a pooling: visit(output, the inputs in it, what a mean divides by).
function windows({ shape, rows, columns }, [, H, W], visit) {
  for (let c = 0, at = 0; c < shape[0]; c++) for (const [top, bottom, high] of rows)
    for (const [left, right, wide] of columns) {
      const places = [];
      for (let i = top; i < bottom; i++) for (let j = left; j < right; j++) places.push((c * H + i) * W + j);
      visit(at++, places, high * wide);
    }
}

// For each kind of node: forward(node, inputs, output, shapes) fills the output, backward(node, gradient, inputs,
// output, gradients, shapes) adds to the gradients of the inputs.
const KINDS = {
  conv: {
    forward(node, [x], y, [shape]) {
      const { weight, bias } = node, plane = count(node.shape) / node.shape[0];
      for (let k = 0; k < y.length; k++) y[k] = bias ? bias[Math.floor(k / plane)] : 0;
      meetings(node, shape, (w, to, from, many, stride) => {
        const factor = weight[w];
        for (let k = 0; k < many; k++) y[to + k] += factor * x[from + k * stride];
      });
    },
    backward(node, g, inputs, y, [gx], [shape]) {
      const columns = node.shape[2], live = new Uint8Array(g.length / columns); // rows with a gradient: often few
      for (let k = 0; k < g.length; k++) if (g[k]) live[Math.floor(k / columns)] = 1;
      meetings(node, shape, (w, to, from, many, stride) => {
        if (!live[Math.floor(to / columns)]) return;
        const factor = node.weight[w];
        for (let k = 0; k < many; k++) gx[from + k * stride] += factor * g[to + k];
      });
    },
  },
  linear: {
    forward({ weight, bias }, [x], y) {
      for (let o = 0; o < y.length; o++) {
        let total = bias ? bias[o] : 0;
        for (let k = 0; k < x.length; k++) total += weight[o * x.length + k] * x[k];
        y[o] = total;
      }
    },
    backward({ weight }, g, [x], y, [gx]) {
      for (let o = 0; o < g.length; o++) for (let k = 0; k < x.length; k++) gx[k] += weight[o * x.length + k] * g[o];
    },
  },
  max: {
    forward(node, [x], y, [shape]) {
      node.from = new Int32Array(y.length);
      windows(node, shape, (at, places) => {
        node.from[at] = places.reduce((best, place) => (x[place] > x[best] ? place : best), places[0]);
        y[at] = x[node.from[at]];
      });
    },
    backward: (node, g, inputs, y, [gx]) => node.from.forEach((place, at) => { gx[place] += g[at]; }),
  },
  mean: {
    forward: (node, [x], y, [shape]) =>
      windows(node, shape, (at, places, size) => { y[at] = sum(places.map(place => x[place])) / size; }),
    backward: (node, g, inputs, y, [gx], [shape]) =>
      windows(node, shape, (at, places, size) => { for (const place of places) gx[place] += g[at] / size; }),
  },
  norm: {
    forward: ({ scale, shift }, [x], y) => {
      const plane = y.length / scale.length;
      for (let k = 0; k < y.length; k++) y[k] = x[k] * scale[Math.floor(k / plane)] + shift[Math.floor(k / plane)];
    },
    backward: ({ scale }, g, inputs, y, [gx]) => {
      const plane = g.length / scale.length;
      for (let k = 0; k < g.length; k++) gx[k] += g[k] * scale[Math.floor(k / plane)];
    },
  },
  elementwise: {
    forward: (node, [x], y) => { for (let k = 0; k < y.length; k++) y[k] = ELEMENTWISE[node.function][0](x[k]); },
    backward: (node, g, [x], y, [gx]) => {
      for (let k = 0; k < g.length; k++) gx[k] += g[k] * ELEMENTWISE[node.function][1](x[k], y[k]);
    },
  },
  same: {
    forward: (node, [x], y) => y.set(x),
    backward: (node, g, inputs, y, [gx]) => { for (let k = 0; k < g.length; k++) gx[k] += g[k]; },
  },
  add: {
    forward: (node, [a, b], y) => { for (let k = 0; k < y.length; k++) y[k] = a[k] + b[k]; },
    backward: (node, g, inputs, y, gradients) => {
      for (const gx of gradients) for (let k = 0; k < g.length; k++) gx[k] += g[k];
    },
  },
  cat: {
    forward: (node, inputs, y) => { let at = 0; for (const x of inputs) { y.set(x, at); at += x.length; } },
    backward: (node, g, inputs, y, gradients) => {
      let at = 0;
      for (const gx of gradients) { for (let k = 0; k < gx.length; k++) gx[k] += g[at + k]; at += gx.length; }
    },
  },
};

export class Network {
  // nodes: the first is the input; each comes after those that it takes. Their numbers are base64, or arrays.
  constructor(nodes) {
    this.nodes = nodes.map(node => {
      const numbers = ["weight", "bias", "scale", "shift"].filter(key => typeof node[key] === "string");
      return { ...node, ...Object.fromEntries(numbers.map(key => [key, decoded(node[key])])) };
    });
    this.values = this.nodes.map(node => new Float32Array(count(node.shape)));
  }

  // The number of the node with this name.
  at(name) { return this.nodes.findIndex(node => node.name === name); }

  #shapes(node) { return node.of.map(k => this.nodes[k].shape); }

  // All values, by node; the last is the output. They are the same arrays each time.
  forward(input) {
    this.values[0].set(input);
    this.nodes.forEach((node, n) => {
      if (n) KINDS[node.kind].forward(node, node.of.map(k => this.values[k]), this.values[n], this.#shapes(node));
    });
    return this.values;
  }

  // The gradients of all nodes down to the input, where `gradient` is that of node `n`; after `forward`.
  backward(n, gradient) {
    const gradients = this.nodes.map(node => new Float32Array(count(node.shape)));
    gradients[n].set(gradient);
    for (let k = n; k > 0; k--) {
      const node = this.nodes[k], inputs = node.of.map(of => this.values[of]);
      const into = node.of.map(of => gradients[of]);
      KINDS[node.kind].backward(node, gradients[k], inputs, this.values[k], into, this.#shapes(node));
    }
    return gradients;
  }
}
