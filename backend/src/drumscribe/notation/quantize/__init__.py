"""Hits and beats become a score."""

from drumscribe.notation.quantize.hits import quantize
from drumscribe.notation.quantize.reading.options import QuantizeOptions
from drumscribe.notation.quantize.reading.song import constant_offset

__all__ = ["QuantizeOptions", "constant_offset", "quantize"]
