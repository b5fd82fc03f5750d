"""Hearing: decoding, separation, features, detection, picking, beats, and the model store."""
