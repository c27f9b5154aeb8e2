"""A service as small as one can be, for proving who supervises it.

python -m tests.helpers.tiny_service [--ignore-sigterm] [--die] [--unready]
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        unready = "--unready" in sys.argv
        body = b'{"status": "unready", "reason": "by_wish"}' if unready else b'{"status": "ok"}'
        self.send_response(503 if unready else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until SIGTERM, or whatever the options say."""
    sys.stderr.write("the tiny service begins\n")
    if "--die" in sys.argv:
        sys.exit(3)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "--ignore-sigterm" in sys.argv else lambda *_: sys.exit(0))
    HTTPServer(("127.0.0.1", int(os.environ["CROSSLOOK_HTTP__PORT"])), _Handler).serve_forever()


if __name__ == "__main__":
    main()
