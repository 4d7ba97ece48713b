"use strict";
// Everything that can be saved, in groups, and the command.
import * as api from "./api.js";
import { toMoves, toRequest } from "./state.js";
import { byId, copy, element, flash, setOff, size } from "./dom.js";

/** For a server that does not say in which group a name belongs. */
const groups = [
  ["Image", ["png", "jpeg", "posterior-mean", "recolor"]],
  ["Palette", ["gpl", "act", "ase", "pal", "hex", "txt", "css", "scss", "palette-png", "json"]],
  ["Soft masks", ["npz", "exr", "ora", "tif", "uncertainty"]],
  ["Layers", ["layers-psd", "layers-ora", "layers-tif", "layers-exr"]],
  ["Labels and shapes", ["labels", "outlines"]],
  ["Reports", ["report", "compare"]],
];
const groupOf = ({ name, group }) => group ?? groups.find(([, names]) => names.includes(name))?.[0] ?? "Other";

export class Exports {
  #running = null;

  constructor(current) {
    this.current = current;
    byId("copy-command").addEventListener("click", async (event) =>
      flash(event.target, (await copy(byId("command").textContent)) ? "Copied" : "Not allowed"));
  }

  /** One button for each name that this server knows, in groups. */
  describe(all) {
    const titles = new Set([...groups.map(([title]) => title), ...all.map(groupOf)]);
    const made = [...titles].map((title) => {
      const members = all.filter((one) => groupOf(one) === title);
      return members.length === 0 ? null
        : element("div", {}, element("h3", {}, title),
          element("div", { className: "buttons" }, ...members.map((one) => this.#button(one))));
    });
    byId("exports").replaceChildren(...made.filter(Boolean));
  }

  #button({ name, label, ending }) {
    const button = element("button", { type: "button", data: { export: name } }, label);
    if (ending) button.title = ending;
    button.addEventListener("click", () => this.#save(name, label, ending));
    return button;
  }

  setCommand(command, isStale) {
    if (command) {
      byId("command").textContent = command;
      byId("command-hint").hidden = !/--palette /.test(command);
    }
    byId("command").classList.toggle("stale", isStale);
  }

  async #save(name, label, ending) {
    const status = byId("export-status");
    if (this.#running) {
      // A second click on the same button stops; another one starts the other.
      this.#running.controller.abort();
      if (this.#running.name === name) return;
    }
    const { picture, options, fit } = this.current();
    if (!picture) return;
    const sent = { ...toRequest(options, picture), as: name };
    if (name === "recolor") {
      // A file is made by another fit, which has no numbers yet: colours say what moves.
      const entries = fit?.palette ?? [];
      sent.moves = toMoves(options.moves, entries).map(({ entry, to }) => ({ from: entries[entry].hex, to }));
      sent.shades = options.shades;
      if (sent.moves.length === 0) {
        status.textContent = "Nothing is recoloured yet; choose a colour of the palette and “Recolour to”.";
        return;
      }
    }
    const running = { name, controller: new AbortController() };
    this.#running = running;
    const button = document.querySelector(`[data-export="${CSS.escape(name)}"]`);
    button.setAttribute("aria-busy", "true");
    status.textContent = `Making ${label} … Press the button again to stop.`;
    try {
      const { blob, name: given } = await api.file(picture, sent, running.controller.signal);
      const stem = picture.name.replace(/\.[^.]*$/, "");
      const link = element("a", {
        href: URL.createObjectURL(blob),
        download: given ?? `${stem}-${name}${ending ?? ""}`,
      });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      status.textContent = `Saved ${link.download}, ${size(blob.size)}.`;
    } catch (error) {
      status.textContent = api.isAbort(error) ? "Stopped." : error.message;
    } finally {
      button.removeAttribute("aria-busy");
      if (this.#running === running) this.#running = null;
    }
  }
}
