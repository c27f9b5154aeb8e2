"""The errors of all services.

AppError                    what a service says no with: a code, a status, problems with their places
├── Invalid                 422, the caller's body: every problem found
├── Unauthenticated         401
├── Forbidden               403, the scope is missing / OperatorsOnly 403, the token belongs to one tenant
├── PlanRequired            403, the tenant's plan does not allow it
├── QuotaExceeded           403, a tenant's stock is full
├── RateLimited             429, a tenant asks for more at a time than it may have
├── NotFound                404
├── Conflict                409, somebody was there first
├── PreconditionFailed      412 / PreconditionRequired 428
├── StateUnreadable         503, ours: a stored document cannot be read; an operator has to act
│   └── EntryUnreadable     the same of one object's entry in a snapshot
├── Unavailable             503, ours: try again
└── Unconfirmed             503, ours: a change that may or may not be applied
                            operators are paged for the last three only
StopService                 the process must end: its state cannot be trusted (a fenced writer, a lost topic)
StartBlocked                a step of the start needs an operator's help
"""

from collections.abc import Iterable

from crosslook.contracts.problems import Problem, Problems, Suggestions


class AppError(Exception):
    """A refusal that people may see. `problem` says it in one sentence; `errors` list the places in the body, and
    `errors_omitted` says how many more are known, None when the body was not read to its end."""

    status = 500

    def __init__(
        self,
        problem: Problem,
        errors: Iterable[Problem] = (),
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(problem.code)
        self.problem = Suggestions().settle(problem)
        self.found = errors if isinstance(errors, Problems) else Problems.of(errors)
        self.status = status or type(self).status
        self.headers = headers or {}

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The first problems found."""
        return tuple(self.found)

    @property
    def errors_omitted(self) -> int | None:
        """How many more are known; None when reading stopped at a limit."""
        return self.found.omitted


class Invalid(AppError):
    """The body or a parameter was refused; `errors` hold the problems found. Where all of them have one code it is the
    document's code too, else that is `invalid_body`."""

    status = 422

    def __init__(self, errors: Iterable[Problem], *, status: int | None = None) -> None:
        errors = errors if isinstance(errors, Problems) else Problems.of(errors)
        codes = {error.code for error in errors}
        code = codes.pop() if len(codes) == 1 else "invalid_body"
        super().__init__(Problem(code, text="invalid_body"), errors, status=status)


class Unauthenticated(AppError):
    """No token, or a token that is not valid."""

    status = 401

    def __init__(self) -> None:
        super().__init__(Problem("unauthenticated"), headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    """A good token without the scope that this call needs."""

    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(Problem("forbidden", values={"scope": scope}))


class OperatorsOnly(AppError):
    """A call that concerns all tenants, with a token of one tenant."""

    status = 403

    def __init__(self) -> None:
        super().__init__(Problem("operators_only"))


class PlanRequired(AppError):
    """The tenant's plan does not allow it. `text` is the sentence; `required` is the smallest plan that allows it,
    which is the suggestion too, None where none does."""

    status = 403

    def __init__(self, text: str, plan: str, required: str | None, limit: int, usage: int) -> None:
        values: dict[str, str | int] = {"plan": plan, "limit": limit, "usage": usage, "required": required or ""}
        text = "plan_required.none" if required is None else text
        super().__init__(Problem("plan_required", text=text, values=values, suggestion=required))


class QuotaExceeded(AppError):
    """A tenant has reached a quota. `text` is the sentence; `usage` counts what is there."""

    status = 403

    def __init__(self, text: str, limit: int, usage: int) -> None:
        super().__init__(Problem("quota_exceeded", text=text, values={"limit": limit, "usage": usage}))


class RateLimited(AppError):
    """A tenant has exceeded a rate; other tenants are not affected. `text`, `limit`, `usage` as in
    QuotaExceeded."""

    status = 429

    def __init__(self, text: str, limit: int, usage: int, retry_after_seconds: int) -> None:
        values: dict[str, str | int] = {"limit": limit, "usage": usage, "seconds": retry_after_seconds}
        super().__init__(
            Problem("rate_limited", text=text, values=values), headers={"Retry-After": str(retry_after_seconds)}
        )


class NotFound(AppError):
    """Not found; also the answer for everything of another tenant."""

    status = 404

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(problem or Problem("not_found"))


class Conflict(AppError):
    """The request conflicts with the current state."""

    status = 409

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(problem or Problem("conflict"))


class PreconditionRequired(AppError):
    """A write without If-Match."""

    status = 428

    def __init__(self) -> None:
        super().__init__(Problem("precondition_required"))


class PreconditionFailed(AppError):
    """If-Match names another version than the current one."""

    status = 412

    def __init__(self, current: int, sent: str) -> None:
        super().__init__(Problem("precondition_failed", values={"current": current, "sent": sent}))


class Unavailable(AppError):
    """The service cannot answer now. `reason` is a word for operators, never exception text."""

    status = 503

    def __init__(self, reason: str, retry_after_seconds: int = 2, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(
            Problem("unavailable", values={"reason": reason}),
            headers={"Retry-After": str(retry_after_seconds), **(headers or {})},
        )


class StateUnreadable(AppError):
    """A document that the answer needs is stored and cannot be read. Where it is and why stands at `/readyz`, in the
    log and in the metric `crosslook_log_unreadable`, and not in the answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__(Problem("state_unreadable"), headers={"Retry-After": "60"})


class EntryUnreadable(StateUnreadable):
    """This release cannot read what a snapshot stores about an object. The reason is in the log and in the snapshot's
    `failed_objects`."""

    def __init__(self, name: str) -> None:
        AppError.__init__(
            self,
            Problem("state_unreadable", text="state_unreadable.entry", values={"object": name}),
            headers={"Retry-After": "60"},
        )


class Unconfirmed(AppError):
    """A change was sent to Kafka or to the replica that writes, and not confirmed: it may or may not be applied."""

    status = 503

    def __init__(self) -> None:
        super().__init__(Problem("unavailable", text="unavailable.unconfirmed"), headers={"Retry-After": "5"})


class StopService(RuntimeError):
    """Raised when continuing would be wrong: the process exits and its supervisor restarts it."""


class StartBlocked(Exception):
    """Raised by a step of the start that needs an operator's help; the process stays, and `/readyz` shows the text."""
