"""How well items, taxes by rate and sums are found: against marked words, labels, and papers labelled by eye."""
