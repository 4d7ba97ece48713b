"use strict";
// Error, size and free energy against k and against C': one fit for each point, drawn as
// it arrives.
import * as api from "./api.js";
import { sharing, toRequest } from "./state.js";
import { byId, element, fixed, isOff, setOff, shape, size, whole } from "./dom.js";

const metrics = {
  psnr: { title: "PSNR, dB", text: (v) => (v === null ? "exact" : `${fixed(v, 2)} dB`), tick: (v) => String(v) },
  mse: { title: "Squared error", text: (v) => fixed(v, 2), tick: (v) => String(v), zero: true },
  deltaE: { title: "Mean ΔE₀₀", text: (v) => fixed(v, 2), tick: (v) => String(v), zero: true },
  bytes: { title: "Size of the PNG", text: size, tick: (v) => `${Number((v / 1000).toFixed(1))} kB`, zero: true },
  freeEnergy: { title: "Free energy, F/N", text: (v) => fixed(v, 4), tick: (v) => String(v) },
};
const overs = { colors: "k", cprime: "C'" };
const steps = {
  colors: [2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256],
  cprime: [1, 2, 3, 4, 6, 8, 12, 16],
};
const box = { width: 440, height: 250, left: 58, right: 14, top: 14, bottom: 34 };

/** Round numbers for an axis. */
function ticks(low, high, count = 5) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((one) => one >= rough);
  const found = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) {
    found.push(Number(v.toPrecision(10)));
  }
  return found;
}

export class Curves {
  #picture = null;
  #series = { colors: null, cprime: null }; // {points, knee}
  #key = "";
  #controller = null;

