"""The browser: NiceGUI pages on a server of our own."""
