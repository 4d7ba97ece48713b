"use strict";
// The page "What is C'?": points that can be moved, and truncated EM step by step.
import { byId, clamp, element, fixed, isOff, percent, setOff, shape } from "./dom.js";
import { expect, maximise, squared, start, toy } from "./em.js";

const canvas = byId("plane");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let seed = 17;
let points = toy("clouds", 7);
let model = null; // {means, variance}
let answer = null; // {shares, F, L} of the model
let history = []; // {F, L}
let chosen = 0;
let timer = 0;

const value = (id) => Number(byId(id).value);
const fixedVariance = () => (byId("fixed").checked ? value("sigma") ** 2 : null);
const colors = () => {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return { clusters: Array.from({ length: 8 }, (_, c) => token(`--k${c}`)), ink: token("--ink"), card: token("--card"), onCluster: token("--on-k") };
};

function reset() {
  stop();
  model = start(points, value("k"), seed);
  const variance = fixedVariance();
  if (variance !== null) model.variance = variance;
  if (points.length > 0) chosen = undecided();
  history = [];
  expectAgain(true);
}

/** The E-step for what is there now. `isStep` writes it into the plot. */
function expectAgain(isStep) {
  answer = points.length > 0 ? expect(points, model, value("cprime")) : { shares: [], F: NaN, L: NaN };
  if (isStep) history.push({ F: answer.F, L: answer.L });
  else if (history.length > 0) history[history.length - 1] = { F: answer.F, L: answer.L };
  if (history.length > 200) history.shift();
  show();
}

/** One iteration; whether it changed anything worth seeing. */
function step() {
  if (points.length === 0) return false;
  const before = answer.F;
  model = maximise(points, model, answer.shares, fixedVariance());
  expectAgain(true);
  return Math.abs(answer.F - before) > 1e-6;
}

function stop() {
  clearInterval(timer);
  timer = 0;
  byId("run").textContent = "Run";
}

function run() {
  if (timer) {
    stop();
    return;
  }
  const end = () => {
    stop();
    byId("said").textContent = `Done after ${history.length - 1} steps. ${byId("f-text").textContent}`;
  };
  if (still.matches) {
    for (let i = 0; i < 200 && step(); i += 1);
    end();
    return;
  }
  byId("run").textContent = "Pause";
  timer = setInterval(() => step() || end(), 220);
}

/** The point that two clusters share most evenly: the one to look at first. */
function undecided() {
  const { shares } = expect(points, model, Math.min(2, model.means.length));
  const most = shares.map(({ q }) => Math.max(...q));
  return most.indexOf(Math.min(...most));
}

/** The data have changed: F of other data cannot be compared. */
function changed() {
  history = [];
  chosen = clamp(chosen, 0, Math.max(0, points.length - 1));
  expectAgain(true);
}

// Drawing.

let scale = 1;
const mix = (q, palette) => {
  const sum = [0, 0, 0];
  q.forEach((share, c) => {
    const hex = palette[c];
    for (let i = 0; i < 3; i += 1) sum[i] += share * parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  });
  return `rgb(${sum.map(Math.round).join(",")})`;
};

function draw() {
  const dots = window.devicePixelRatio || 1;
  const side = canvas.clientWidth;
  if (canvas.width !== Math.round(side * dots)) canvas.width = canvas.height = Math.round(side * dots);
  scale = side;
  const context = canvas.getContext("2d");
  const { clusters, ink, card, onCluster } = colors();
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, side, side);
  const sigma = Math.sqrt(model.variance);
  model.means.forEach((mean, c) => {
    context.fillStyle = context.strokeStyle = clusters[c];
    context.lineWidth = 1.5;
    for (const times of [1, 2]) {
      context.beginPath();
      context.arc(mean.x * side, mean.y * side, times * sigma * side, 0, 2 * Math.PI);
      context.globalAlpha = 0.08;
      context.fill();
      context.globalAlpha = times === 1 ? 0.9 : 0.3;
      context.stroke();
    }
  });
  context.globalAlpha = 1;
  const one = points[chosen];
  const shares = answer.shares[chosen];
  if (one && shares) {
    for (const c of shares.K) {
      context.strokeStyle = clusters[c];
      context.lineWidth = 1 + 7 * shares.q[c];
      context.beginPath();
      context.moveTo(one.x * side, one.y * side);
      context.lineTo(model.means[c].x * side, model.means[c].y * side);
      context.stroke();
    }
  }
  points.forEach((point, n) => {
    context.beginPath();
    context.arc(point.x * side, point.y * side, n === chosen ? 8 : 4.5, 0, 2 * Math.PI);
    context.fillStyle = mix(answer.shares[n].q, clusters);
    context.fill();
    context.lineWidth = n === chosen ? 3 : 1;
    context.strokeStyle = n === chosen ? ink : card;
    context.stroke();
  });
  model.means.forEach((mean, c) => {
    context.beginPath();
    context.arc(mean.x * side, mean.y * side, 9, 0, 2 * Math.PI);
    context.fillStyle = clusters[c];
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = card;
    context.stroke();
    context.lineWidth = 1.5;
    context.strokeStyle = ink;
    context.beginPath();
    context.arc(mean.x * side, mean.y * side, 10.5, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = onCluster;
    context.font = "bold 11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(c + 1), mean.x * side, mean.y * side + 0.5);
  });
}

