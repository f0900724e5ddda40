"""Stands in for a service in tests of the local runtime: keeps the promises the runtime relies on, nothing else.

`python -m services.<context> all`, reporting, the development issuer and post office: answers `/health/ready`, leaves on SIGTERM.
"""

import json
import os
import signal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"pid": os.getpid()}).encode())


def leave(*_: object) -> None:
    with Path(os.environ["MOOT_STATE"], "goodbyes").open("a") as goodbyes:
        goodbyes.write(f"{os.environ['MOOT_PORT']}\n")
    os._exit(0)


signal.signal(signal.SIGTERM, leave)
HTTPServer((os.environ["MOOT_HOST"], int(os.environ["MOOT_PORT"])), Health).serve_forever()
