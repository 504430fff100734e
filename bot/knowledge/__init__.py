"""Approved questions and answers: found, taught, exported."""
