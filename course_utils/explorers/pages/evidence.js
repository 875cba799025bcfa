// What an answer hangs on, as unit 05 defines it: saliency and Grad-CAM. Goes with page.js and picture.js.
// Gradients are those of one class's logit; pictures are (C, H, W) and maps (C, h, w), row after row.

export function softmax(logits) {
  const most = Math.max(...logits), parts = Array.from(logits, logit => Math.exp(logit - most)), total = sum(parts);
  return parts.map(part => part / total);
}

// Saliency (Simonyan et al. 2013): the largest absolute gradient of a pixel's channels, with maximum 1.
export function saliency(gradient, places) {
  const size = new Float32Array(places);
  gradient.forEach((number, k) => { size[k % places] = Math.max(size[k % places], Math.abs(number)); });
  return withMaximum1(size);
}

// Grad-CAM (Selvaraju et al. 2017): maps weighted by their mean gradient, summed, ReLU, enlarged, with maximum 1.
export function gradCam(maps, gradient, [C, h, w], height, width) {
  const plane = h * w, evidence = new Float32Array(plane);
  for (let c = 0; c < C; c++) {
    const weight = sum(gradient.subarray(c * plane, (c + 1) * plane)) / plane;
    for (let k = 0; k < plane; k++) evidence[k] += weight * maps[c * plane + k];
  }
  return withMaximum1(enlarged(evidence.map(number => Math.max(0, number)), h, w, height, width));
}

const withMaximum1 = numbers => { const most = largest(numbers); return most ? numbers.map(n => n / most) : numbers; };

// Bilinear, as torch.nn.functional.interpolate with align_corners=False: the middles of the outer pixels lie inside.
function enlarged(numbers, h, w, height, width) {
  const between = (n, size) => Array.from({ length: size }, (_, k) => {
    const at = Math.max(0, ((k + 0.5) * n) / size - 0.5), low = Math.floor(at);
    return [low, Math.min(low + 1, n - 1), at - low];
  });
  const rows = between(h, height), columns = between(w, width), result = new Float32Array(height * width);
  rows.forEach(([top, bottom, down], i) => columns.forEach(([left, right, along], j) => {
    const mixed = row => numbers[row * w + left] * (1 - along) + numbers[row * w + right] * along;
    result[i * width + j] = mixed(top) * (1 - down) + mixed(bottom) * down;
  }));
  return result;
}
