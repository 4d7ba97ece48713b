"use strict";
// Wires the parts together: which picture is open, what is shown of it, and what happens
// when a fit arrives.
import * as api from "./api.js";
import { State } from "./state.js";
import { Fitter } from "./fitter.js";
import { Controls } from "./controls.js";
import { Viewer } from "./viewer.js";
import { Palette } from "./palette.js";
import { Exports } from "./exports.js";
import { Pixel } from "./pixel.js";
import { Overlay } from "./overlay.js";
import { Pictures } from "./pictures.js";
import { Kept } from "./kept.js";
import { Curves } from "./curves.js";
import { Cloud } from "./cloud.js";
import { rgbOf } from "./colors.js";
import { drawLabels, drawPixels, thumbnail, wordsOf } from "./raster.js";
import { byId, fixed, problem, say, setOff, size, whole } from "./dom.js";

const root = document.documentElement;
const state = new State();
const result = document.createElement("canvas"); // of the size of the result

const setState = (name) => (root.dataset.state = name);

// Made in the order in which they need each other.
const pictures = new Pictures({ open: openPicture, close: closePicture });
const current = () => ({ picture: pictures.current, options: state.options, fit: pictures.current?.shown ?? null });
const controls = new Controls(state);
const pixel = new Pixel(current, lost);
const viewer = new Viewer((place) => pixel.point(place));
const palette = new Palette(state);
const overlay = new Overlay(viewer, current, lost);
const files = new Exports(current);
const kept = new Kept({ state, current, result, changed: showSides });
const curves = new Curves({ state, current });
const cloud = new Cloud({ select: (entry) => palette.choose(entry), hover: highlight });

const fitter = new Fitter({
  current,
  started(kind) {
    // What is shown decides the state: a preview of these settings stays one while the
    // full result is made.
    const isShown = pictures.current?.shown?.options === state.options && root.dataset.state === "preview";
    if (kind === "preview" || !isShown) setState("busy");
    setOff(byId("keep"), true);
    files.setCommand("", true);
    byId("retry").hidden = true;
  },
  result(picture, fit) {
    if (picture !== pictures.current) return;
    picture.shown = fit;
    show(fit);
  },
  failed(error) {
    setState("error");
    byId("retry").hidden = false;
    byId("status").textContent = error.message;
    say(error.message);
  },
});

/** The server has forgotten a fit, after a restart perhaps. It is made again. */
function lost() {
  fitter.full();
}

/** Shows a result everywhere. */
function show(fit) {
  const isPreview = fit.kind === "preview";
  paint(fit);
  viewer.flush();
  palette.setFit(fit);
  if (isPreview) {
    // The time until the browser has painted, not until it was asked to.
    requestAnimationFrame(() => setTimeout(() => {
      performance.mark("painted");
      const [from, to] = ["request", "painted"].map((name) => performance.getEntriesByName(name).at(-1)?.startTime);
      // The next one may have started meanwhile.
      if (to >= from) window.lastPreviewMs = to - from;
    }));
  } else {
    state.settle();
    controls.show();
  }
  setOff(byId("keep"), isPreview);
  files.setCommand(isPreview ? "" : fit.command, isPreview);
  showFigures(fit);
  overlay.setFit(fit);
  pixel.setFit(fit);
  cloud.setFit(fit);
  curves.mark();
  root.dataset.fit = fit.id;
  setState(isPreview ? "preview" : "ready");
}

function paint(fit) {
  if (fit.recolored) drawPixels(result, fit.recolored);
  else drawLabels(result, fit, wordsOf(fit.palette, ({ hex, alpha }) => [...rgbOf(hex).slice(0, 3), alpha]));
  showSides();
}

/** Puts onto each side of the viewer what its list says. */
function showSides() {
  const { picture, fit } = current();
  if (!picture) return;
  kept.fillSides();
  ["left", "right"].forEach((name, side) => {
    const choice = byId(`side-${name}`).value;
    const one = kept.find(choice);
    if (one) viewer.setSide(side, one.canvas, `${one.letter}: ${one.title}`);
    else if (choice === "result" && fit) {
      viewer.setSide(side, result, `${fit.palette.length} colours${fit.recolored ? ", recoloured" : ""}`);
    } else viewer.setSide(side, picture.canvas, "original");
  });
}

/** Without a fit, the table stands there with dashes, so that nothing moves later. */
function showFigures(fit) {
  const { figures = {}, milliseconds } = fit ?? {};
  writeFigures(figures, milliseconds);
  if (!fit) return;
  const isPreview = fit.kind === "preview";
  const what = isPreview ? "Quick preview" : "Full result";
  const error = figures.mse === 0 ? "no error" : `PSNR ${fixed(figures.psnr, 2)} dB`;
  const text = `${what} · ${fit.palette.length} colours · ${error} · ${whole(fit.elapsed)} ms`;
  byId("status").textContent = [text, ...(fit.warnings ?? [])].join(" · ");
  if (!isPreview) say(`${fit.palette.length} colours, ${error}. ${(fit.warnings ?? []).join(" ")}`);
}

