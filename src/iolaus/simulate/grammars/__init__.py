"""Our own sentences: word lists, spins, items and recipes; none of it is anybody's text."""
