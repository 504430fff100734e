"""A round's outcome in words and as a picture. Pure: outcome in, text and PNG out."""
