"""The commands' access to the daemon over HTTP."""
