"""Writing: hits and beats become a score, and the score becomes files."""
