"""Transcripts as files: documents, formats, writing whole or not at all."""
