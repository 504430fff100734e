"""What admins look at and do: commands, statistics, doctor."""
