"""A backup that can be proven: every context's database as of one consistent cut, keys apart, and Kafka not at all, since
its topics are rebuilt from the stores.

A backup is a directory: `<context>.dump` of each database (pg_dump's custom format) and, written last, `manifest.json`,
which says what was in them so that a restore can show that it brought back the same.
"""