function drawBars() {
  const shares = answer.shares[chosen];
  const list = byId("bars");
  const { clusters } = colors();
  while (list.children.length < 8) {
    list.append(element("li", {}, element("span", { className: "chip" }), element("span"), element("span"), element("span", { className: "bar" })));
  }
  [...list.children].forEach((row, i) => {
    const c = shares?.K[i];
    row.hidden = c === undefined;
    if (c === undefined) return;
    const [chip, name, share, bar] = row.children;
    chip.style.backgroundColor = bar.style.backgroundColor = clusters[c];
    name.textContent = `Cluster ${c + 1}`;
    share.textContent = percent(shares.q[c]);
    bar.style.transform = `scaleX(${shares.q[c]})`;
  });
}

function drawPlot() {
  const svg = byId("plot");
  const [width, height, left, right, top, bottom] = [380, 190, 48, 12, 12, 24];
  svg.replaceChildren();
  const all = history.flatMap(({ F, L }) => [F, L]).filter(Number.isFinite);
  byId("f-text").textContent = all.length === 0 ? "There are no points."
    : `F ${fixed(answer.F, 3)}, log-likelihood ${fixed(answer.L, 3)}, gap ${fixed(Math.max(0, answer.L - answer.F), 4)} nats a point.`;
  if (all.length === 0) return;
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (high - low < 0.1) [low, high] = [(low + high) / 2 - 0.05, (low + high) / 2 + 0.05];
  const room = (high - low) * 0.08;
  [low, high] = [low - room, high + room];
  const last = Math.max(8, history.length - 1);
  const x = (i) => left + ((width - left - right) * i) / last;
  const y = (v) => height - bottom - ((height - top - bottom) * (v - low)) / (high - low);
  for (const tick of [low + room, (low + high) / 2, high - room]) {
    svg.append(shape("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      shape("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, tick.toFixed(2)));
  }
  svg.append(shape("text", { x: width - right, y: height - 6, "text-anchor": "end" }, `step ${history.length - 1}`));
  for (const [name, key, text] of [["line second", "L", "log-likelihood"], ["line", "F", "F"]]) {
    svg.append(shape("polyline", { class: name, points: history.map((one, i) => `${x(i)},${y(one[key])}`).join(" ") }));
    const end = history.at(-1)[key];
    svg.append(shape("circle", { class: key === "F" ? "dot" : "ring", cx: x(history.length - 1), cy: y(end), r: key === "F" ? 4 : 7 }));
    // The names stand where there is room: one above, one below.
    svg.append(shape("text", { class: `name ${key}`, x: left + 6 + (key === "F" ? 110 : 0), y: height - 6 }, `${key === "F" ? "—" : "- -"} ${text}`));
  }
}

function show() {
  const [k, cprime] = [value("k"), value("cprime")];
  byId("k-value").textContent = String(k);
  byId("cprime-value").textContent = k === 1 ? "1" : cprime === 1 ? "1: k-means" : cprime === k ? `${k} = k: EM` : String(cprime);
  if (!byId("fixed").checked) byId("sigma").value = Math.sqrt(model.variance);
  byId("sigma").disabled = !byId("fixed").checked;
  byId("sigma-value").textContent = Math.sqrt(model.variance).toFixed(2);
  setOff(byId("remove"), points.length === 0);
  draw();
  drawBars();
  drawPlot();
}

