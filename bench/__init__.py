"""`./moot bench`: how fast the product is, beside references measured in the same run on the same servers.

`parts.py` lists the parts; each stands in a module of its own. `ground.py` is the PostgreSQL (durability on) and the Kafka
that all of them share; `measuring.py` interleaves rounds and makes ratios; `references/` are other people's libraries, which
run in an environment of their own (`requirements.txt` here).
"""
