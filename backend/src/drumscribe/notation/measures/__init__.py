"""Placed hits become measures: bars, voices, written values, rests, tuplets, beams."""
