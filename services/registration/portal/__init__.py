"""The ERO Portal's side of the office: its questions answered, its decisions on absent votes carried out (ADR 0016)."""
