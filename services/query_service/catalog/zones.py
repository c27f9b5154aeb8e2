"""Time zones as the engine has them. The engine truncates instants and this service shows them, in one answer: so they
are shown with the engine's offsets, whichever release of the tz database this process and its host have."""

from collections.abc import Mapping

from crosslook.contracts.zones import TZ_RELEASE, is_place
from crosslook.platform.caching import SingleFlight
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError, QueryResult
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import TIMEZONE_MISMATCH, Meters
from crosslook.platform.store_refusals import store_refusal
from services.query_service.domain.zones import Zone, rules_of

_LOG = get_logger(__name__)
_EDITION = "SELECT version(), (SELECT any(value) FROM system.build_options WHERE name = 'TZDATA_VERSION')"
_NAMES = "SELECT time_zone FROM system.time_zones"

FIRST_SECOND, LAST_SECOND = -2_208_988_800, 10_413_792_000
"""1900 and 2300, in seconds since 1970: the years that instants are from (crosslook/contracts/values.py)."""
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_LOCAL = "toTimeZone(fromUnixTimestamp64Second(at, 'UTC'), {zone:String}) AS local"
# By the functions that reports truncate with. timezoneOffset() is a day off where a zone has crossed the date line.
_OFFSET = (
    f"toInt64(toInt32(toDate32(local))) * {_DAY} + toHour(local) * {_HOUR} + toMinute(local) * {_MINUTE} "
    "+ toSecond(local) - at AS offset"
)


def _offsets(points: str) -> str:
    return f"SELECT at, {_LOCAL}, {_OFFSET} FROM ({points})"  # noqa: S608  # constants of this module


def _changes(points: str) -> str:
    """The points whose offset differs from that of the point before."""
    before = "lagInFrame(offset, 1, offset) OVER (ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
    inner = f"SELECT at, offset, {before} AS before FROM ({_offsets(points)})"  # noqa: S608  # as above
    return f"SELECT at, offset FROM ({inner}) WHERE offset != before"  # noqa: S608  # as above


def _closer(points: str, within: int, step: int) -> str:
    """A point every `step` seconds of the `within` seconds before each point whose offset differs."""
    return f"SELECT arrayJoin(range(at - {within}, at + 1, {step})) AS at FROM ({_changes(points)})"  # noqa: S608  # as above


_DAYS = f"SELECT arrayJoin(range(toInt64({FIRST_SECOND}), toInt64({LAST_SECOND}), {_DAY})) AS at"
_SECONDS = _closer(_closer(_closer(_DAYS, _DAY, _HOUR), _HOUR, _MINUTE), _MINUTE, 1)
TRANSITIONS = (
    f"SELECT at, offset FROM ({_offsets(f'SELECT toInt64({FIRST_SECOND}) AS at')}) "  # noqa: S608  # as above
    f"UNION ALL {_changes(_SECONDS)}"
)
"""When the offset of `{zone:String}` changes and to what, in seconds; first the offset at the beginning of 1900."""


class Zones:
    """The zones that reports may be read in, each read from the engine when it is first asked for."""

    def __init__(self, clickhouse: ClickHouse, meters: Meters) -> None:
        self._clickhouse = clickhouse
        self._meters = meters
        self._edition = ""
        self._names: frozenset[str] = frozenset()
        self._known: dict[str, Zone] = {}
        self._loading: SingleFlight[str, Zone] = SingleFlight()
        self._refreshing: SingleFlight[None, None] = SingleFlight()

    async def names(self) -> frozenset[str]:
        """The names of all zones that the engine has. Raises what store_refusal makes of an error."""
        if not self._edition:
            await self.refresh()
        return self._names

    async def find(self, name: str) -> Zone | None:
        """The zone of that name; None where there is none. Raises what store_refusal makes of an error."""
        if name not in await self.names():
            return None
        known = self._known.get(name)
        return known if known is not None else await self._loading.join(name, lambda: self._load(name))

    @property
    def edition(self) -> str:
        """Which release of the tz database the zones are of; empty before the engine was asked."""
        return self._edition

    async def refresh(self) -> None:
        """Read the engine's edition and forget zones of another one. Raises what store_refusal makes of an error."""
        await self._refreshing.join(None, self._refresh)

    async def _refresh(self) -> None:
        ((version, release),) = (await self._query(_EDITION)).rows
        edition = f"{version} {release}"
        if edition == self._edition:
            return
        names = frozenset(name for (name,) in (await self._query(_NAMES)).rows if is_place(name))
        self._edition, self._names, self._known = edition, names, {}
        self._compare(release)

    def _compare(self, release: str) -> None:
        """Schedules are read with the tz database of this process: show where it is not the engine's release."""
        differs = release != TZ_RELEASE
        self._meters.set(TIMEZONE_MISMATCH, float(differs))
        if differs:
            _LOG.warning("timezone_mismatch", engine=release, schedules=TZ_RELEASE)

    async def _load(self, name: str) -> Zone:
        edition = self._edition
        rows = (await self._query(TRANSITIONS, {"zone": name})).rows
        zone = Zone(name, rules_of(name, sorted((int(at), int(offset)) for at, offset in rows)), edition)
        if edition == self._edition:
            self._known[name] = zone
        return zone

    async def _query(self, sql: str, parameters: Mapping[str, str] | None = None) -> QueryResult:
        try:
            return await self._clickhouse.query(sql, parameters)
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
