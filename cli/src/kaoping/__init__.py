"""The command line: starts the system, and speaks to it as any client does."""
