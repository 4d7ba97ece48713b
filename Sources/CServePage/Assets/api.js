"use strict";
// The HTTP interface of `quantize serve`, and nothing else. Paths are relative, so the
// page also works behind a proxy that puts it into a folder.

/** What the server answered, as an error with one plain line. */
export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const plain = {
  0: "The server cannot be reached; start `quantize serve` again.",
  401: "The server wants its token; open the address that `quantize serve` printed.",
  403: "The server refused this; open the address that `quantize serve` printed.",
  413: "The file is larger than the server accepts; use the command for it.",
  429: "The server is busy; try again in a moment.",
  503: "The server is busy; try again in a moment.",
};

const pause = (seconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** One request. A busy server is asked again up to three times. */
export async function request(path, { method = "GET", body, json, signal, keepalive, headers = {} } = {}) {
  if (json !== undefined) {
    body = JSON.stringify(json);
    headers = { "Content-Type": "application/json", ...headers };
  }
  for (let attempt = 0; ; attempt += 1) {
    let answer;
    try {
      answer = await fetch(path, { method, body, signal, keepalive, headers, credentials: "same-origin" });
    } catch (error) {
      if (error.name === "AbortError" || signal?.aborted) throw error;
      throw new ServerError(0, plain[0]);
    }
    if (answer.ok) return answer;
    if ((answer.status === 429 || answer.status === 503) && attempt < 3) {
      const wait = Number(answer.headers.get("Retry-After")) || 0.5 * 2 ** attempt;
      await pause(Math.min(wait, 10), signal);
      continue;
    }
    let message = plain[answer.status] ?? `The server answered ${answer.status}.`;
    try {
      message = (await answer.json()).error ?? message;
    } catch {
      // Not JSON: a proxy may have answered.
    }
    throw new ServerError(answer.status, message);
  }
}

export const isAbort = (error) => error?.name === "AbortError";
const isGone = (error) => error instanceof ServerError && [404, 410].includes(error.status);

export const description = async () => (await request("api")).json();

export async function upload(file, signal) {
  const name = encodeURIComponent(file.name || "picture.png");
  return (await request(`api/images?name=${name}`, { method: "POST", body: file, signal })).json();
}

/** The colours of a palette file of any format: {colors: [{hex, name}]}. */
export async function readPalette(file) {
  const name = encodeURIComponent(file.name);
  return (await request(`api/palettes?name=${name}`, { method: "POST", body: file })).json();
}

export function forget(picture, keepalive = false) {
  return request(`api/images/${picture.id}`, { method: "DELETE", keepalive }).catch(() => {});
}

/**
 * A request about a picture. If the server has forgotten the picture, it gets the file
 * again, and the request is repeated. A request about a fit cannot be: it fails with
 * `lost` set, and the fit has to be made again.
 */
export async function about(picture, path, options = {}) {
  try {
    return await request(`api/images/${picture.id}/${path}`, options);
  } catch (error) {
    if (!isGone(error) || picture.isClosed) throw error;
    if (path.startsWith("fits/")) {
      error.lost = true;
      throw error;
    }
    // Several requests may find out at the same time; the file is sent once.
    picture.again ??= upload(picture.file).then(({ id }) => (picture.id = id)).finally(() => (picture.again = null));
    await picture.again;
    return request(`api/images/${picture.id}/${path}`, options);
  }
}

const sizeOf = (answer) => ({
  width: Number(answer.headers.get("X-Width")),
  height: Number(answer.headers.get("X-Height")),
});

export async function pixels(picture, reduced, signal) {
  const answer = await about(picture, `pixels?reduced=${reduced}`, { signal });
  return { ...sizeOf(answer), data: new Uint8ClampedArray(await answer.arrayBuffer()) };
}

/** The fit and its labels. */
export async function fit(picture, options, signal) {
  const made = await (await about(picture, "fits", { method: "POST", json: options, signal })).json();
  const answer = await about(picture, `fits/${made.id}/labels`, { signal });
  const buffer = await answer.arrayBuffer();
  made.labels = made.bits === 16 ? new Uint16Array(buffer) : new Uint8Array(buffer);
  Object.assign(made, sizeOf(answer));
  return made;
}

export const at = async (picture, fitId, x, y, signal) =>
  (await about(picture, `fits/${fitId}/at?x=${x}&y=${y}`, { signal })).json();

export async function mask(picture, fitId, entry, signal) {
  const answer = await about(picture, `fits/${fitId}/mask?entry=${entry}`, { signal });
  return { ...sizeOf(answer), data: new Uint8Array(await answer.arrayBuffer()) };
}

export async function uncertainty(picture, fitId, signal) {
  const answer = await about(picture, `fits/${fitId}/uncertainty`, { signal });
  return {
    ...sizeOf(answer),
    most: Number(answer.headers.get("X-Most")),
    data: new Uint8Array(await answer.arrayBuffer()),
  };
}

export async function recolor(picture, fitId, moves, shades, signal) {
  const answer = await about(picture, `fits/${fitId}/recolor`, { method: "POST", json: { moves, shades }, signal });
  return { ...sizeOf(answer), data: new Uint8ClampedArray(await answer.arrayBuffer()) };
}

export const cloud = async (picture, signal) =>
  (await (await about(picture, "cloud?limit=4000", { signal })).json()).points;

/** Calls `each` with every line of a curve as it arrives. */
export async function curve(picture, options, each, signal) {
  const answer = await about(picture, "curves", { method: "POST", json: options, signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let isDone = false;
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) {
      if (line.trim() === "") continue;
      const point = JSON.parse(line);
      if (point.error) throw new ServerError(500, point.error);
      isDone ||= point.done === true;
      each(point);
    }
    if (done && !isDone) throw new ServerError(500, "The server stopped before the end of the curve; draw it again.");
    if (done) return;
  }
}

/** A file to save: its bytes and its name. */
export async function file(picture, options, signal) {
  const answer = await about(picture, "exports", { method: "POST", json: options, signal });
  const disposition = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  const quoted = /filename="((?:[^"\\]|\\.)*)"/i.exec(disposition);
  const name = encoded ? decodeURIComponent(encoded[1]) : quoted?.[1].replace(/\\(.)/g, "$1");
  return { blob: await answer.blob(), name };
}

export async function sample(name) {
  const blob = await (await request(`samples/${encodeURIComponent(name)}`)).blob();
  return new File([blob], name, { type: blob.type });
}
