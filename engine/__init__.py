"""Text in, text out; examples in, weights and scores out. It knows no chat and no SQL."""
