"""The base model: its files, its prompt, its conversion."""
