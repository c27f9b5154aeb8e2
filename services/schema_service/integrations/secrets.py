"""The signing secrets of connections: sealed on the topic, in clear text only while they are used."""

from collections.abc import Iterable

from crosslook.contracts.integrations import IntegrationState, SealedSecret
from crosslook.platform.sealing import SealBroken, SecretSealer
from services.schema_service.domain.signing_secrets import SigningSecret


class ConnectionSecrets:
    """Opens and seals the secrets of connections, each for its tenant and name."""

    def __init__(self, sealer: SecretSealer) -> None:
        self._sealer = sealer

    @property
    def available(self) -> bool:
        """Whether this installation has keys."""
        return self._sealer.has_keys

    def opened(self, state: IntegrationState) -> list[SigningSecret]:
        """The secrets that can be opened, as they are stored: the current one first."""
        found: list[SigningSecret] = []
        for stored in state.secrets:
            try:
                text = self._sealer.open(stored.sealed, state.tenant, state.name)
            except SealBroken:
                continue
            found.append(SigningSecret(text, stored.until, stored.sealed))
        return found

    def sealed(self, tenant: str, name: str, secrets: Iterable[SigningSecret]) -> tuple[SealedSecret, ...]:
        """The secrets as they are stored; one that is sealed already stays as it is. Raises SealBroken without keys."""
        return tuple(
            SealedSecret(sealed=secret.sealed or self._sealer.seal(secret.text, tenant, name), until=secret.until)
            for secret in secrets
        )

    def are_current(self, state: IntegrationState) -> bool:
        """Whether all are sealed with the first key."""
        return all(self._sealer.is_current(stored.sealed) for stored in state.secrets)
