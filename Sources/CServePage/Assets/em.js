"use strict";
// Truncated EM for a mixture of k isotropic Gaussians with equal proportions and one σ in
// two dimensions: J. Lücke and D. Forster, arXiv:1704.04812. Pure functions, no page.

/** A generator of numbers in [0, 1) with a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const squared = (a, b) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

/** log Σ exp, relative to the largest term, so that nothing overflows. */
function logSum(terms) {
  const most = Math.max(...terms);
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
}

/** k means drawn from the points as k-means++ does, and the σ² of their clusters. */
export function start(points, k, seed) {
  const draw = random(seed);
  const means = [];
  for (let c = 0; c < k; c += 1) {
    const costs = points.map((p) => (c === 0 ? 1 : Math.min(...means.map((mean) => squared(p, mean)))));
    let rest = draw() * costs.reduce((sum, cost) => sum + cost, 0);
    const chosen = points[costs.findIndex((cost) => (rest -= cost) <= 0)] ?? points[c % points.length];
    means.push({ x: chosen.x, y: chosen.y });
  }
  const J = points.reduce((sum, p) => sum + Math.min(...means.map((mean) => squared(p, mean))), 0);
  return { means, variance: Math.max(J / (2 * points.length), 1e-6) };
}

/**
 * The E-step. For each point: K, the C' nearest clusters, the nearest first; q, their
 * responsibilities, 0 outside of K. And, in nats per point, F and the log-likelihood L:
 * the same sum over K and over all clusters. So F ≤ L, with equality if C' = k.
 */
export function expect(points, { means, variance }, cprime) {
  const k = means.length;
  const constant = -Math.log(k) - Math.log(2 * Math.PI * variance);
  let F = 0;
  let L = 0;
  const shares = points.map((point) => {
    const logs = means.map((mean) => -squared(point, mean) / (2 * variance));
    const order = means.map((_, c) => c).sort((a, b) => logs[b] - logs[a] || a - b);
    const K = order.slice(0, cprime);
    const inside = logSum(K.map((c) => logs[c]));
    F += constant + inside;
    L += constant + logSum(logs);
    const q = new Float64Array(k);
    for (const c of K) q[c] = Math.exp(logs[c] - inside);
    return { K, q };
  });
  return { shares, F: F / points.length, L: L / points.length };
}

/** The M-step. A cluster without weight keeps its mean. `fixed` is a σ² that stays. */
export function maximise(points, { means, variance }, shares, fixed = null) {
  const next = means.map((mean, c) => {
    let [weight, x, y] = [0, 0, 0];
    points.forEach((point, n) => {
      const share = shares[n].q[c];
      weight += share;
      x += share * point.x;
      y += share * point.y;
    });
    return weight > 1e-9 ? { x: x / weight, y: y / weight } : { ...mean };
  });
  if (fixed !== null) return { means: next, variance: fixed };
  let sum = 0;
  points.forEach((point, n) => {
    for (const c of shares[n].K) sum += shares[n].q[c] * squared(point, next[c]);
  });
  return { means: next, variance: Math.max(sum / (2 * points.length), 1e-6) };
}

/** Some points to play with, in a square from 0 to 1. */
export function toy(kind, seed) {
  const draw = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const inside = (v) => Math.min(0.98, Math.max(0.02, v));
  const around = (x, y, sigma, count) =>
    Array.from({ length: count }, () => ({ x: inside(x + sigma * normal()), y: inside(y + sigma * normal()) }));
  if (kind === "overlap") {
    return [...around(0.36, 0.42, 0.1, 60), ...around(0.62, 0.42, 0.1, 60), ...around(0.5, 0.64, 0.1, 60)];
  }
  if (kind === "ring") {
    return Array.from({ length: 150 }, () => {
      const angle = 2 * Math.PI * draw();
      const radius = 0.33 + 0.03 * normal();
      return { x: 0.5 + radius * Math.cos(angle), y: 0.5 + radius * Math.sin(angle) };
    });
  }
  return [...around(0.28, 0.32, 0.09, 45), ...around(0.68, 0.28, 0.1, 45),
    ...around(0.38, 0.68, 0.1, 45), ...around(0.74, 0.7, 0.08, 40)];
}
