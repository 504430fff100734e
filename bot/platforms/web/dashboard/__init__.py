"""The page about training: rounds, versions, reports."""
