"""Telling strangers' servers that a job has ended: signing, and safe calls to the outside."""
