"""MusicXML that is brought back: read safely, repeats written out, drums and hands found."""

from drumscribe.notation.bringing.musicxml.reader import read_musicxml

__all__ = ["read_musicxml"]
