"""What codes on the page prove of the fields, whether they ask for a payment or are there for the tax authority."""
