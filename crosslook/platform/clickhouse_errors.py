"""Errors of the engine and of the connection to it, and which of them are temporary."""

NETWORK = "NETWORK"
"""The name of an error without a code: no answer came."""
DRIVER = "DRIVER"
"""The name of an error without a code: the driver refused what it was given, and nothing was sent."""

TRANSIENT = {
    3: "UNEXPECTED_END_OF_FILE",
    159: "TIMEOUT_EXCEEDED",
    198: "DNS_ERROR",
    201: "QUOTA_EXCEEDED",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    203: "NO_FREE_CONNECTION",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    218: "TABLE_IS_DROPPED",
    236: "ABORTED",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    252: "TOO_MANY_PARTS",
    279: "ALL_CONNECTION_TRIES_FAILED",
    285: "TOO_FEW_LIVE_REPLICAS",
    319: "UNKNOWN_STATUS_OF_INSERT",
    394: "QUERY_WAS_CANCELLED",
    425: "SYSTEM_ERROR",
    473: "DEADLOCK_AVOIDED",
    733: "TABLE_IS_BEING_RESTARTED",
    745: "SERVER_OVERLOADED",
    999: "KEEPER_EXCEPTION",
}
"""The codes of errors that pass by themselves: trying again later may work."""


class ClickHouseError(Exception):
    """An error of the engine or of the way to it. `code` and `name` are ClickHouse's own; without a code the name is
    "NETWORK", "DRIVER", or "MIDWAY" where a stream was cut off. The text is for logs; it must not reach a client, since
    it can quote data."""

    def __init__(self, code: int | None, name: str, text: str) -> None:
        super().__init__(f"{name} ({code}): {text}")
        self.code = code
        self.name = name

    @property
    def transient(self) -> bool:
        """Whether a retry may work. Every other error is a fault of a statement or of the deployment."""
        return self.code in TRANSIENT if self.code is not None else self.name == NETWORK
