"""Styles as data: where drums stand on the staff, and which MIDI keys play them."""
