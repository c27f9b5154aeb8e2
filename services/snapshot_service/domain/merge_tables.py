"""The tables that a run needs for aliases and merged contacts, and the names of all that it leaves behind."""

from services.snapshot_service.domain.tables import contact_index_name, repeats_name

MOVE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "String"),
    ("record", "String"),
    ("decides", "Bool"),
    ("targets", "Array(String)"),
    ("says_email", "Bool"),
    ("email", "Array(String)"),
    ("says_foreign", "Bool"),
    ("foreign", "Array(String)"),
    ("event_time", "DateTime64(3, 'UTC')"),
    ("sequence", "Int64"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
)
"""An event of a contact that was merged or came back: whether it `decides` which of the two, the contact that it was
merged into, and the references that the event gives the contact: none where it `says` that there are none."""


def alias_hits_name(base: int) -> str:
    """The name of what a run's aliases resolve to, before the index has it."""
    return f"refresh_aliases_{base:d}"


def alias_hits_table(base: int) -> str:
    """The CREATE statement of a run's resolved aliases: a statement cannot read the index that it writes."""
    return (
        f"CREATE TABLE IF NOT EXISTS {alias_hits_name(base)} (tenant String, reference String, record String) "
        "ENGINE = MergeTree ORDER BY tuple()"
    )


def moved_contacts_name(base: int) -> str:
    """The name of the contacts that a run finds merged or back."""
    return f"refresh_moved_{base:d}"


def contact_moves_name(base: int) -> str:
    """The name of what a run reads about these contacts."""
    return f"refresh_moves_{base:d}"


def merge_tables(base: int) -> list[str]:
    """The CREATE statements of what a run needs only if contacts were merged."""
    columns = ", ".join(f"`{name}` {kind}" for name, kind in MOVE_COLUMNS)
    kept = "ENGINE = MergeTree ORDER BY (tenant, record)"
    return [
        f"CREATE TABLE IF NOT EXISTS {moved_contacts_name(base)} (tenant String, record String) {kept}",
        f"CREATE TABLE IF NOT EXISTS {contact_moves_name(base)} ({columns}) {kept}",
    ]


def emptied_merge_tables(base: int) -> list[str]:
    """The statements that empty them for the next group of tenants."""
    return [f"TRUNCATE TABLE {name}" for name in (moved_contacts_name(base), contact_moves_name(base))]


def runs_own(base: int) -> list[str]:
    """The names of all tables that a run may leave behind."""
    numbered = [repeats_name(base), repeats_name(base + 1)]
    merges = [moved_contacts_name(base), contact_moves_name(base)]
    return [contact_index_name(base), alias_hits_name(base), *merges, *numbered]
