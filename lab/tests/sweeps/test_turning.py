"""Turning the numbers of the product: every one of them, and back again."""

from __future__ import annotations

from drumscribe.notation.quantize import tuning
from lab.sweeps.turning import knobs_of, turned


def test_knobs_are_every_number_of_every_instance() -> None:
    names = [knob.name for knob in knobs_of({"quantize": tuning})]
    assert "quantize SLOTS.outlier_nats" in names
    assert "quantize SLOTS.spread_seconds[1]" in names
    assert len(names) == len(set(names))


def test_turned_number_is_what_the_product_reads_and_is_put_back() -> None:
    for knob in knobs_of({"quantize": tuning}):
        before = getattr(knob.owner, knob.field)
        with turned(knob, 1.2):
            assert knob.value > (before if knob.index is None else before[knob.index])
        with turned(knob, 0.8):
            assert knob.value < (before if knob.index is None else before[knob.index])
        assert getattr(knob.owner, knob.field) == before
