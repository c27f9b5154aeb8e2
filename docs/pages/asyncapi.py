"""docs/reference/asyncapi.json: all topics with their messages, for programs."""

import json

from crosslook.contracts.asyncapi import asyncapi_document


def render() -> str:
    """The document, with the names that topics have without a prefix."""
    return json.dumps(asyncapi_document(), indent=2, ensure_ascii=False) + "\n"
