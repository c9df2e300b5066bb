"""Exchanges -> Fingerprints: keyed hashes, the text kernel, templates and content scores."""
