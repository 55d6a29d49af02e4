"""The HTTP interface: the only code that uses aiohttp."""
