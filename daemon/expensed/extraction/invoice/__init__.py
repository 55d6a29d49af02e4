"""Invoices: e-invoice XML, the number and kind of a document, how it was paid."""
