"""MusicXML 4.0, written by hand."""

from drumscribe.notation.writers.musicxml.stretches import Stretch, write_stretches
from drumscribe.notation.writers.musicxml.writer import write_musicxml

__all__ = ["Stretch", "write_musicxml", "write_stretches"]
