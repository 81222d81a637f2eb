"""The Lambda Runtime API, served on a loopback port to one function process.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol


class RuntimeClient(Protocol):
    """Who answers the process: the executor."""

    def next_invocation(self) -> "Invocation | None":
        """Blocks until there is one; None when the process is to be let go."""

    def invocation_answered(self, request_id: str, body: bytes, is_error: bool) -> None: ...

    def initialization_failed(self, body: bytes) -> None: ...


class Invocation(Protocol):
    """One event for the process, with the headers that go with it."""

    @property
    def body(self) -> bytes: ...

    def headers(self) -> Mapping[str, str]: ...


class RuntimeApi:
    """Listens from construction until `close`."""

    def __init__(self, client: RuntimeClient) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.client = client
        threading.Thread(target=self._server.serve_forever, daemon=True, name="nlj-runtime-api").start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Returns at once; the server ends within half a second."""
        threading.Thread(target=self._close, daemon=True, name="nlj-runtime-api-close").start()

    def _close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    client: RuntimeClient


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # One packet per reply and no waiting for acknowledgements: otherwise each reply costs 40 ms.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        if not self.path.endswith("/runtime/invocation/next"):
            self._reply(404)
            return
        invocation = self.server.client.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        self._reply(200, invocation.body, invocation.headers())

    def do_POST(self) -> None:
        body = self._body()
        match self.path.split("/")[3:]:
            case ["init", "error"]:
                self.server.client.initialization_failed(body)
            case ["invocation", request_id, ("response" | "error") as kind]:
                self.server.client.invocation_answered(request_id, body, kind == "error")
            case _:
                self._reply(404)
                return
        self._reply(202, b'{"status":"OK"}')

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass  # trailers
        return b"".join(chunks)

    def _reply(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass
