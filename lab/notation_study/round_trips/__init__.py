"""What other programs read from our files, compared with the score itself."""
