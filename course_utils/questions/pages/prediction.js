// The page of questions.prediction, with page.js: it asks, and opens the output once something was predicted.

export const inWords = number => number.toLocaleString("en", { maximumFractionDigits: 6 }).replace("-", "−");

// The number that a text says, or null: 1,152 and 1 152 are thousands, 0,5 is a half, a sign and % may stand.
export function numberIn(text) {
  let plain = text.trim().replace("−", "-").replace(/\s*%$/, "").replace(/(\d)[\s_](?=\d{3}(\D|$))/g, "$1");
  plain = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

// {right, verdict, explained} for what was predicted: a number, or one of the choices.
export function scored({ answer, choices, because, within, why }, said) {
  const score = (right, verdict, behind) =>
    ({ right, verdict: `${right ? "Right" : "Not right"}: ${verdict}.`, explained: [behind, why].filter(Boolean).join(" ") });
  if (choices.length) return said === answer ? score(true, answer) : score(false, `it is ${answer}`, because[said]);
  const same = (a, b) => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)); // but for the rounding of float32
  const off = said - answer, is = inWords(answer);
  if (same(said, answer)) return score(true, is);
  if (Math.abs(off) <= within) return score(true, `near enough, it is ${is}`);
  const behind = Object.keys(because).find(number => same(Number(number), said));
  const far = `${inWords(Math.abs(off))} too ${off > 0 ? "high" : "low"}`;
  return score(false, `it is ${is}, and ${inWords(said)} is ${far}`, because[behind]);
}

// How the predictions of this notebook went. Only the first one of a question counts; nothing is stored.
function tally(place, question, right) {
  const notebook = place.closest(".jp-Notebook") ?? document.body;
  notebook.predictions ??= new Map();
  if (!notebook.predictions.has(question)) notebook.predictions.set(question, right);
  const all = [...notebook.predictions.values()];
  return `${all.filter(Boolean).length} of ${all.length} predictions right so far in this notebook.`;
}

class Prediction {
  constructor(el, state) {
    this.state = state;
    this.says = saying();
    this.field = state.choices.length ? this.#choices() : this.#number();
    this.press = touchable("button", { type: "submit" }, "Open the output");
    this.form = make("form", { novalidate: "" }, this.field, this.press);
    this.form.addEventListener("submit", event => { event.preventDefault(); this.open(); });
    this.form.addEventListener("keydown", event => { // JupyterLab lets no form be sent by this key
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.open();
    });
    this.result = make("div", {});
    el.append(make("div", { class: `course-explorer prediction ${PAGE}` }, this.form, this.says, this.result));
    this.say("Write your prediction down: the output opens then.");
  }

  #number() {
    this.input = touchable("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 10 });
    this.input.addEventListener("input", () => {
      const number = numberIn(this.input.value);
      this.input.setAttribute("aria-invalid", String(number === null && this.input.value.trim() !== ""));
      this.say(number === null ? "This is no number yet." : `Your prediction: ${inWords(number)}`);
    });
    return make("label", {}, make("span", { class: "question" }, this.state.question), this.input);
  }

  #choices() {
    const name = `prediction-${Math.random()}`; // the radio buttons of one question
    const radios = this.state.choices.map(choice => {
      const radio = touchable("input", { type: "radio", name, value: choice });
      radio.addEventListener("change", () => this.say(`Your prediction: ${choice}`));
      return make("label", {}, radio, make("span", {}, choice));
    });
    return make("fieldset", {}, make("legend", { class: "question" }, this.state.question), ...radios);
  }

  get said() {
    if (this.input) return numberIn(this.input.value);
    return this.form.querySelector("input:checked")?.value ?? null;
  }

  open() {
    const said = this.said, first = this.form.querySelector("input");
    if (said === null) {
      this.say(this.input ? "Write a number first, such as 12 or 0.5." : "Take one of the choices first.");
      return first.focus();
    }
    const { right, verdict, explained } = scored(this.state, said);
    for (const input of this.form.querySelectorAll("input")) input.disabled = true; // what was predicted stays in view
    this.form.querySelector("input:checked, input[type=text]").closest("label").append(make("em", {}, "your prediction"));
    this.press.remove();
    const count = make("p", { class: "tally" }, tally(this.form, this.state.question, right));
    const output = touchable("div", { class: "came jp-RenderedHTMLCommon", tabindex: 0, role: "region",
      "aria-label": "the output" });
    output.innerHTML = this.state.output;
    this.says.replaceChildren(make("strong", {}, verdict), ` ${explained}`);
    this.result.append(count, output);
    output.focus({ preventScroll: true }); // the button that had it is gone
  }

  say(text) { this.says.textContent = text; }
}

export default {
  render({ model, el }) { new Prediction(el, model.get("state")); },
};
