"""Land and property gazetteers: AddressBase Premium (CSV 1 and 2, GML) and LLPG Data Transfer Format 7.3.

The way of a file: `opening` (sizes, gzip, zip) → `recognise` (format) → `csvfile` or `gmlfile` (rows, by `layouts`,
`fields` and `records`) → `staging` and `assembly` (properties) → `address` and `electoral` (what the register needs).
`supply.read_supply` is all of it; no database, no broker, no web framework.
"""
