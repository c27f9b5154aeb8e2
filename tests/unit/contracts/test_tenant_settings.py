"""What applies to a tenant: its own settings before those of the deployment, each for itself."""

import pytest

from crosslook.contracts.tenant_settings import TenantDefaults, TenantSettings, WeekStart

DEPLOYMENT = TenantDefaults("America/Chicago", WeekStart.SUNDAY, "fr")


@pytest.mark.parametrize(
    ("settings", "applied"),
    [
        ({}, DEPLOYMENT),
        ({"timezone": "UTC"}, TenantDefaults("UTC", WeekStart.SUNDAY, "fr")),
        ({"week_start": "monday"}, TenantDefaults("America/Chicago", WeekStart.MONDAY, "fr")),
        ({"language": "en"}, TenantDefaults("America/Chicago", WeekStart.SUNDAY, "en")),
    ],
)
def test_each_setting_replaces_that_of_the_deployment(settings: dict[str, str], applied: TenantDefaults) -> None:
    assert DEPLOYMENT.with_settings(TenantSettings.model_validate({"tenant": "acme", **settings})) == applied


def test_a_deployment_has_weeks_from_monday_and_english_where_it_says_nothing_else() -> None:
    assert TenantDefaults("UTC") == TenantDefaults("UTC", WeekStart.MONDAY, "en")
