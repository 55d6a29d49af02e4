"""What documents say in other scripts than the Latin: a data file for each language, loaded when its script appears."""