function describe() {
  const shares = answer.shares[chosen];
  if (!shares) return;
  byId("said").textContent = `Point ${chosen + 1} of ${points.length}: ` +
    shares.K.map((c) => `cluster ${c + 1}, ${percent(shares.q[c])}`).join("; ");
}

// Changing points.

function add(point) {
  if (points.length >= 400) return;
  points.push(point);
  chosen = points.length - 1;
  changed();
}

function remove() {
  if (points.length === 0) return;
  points.splice(chosen, 1);
  changed();
  describe();
}

function addNear() {
  const { x, y } = points[chosen] ?? { x: 0.5, y: 0.5 };
  add({ x: clamp(x + 0.04, 0.02, 0.98), y: clamp(y + 0.02, 0.02, 0.98) });
  describe();
}

/** The number of the nearest of `list` within `reach` (a share of the side), or -1. */
function near(list, place, reach) {
  let [found, least] = [-1, reach ** 2];
  list.forEach((one, i) => {
    const distance = squared(one, place);
    if (distance < least) [found, least] = [i, distance];
  });
  return found;
}

let drag = null;
const placeOf = (event) => {
  const bounds = canvas.getBoundingClientRect();
  return {
    x: clamp((event.clientX - bounds.left) / bounds.width, 0.01, 0.99),
    y: clamp((event.clientY - bounds.top) / bounds.height, 0.01, 0.99),
  };
};
canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  const place = placeOf(event);
  const mean = near(model.means, place, 11 / scale);
  const point = near(points, place, (event.pointerType === "touch" ? 20 : 10) / scale);
  if (mean >= 0) drag = { target: model.means[mean], isMean: true };
  else if (point >= 0) {
    chosen = point;
    drag = { target: points[point], isMean: false };
    show();
  } else {
    add(place);
    drag = { target: points[chosen], isMean: false };
  }
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  if (!drag) return;
  Object.assign(drag.target, placeOf(event));
  if (drag.isMean) expectAgain(false);
  else changed();
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (drag = null));

/** The nearest point in the direction of an arrow; it may be a little to the side. */
function neighbour(dx, dy) {
  const from = points[chosen];
  let [found, least] = [chosen, Infinity];
  points.forEach((point, n) => {
    const [x, y] = [point.x - from.x, point.y - from.y];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    if (n === chosen || along <= 1e-6 || aside > 2 * along) return;
    const cost = along + 2 * aside;
    if (cost < least) [found, least] = [n, cost];
  });
  return found;
}

canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if ((dx || dy) && points[chosen]) {
    if (event.shiftKey) {
      const point = points[chosen];
      Object.assign(point, { x: clamp(point.x + dx * 0.02, 0.01, 0.99), y: clamp(point.y + dy * 0.02, 0.01, 0.99) });
      changed();
    } else {
      chosen = neighbour(dx, dy);
      show();
    }
    describe();
  } else if (event.key === "a" || event.key === "A") addNear();
  else if (event.key === "Delete" || event.key === "Backspace") remove();
  else if (!dx && !dy) return;
  event.preventDefault();
});

byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("k").addEventListener("input", () => {
  const [k, was] = [value("k"), Number(byId("cprime").max)];
  const isFull = value("cprime") === was && was > 1;
  byId("cprime").max = k;
  byId("cprime").value = isFull ? k : Math.min(value("cprime"), k);
  reset();
});
byId("cprime").addEventListener("input", () => expectAgain(false));
for (const id of ["fixed", "sigma"]) {
  byId(id).addEventListener("input", () => {
    const variance = fixedVariance();
    if (variance !== null) model.variance = variance;
    expectAgain(false);
  });
}
byId("run").addEventListener("click", run);
byId("step").addEventListener("click", () => {
  stop();
  step();
});
byId("reset").addEventListener("click", () => {
  seed += 1;
  reset();
});
byId("toy").addEventListener("change", () => {
  points = toy(byId("toy").value, 7);
  reset();
});
byId("add").addEventListener("click", addNear);
byId("remove").addEventListener("click", (event) => isOff(event.currentTarget) || remove());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
new ResizeObserver(draw).observe(canvas);
reset();
