"""Slack, through slack-bolt on Socket Mode."""
