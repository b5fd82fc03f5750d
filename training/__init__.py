"""Trains the model that DrumScribe ships: renders music with known hits, learns from it."""
