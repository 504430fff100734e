"""Labels become training rounds, and rounds become the version that answers."""
