"""Ties -> links -> networks."""
