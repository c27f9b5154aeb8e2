"""Which objects connected integrations fill, so that nobody takes away what they need."""

from crosslook.contracts.integrations import IntegrationState
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import Conflict
from crosslook.platform.integrations_feed import IntegrationsFeed
from services.schema_service.domain.bundled import ManagedObject
from services.schema_service.integrations.catalog import AvailableIntegrations


class ManagedObjects:
    """A view of the connections by the objects that they fill."""

    def __init__(self, feed: IntegrationsFeed, available: AvailableIntegrations) -> None:
        self._feed = feed
        self._available = available

    def of(self, tenant: str, slug: str) -> ManagedObject | None:
        """What is connected to an object; None where nothing is."""
        states = [state for state in self._feed.integrations(tenant) if state.object == slug]
        if not states:
            return None
        bundled = [self._available.bundled(state.kind, slug, state.options) for state in states]
        return ManagedObject(states[0].name, next((found for found in bundled if found is not None), None))

    def require_alone(self, tenant: str, state: IntegrationState) -> None:
        """Raises Conflict `managed_by_integration` where another connection fills the same object."""
        for other in self._feed.integrations(tenant):
            if other.object == state.object and other.name != state.name:
                values = {"object": state.object, "name": other.name}
                raise Conflict(Problem("managed_by_integration", values=values))
