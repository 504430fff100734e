"""Trained weights beside the frozen base model: methods, files, versions."""
