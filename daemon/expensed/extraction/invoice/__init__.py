"""Invoices: e-invoice XML, the number and kind of a document, and how it was paid."""
