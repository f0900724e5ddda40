"""Numbering a revised register: begun by an officer, carried out in the background, and gone on with after a crash by asking
again. What came of it is in `views/numbers.py`: the number on a card already issued leads to the new one."""
