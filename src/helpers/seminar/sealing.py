"""Sealed answers for a student's kit: an answer opens the sentence written for it, and nothing shows what the others are.

The key of each sentence is derived from the exercise and the answer (PBKDF2, SHA-256), so the kit holds neither the answers nor
the hints in clear. A short answer can still be found by trying them all in some minutes: this is for practice, not for an exam.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from helpers.seminar.exercises import Exercise, Expected, keys

ROUNDS = 20_000
# Every sentence has this length in bytes before it is sealed: its length tells nothing.
_LENGTH = 288


def sealed(
    every: Mapping[str, Mapping[str, Expected]], known: Mapping[str, Exercise], salt: str
) -> dict[str, Any]:
    """The content of `controles.json`: for each exercise its sealed sentences, by the eight first digits of their keys."""
    return {
        "salt": salt,
        "rounds": ROUNDS,
        "exercises": {
            name: {
                "decimals": known[name].decimals,
                "sealed": dict(sorted(_seal(name, answer, what, salt) for answer, what in told.items())),
            }
            for name, told in every.items()
        },
    }


def opened(content: Mapping[str, Any], exercise_id: str, value: float) -> Expected | None:
    """What an answer deserves according to a sealed content, or None when it opens nothing."""
    own = content["exercises"].get(exercise_id, {"decimals": 0, "sealed": {}})
    for answer in keys(value, own["decimals"]):
        place, stream = _derived(exercise_id, answer, content["salt"], content["rounds"])
        if place in own["sealed"]:
            plain = _mixed(bytes.fromhex(own["sealed"][place]), stream)
            return Expected(*json.loads(plain.rstrip(b" ")))
    return None


def _seal(exercise_id: str, answer: str, what: Expected, salt: str) -> tuple[str, str]:
    place, stream = _derived(exercise_id, answer, salt, ROUNDS)
    plain = json.dumps([what.verdict, what.mistake, what.hint], ensure_ascii=False).encode()
    return place, _mixed(plain.ljust(_LENGTH), stream).hex()


@lru_cache(maxsize=4096)
def _derived(exercise_id: str, answer: str, salt: str, rounds: int) -> tuple[str, bytes]:
    key = hashlib.pbkdf2_hmac("sha256", f"{exercise_id}|{answer}".encode(), salt.encode(), rounds)
    return key[:4].hex(), key


def _mixed(content: bytes, key: bytes) -> bytes:
    """The content under a stream of SHA-256 blocks of the key: the same call seals and opens."""
    blocks = b"".join(hashlib.sha256(key + bytes([n])).digest() for n in range(-(-len(content) // 32)))
    return bytes(one ^ other for one, other in zip(content, blocks, strict=False))