function writeFigures(figures, milliseconds) {
  const time = milliseconds && Object.values(milliseconds).reduce((sum, part) => sum + (part ?? 0), 0);
  const rows = [
    ["PSNR", figures.mse === 0 ? "exact" : figures.psnr ? `${fixed(figures.psnr, 2)} dB` : "–"],
    ["Squared error", fixed(figures.mse, 2)],
    ["ΔE₀₀, mean", fixed(figures.deltaE, 2)],
    ["PNG", size(figures.bytes)],
    ["Free energy, F/N", fixed(figures.freeEnergy, 4)],
    ["σ", figures.sigma < 1 ? fixed(figures.sigma, 4) : fixed(figures.sigma, 2)],
    ["Entropy, nats", fixed(figures.entropy, 3)],
    ["Iterations", figures.iterations === undefined ? "–" : String(figures.iterations)],
    ["Time of server", time === undefined ? "–" : `${whole(time)} ms`],
  ];
  const list = byId("figures");
  if (list.children.length !== rows.length) {
    list.replaceChildren(...rows.map(() => {
      const group = document.createElement("div");
      group.append(document.createElement("dt"), document.createElement("dd"));
      return group;
    }));
  }
  rows.forEach(([title, value], i) => {
    const [term, text] = list.children[i].children;
    term.textContent = title;
    text.textContent = value;
  });
}

/** An entry that is pointed at, in the picture or in the cloud; null for none. */
function highlight(entry) {
  overlay.hover(entry);
  palette.highlight(entry);
  cloud.highlight(entry);
}

async function openPicture(picture) {
  fitter.stop();
  byId("start").hidden = true;
  byId("work").hidden = false;
  controls.setPicture(picture);
  pixel.clear();
  palette.clear();
  overlay.clear();
  kept.setPicture(picture);
  curves.setPicture(picture);
  cloud.setPicture(picture);
  viewer.setPicture(picture);
  byId("viewer").setAttribute("aria-label", `Original and result of ${picture.name}, ${picture.width} by ${picture.height} pixels`);
  document.title = `${picture.name} · quantize`;
  setState("busy");
  byId("status").textContent = "Loading";
  const original = loadOriginal(picture);
  if (picture.shown?.options === state.options && picture.shown.kind === "full") {
    await original;
    if (picture === pictures.current) show(picture.shown);
  } else {
    fitter.change();
  }
}

/** The original: the small version at once, all pixels as soon as they are there. */
async function loadOriginal(picture) {
  if (picture.canvas) {
    showSides();
    return;
  }
  const canvas = document.createElement("canvas");
  picture.canvas = canvas;
  try {
    for (const isReduced of picture.reduction > 1 ? [true, false] : [false]) {
      const pixels = await api.pixels(picture, isReduced);
      // Another picture may have been opened meanwhile.
      if (picture.canvas !== canvas) return;
      picture.pixels = pixels;
      drawPixels(canvas, pixels);
      if (!picture.thumb) pictures.setThumb(picture, thumbnail(canvas, 64));
      showSides();
    }
  } catch (error) {
    if (picture.canvas !== canvas) return;
    picture.canvas = null;
    problem(error.message);
  }
}

function closePicture(picture, next) {
  picture.isClosed = true;
  api.forget(picture);
  if (next) return;
  fitter.stop();
  byId("work").hidden = true;
  byId("start").hidden = false;
  delete root.dataset.fit;
  document.title = "quantize";
  setState("empty");
}

state.listen(() => {
  problem("");
  if (!pictures.current) return;
  curves.mark();
  fitter.change();
});
palette.addEventListener("choose", ({ detail: entry }) => {
  overlay.choose(entry);
  highlight(null);
  cloud.choose(entry);
});
palette.addEventListener("hover", ({ detail: entry }) => {
  overlay.hover(entry);
  cloud.highlight(entry);
});
pixel.addEventListener("entry", ({ detail: entry }) => highlight(entry));
pictures.addEventListener("palette", ({ detail: file }) => palette.importFile(file));
for (const side of ["left", "right"]) byId(`side-${side}`).addEventListener("change", showSides);

// On a small screen the sliders follow the picture; elsewhere there is room for all.
const isSmall = matchMedia("(max-width: 62rem)");
const arrange = () => (byId("view-tools").open = !isSmall.matches);
isSmall.addEventListener("change", arrange);
arrange();
byId("retry").addEventListener("click", () => fitter.full());
showFigures(null);

api.description().then((about) => {
  byId("version").textContent = about.version ?? "";
  controls.describe(about);
  pictures.describe(about.limits ?? {});
  files.describe(about.exports ?? []);
}).catch((error) => problem(error.message));
