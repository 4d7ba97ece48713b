"use strict";
// The form of settings: from its elements to the state, and back.
import { byId, clamp, isOff, setOff } from "./dom.js";
import { countOf, defaults, preset, sharing } from "./state.js";

/** The numbers of colours on the slider: each up to 32, then in steps that grow. */
export const stops = [];
for (let k = 1; k <= 256; k += k < 32 ? 1 : k < 64 ? 2 : k < 128 ? 4 : 8) stops.push(k);

const nearestStop = (k) =>
  stops.reduce((best, stop, i) => (Math.abs(stop - k) < Math.abs(stops[best] - k) ? i : best), 0);

const ditherNames = {
  none: "None",
  "floyd-steinberg": "Floyd–Steinberg",
  sierra: "Sierra",
  atkinson: "Atkinson",
  riemersma: "Riemersma",
  "blue-noise": "Blue noise",
};
const spaceNames = { srgb: "sRGB", linear: "Linear light", oklab: "Oklab", lab: "CIELAB" };

const titled = (name) =>
  ditherNames[name] ?? name.replace(/^bayer(\d*)$/, (_, n) => (n ? `Bayer ${n} × ${n}` : "Bayer"));

/** Fills a list with what the server knows, and keeps the choice. */
function fill(select, names, titleOf) {
  const { value } = select;
  select.replaceChildren(...names.map((name) => new Option(titleOf(name), name)));
  if (names.includes(value)) select.value = value;
}

export class Controls {
  #form = byId("controls");
  #plain = ["space", "dither", "ditherStrength", "effort", "importance", "balance", "mixing",
    "variance", "minRegion", "posterize", "seed"];
  #numbers = new Set(["ditherStrength", "effort", "balance", "minRegion", "posterize", "seed"]);
  #before = null; // what was chosen before the preset

  constructor(state) {
    this.state = state;
    byId("colors").max = stops.length - 1;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#slider("colors", (value) => stops[value]);
    this.#slider("cprime", (value) => value);
    for (const key of this.#plain) {
      const field = this.#form.elements[key];
      const read = () => {
        let value = field.value;
        if (this.#numbers.has(key)) {
          if (value === "" || !field.validity.valid) return;
          value = Number(value);
        }
        this.state.change({ [key]: value }, field.type === "range" ? "moving" : "set");
      };
      field.addEventListener("input", read);
      field.addEventListener("blur", () => this.show());
    }
    byId("perceptual").addEventListener("change", (event) => {
      const { space, dither, importance } = this.state.options;
      if (event.target.checked) this.#before = { space, dither, importance };
      const { space: s, dither: d, importance: i } = defaults;
      const back = this.#before ?? { space: s, dither: d, importance: i };
      this.state.change({ perceptual: event.target.checked, ...(event.target.checked ? preset : back) });
    });
    const alpha = () =>
      this.state.change({
        background: byId("use-background").checked ? byId("background").value : null,
        alphaThreshold: byId("use-threshold").checked
          ? clamp(Math.round(Number(byId("threshold").value)) || 128, 1, 255) : null,
      });
    for (const id of ["use-background", "background", "use-threshold", "threshold"]) {
      byId(id).addEventListener("change", alpha);
    }
    const act = (id, action) =>
      byId(id).addEventListener("click", (event) => isOff(event.currentTarget) || action());
    act("undo", () => this.state.undo());
    act("redo", () => this.state.redo());
    act("reset", () => this.state.change({ ...defaults }));
    document.addEventListener("keydown", (event) => {
      const isText = event.target.matches?.("input[type=text], input[type=number], textarea");
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || isText) return;
      event.preventDefault();
      if (event.shiftKey) this.state.redo();
      else this.state.undo();
    });
    state.listen(() => this.show());
    this.show();
  }

  /** What this server can do. */
  describe({ spaces, dithers }) {
    if (spaces) fill(byId("space"), spaces, (name) => spaceNames[name] ?? name);
    if (dithers) fill(byId("dither"), dithers, titled);
    this.show();
  }

  setPicture(picture) {
    byId("alpha-settings").hidden = !picture.alpha;
  }

  #slider(key, valueAt) {
    const range = byId(key);
    const number = byId(`${key}-number`);
    range.addEventListener("input", () =>
      this.state.change({ [key]: valueAt(Number(range.value)) }, "moving"));
    number.addEventListener("input", () => {
      const value = Math.round(Number(number.value));
      if (number.value !== "" && value >= 1 && value <= Number(number.max)) {
        this.state.change({ [key]: value });
      }
    });
    number.addEventListener("change", () => this.show());
  }

  /** Writes the settings into the form; what is being typed stays. */
  show() {
    const { options } = this.state;
    const write = (field, value) => {
      if (field.type === "number" && field === document.activeElement && field.value !== "") {
        if (Number(field.value) === value || !field.validity.valid) return;
      }
      if (field.value !== String(value)) field.value = value;
    };
    const count = countOf(options);
    const cprime = sharing(options);
    for (const id of ["colors", "colors-number"]) byId(id).disabled = options.palette !== null;
    byId("colors-number").max = Math.max(256, count);
    write(byId("colors-number"), count);
    write(byId("colors"), nearestStop(count));
    byId("colors").setAttribute("aria-valuetext", `${count} colours`);
    byId("cprime").max = Math.min(16, count);
    byId("cprime-number").max = count;
    write(byId("cprime-number"), cprime);
    write(byId("cprime"), Math.min(cprime, 16));
    byId("cprime").setAttribute("aria-valuetext",
      cprime === 1 ? "1, k-means" : cprime === count ? `${count}, full EM` : String(cprime));
    byId("cprime-hint").textContent =
      cprime === 1 ? "1: k-means. Each pixel has one colour; the smallest error."
      : cprime === count ? `${count} = k: full EM. Every colour has a share.`
      : `${cprime}: soft masks. A pixel is shared by up to ${cprime} colours.`;
    for (const key of this.#plain) {
      const field = this.#form.elements[key];
      write(field, options[key]);
      const output = field.parentElement.querySelector("output");
      if (output) output.textContent = String(options[key]);
    }
    byId("perceptual").checked = options.perceptual;
    byId("dither-strength").disabled = options.dither === "none";
    byId("min-region").disabled = options.dither !== "none";
    byId("posterize").disabled = options.palette !== null;
    byId("use-background").checked = options.background !== null;
    if (options.background) byId("background").value = options.background;
    byId("use-threshold").checked = options.alphaThreshold !== null;
    if (options.alphaThreshold) byId("threshold").value = options.alphaThreshold;
    setOff(byId("undo"), !this.state.canUndo);
    setOff(byId("redo"), !this.state.canRedo);
  }
}
