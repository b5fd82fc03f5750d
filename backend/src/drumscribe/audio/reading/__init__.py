"""A file opened by FFmpeg's libraries: packets, frames, their times, where they end."""
