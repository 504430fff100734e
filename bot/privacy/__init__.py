"""Masks personal identifiers before anything is stored; `masker.py` is the only entrance."""
