"""MusicXML 4.0, written by hand."""

from drumscribe.notation.writers.musicxml.writer import write_musicxml

__all__ = ["write_musicxml"]
