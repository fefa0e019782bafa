"""The counter-based random numbers, for values that depend on them.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011, section 4.3), one number at a time.
"""

WORD = 2**32 - 1

OPENING = 2
BLENDING = 4


def philox(key, counter):
    """The four words of a block."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & WORD, (a >> 32) ^ c3 ^ k1, a & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def uniform(seed, position, draw, purpose):
    """Of the first image of a job, between 0 and 1."""
    words = philox((seed & WORD, seed >> 32), (position, draw // 4, 0, purpose))
    return (words[draw % 4] + 0.5) / 2**32
