"""Texts become vectors; the nearest approved pairs are found."""
