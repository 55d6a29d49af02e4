"""The HTTP door: aiohttp lives here and nowhere else."""
