"""Export formats for other programs, one module per format.

Amounts are exact, with the decimals of their currency. Names come from documents, so they are quoted: they can neither
end a line nor become a formula in a spreadsheet.
"""
