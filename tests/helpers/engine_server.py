"""The engine under test: the embedded one, or a ClickHouse server named by an environment variable."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from crosslook.platform.settings import ClickHouseSettings

VARIABLE = "CROSSLOOK_TEST_CLICKHOUSE_URL"
"""`http://user:password@host:port` of a server that may create databases and kill queries."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and its user."""

    host: str
    port: int
    user: str
    password: str

    @staticmethod
    def of(settings: ClickHouseSettings) -> "Server":
        """The server that these settings reach, unless the environment names another."""
        if url := os.environ.get(VARIABLE):
            parts = urlsplit(url)
            return Server(parts.hostname or "", parts.port or 8123, parts.username or "default", parts.password or "")
        return Server(settings.host, settings.port, settings.username, settings.read_password())

    @property
    def url(self) -> str:
        """Its HTTP address, without a user."""
        return f"http://{self.host}:{self.port}"

    def client(self) -> httpx.Client:
        """A raw HTTP client with the password."""
        headers = {"X-ClickHouse-User": self.user, "X-ClickHouse-Key": self.password}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def run(self, sql: str, **parameters: str) -> str:
        """Run a statement and answer its text. AssertionError when it fails."""
        with self.client() as client:
            response = client.post("/", params=parameters, content=sql)
        assert response.status_code == 200, response.text
        return response.text

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """A database of one's own."""
        name = f"exam_{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name}")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name}")
