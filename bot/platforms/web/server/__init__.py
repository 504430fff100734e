"""The web server around the pages: addresses, passwords, headers."""
