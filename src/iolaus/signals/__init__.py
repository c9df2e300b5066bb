"""Signals: one kind of evidence a file; each confesses what fools it."""
