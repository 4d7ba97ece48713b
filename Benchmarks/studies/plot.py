"""Line plots as SVG, without anything but text."""

from __future__ import annotations

import math
from pathlib import Path
from xml.sax.saxutils import escape

COLORS = ["#1b6ca8", "#d1495b", "#3a7d44", "#8e5ba6", "#c77f1e", "#4a4a4a"]
WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50


def ticks(low: float, high: float) -> list[float]:
    step = 10 ** math.floor(math.log10((high - low) / 4))
    step *= next(f for f in (1, 2, 5, 10) if (high - low) / (step * f) <= 6)
    first = math.ceil(low / step - 1e-9)
    return [step * i for i in range(first, math.floor(high / step + 1e-9) + 1)]


def lines(path: Path, title: str, x_name: str, y_name: str, labels: list[str],
          curves: dict[str, list[tuple[float, float, float]]], *,
          logarithmic: bool = False) -> None:
    """Draws curves over named places: each point is its value and the ends of its
    interval. On a logarithmic axis values are powers of ten."""
    if logarithmic:
        curves = {
            name: [tuple(math.log10(value) for value in point) for point in curve]
            for name, curve in curves.items()}
    every = [value for curve in curves.values() for point in curve for value in point]
    low, high = min(every), max(every)
    margin = 0.06 * ((high - low) or 1)
    low, high = low - margin, high + margin

    def x(place: float) -> float:
        share = place / max(1, len(labels) - 1)
        return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold">{escape(title)}'
        "</text>"]
    marks = (
        range(math.ceil(low), math.floor(high) + 1) if logarithmic else ticks(low, high))
    for value in marks:
        shown = f"{10 ** value:,}" if logarithmic else f"{value:.6g}"
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" '
            f'y2="{y(value):.1f}" stroke="#dddddd"/>'
            f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">'
            f"{shown}</text>")
    for place, label in enumerate(labels):
        parts.append(
            f'<text x="{x(place):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">'
            f"{escape(label)}</text>")
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_name)}'
        "</text>"
        f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_name)}</text>')
    for number, (name, curve) in enumerate(curves.items()):
        color = COLORS[number % len(COLORS)]
        # Side by side, so that intervals do not cover each other.
        aside = 5 * (number - (len(curves) - 1) / 2)
        points = " ".join(
            f"{x(i) + aside:.1f},{y(p[0]):.1f}" for i, p in enumerate(curve))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" '
            'stroke-width="2"/>')
        for i, (value, least, most) in enumerate(curve):
            parts.append(
                f'<line x1="{x(i) + aside:.1f}" x2="{x(i) + aside:.1f}" '
                f'y1="{y(least):.1f}" '
                f'y2="{y(most):.1f}" stroke="{color}"/>'
                f'<circle cx="{x(i) + aside:.1f}" cy="{y(value):.1f}" r="3.5" fill="{color}"/>')
        parts.append(
            f'<rect x="{WIDTH - RIGHT + 12}" y="{TOP + 22 * number}" width="12" '
            f'height="12" fill="{color}"/>'
            f'<text x="{WIDTH - RIGHT + 30}" y="{TOP + 11 + 22 * number}">'
            f"{escape(name)}</text>")
    parts.append("</svg>\n")
    path.write_text("\n".join(parts))
