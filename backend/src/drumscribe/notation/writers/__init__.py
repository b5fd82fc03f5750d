"""Writers: a score becomes MusicXML, LilyPond, MIDI, Guitar Pro, tablature or a time map."""
