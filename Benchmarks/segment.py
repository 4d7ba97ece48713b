#!/usr/bin/env python3
"""Segments beside other programs' on photographs that people have segmented.

Superpixels: boundary recall (the share of people's boundary pixels with one of
ours within 2 pixels, Euclidean), achievable segmentation accuracy and
undersegmentation error (P. Neubert and P. Protzel, "Superpixel benchmark and
comparison", 2012), each averaged over the people and then over the photos. Explained
variance (A. Moore et al., "Superpixel lattices", CVPR 2008) of the samples, and
compactness (A. Schick et al., "Measuring and evaluating the compactness of
superpixels", ICPR 2012) need no people.
Our numbers of regions differ from those of the peers, so that ours are made at
exactly the mean number that each peer made.

Mixtures (--mixtures): free energy and time beside scikit-learn's GaussianMixture
and OpenCV's EM on the same pixels.
"""

import argparse
import io
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import scipy.io
from PIL import Image
from scipy import ndimage
from scipy.special import logsumexp
from skimage.segmentation import slic

ROOT = Path(__file__).resolve().parent.parent


def boundaries(labels):
    """Pixels whose right or lower neighbour has another label."""
    result = np.zeros(labels.shape, bool)
    result[:, :-1] |= labels[:, 1:] != labels[:, :-1]
    result[:-1] |= labels[1:] != labels[:-1]
    return result


ROWS, COLUMNS = np.mgrid[-2:3, -2:3]
DISC = ROWS**2 + COLUMNS**2 <= 4


def connected(labels):
    """The connected regions of labels, by their sides."""
    result = np.zeros(labels.shape, int)
    count = 0
    for label, box in enumerate(ndimage.find_objects(labels + 1)):
        if box is None:
            continue
        parts, found = ndimage.label(labels[box] == label)
        result[box][parts > 0] = parts[parts > 0] + count - 1
        count += found
    return result


def score(labels, people):
    """Boundary recall, accuracy and undersegmentation error of one photo."""
    near = ndimage.binary_dilation(boundaries(labels), DISC)
    count = labels.max() + 1
    sizes = np.bincount(labels.ravel(), minlength=count)
    rows = []
    for segments, edges in people:
        parts = segments.max() + 1
        table = np.bincount(
            labels.ravel() * parts + segments.ravel(), minlength=count * parts
        ).reshape(count, parts)
        rows.append((
            near[edges].mean() if edges.any() else 1.0,
            table.max(1).sum() / labels.size,
            np.minimum(table, sizes[:, None] - table).sum() / labels.size,
        ))
    return np.mean(rows, 0)


def shapes(labels, image):
    """Explained variance, and compactness."""
    count = labels.max() + 1
    flat, sizes = labels.ravel(), np.bincount(labels.ravel(), minlength=count)
    samples = image.reshape(-1, 3).astype(float)
    means = np.stack(
        [np.bincount(flat, samples[:, d], count) / sizes for d in range(3)], 1)
    centre = samples.mean(0)
    explained = ((means[flat] - centre) ** 2).sum() / ((samples - centre) ** 2).sum()
    sides = np.zeros(count)
    padded = np.pad(labels, 1, constant_values=-1)
    for axis in (0, 1):
        for shift in (1, -1):
            other = np.roll(padded, shift, axis)[1:-1, 1:-1]
            sides += np.bincount(labels[other != labels], minlength=count)
    quotients = 4 * np.pi * sizes / sides**2
    return explained, (quotients * sizes).sum() / labels.size


def photos(data, limit):
    files = sorted((data / "images").glob("*.jpg"))
    step = max(1, len(files) // limit)
    for file in files[::step][:limit]:
        truth = scipy.io.loadmat(data / "groundTruth" / (file.stem + ".mat"))
        people = []
        for one in truth["groundTruth"][0]:
            segments = one["Segmentation"][0, 0].astype(int)
            people.append((segments, boundaries(segments)))
        yield file, np.array(Image.open(file).convert("RGB")), people


def timed(body):
    began = time.perf_counter()
    result = body()
    return result, time.perf_counter() - began


def peer_slic(image, count):
    return slic(image, count, compactness=20, start_label=0)


def opencv(make, iterations):
    def run(image, count):
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2Lab)
        made = make(lab, count)
        made.iterate(iterations) if iterations else None
        made.enforceLabelConnectivity(25)
        return made.getLabels()
    return run


def side(image, count):
    return max(2, round((image.shape[0] * image.shape[1] / count) ** 0.5))


def peer_seeds(image, count):
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2Lab)
    height, width = image.shape[:2]
    seeds = cv2.ximgproc.createSuperpixelSEEDS(width, height, 3, count, 4, 2, 5)
    seeds.iterate(lab, 10)
    return seeds.getLabels()


PEERS = {
    "scikit-image slic, compactness 20": peer_slic,
    "OpenCV LSC": opencv(
        lambda lab, n: cv2.ximgproc.createSuperpixelLSC(lab, side(lab, n)), 10),
    "OpenCV SLICO": opencv(
        lambda lab, n: cv2.ximgproc.createSuperpixelSLIC(
            lab, cv2.ximgproc.SLICO, side(lab, n)), 10),
    "OpenCV SEEDS": peer_seeds,
}


def ours(command, file, options):
    """Labels and the seconds of the segmentation alone, which --verbose says."""
    run = subprocess.run(
        [command, "segment", str(file), "-o", "-", "--verbose", *options],
        capture_output=True, check=True)
    text = run.stderr.decode()
    seconds = float(re.search(r"; ([0-9.]+) s$", text.strip()).group(1))
    labels = np.array(Image.open(io.BytesIO(run.stdout))).astype(int)
    return labels, seconds, text


