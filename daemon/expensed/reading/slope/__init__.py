"""How the lines of a page run: those of a tilted page, of a photo taken at a slant, of a bent paper."""
