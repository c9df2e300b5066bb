"""Iolaus: from a log of model traffic to explained campaigns."""
__version__ = "0.1.0"
