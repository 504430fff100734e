"""A question becomes a streamed, stored answer."""
