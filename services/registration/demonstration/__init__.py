"""A register that grows before one's eyes: invented people apply, are checked, allowed or refused, as real ones are.

The way of it: `casework` tells what becomes of one application, `diary` brings all applications into the order of their
days, `loading` carries the days out through the deciders, `places` records the properties first.
"""
