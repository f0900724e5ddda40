"""Copies of the register in the layouts of those who read them. A layout is data: a file in `layouts/`, made of the fields
of `fields.py`. A new layout is a new file; one that has been supplied never changes, it gets a new `version`."""
