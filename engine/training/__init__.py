"""One training round, in a process of its own."""
