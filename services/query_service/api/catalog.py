"""The route of the catalog."""

import hashlib
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from crosslook.contracts.problems import Language
from crosslook.platform.auth import authorize
from crosslook.platform.openapi import refused_with
from crosslook.platform.plans import Plans
from crosslook.platform.responses import encoded, language_of
from services.query_service.api.catalog_body import CatalogBody, catalog_body
from services.query_service.api.responses import REPORT_REFUSALS, IfNoneMatch, matches
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import FreshnessGauge, rfc3339
from services.query_service.domain.pending import not_reportable, pending
from services.query_service.domain.personal import NOT_PERSONAL, personal_fields
from services.query_service.domain.warnings import failures

READ_CATALOG = [Depends(authorize("reports:read"))]
"""What reading the catalog demands."""
_KEPT = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}


def known_tenant(catalogs: CatalogFeed) -> Any:
    """A dependency that raises NotFound `unknown_tenant`, before anything is said of parameters."""

    async def require(tenant: str) -> None:
        catalogs.require_tenant(tenant)

    return Depends(require)


def catalog_router(catalogs: CatalogFeed, freshness: FreshnessGauge, plans: Plans) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["reports"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/catalog",
        summary="List what reports on the current snapshot can use",
        dependencies=READ_CATALOG,
        responses={200: {"model": CatalogBody}, 304: {"description": "Not modified"}},
    )
    async def read_catalog(tenant: str, request: Request, if_none_match: IfNoneMatch = None) -> Response:
        """Explores with their dimensions and measures, what is pending, and what cannot be reported on.

        Before the first refresh `snapshot` is null and everything is pending. `warnings` say for which objects the last
        refresh failed."""
        content = encoded(await _catalog(tenant, language_of(request), catalogs, freshness, plans))
        headers = {**_KEPT, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="application/json")

    return api


async def _catalog(
    tenant: str, language: Language, catalogs: CatalogFeed, freshness: FreshnessGauge, plans: Plans
) -> CatalogBody:
    catalogs.require_tenant(tenant)
    manifest, live = catalogs.current(), catalogs.live(tenant)
    catalog = await catalogs.catalog(tenant, manifest) if manifest is not None else None
    personal = personal_fields(catalog, live) if catalog is not None else NOT_PERSONAL
    failed = manifest.failures_of(tenant) if manifest is not None else {}
    unknown = catalogs.lost(tenant) | (catalog.unreadable if catalog is not None else frozenset())
    return catalog_body(
        catalog,
        live,
        personal,
        [change for change in pending(catalog, live) if change.object not in unknown],
        not_reportable(catalog, live),
        await freshness.read(tenant, manifest) if manifest is not None else None,
        rfc3339(freshness.next_refresh()),
        list(failures(catalog, {name: failure.reason for name, failure in failed.items()})),
        plans.plan(tenant),
        language,
    )
