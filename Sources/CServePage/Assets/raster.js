"use strict";
// Pictures on canvases that have exactly their size, kept out of sight.
// The viewer draws from these.

/** An ImageData is kept with each canvas, so that nothing is allocated on the way. */
const buffers = new WeakMap();

function bufferOf(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    buffers.delete(canvas);
  }
  let buffer = buffers.get(canvas);
  if (!buffer) {
    const image = canvas.getContext("2d").createImageData(width, height);
    buffer = { image, words: new Uint32Array(image.data.buffer) };
    buffers.set(canvas, buffer);
  }
  return buffer;
}

const put = (canvas, { image }) => canvas.getContext("2d").putImageData(image, 0, 0);

/** One word of four bytes for each palette entry, in this machine's order of bytes. */
export function wordsOf(entries, sampleOf) {
  const words = new Uint32Array(Math.max(256, entries.length));
  const bytes = new Uint8Array(words.buffer);
  entries.forEach((entry, number) => bytes.set(sampleOf(entry), 4 * number));
  return words;
}

/** Draws a picture of labels: one look-up a pixel. */
export function drawLabels(canvas, { width, height, labels }, words) {
  const buffer = bufferOf(canvas, width, height);
  const target = buffer.words;
  const count = Math.min(target.length, labels.length);
  for (let i = 0; i < count; i += 1) target[i] = words[labels[i]];
  put(canvas, buffer);
}

export function drawPixels(canvas, { width, height, data }) {
  canvas.width = width;
  canvas.height = height;
  buffers.delete(canvas);
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
}

/** Dims what a mask (8 bits a pixel) leaves out. */
export function drawMask(canvas, { width, height, data }) {
  const words = new Uint32Array(256);
  const bytes = new Uint8Array(words.buffer);
  for (let i = 0; i < 256; i += 1) bytes.set([16, 16, 20, Math.round((255 - i) * 0.9)], 4 * i);
  drawLabels(canvas, { width, height, labels: data }, words);
}

/** A scale from dark violet over red to pale yellow; lightness rises all the way. */
const stops = [[12, 8, 38], [88, 20, 110], [180, 45, 90], [240, 110, 40], [252, 200, 70], [252, 252, 190]];

export function heat(share) {
  const place = share * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  return stops[low].map((from, i) => from + (stops[low + 1][i] - from) * (place - low));
}

export function drawHeat(canvas, { width, height, data }) {
  const words = new Uint32Array(256);
  const bytes = new Uint8Array(words.buffer);
  for (let i = 0; i < 256; i += 1) bytes.set([...heat(i / 255), 255], 4 * i);
  drawLabels(canvas, { width, height, labels: data }, words);
}

/** A small copy, for a tab or a row. */
export function thumbnail(canvas, height = 96) {
  const small = document.createElement("canvas");
  const scale = Math.min(1, height / canvas.height);
  small.width = Math.max(1, Math.round(canvas.width * scale));
  small.height = Math.max(1, Math.round(canvas.height * scale));
  const context = small.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, small.width, small.height);
  return small;
}
