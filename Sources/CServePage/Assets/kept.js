"use strict";
// Results that are kept to be compared: a table, and choices for the viewer's sides.
import { byId, element, fixed, isOff, say, size, whole } from "./dom.js";
import { thumbnail } from "./raster.js";

const most = 26;

/** A copy of what is shown, because the next result is drawn on the same canvas. */
function copyOf(canvas) {
  const made = document.createElement("canvas");
  [made.width, made.height] = [canvas.width, canvas.height];
  made.getContext("2d").drawImage(canvas, 0, 0);
  return made;
}

export class Kept {
  #picture = null;

  constructor({ state, current, result, changed }) {
    Object.assign(this, { state, current, result, changed });
    byId("keep").addEventListener("click", (event) => isOff(event.currentTarget) || this.#keep());
    this.#show();
  }

  setPicture(picture) {
    this.#picture = picture;
    this.fillSides(true);
    this.#show();
  }

  find(id) {
    return this.#picture?.kept.find((one) => one.letter === id);
  }

  /** The lists of what the viewer's sides can show. */
  fillSides(isNew = false) {
    const all = [["original", "original"], ["result", "result"],
      ...(this.#picture?.kept ?? []).map(({ letter, title }) => [letter, `${letter}: ${title}`])];
    for (const [id, first] of [["side-left", "original"], ["side-right", "result"]]) {
      const select = byId(id);
      const value = isNew ? first : select.value;
      const isSame = select.options.length === all.length && all.every(([name], i) => select.options[i].value === name);
      if (!isSame) select.replaceChildren(...all.map(([name, title]) => new Option(title, name)));
      select.value = all.some(([name]) => name === value) ? value : first;
    }
  }

  #keep() {
    const { fit, options } = this.current();
    const { kept } = this.#picture;
    if (!fit || kept.length >= most) return;
    const used = new Set(kept.map(({ letter }) => letter));
    const letter = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].find((one) => !used.has(one));
    const title = `k ${fit.palette.length}, C' ${fit.cprime}, ${options.palette ? "given" : fit.space}` +
      (options.dither === "none" ? "" : `, ${options.dither}`);
    const canvas = copyOf(this.result);
    kept.push({ letter, title, fit: { ...fit, labels: null, recolored: null }, options, canvas, thumb: thumbnail(canvas) });
    kept.sort((a, b) => a.letter.localeCompare(b.letter));
    this.#show();
    this.changed();
    say(`Kept as ${letter}.`);
  }

  #remove(one) {
    const { kept } = this.#picture;
    kept.splice(kept.indexOf(one), 1);
    this.#show();
    this.changed();
    byId("keep").focus();
  }

  #show() {
    const kept = this.#picture?.kept ?? [];
    byId("kept-scroll").hidden = kept.length === 0;
    byId("kept-hint").hidden = kept.length > 0;
    if (kept.length === 0) {
      byId("kept").replaceChildren();
      return;
    }
    const columns = [
      ["k", ({ fit }) => fit.palette.length],
      ["C'", ({ fit }) => fit.cprime],
      ["Space", ({ fit }) => fit.space],
      ["Dithering", ({ options }) => options.dither],
      ["PSNR", ({ fit }) => fixed(fit.figures.psnr, 2), ({ fit }) => -(fit.figures.psnr ?? 1e9)],
      ["ΔE₀₀", ({ fit }) => fixed(fit.figures.deltaE, 2), ({ fit }) => fit.figures.deltaE ?? 1e9],
      ["PNG", ({ fit }) => size(fit.figures.bytes), ({ fit }) => fit.figures.bytes ?? 1e12],
      ["F/N", ({ fit }) => fixed(fit.figures.freeEnergy, 3)],
      ["ms", ({ fit }) => whole(fit.elapsed), ({ fit }) => fit.elapsed],
    ];
    // The best of a column is marked only if there is something to compare.
    const best = columns.map(([, , cost]) => (cost && kept.length > 1 ? Math.min(...kept.map(cost)) : null));
    const head = element("tr", {}, element("th", { scope: "col" }, "Result"),
      element("th", { scope: "col" }, "Picture"), ...columns.map(([title]) => element("th", { scope: "col" }, title)),
      element("th", { scope: "col" }, "Use"));
    const rows = kept.map((one) => {
      one.thumb.setAttribute("role", "img");
      one.thumb.setAttribute("aria-label", one.title);
      const button = (text, label, action) => {
        const made = element("button", { type: "button", aria: { label: `${label} ${one.letter}` } }, text);
        made.addEventListener("click", action);
        return made;
      };
      const side = (name) => () => {
        byId(`side-${name}`).value = one.letter;
        this.changed();
        byId("viewer").scrollIntoView({ block: "nearest" });
      };
      return element("tr", {}, element("th", { scope: "row" }, one.letter), element("td", {}, one.thumb),
        ...columns.map(([, text, cost], i) =>
          element("td", { className: best[i] !== null && cost(one) === best[i] ? "best" : "" }, String(text(one)))),
        element("td", {}, element("span", { className: "buttons" },
          button("Left", "Show on the left:", side("left")),
          button("Right", "Show on the right:", side("right")),
          button("Restore", "Restore the settings of", () => this.state.change({ ...one.options })),
          button("×", "Remove", () => this.#remove(one)))));
    });
    for (const row of rows) row.lastChild.firstChild.style.flexWrap = "nowrap";
    byId("kept").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
  }
}
