"""Hits and beats become a score."""

from drumscribe.notation.quantize.hits import QuantizeOptions, constant_offset, quantize

__all__ = ["QuantizeOptions", "constant_offset", "quantize"]
