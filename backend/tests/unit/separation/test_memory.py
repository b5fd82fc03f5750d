"""Freed memory stays with the process while a network works, and goes back afterwards."""

from __future__ import annotations

import multiprocessing
import resource
from pathlib import Path

import pytest

from drumscribe.separation.memory import freed_memory_kept

# More than glibc would keep by itself.
BLOCK_BYTES = 48 << 20
PAGES = BLOCK_BYTES // resource.getpagesize()


def faults_of(rounds: int) -> int:
    """Page faults of filling and freeing a block so many times."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(rounds):
        assert len(b"x" * BLOCK_BYTES) == BLOCK_BYTES
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def grown_and_faults() -> tuple[int, int, int, int]:
    """Bytes grown by while memory is kept, and afterwards; page faults of four rounds in both."""
    before = resident_bytes()
    with freed_memory_kept():
        faults_of(1)
        kept = resident_bytes() - before
        faults_while_kept = faults_of(4)
    return kept, resident_bytes() - before, faults_while_kept, faults_of(4)


def test_freed_memory_is_kept_and_goes_back_at_the_end() -> None:
    # In a process of its own: what other tests have freed here would be taken first.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        kept, left, faults_while_kept, faults_afterwards = pool.apply(grown_and_faults)
    assert kept > BLOCK_BYTES // 2
    assert faults_while_kept < PAGES
    assert left < BLOCK_BYTES // 2
    assert faults_afterwards > 2 * PAGES


def test_freed_memory_goes_back_after_a_failure_too() -> None:
    def fail() -> None:
        with freed_memory_kept():
            faults_of(1)
            raise RuntimeError("half-way")

    before = resident_bytes()
    with pytest.raises(RuntimeError, match="half-way"):
        fail()
    assert resident_bytes() < before + BLOCK_BYTES // 2
