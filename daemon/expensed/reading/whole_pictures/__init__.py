"""Pages as whole pictures: drawn for people, compared with each other, and found again by keys."""
