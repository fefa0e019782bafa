"""Writes src/test/resources/sampling/reference.json: tokens drawn by an independent, sort-based implementation.

Run from the module's folder: python src/test/python/make_sampling_reference.py
Needs NumPy. The logits are not stored: they are sums of Philox numbers, which this script computes on its own too.
"""

import json
import pathlib

import numpy as np

SCALE = np.float64(4)


def philox(counter, key):
    c, k = [int(w) for w in counter], [int(w) for w in key]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def block(seed, image, position):
    """The four numbers of draws 0 to 3."""
    return [(w + 0.5) * 2.0**-32 for w in philox([position, 0, image, 0], [seed & 0xFFFFFFFF, seed >> 32])]


def logits(seed, image, vocabulary):
    rows = []
    for position in range(vocabulary):
        u = block(seed, image, position)
        rows.append((((u[0] + u[1]) + u[2]) + u[3] - 2.0) * SCALE)
    return np.array(rows, dtype=np.float64).astype(np.float32)


def probabilities(values, top_k, top_p):
    if top_k > 0:
        kth = np.sort(values)[::-1][min(top_k, len(values)) - 1]
        values = np.where(values < kth, np.float32(-np.inf), values)
    if top_p < 1:
        p = softmax(values)
        order = np.argsort(-values.astype(np.float64), kind="stable")
        before = np.cumsum(p[order]) - p[order]
        assert np.min(np.abs(before - top_p)) > 1e-6, "too near to the cut to be a fixture"
        removed = order[before > top_p]
        values = values.copy()
        values[removed] = -np.inf
    return softmax(values)


def softmax(values):
    e = np.exp(values.astype(np.float64) - np.float64(values.max()))
    return e / e.sum()


def case(seed, vocabulary, scale, temperature, top_k, top_p, ties=False):
    c, u = logits(seed, 1, vocabulary), logits(seed, 2, vocabulary)
    if ties:
        c, u = np.round(c), np.round(u)
    guided = scale > 1
    mixed = u + (c - u) * np.float32(scale) if guided else c
    mixed = mixed / np.float32(max(temperature, 1e-5))
    p = probabilities(mixed, top_k, top_p)
    cumulative = np.cumsum(p)
    draws = []
    for position in range(64):
        uniform = block(seed, 3, position)[0]
        if np.min(np.abs(cumulative - uniform)) > 1e-6:
            draws.append({"position": position, "token": int(np.searchsorted(cumulative, uniform, side="right"))})
    return {
        "seed": seed, "vocabulary": vocabulary, "guidanceScale": scale, "temperature": temperature,
        "topK": top_k, "topP": top_p, "rounded": ties, "kept": int((p > 0).sum()), "draws": draws,
    }


CASES = [
    case(1, 64, 1.0, 1.0, 0, 1.0),
    case(2, 64, 4.0, 1.0, 0, 1.0),
    case(3, 64, 1.0, 0.7, 10, 1.0),
    case(4, 64, 1.0, 1.3, 0, 0.8),
    case(5, 64, 7.5, 20.0, 20, 0.9),
    case(6, 64, 1.0, 1.0, 9, 1.0, ties=True),
    case(7, 64, 1.0, 5.0, 30, 0.61, ties=True),
    case(8, 1000, 2.0, 4.0, 0, 0.95),
    case(0x9E3779B97F4A7C15, 4096, 4.0, 1.0, 2000, 1.0),
    case(10, 4096, 4.0, 2.0, 900, 0.96),
]

if __name__ == "__main__":
    target = pathlib.Path(__file__).parents[1] / "resources" / "sampling" / "reference.json"
    target.write_text(json.dumps({"cases": CASES}, separators=(",", ":")) + "\n")
