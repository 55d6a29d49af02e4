"""The archive's folders answer back: what a person renames, moves or deletes there is noticed and understood."""