def superpixels(arguments):
    images = list(photos(arguments.data, arguments.photos))
    print(f"{len(images)} photos\n")
    print("| asked | | regions | recall | accuracy | underseg. | explained "
          "| compactness | ms | connected |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---|")
    for count in arguments.counts:
        rows = {name: [] for name in PEERS}
        rows["quantize"] = []
        for file, image, people in images:
            for name, peer in PEERS.items():
                labels, seconds = timed(lambda: peer(image, count))
                labels = np.unique(labels, return_inverse=True)[1].reshape(
                    labels.shape)
                rows[name].append(measured(labels, image, people, seconds))
            labels, seconds, _ = ours(
                arguments.quantize, file,
                ["--superpixels", str(count), *arguments.threads])
            rows["quantize"].append(measured(labels, image, people, seconds))
        for name, values in rows.items():
            show(count, name, values)
        if not arguments.matched:
            continue
        # Ours with as many regions as each peer made.
        for name in PEERS:
            made = round(np.mean([row[0] for row in rows[name]]))
            values = []
            for file, image, people in images:
                labels, seconds, _ = ours(
                    arguments.quantize, file,
                    ["--superpixels", str(made), *arguments.threads])
                values.append(measured(labels, image, people, seconds))
            show(count, f"quantize, as many as {name}", values)


def measured(labels, image, people, seconds):
    regions = labels.max() + 1
    is_connected = connected(labels).max() + 1 == regions
    return (
        regions, *score(labels, people), *shapes(labels, image), 1000 * seconds,
        is_connected)


def show(count, name, values):
    means = [statistics.fmean(row[i] for row in values) for i in range(6)]
    milliseconds = statistics.median(row[6] for row in values)
    all_connected = "yes" if all(row[7] for row in values) else "no"
    print(
        f"| {count} | {name} | {means[0]:.0f} | {means[1]:.3f} | {means[2]:.3f} "
        f"| {means[3]:.3f} | {means[4]:.3f} | {means[5]:.3f} | {milliseconds:.1f} "
        f"| {all_connected} |", flush=True)


def likelihood(pixels, em):
    """The mean log-likelihood of OpenCV's mixture; its own is without constants."""
    means, weights = em.getMeans(), em.getWeights().ravel()
    variances = np.array([np.trace(c) / len(c) for c in em.getCovs()])
    dimension = pixels.shape[1]
    squares = ((pixels[:, None] - means) ** 2).sum(2)
    logs = (
        np.log(weights) - squares / (2 * variances)
        - dimension / 2 * np.log(2 * np.pi * variances))
    return float(logsumexp(logs, axis=1).mean())


def mixtures(arguments):
    from sklearn.mixture import GaussianMixture

    print("| k | | log-likelihood a pixel | s | its time / ours |")
    print("|---:|---|---:|---:|---:|")
    for k in arguments.components:
        rows = {}
        for file, image, _ in photos(arguments.data, arguments.photos):
            pixels = image.reshape(-1, 3).astype(float)
            _, seconds, text = ours(
                arguments.quantize, file,
                ["-k", str(k), "--cprime", str(k), "--mixing", "learned",
                 "--variance", "per-component", *arguments.threads])
            energy = float(
                re.search(r", F (\S+) nats", text).group(1).replace("−", "-"))
            rows.setdefault("quantize", []).append((energy, seconds))
            model = GaussianMixture(
                k, covariance_type="spherical", random_state=0, reg_covar=1 / 12)
            _, seconds = timed(lambda: model.fit(pixels))
            rows.setdefault("scikit-learn GaussianMixture", []).append(
                (model.score(pixels), seconds))
            em = cv2.ml.EM_create()
            em.setClustersNumber(k)
            em.setCovarianceMatrixType(cv2.ml.EM_COV_MAT_SPHERICAL)
            _, seconds = timed(lambda: em.trainEM(pixels.astype(np.float32)))
            rows.setdefault("OpenCV EM", []).append(
                (likelihood(pixels, em), seconds))
        own = statistics.median(row[1] for row in rows["quantize"])
        for name, values in rows.items():
            seconds = statistics.median(row[1] for row in values)
            energy = statistics.fmean(row[0] for row in values)
            ratio = statistics.median(
                theirs[1] / mine[1]
                for theirs, mine in zip(values, rows["quantize"]))
            print(
                f"| {k} | {name} | {energy:.4f} | {seconds:.3f} | {ratio:.1f} |",
                flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data/bsds")
    parser.add_argument(
        "--quantize", default=str(ROOT / ".build/command/release/quantize"))
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument(
        "--counts", type=lambda s: [int(n) for n in s.split(",")],
        default=[200, 400, 800])
    parser.add_argument("--threads", default="2")
    parser.add_argument(
        "--matched", action="store_true",
        help="ours also with as many regions as each peer made")
    parser.add_argument("--mixtures", action="store_true")
    parser.add_argument(
        "--components", type=lambda s: [int(n) for n in s.split(",")],
        default=[4, 8])
    arguments = parser.parse_args()
    arguments.threads = ["--threads", arguments.threads]
    if not (arguments.data / "images").is_dir():
        sys.exit(f"segment.py: {arguments.data}: no photos here; name their "
                 "folder with --data")
    cv2.setNumThreads(2)
    print(f"load average {os.getloadavg()[0]:.1f}")
    (mixtures if arguments.mixtures else superpixels)(arguments)


if __name__ == "__main__":
    main()
