"""The visiting officer's web app: plain HTML and JavaScript that goes on without a network, served beside the API.

Its pages hold nobody's data. A round comes sealed (`exchange/sealed_round.py`) and stays sealed on the device; what is
recorded there is sealed under the same key until it is uploaded.
"""

from pathlib import Path

HOME = Path(__file__).parent / "static"
