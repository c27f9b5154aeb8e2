"""Every statement about `link_aliases`. Pure text: every value is a server-side parameter."""

STORED_ALIASES = """
SELECT tenant, reference, targets, version, toUnixTimestamp64Milli(changed_at) FROM link_aliases FINAL
WHERE (tenant, reference) IN {keys:Array(Tuple(String, String))}
"""
