"""Models that do not come along: from where they are fetched, checked and written to the cache."""