  constructor({ state, current }) {
    Object.assign(this, { state, current });
    byId("draw-curves").addEventListener("click", (event) => {
      if (this.#controller) this.#controller.abort();
      else if (!isOff(event.currentTarget)) this.#run();
    });
    byId("curve-metric").addEventListener("change", () => this.#draw());
    this.#draw();
  }

  setPicture(picture) {
    this.#controller?.abort();
    this.#picture = picture;
    this.#series = picture.curves ?? { colors: null, cprime: null };
    this.#key = picture.curvesKey ?? "";
    this.#draw();
  }

  /** The settings have changed: what is marked as current moves, and curves may be old. */
  mark() {
    const { options } = this.state;
    const isGiven = options.palette !== null;
    setOff(byId("draw-curves"), isGiven && !this.#controller);
    if (isGiven && !this.#controller) byId("curves-status").textContent = "With given colours there is nothing to fit. “Fit again” in the palette first.";
    else if (!this.#controller) byId("curves-status").textContent = this.#note();
    this.#draw();
  }

  #note() {
    if (!this.#series.colors && !this.#series.cprime) return "Fits the picture with other k and other C', and draws what they cost.";
    return this.#key === this.#keyOf() ? "Click on a point to use it." : "These curves are of other settings. Draw them again to renew them.";
  }

  /** What the curves depend on, but for k and C' themselves. */
  #keyOf() {
    const { colors, cprime, palette, moves, shades, ...others } = this.state.options;
    return JSON.stringify(others);
  }

  async #run() {
    const picture = this.#picture;
    const { options } = this.state;
    const controller = new AbortController();
    this.#controller = controller;
    this.#key = this.#keyOf();
    this.#series = { colors: { points: [], knee: null }, cprime: { points: [], knee: null } };
    [picture.curves, picture.curvesKey] = [this.#series, this.#key];
    const button = byId("draw-curves");
    button.textContent = "Stop";
    byId("curves-status").textContent = "Fitting, one point after the other.";
    const series = this.#series;
    let said = "";
    try {
      for (const over of ["colors", "cprime"]) {
        const most = over === "colors" ? 256 : options.colors;
        const least = over === "colors" ? Math.max(2, options.pins.length) : 1;
        const now = this.#now(over);
        const values = [...new Set([...steps[over], now, ...(over === "cprime" ? [options.colors] : [])])]
          .filter((value) => value >= least && value <= most && (over === "colors" || value <= 16 || value === now || options.colors <= 64))
          .sort((a, b) => a - b);
        await api.curve(picture, { ...toRequest(options, picture), measure: true, over, values }, (point) => {
          if (point.done) series[over].knee = point.knee ?? null;
          else series[over].points.push(point);
          this.#draw();
        }, controller.signal);
      }
      const knee = series.colors.knee;
      said = knee === null ? "Done. Click on a point to use it." : `Done. The knee is at k = ${knee}: more colours gain less. Click on a point to use it.`;
    } catch (error) {
      said = api.isAbort(error) ? "Stopped." : error.message;
    }
    button.textContent = "Draw curves";
    this.#controller = null;
    this.mark();
    if (!isOff(button)) byId("curves-status").textContent = said;
  }

  #now(over) {
    return over === "cprime" ? sharing(this.state.options) : this.state.options.colors;
  }

  #use(over, value) {
    this.state.change({ [over]: value });
  }

  #draw() {
    for (const over of ["colors", "cprime"]) this.#figure(over);
  }

  #figure(over) {
    const figure = byId(`curve-${over}`);
    const metric = metrics[byId("curve-metric").value];
    const name = byId("curve-metric").value;
    const series = this.#series[over];
    const points = (series?.points ?? []).filter((point) => typeof point[name] === "number");
    const title = `${metric.title}, against ${overs[over]}`;
    let caption = figure.querySelector("figcaption");
    if (!caption) {
      caption = element("figcaption");
      figure.append(caption, shape("svg"), element("details", {}, element("summary", {}, "As a table"), element("table")));
    }
    caption.textContent = title;
    const isOpen = figure.querySelector("details").open;
    figure.querySelector("svg").replaceWith(this.#plot(over, points, metric, name, series?.knee ?? null, title));
    const details = figure.querySelector("details");
    details.open = isOpen;
    details.hidden = points.length === 0;
    details.querySelector("table").replaceWith(this.#table(over, points, metric, name, title));
  }

  #table(over, points, metric, name, title) {
    const now = this.#now(over);
    const rows = points.map((point) => {
      const use = element("button", { type: "button", aria: { label: `Use ${overs[over]} ${point.value}` } },
        point.value === now ? "In use" : "Use");
      use.addEventListener("click", () => this.#use(over, point.value));
      return element("tr", {}, element("th", { scope: "row" }, String(point.value)),
        element("td", {}, metric.text(point[name])), element("td", {}, use));
    });
    return element("table", {}, element("caption", { className: "hidden" }, title),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, overs[over]),
        element("th", { scope: "col" }, metric.title), element("th", { scope: "col" }, "Use"))),
      element("tbody", {}, ...rows));
  }

  #plot(over, points, metric, name, knee, title) {
    const { width, height, left, right, top, bottom } = box;
    const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}; the table has the numbers` });
    const values = points.map((point) => point[name]);
    const all = points.map(({ value }) => value);
    let low = values.length ? Math.min(...values) : 0;
    let high = values.length ? Math.max(...values) : 1;
    if (metric.zero) low = 0;
    if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
    const room = metric.zero ? 0 : (high - low) * 0.06;
    [low, high] = [low - room, high + (high - low) * 0.06];
    const first = Math.log2(all.length ? Math.min(...all) : over === "colors" ? 2 : 1);
    const last = Math.max(first + 1, Math.log2(all.length ? Math.max(...all) : over === "colors" ? 256 : 16));
    const x = (value) => left + ((width - left - right) * (Math.log2(value) - first)) / (last - first);
    const y = (value) => height - bottom - ((height - top - bottom) * (value - low)) / (high - low);
    for (const tick of ticks(low, high)) {
      svg.append(shape("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
      if (values.length) {
        svg.append(shape("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, metric.tick(tick)));
      }
    }
    let edge = -Infinity;
    for (const value of all.length ? all : steps[over]) {
      // Numbers that would touch are left out.
      if (x(value) - edge < 26 || x(value) > width - right + 1) continue;
      edge = x(value);
      svg.append(shape("text", { x: edge, y: height - bottom + 16, "text-anchor": "middle" }, String(value)));
    }
    svg.append(shape("text", { x: width - right, y: height - 2, "text-anchor": "end" }, overs[over]));
    if (knee !== null && points.length) {
      svg.append(shape("line", { class: "knee", x1: x(knee), x2: x(knee), y1: top, y2: height - bottom }),
        shape("text", { x: x(knee) + 5, y: top + 10 }, "knee"));
    }
    svg.append(shape("polyline", { class: "line", points: points.map((p) => `${x(p.value)},${y(p[name])}`).join(" ") }));
    for (const point of points) {
      const place = { cx: x(point.value), cy: y(point[name]) };
      const dot = shape("circle", { class: "dot", ...place, r: 6 },
        shape("title", {}, `${overs[over]} ${whole(point.value)}: ${metric.text(point[name])}`));
      dot.addEventListener("click", () => this.#use(over, point.value));
      if (point.value === this.#now(over)) svg.append(shape("circle", { class: "now", ...place, r: 10 }));
      svg.append(dot);
    }
    return svg;
  }
}
