"""What a paper is at all: receipt, invoice, credit note, or something that is no expense; and its number."""
