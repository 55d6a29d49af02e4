"""The words of expensed as frozen dataclasses and enums, shared by all rooms. No behaviour beyond views of the data."""
