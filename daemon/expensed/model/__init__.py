"""The vocabulary of expensed as frozen dataclasses and enums, with no behaviour beyond views of the data."""
