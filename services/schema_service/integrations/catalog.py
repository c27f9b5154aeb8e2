"""The integrations that this release has, ready to check options."""

from collections.abc import Mapping
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.schemas import Definition
from crosslook.integrations.catalog import object_slug
from crosslook.integrations.interface import Integration, IntegrationManifest
from services.schema_service.domain.option_problems import AT, OptionsSchema

OBJECT_OPTION = "object"
"""The option that names the object of the tenant, for an integration that brings none."""


class AvailableIntegrations:
    """Integrations by kind. Raises ValueError where the options of one are not a JSON Schema."""

    def __init__(self, integrations: Mapping[str, Integration]) -> None:
        self._integrations = integrations
        self._schemas = {kind: OptionsSchema(found.manifest.options) for kind, found in integrations.items()}

    @property
    def kinds(self) -> list[str]:
        """The kinds, sorted."""
        return sorted(self._integrations)

    def integration(self, kind: str) -> Integration | None:
        """One of them; None where this release has no such folder."""
        return self._integrations.get(kind)

    def manifest(self, kind: str) -> IntegrationManifest:
        """What one of `kinds` is called and how it is connected."""
        return self._integrations[kind].manifest

    def option_problems(self, kind: str, options: Mapping[str, Any]) -> Problems:
        """Every problem with the options of a kind that there is, pointers below `/options`."""
        found = self._schemas[kind].problems(options)
        if not found:  # `check` may take for granted what the schema says
            checked = Problems.of(self._integrations[kind].check(options))
            found.take(checked, f"/{AT}")
        return found

    def object_problems(self, kind: str, options: Mapping[str, Any], definition: Definition) -> Problems:
        """Why valid options do not suit the tenant's object, pointers below `/options`."""
        found = Problems()
        found.take(Problems.of(self._integrations[kind].suits(options, definition)), f"/{AT}")
        return found

    def slug_of(self, kind: str, name: str, options: Mapping[str, Any]) -> str | None:
        """The slug of the object that a connection fills; None where its options name none."""
        bundled = object_slug(self._integrations[kind], name)
        named = options.get(OBJECT_OPTION)
        return bundled if bundled is not None else named if isinstance(named, str) else None

    def bundled(self, kind: str, slug: str, options: Mapping[str, Any]) -> Definition | None:
        """The object that a connection brings; None where it brings none, or this release has no such integration."""
        integration = self._integrations.get(kind)
        return integration.define(slug, options) if integration is not None else None
