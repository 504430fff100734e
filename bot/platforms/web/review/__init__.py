"""The page on which admins decide about corrections."""
