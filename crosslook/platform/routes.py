"""The routes of an application, each with the authorization that it requires."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from crosslook.platform.auth import Authorization


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """One method of one route. `authorization` is None for a route that is open to everyone."""

    method: str
    path: str
    authorization: Authorization | None


def route_accesses(app: FastAPI) -> Iterator[RouteAccess]:
    """Every method of every route of the application, included routers and undocumented routes too."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        authorization = None if dependant is None else _authorization(dependant)
        for method in sorted(route.methods or ()):
            yield RouteAccess(method, route.path_format or "", authorization)


def _authorization(dependant: Dependant) -> Authorization | None:
    if isinstance(dependant.call, Authorization):
        return dependant.call
    found = (_authorization(dependency) for dependency in dependant.dependencies)
    return next((authorization for authorization in found if authorization is not None), None)
