// Numbers in a grid, which can be typed over. Goes with page.js.

const factor = number => (number < 0 ? `(${shown(number)})` : shown(number));
const product = (a, b) => `${factor(a)}·${factor(b)}`;
const parsed = text => (text.trim() === "" ? NaN : Number(text.replace("−", "-").replace(",", ".")));

// A grid of numbers. One cell is a tab stop, arrow keys go on from there, typing changes an editable one.
// `border` is how many cells of padding stand around; `change` is there where numbers can be edited.
class Grid {
  constructor({ name, title, rows, columns, border = 0, channel = null, change = null, choose }) {
    Object.assign(this, { name, rows, columns, border, channel, change, choose });
    this.table = make("table", { role: "grid", "aria-label": title });
    this.node = make("figure", {}, make("figcaption", {}, title), this.table);
    this.cells = new Map();
    for (let i = -border; i < rows + border; i++) {
      const row = make("tr", { role: "row" });
      for (let j = -border; j < columns + border; j++) row.append(this.#cell(i, j));
      this.table.append(row);
    }
    if (!rows) this.table.remove();
    this.table.addEventListener("keydown", event => this.#key(event));
    this.#tabStop(0, 0);
  }

  place(i, j) { return `${this.name}[${this.channel === null ? "" : `${this.channel}, `}${i}, ${j}]`; }
  cell(i, j) { return this.cells.get(`${i},${j}`); }
  touched(i, j) { return this.change ? this.cell(i, j).firstElementChild : this.cell(i, j); }

  #cell(i, j) {
    const inside = i >= 0 && j >= 0 && i < this.rows && j < this.columns;
    const cell = make("td", { role: "gridcell" });
    this.cells.set(`${i},${j}`, cell);
    if (!inside) {
      cell.classList.add("padding");
      cell.textContent = "0";
      return cell;
    }
    cell.addEventListener("mouseenter", () => this.choose(this, i, j));
    cell.addEventListener("focusin", () => { this.#tabStop(i, j); this.choose(this, i, j); });
    const attributes = { "data-lm-suppress-shortcuts": "true", tabindex: "-1" };
    if (this.change) cell.append(this.#input(i, j, attributes));
    else for (const [key, value] of Object.entries(attributes)) cell.setAttribute(key, value);
    return cell;
  }

  #input(i, j, attributes) {
    const label = this.place(i, j);
    const input = make("input", { ...attributes, type: "text", inputmode: "decimal", "aria-label": label });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => this.#show(input, shown(this.numbers[i][j])));
    input.addEventListener("input", () => {
      const number = parsed(input.value);
      input.setAttribute("aria-invalid", String(!Number.isFinite(number)));
      if (Number.isFinite(number)) this.change(i, j, number);
    });
    return input;
  }

  #tabStop(i, j) {
    this.table.querySelectorAll('[tabindex="0"]').forEach(other => other.setAttribute("tabindex", "-1"));
    if (this.cell(i, j)) this.touched(i, j).setAttribute("tabindex", "0");
  }

  #key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = [...this.cells].find(([, cell]) => cell.contains(event.target))[0].split(",").map(Number);
    const [i, j] = [at[0] + step[0], at[1] + step[1]];
    if (i >= 0 && j >= 0 && i < this.rows && j < this.columns) this.touched(i, j).focus();
  }

  // Show these numbers; the field that is being typed in is left alone. `mark` may write one of `weights` beside each.
  fill(numbers, weights = []) {
    this.numbers = numbers;
    for (let i = 0; i < this.rows; i++) for (let j = 0; j < this.columns; j++) {
      const text = shown(numbers[i][j]), element = this.touched(i, j);
      if (this.change) {
        if (element !== document.activeElement) this.#show(element, text);
        continue;
      }
      element.textContent = text;
      element.setAttribute("aria-label", `${this.place(i, j)} = ${text}`);
    }
    const longest = list => Math.max(0, ...list.flat(2).map(number => shown(number).length));
    // a cell's width in em: its number fits, and the smaller weight
    const least = Math.max(1.9, 0.6 + 0.62 * longest(numbers), 0.4 + 0.46 * (1 + longest(weights)));
    const columns = this.columns + 2 * this.border;
    this.table.style.minWidth = `${columns * least}em`;
    this.table.style.maxWidth = `${columns * Math.max(2.9, least)}em`;
  }

  #show(input, text) {
    input.value = text;
    input.setAttribute("aria-invalid", "false");
  }

  mark(i, j, kind, weight) {
    const cell = this.cell(i, j);
    cell?.classList.add(kind);
    if (cell && weight !== undefined) cell.dataset.weight = `×${shown(weight)}`;
  }

  unmark() {
    for (const cell of this.cells.values()) {
      cell.classList.remove("chosen", "window");
      delete cell.dataset.weight;
    }
  }
}
