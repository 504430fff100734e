"""Is a candidate better than what is live? Pure: scores in, verdict out."""
