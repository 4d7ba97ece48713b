#!/usr/bin/env python3
"""What the paper claims, checked and measured; Benchmarks/study runs this."""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import vamm_peer
from beside import peers
from common import birch, china, interval, log_likelihood, missed, table
from engine import Table, plus_plus
from PIL import Image
from plot import lines
from scipy.special import logsumexp

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"
KEPT = ROOT / ".build/study"


# The identities


def lloyd(points, means, iterations):
    """Lloyd's algorithm, written out. Gives the means of each iteration."""
    history = []
    for _ in range(iterations):
        nearest = ((points[:, None] - means) ** 2).sum(2).argmin(1)
        means = numpy.array([
            points[nearest == c].mean(0) if (nearest == c).any() else means[c]
            for c in range(len(means))])
        history.append(means)
    return history


def identities(_: bool) -> str:
    random = numpy.random.default_rng(1704)
    count, dimension, components = 3_000, 3, 12
    centers = random.normal(0, 5, (components, dimension))
    points = numpy.concatenate([
        center + random.normal(0, 1.5, (count // components, dimension))
        for center in centers])
    data = Table(points)
    start = points[random.choice(count, components, replace=False)]
    rows = []

    # Lloyd's algorithm and C' = 1, iteration by iteration.
    worst = 0.0
    for t, means in enumerate(lloyd(points, start, 15), 1):
        report = data.fit(1, means=start, max_iterations=t, tolerance=0)
        worst = max(worst, numpy.abs(numpy.array(report["means"]) - means).max())
    rows.append([
        "C' = 1 is Lloyd's algorithm: means of 15 iterations",
        "largest difference", f"{worst:.1e}"])

    # What k-means has converged to, from many starts.
    worst, found = 0.0, []
    for _ in range(30):
        begin = points[random.choice(count, components, replace=False)]
        report = data.fit(1, means=begin, max_iterations=1_000, tolerance=1e-15)
        inertia, energy = report["inertia"], report["finalFreeEnergy"]
        expected = -math.log(components) - dimension / 2 * math.log(
            2 * math.pi * math.e * inertia / dimension)
        worst = max(worst, abs(energy - expected))
        found.append((inertia, -energy))
    rows.append([
        "F = −log C − (D/2) log(2πe J/(D N)): 30 results of k-means",
        "largest difference, nats", f"{worst:.1e}"])
    rows.append([
        "A smaller J is a larger F: the same, each against each", "exceptions",
        str(sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a in found for b in found))])

    # F never falls.
    least = math.inf
    fits = 0
    for covariance in ("shared", "per-component", "diagonal", "full"):
        for mixing in ("equal", "learned"):
            for cprime in (1, 2, 3, 5, components):
                for acceleration in ("none", "anderson"):
                    report = data.fit(
                        cprime, means=start, covariance=covariance, mixing=mixing,
                        acceleration=acceleration, max_iterations=100, tolerance=0)
                    steps = numpy.diff(report["freeEnergy"])
                    least = min(least, steps.min())
                    fits += 1
    rows.append([
        f"F never falls: {fits} fits of all kinds, 100 E-steps each",
        "least step, nats", f"{least:+.1e}"])

    # F grows with C' to the log-likelihood.
    model = data.file("m.npz")
    data.fit(3, means=start, model=model)
    arrays = numpy.load(model)
    squares = ((points[:, None] - arrays["means"]) ** 2).sum(2)
    variance = float(arrays["covariances"])
    joint = (
        -math.log(components) - dimension / 2 * math.log(2 * math.pi * variance)
        - squares / (2 * variance))
    likelihood = logsumexp(joint, axis=1).mean()
    energies, worst = [], 0.0
    for cprime in range(1, components + 1):
        kept = -numpy.sort(-joint, axis=1)[:, :cprime]
        value = data.predict(model, cprime)["finalFreeEnergy"]
        worst = max(worst, abs(value - logsumexp(kept, axis=1).mean()))
        energies.append(value)
    rows.append([
        "F grows with C' while the parameters stay: C' = 1 to C",
        "least step, nats", f"{numpy.diff(energies).min():+.1e}"])
    rows.append([
        "F is Σ log Σ_{c∈K} p(c, y): C' = 1 to C, SciPy",
        "largest difference, nats", f"{worst:.1e}"])
    rows.append([
        "With C' = C, F is the log-likelihood: SciPy",
        "difference, nats", f"{abs(energies[-1] - likelihood):.1e}"])
    gaps = [f"{energies[-1] - energy:.4f}" for energy in energies[:6]]
    return (
        "## The identities\n\n"
        f"{count:,} points in {dimension} dimensions from {components} overlapping clusters, "
        "and a random start. The references are written out in NumPy and SciPy "
        "(`Benchmarks/studies/study.py`). Steps of −1e-14 are the rounding of sums.\n\n"
        + table(["claim", "", "found"], rows)
        + "\nThe gap between F and the log-likelihood at C' = 1 to 6, with the parameters of a fit "
        "with C' = 3: " + ", ".join(gaps) + " nats.\n")


# BIRCH


def birch_study(quick: bool) -> str:
    text = (
        "## Do soft assignments find better optima?\n\n"
        "Data as in the authors' work (D. Forster and J. Lücke, AISTATS 2018, arXiv "
        "1711.03431): clusters of variance 1 on a grid of step 4√2 in two dimensions. Each "
        "start is drawn by k-means++ or uniformly from the points, and the same starts serve all C'. "
        "From there, plain EM with C' runs to convergence (`--init`, tolerance 1e-8, at most 500 "
        "iterations), with no search and no swaps. A cluster is missed if it is nearest to no "
        "mean; a run is optimal if none is. Intervals are 95 % (Wilson). J is the quantisation "
        "error: the mean squared distance to the nearest mean. The last line of each table is what "
        "the command does without `--init`: its own search, from as many seeds.\n\n")
    for side, each, starts in ((5, 400, 10 if quick else 100),
                               (20, 100, 3 if quick else 100)):
        random = numpy.random.default_rng(side)
        points, centers = birch(side, each, random)
        components = len(centers)
        truth = log_likelihood(points, centers, 1)
        rows, curves = [], {}
        labels = ["1", "2", "3", "5", f"C = {components}"]
        for seeding in ("k-means++", "uniform"):
            begins = [
                plus_plus(points, components, random) if seeding == "k-means++"
                else points[random.choice(len(points), components, replace=False)]
                for _ in range(starts)]
            curve = []
            for cprime in (1, 2, 3, 5, components):
                def run(means, cprime=cprime):
                    data = Table(points)
                    return data.fit(
                        cprime, means=means, threads=1, max_iterations=500,
                        tolerance=1e-8)
                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    reports = list(pool.map(run, begins))
                rows.append(line(seeding, cprime, reports, centers))
                misses = [lost(report, centers) for report in reports]
                mean = statistics.fmean(misses)
                error = 1.96 * statistics.stdev(misses) / math.sqrt(starts)
                curve.append((mean, mean - error, mean + error))
            curves[seeding] = curve
        data = Table(points)
        for cprime in (1, 3):
            reports = [
                data.fit(cprime, components=components, seed=seed)
                for seed in range(starts)]
            rows.append(line("search", cprime, reports, centers))
        text += (
            f"### {side} × {side}\n\n{len(points):,} points, {components} clusters, "
            f"{starts} starts. The log-likelihood of the true mixture is {truth:.4f} nats a point.\n\n"
            + table(["start", "C'", "optimal runs", "95 %", "clusters missed, mean", "F/N, mean",
                     "F/N, best", "J/N, mean", "iterations"], rows))
        if not quick:
            name = f"study-birch-{side}.svg"
            lines(IMAGES / name, f"Clusters missed, of {components}: mean and 95 %", "C'",
                  "clusters", labels, curves)
            text += f"\n![Missed clusters against C', {side} × {side}](images/{name})\n"
        text += "\n"
    return text


# The number of distances

VAMM = (
    "vamm is the [authors' own engine](https://github.com/variational-sublinear-clustering/vamm) "
    "(commit 0170bc7; it tries one more component at random for each point). ")


def distances(quick: bool) -> str:
    points = china()
    counts = (16, 256) if quick else (4, 16, 64, 256, 1_024, 4_096, 16_384)
    iterations = 12
    ways = [
        ("exact, C' = 1", 1, "all"), ("exact, C' = 3", 3, "all"),
        ("G = 8, C' = 3", 3, "8")]
    curves = {"brute force": [(k, k, k) for k in counts]}
    rows = [[f"{k:,}", f"{k:,}"] for k in counts]
    gaps, starts = [], {}
    for name, cprime, neighbours in ways:
        curves[name] = []
        for row, k in zip(rows, counts):
            random = numpy.random.default_rng(k)
            start = points[random.choice(len(points), k, replace=False)]
            report = Table(points).fit(
                cprime, means=start, neighbours=neighbours, acceleration="none",
                max_iterations=iterations, tolerance=0)
            mean = statistics.fmean(report["distances"]) / len(points)
            curves[name].append((mean, mean, mean))
            row.append(f"{mean:.1f}")
            if cprime == 3:
                gaps.append(report["finalFreeEnergy"])
            starts[k] = start
    for i, row in enumerate(rows):
        row.append(f"{gaps[len(counts) + i] - gaps[i]:+.4f}")
    titles = ["C", "brute force"] + [name for name, _, _ in ways] + ["F, G = 8 − exact"]
    if vamm_peer.IS_HERE:
        titles.append("vamm, G = 8, C' = 3")
        curve = curves["vamm, C' = 3"] = []
        for row, k in zip(rows, counts):
            evaluated = vamm_peer.fit(
                points, k, 3, means=starts[k], G=min(8, k), E=1, limit=[0, iterations],
                eps=[0, 0])[3]
            mean = statistics.fmean(evaluated) / len(points)
            curve.append((mean, mean, mean))
            row.append(f"{mean:.1f}")
    if not quick:
        lines(IMAGES / "study-distances.svg",
              "Distances that an E-step evaluates per point", "C, components",
              "distances", [f"{k:,}" for k in counts], curves, logarithmic=True)

    def exponent(name: str) -> str:
        low = counts.index(256) if not quick else 0
        grown = curves[name][-1][0] / curves[name][low][0]
        return f"{math.log(grown) / math.log(counts[-1] / counts[low]):.2f}"

    return (
        "## How many distances an E-step takes\n\n"
        f"The {len(points):,} distinct colours of a photograph (`china.jpg`, which scikit-learn ships), "
        f"{iterations} iterations of plain EM from C of them drawn at random. A distance is one of a point "
        "to a mean, of a box of points to a mean, or of a mean to another (`distances` of the "
        "[report](report.md)). Brute force takes C a point. \"Exact\" finds the same C' components by "
        "ruling out the others for whole boxes of points. G = 8 looks only among the "
        "[neighbours](guides/partial-e-step.md) of those that a point had, as the authors' sublinear "
        "engine does; the last column is what F of the result gains or loses by that, in nats a point. "
        + VAMM * vamm_peer.IS_HERE
        + "Numbers are means over the E-steps.\n\n"
        + table(titles, rows)
        + ("\n![Distances per point against C](images/study-distances.svg)\n" if not quick else "")
        + "\nFrom C = 256 to 16,384 the number grows like C to the power "
        f"{exponent(ways[0][0])} (exact, C' = 1), {exponent(ways[1][0])} (exact, C' = 3) and "
        f"{exponent(ways[2][0])} (G = 8). All are sublinear. Exact E-steps take fewer distances "
        "than brute force by a factor of "
        f"{counts[-1] / curves[ways[0][0]][-1][0]:,.0f} and "
        f"{counts[-1] / curves[ways[1][0]][-1][0]:,.0f} at C = {counts[-1]:,}, without any loss.\n")


def lost(report: dict, centers) -> int:
    return missed(numpy.array(report["means"]), centers)


def line(name: str, cprime: int, reports: list[dict], centers) -> list[str]:
    misses = [lost(report, centers) for report in reports]
    hits = sum(miss == 0 for miss in misses)
    low, high = interval(hits, len(reports))
    energies = [report["finalFreeEnergy"] for report in reports]
    return [
        name, str(cprime), f"{hits} of {len(reports)}", f"{low:.0%} to {high:.0%}",
        f"{statistics.fmean(misses):.2f}", f"{statistics.fmean(energies):.4f}",
        f"{max(energies):.4f}",
        f"{statistics.fmean(report['inertia'] for report in reports):.4f}",
        f"{statistics.fmean(report['iterations'] for report in reports):.0f}"]


# Photographs


def halves(photo: Path, random):
    """The distinct colours of half of the pixels with their counts, and of the rest."""
    pixels = numpy.asarray(Image.open(photo).convert("RGB"), float).reshape(-1, 3)
    order = random.permutation(len(pixels))
    return [
        numpy.unique(pixels[part], axis=0, return_counts=True)
        for part in numpy.array_split(order, 2)]


def photographs(quick: bool) -> str:
    folder = ROOT.parent / "shared/data/cq100"
    folder = Path(os.environ.get("QUANTIZE_CQ100", folder))
    photos = sorted(folder.glob("*.png"))
    if not photos:
        return (
            "## Photographs\n\nNot measured: there are no photographs of CQ100 in "
            f"{folder} (QUANTIZE_CQ100).\n")
    count = 2 if quick else 10
    photos = photos[:: len(photos) // count][:count]
    random = numpy.random.default_rng(100)
    rows, curves = [], {}
    data = {photo: halves(photo, random) for photo in photos}
    for k in (16, 64) if quick else (16, 64, 256):
        curve = []
        base = None
        for cprime in (1, 2, 3, 5, k):
            found = []
            for (seen, counts), (unseen, others) in data.values():
                points = Table(seen)
                model = points.file("m.npz")
                report = points.fit(
                    cprime, components=k, weights=points.file("w.npy", counts),
                    model=model)
                rest = Table(unseen)
                weights = rest.file("w.npy", others)
                held = rest.predict(model, cprime, weights=weights)
                whole = rest.predict(model, k, weights=weights)
                # A sum over channels, as the error of a palette is given.
                found.append((
                    report["inertia"], report["finalFreeEnergy"],
                    held["finalFreeEnergy"], whole["finalFreeEnergy"],
                    report["iterations"], report["seconds"]["fit"]))
            columns = list(zip(*found))
            errors = columns[0]
            base = base or errors
            ratio = math.exp(statistics.fmean(
                math.log(a / b) for a, b in zip(errors, base)))
            means = [statistics.fmean(column) for column in columns]
            rows.append([
                str(k), str(cprime) if cprime < k else f"k = {k}", f"{ratio:.4f}",
                *(f"{value:.4f}" for value in means[1:4]), f"{means[4]:.1f}",
                f"{statistics.median(columns[5]):.3f}"])
            curve.append((means[3], means[3], means[3]))
        curves[f"k = {k}"] = curve
    text = (
        "## Photographs\n\n"
        f"{len(photos)} photographs of CQ100. Half of the pixels, drawn at random, are fitted: their "
        "distinct colours with their counts, at the default effort. The other half is held out. J is "
        "the quantisation error of the means, as a ratio to that of C' = 1 (geometric mean). "
        "All F are in nats a pixel. The likelihood is F at C' = k with the same parameters.\n\n"
        + table(["k", "C'", "J / C' = 1", "F, seen half", "F, held-out half",
                 "likelihood, held-out half", "iterations", "seconds, median"], rows))
    if not quick:
        name = "study-photographs.svg"
        lines(IMAGES / name, "Likelihood of pixels that were not fitted", "C'",
              "nats a pixel", ["1", "2", "3", "5", "k"], curves)
        text += f"\n![Held-out likelihood against C'](images/{name})\n"
    return text


# Advice


def cells(part: str, *begin: str) -> list[str]:
    """The row of a part's table that begins with some cells."""
    for text in (KEPT / f"{part}.md").read_text().splitlines():
        row = [cell.strip() for cell in text.strip("| ").split("|")]
        if row[: len(begin)] == list(begin):
            return row
    raise SystemExit(f"study: {part} has no row {begin}")


def advice(quick: bool) -> str:
    if quick:
        return "## Which C' for what\n\nWritten from the kept parts.\n"
    hard, soft = cells("birch", "uniform", "1"), cells("birch", "uniform", "5")
    seeded, seeded_soft = cells("birch", "k-means++", "1"), cells("birch", "k-means++", "3")
    search = cells("birch", "search", "1")
    lines, shares, gaps = [], [], []
    for k in ("16", "64", "256"):
        one, two, three, full = (
            cells("photographs", k, cprime) for cprime in ("1", "2", "3", f"k = {k}"))
        gain = float(full[5]) - float(one[5])
        shares.append(f"{(float(three[5]) - float(one[5])) / gain:.0%}")
        gaps.append([float(row[3]) - float(row[4]) for row in (one, two, three, full)])
        lines.append([
            k, f"{float(two[5]) - float(one[5]):+.3f}",
            f"{float(three[5]) - float(one[5]):+.3f}", f"{gain:+.3f}",
            f"{(float(two[2]) - 1) * 100:.1f} %", f"{(float(three[2]) - 1) * 100:.1f} %",
            f"{(float(full[2]) - 1) * 100:.1f} %"])
    widest = max(max(row) for row in gaps)
    assert all(row[-1] <= row[0] + 0.001 for row in gaps)
    return (
        "## Which C' for what\n\n"
        "The numbers above, and what follows from them.\n\n"
        f"- **From a poor start, C' > 1 finds better optima.** From uniform starts, k-means misses {hard[4]} "
        f"of the 25 clusters on average, C' = 5 {soft[4]}. F rises for every C'.\n"
        f"- **From k-means++ it hardly does.** C' = 1 misses {seeded[4]}, C' = 3 {seeded_soft[4]}: a component "
        "that is missing far away does not come there by soft steps.\n"
        f"- **A search helps far more than C'.** With the command's own search, {search[2]} runs find all "
        "clusters, with C' = 1 and with C' = 3. To find clusters, search; do not soften.\n"
        "- **For the likelihood, C' > 1 is worth it.** C' = 3 has "
        f"{', '.join(shares[:-1])} and {shares[-1]} of what C' = k gains, at k = 16, 64 and 256. "
        "Held-out likelihood of the photographs against C' = 1, in nats a pixel, and what it costs in "
        "squared error of the means:\n\n"
        + table(["k", "likelihood, C' = 2", "C' = 3", "C' = k", "J, C' = 2", "C' = 3", "C' = k"],
                lines)
        + "\n- **For a palette, C' = 1.** Every C' > 1 has more squared error, as it must: k-means "
        "minimises it.\n"
        f"- **No C' overfits.** F of the seen and of the held-out half differ by {widest:.3f} nats at most, "
        "and by less with a larger C'.\n\n"
        "[Which C', and what for](which-cprime.md) has what this means for images: files, soft outputs, "
        "clusters whose parameters are known.\n")


PARTS = {
    "identities": identities, "birch": birch_study, "distances": distances,
    "photographs": photographs,
    "peers": peers, "advice": advice}


INTRODUCTION = (
    "# A study\n\n"
    "The method's paper (J. Lücke and D. Forster, \"k-means as a variational EM approximation "
    "of Gaussian mixture models\", Pattern Recognition Letters 2019, arXiv 1704.04812) claims "
    "that k-means is truncated variational EM for any σ², that it raises a free energy which is "
    "a function of its own objective, and that C' > 1 leads from there to full mixtures. This "
    "page checks that, to the last digits, and measures what C' buys. It is written by\n\n"
    "    Benchmarks/study\n\n"
    "from seeds; every number that is not another program's comes from `quantize fit` as users get it "
    f"({platform.machine()}, {os.cpu_count()} virtual cores).\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    arguments = parser.parse_args()
    chosen = arguments.parts or list(PARTS)
    if arguments.quick:
        print("\n".join(PARTS[part](True) for part in chosen))
        return
    # Parts are kept, so that one can be made again without the others.
    KEPT.mkdir(parents=True, exist_ok=True)
    for part in chosen:
        (KEPT / f"{part}.md").write_text(PARTS[part](False))
    missing = [part for part in PARTS if not (KEPT / f"{part}.md").exists()]
    if missing:
        print(f"study: docs/study.md also needs {', '.join(missing)}")
        return
    texts = [(KEPT / f"{part}.md").read_text() for part in PARTS]
    (ROOT / "docs/study.md").write_text(
        INTRODUCTION + "\n".join(text.strip() + "\n" for text in texts))


if __name__ == "__main__":
    main()
