"""The words of the field as types: audio, drums, rhythm, score, transcription."""
