"""Where people talk to the bot, a folder for each platform; the SDKs are here and nowhere else."""
