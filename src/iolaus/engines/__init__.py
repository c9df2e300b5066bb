"""Engines: the counting that must scale, behind five verbs."""
