"""The lines of a document: what was bought, at which price, and what was added or taken off."""
