"""The router of a service: strict requests going in, one answer per command coming out."""

import inspect
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from functools import partial
from typing import Annotated, Any, get_args, get_origin

from fastapi import APIRouter, Query, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute

from chassis import conditions, idempotency, uploads
from chassis.authorisation import Matrix, NotAllowed, admit, route_of, settle_part
from chassis.batches import IncomingBatch, beside_rows, other_forms
from chassis.db import DatabaseUnavailable, Transaction, Work
from chassis.declared import DeclaredRoute
from chassis.decoding import NotJson
from chassis.idempotency import DeclaredKey, Replay
from chassis.identity import KeysUnavailable, NotSignedIn
from chassis.intake import BodyTooLarge, StrictRoute, WrongMediaType, limited
from chassis.kept import KeptRead, KnownReads, document, document_of, kept_document
from chassis.modes import BatchMode, Mode
from chassis.pages import NoSuchPlace, PageQuery
from chassis.problems import MalformedRequest, Responses, documents, joined
from chassis.reads import log_read
from chassis.refusals import Fault, Invalid, pointer
from chassis.row_readers import NotCsv
from chassis.scopes import OutsideScope

_FAULTS_SHOWN = 20

_CONDITIONS = frozenset({"if-match", "if-unmodified-since"})
_CHANGING = frozenset(
    {
        *_CONDITIONS,
        "if-none-match",
        "if-modified-since",
        "content-range",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    }
)
"""Headers by which a request would be carried out otherwise, or not at all."""

_ONCE = frozenset(
    {"idempotency-key", "content-type", "content-encoding", "authorization", "if-match"}
)

# What is read as a whole number although nobody writes one so: edition 1_0, 01, +1 or 1.0.
_ODD = re.compile(r"\s*[+-]?[0-9_]+(\.0*)?\s*")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")


class QueryNotUnderstood(Invalid):
    """The query string asks for what this path does not know."""

    zh = "查询参数中有该地址不认识的内容。"
    remedy = (
        "Leave out or correct the query parameters that `errors` names; the API document lists "
        "those of this path.",
        "请去掉或改正 `errors` 所指的查询参数；该地址的参数见接口文档。",
    )


class HeaderNotUnderstood(Invalid):
    """A header asks for what this path does not do, or stands there twice."""

    zh = "请求头中有该地址不支持的要求，或重复出现。"
    remedy = (
        "Leave out the header that `detail` names, or send it once.",
        "请去掉 `detail` 所指的请求头，或只发送一次。",
    )
    status = 400


class BodyNotExpected(Invalid):
    """This path takes no request body."""

    zh = "该地址不接受请求体。"
    remedy = (
        "Send the request without a body.",
        "请不带请求体重新发送。",
    )


_TAKES_FILE = "takes_file"
"""The mark of an endpoint that takes a file."""


class CommandRoute(StrictRoute):
    """A strict route that answers a repeated command as it was answered before.

    Who may not use it learns so before a byte of the body is read, and the body of who may is
    limited as the authorisation matrix says. What a caller sends is read or refused, never ignored:
    whoever adds `?dry_run=true` to a command that knows no such thing must not find afterwards
    that it was carried out.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, which commits what the endpoint did before it gives the answer."""
        handle = super().get_route_handler()
        known = frozenset(_query_parameters(self))
        several = frozenset(_lists(self))
        whole = frozenset(_whole_numbers(self))
        unmet = _unmet(self)
        takes_body = self.body_field is not None or getattr(self.endpoint, _TAKES_FILE, False)
        note = self._note()

        async def once(request: Request) -> Response:
            work = request.state.work = Work()
            matrix: Matrix = request.app.state.matrix
            route = route_of(request)
            if not matrix.is_open(route):
                await admit(request)
            check_query(request, known, several)
            _check_numbers(request, whole)
            _check_headers(request, unmet)
            request = limited(request, matrix.body_limit(route))
            if not takes_body and await request.body():
                raise BodyNotExpected("Send none.", "请勿携带请求体。")
            try:
                response = await handle(request)
                conditions.settle(request)
                settle_part(request)
                if work.sessions:
                    await work.finish(await admit(request), response)
                await note(request, response)
                return response
            except Exception as error:
                told = await work.refusal(error)
                if isinstance(told, Replay):
                    return told.response
                if told is error:
                    raise
                raise told from None
            finally:
                await work.close()

        return once

    def _note(self) -> Callable[[Request, Response], Awaitable[None]]:
        """Return what is done with an answer that is made, before it leaves."""
        is_read = (self.methods or set()) <= {"GET", "HEAD"}
        return _remember_and_log if is_read and self.endpoint in _ALONE else _log


async def _log(request: Request, answer: Response) -> None:
    """Have it on record who reads what, where that is wanted."""
    work: Work = request.state.work
    await work.close()  # the log waits for no connection while it holds one
    await log_read(request, answer)


async def _remember_and_log(request: Request, answer: Response) -> None:
    """Do both with an answer that follows from address, caller and rows."""
    await _remember(request, answer)
    await _log(request, answer)


async def _remember(request: Request, answer: Response) -> None:
    """Note what a read was answered with, so that its caller can be told that it is the same."""
    read: KeptRead | None = getattr(request.state, "kept_read", None)
    if read is not None and read.answer is answer:
        reads: KnownReads = request.app.state.known_reads
        reads.remember(request, (await admit(request)).caller, read)


def _unmet(route: StrictRoute) -> frozenset[str]:
    """Return the headers that ask for what a route does not do."""
    if (route.methods or set()) <= {"GET", "HEAD"}:
        return _CONDITIONS
    taken = {each.alias.lower() for each in route.dependant.header_params}
    return _CHANGING - taken


def _query_parameters(route: StrictRoute) -> Iterable[str]:
    for field in get_flat_params(route.dependant):
        if getattr(field.field_info, "in_", None) is ParamTypes.query:
            yield field.alias


def _lists(route: StrictRoute) -> Iterator[str]:
    """Yield the query parameters that may be given several times, each with another value."""
    for field in get_flat_params(route.dependant):
        if getattr(field.field_info, "in_", None) is ParamTypes.query:
            kind = field.field_info.annotation
            if list in (get_origin(kind), *map(get_origin, get_args(kind))):
                yield field.alias


def _whole_numbers(route: StrictRoute) -> Iterator[tuple[str, str]]:
    """Yield where each parameter stands that is a whole number, and its name."""
    for field in get_flat_params(route.dependant):
        where = getattr(field.field_info, "in_", None)
        kind = field.field_info.annotation
        if where in (ParamTypes.query, ParamTypes.path) and int in (kind, *_kinds(kind)):
            yield where.value, field.alias


def _kinds(annotation: object) -> Iterator[object]:
    for each in get_args(annotation):
        yield each
        yield from _kinds(each)


def _check_numbers(request: Request, whole: frozenset[tuple[str, str]]) -> None:
    """Refuse a number that is written in a way of its own: 1_0 would be taken for 10."""
    given = {"query": request.query_params, "path": request.path_params}
    odd = [
        Fault(pointer(where, name), "not-a-number", "Write plain digits.", "请直接书写数字。")
        for where, name in sorted(whole)
        if _ODD.fullmatch(raw := str(given[where].get(name, "0"))) and not _WHOLE.fullmatch(raw)
    ]
    if odd:
        raise QueryNotUnderstood(
            f"{len(odd)} fault(s).", f"共 {len(odd)} 处错误。", faults=odd[:_FAULTS_SHOWN]
        )


def _check_headers(request: Request, unmet: frozenset[str]) -> None:
    """Refuse a condition or an override that would be ignored, and what is said twice."""
    names = Counter(name.decode("latin-1").lower() for name, _ in request.headers.raw)
    wrong = sorted(n for n, times in names.items() if n in unmet or (n in _ONCE and times > 1))
    if wrong:
        told = ", ".join(wrong)
        raise HeaderNotUnderstood(
            f"Not supported here, or given twice: {told}.", f"此处不支持或重复出现：{told}。"
        )


def check_query(
    request: Request, known: frozenset[str], several: frozenset[str] = frozenset()
) -> None:
    """Refuse a query string with a parameter that is not `known`, or that stands there twice; one
    of `several` values may, with another value."""
    pairs = request.query_params.multi_items()
    given = Counter((name, value if name in several else "") for name, value in pairs)
    told = given.items()
    wrong = list(dict.fromkeys(n for (n, _), times in told if n not in known or times > 1))
    if not wrong:
        return
    names = ", ".join(sorted(known))
    raise QueryNotUnderstood(
        f"{len(wrong)} fault(s); known here: {names or 'none'}.",
        f"共 {len(wrong)} 处错误；可用的查询参数：{names or '无'}。",
        faults=[_fault(name, known) for name in wrong[:_FAULTS_SHOWN]],
    )


def _fault(name: str, known: frozenset[str]) -> Fault:
    at = pointer("query", name[:64])
    if name in known:
        return Fault(at, "given-twice", "Give it once.", "该参数重复出现。")
    return Fault(at, "unknown-parameter", "There is no such parameter.", "没有这个查询参数。")


ASKED_WRONGLY = (QueryNotUnderstood, HeaderNotUnderstood)
"""What any request may meet, of whomever."""

_ALWAYS = documents(
    NotSignedIn,
    NotAllowed,
    OutsideScope,
    MalformedRequest,
    *ASKED_WRONGLY,
    KeysUnavailable,
    DatabaseUnavailable,
)
_COMMANDS = documents(
    NotJson,
    BodyTooLarge,
    WrongMediaType,
    idempotency.IdempotencyKeyMissing,
    idempotency.IdempotencyKeyReused,
    idempotency.StillAtWork,
)


TAGGED: Responses = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
    304: {"description": "The document is still the one that `If-None-Match` names."},
}
"""How the answers of a read are published that gives a document with its ETag."""

_CONDITIONAL = documents(conditions.PreconditionFailed, conditions.ConditionNotUnderstood)


class Router(APIRouter):
    """The routes of one resource, all below `/api/v1`.

    What any request may meet (no token, no right, a malformed query, …) is published with every
    operation; an endpoint declares what is its own. The routes are made when they are wanted.
    """

    def __init__(self, prefix: str = "", *, tags: list[str]) -> None:
        # The whole path stands on the route itself, because the authorisation matrix knows
        # routes by it.
        super().__init__(
            prefix=f"/api/v1{prefix}",
            tags=list(tags),
            route_class=CommandRoute,
            generate_unique_id_function=lambda route: route.name,
        )
        self.declared: list[DeclaredRoute] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401 - passed on as it came
        """Declare a route."""
        make = partial(self._made, path, endpoint, **more)
        self.declared.append(DeclaredRoute(f"{self.prefix}{path}", make))

    def _made(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        responses: Responses | None = None,
        methods: set[str] | list[str] | None = None,
        **more: Any,  # noqa: ANN401 - passed on as it came
    ) -> APIRoute:
        """Return a route whose published refusals are its own and those that every route has."""
        reads = set(methods or ["GET"]) <= {"GET"}
        everything = joined(responses or {}, *_common(endpoint, reads=reads))
        called = _with_request_alone(endpoint, commands=not reads)
        if _is_tried(called) and more.get("status_code") not in (None, 200):
            answer = more.get("response_model") or _returned(endpoint)
            everything = joined(everything, {200: {"model": answer, "description": _CHECKED}})
        batch = _batch_of(endpoint)
        if batch is not None:
            everything = joined(everything, documents(NotCsv))
            more["openapi_extra"] = other_forms(batch)
        if uploads.Sent in endpoint.__annotations__.values():
            refusals = documents(NotCsv, uploads.UploadsBusy, uploads.FileDamaged)
            everything = joined(everything, refusals)
            more["openapi_extra"] = uploads.PUBLISHED
            setattr(called, _TAKES_FILE, True)
        if uploads.SentAny in endpoint.__annotations__.values():
            refusals = documents(uploads.UploadsBusy, uploads.FileDamaged)
            everything = joined(everything, refusals)
            more["openapi_extra"] = uploads.PUBLISHED_ANY
            setattr(called, _TAKES_FILE, True)
        super().add_api_route(path, called, responses=everything, methods=methods, **more)
        route = self.routes[-1]
        assert isinstance(route, APIRoute)  # noqa: S101 - narrows for mypy
        return route


def _common(endpoint: Callable[..., Any], *, reads: bool) -> Iterator[Responses]:
    """Yield the answers that follow from what kind of endpoint it is."""
    yield _ALWAYS
    if not reads:
        yield _COMMANDS
    if PageQuery in endpoint.__annotations__.values():
        yield documents(NoSuchPlace)
    if _is_conditional(endpoint):
        yield _CONDITIONAL
    if reads and _is_tagged(endpoint):
        yield TAGGED


def _is_conditional(endpoint: Callable[..., Any]) -> bool:
    """Say whether a command takes `If-Match`."""
    return conditions.Precondition in endpoint.__annotations__.values()


def _is_tagged(endpoint: Callable[..., Any]) -> bool:
    """Say whether a read answers with a whole document and its ETag: what gives one is called in
    it, so that nobody has to declare it besides."""
    known = getattr(endpoint, "__globals__", {})
    names = endpoint.__code__.co_names if hasattr(endpoint, "__code__") else ()
    return any(known.get(name) in (document, document_of, kept_document) for name in names)


def _returned(endpoint: Callable[..., Any]) -> Any:  # noqa: ANN401 - an annotation
    return inspect.signature(endpoint, eval_str=True).return_annotation


def _batch_of(endpoint: Callable[..., Any]) -> type[IncomingBatch] | None:
    """Return the model of the batch that an endpoint takes, if it takes one."""
    kinds = [
        each.annotation for each in inspect.signature(endpoint, eval_str=True).parameters.values()
    ]
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, IncomingBatch)), None)


def _is_tried(called: Callable[..., Any]) -> bool:
    """Say whether a command can be checked before it is given."""
    return _MODE in inspect.signature(called).parameters


_CHECKED = "What the command would do: it was only checked (`mode=check`), and nothing is kept."


def _beside_rows(batch: type[IncomingBatch] | None) -> Iterator[inspect.Parameter]:
    """Yield what other forms than JSON have in the query, because they hold nothing but rows."""
    for name, kind in (beside_rows(batch) if batch else {}).items():
        said = "Of CSV and JSON lines; with JSON it stands in the body."
        named = Query(alias=name, description=said, json_schema_extra={"x-beside-rows": True})
        yield _named(name.replace(".", "_"), Annotated[kind | None, named], None)


_Make = Callable[[Request], Awaitable[Any]]


def _with_request_alone(endpoint: Callable[..., Any], *, commands: bool) -> Callable[..., Any]:
    """Return an endpoint whose dependencies on the request alone are called without FastAPI.

    FastAPI looks for the parameters of each dependency with each request, for every kind that there
    is; with four dependencies that takes as long as two statements of the database.
    """
    signature = inspect.signature(endpoint, eval_str=True)
    given, left, own = _parted(signature)
    if not given or not inspect.iscoroutinefunction(endpoint):
        return endpoint
    # What others read of the request is declared here, and not handed to the endpoint.
    declared = [_named(_REQUEST, Request)]
    if commands and Transaction in [each.annotation for each in signature.parameters.values()]:
        declared.append(_named(_KEY, DeclaredKey, None))
        if _MODE not in signature.parameters:
            declared.append(_named(_MODE, BatchMode if _batch_of(endpoint) else Mode, "all"))
        if _is_conditional(endpoint):
            declared.append(_named(_MATCH, conditions.DeclaredMatch, None))
    declared += _beside_rows(_batch_of(endpoint))
    left += declared

    async def called(**rest: Any) -> Any:  # noqa: ANN401 - passed on as it came
        request = rest[_REQUEST]
        for each in declared:
            rest.pop(each.name, None)
        for name, make in given.items():
            rest[name] = await make(request)
        return await endpoint(**rest, **dict.fromkeys(own, request))

    _look_like(called, endpoint)
    _note_alone(called, list(given.values()), left, commands=commands)
    called.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
    return called


_ALONE = set[Callable[..., Any]]()
"""The reads that ask for nothing but what their caller may do: neither other services nor a
transaction. What they answer follows from address, caller and what they ask the database."""


def _note_alone(
    called: Callable[..., Any],
    made: Sequence[_Make],
    left: Iterable[inspect.Parameter],
    *,
    commands: bool,
) -> None:
    if not commands and list(made) == [admit] and not any(map(_depends, left)):
        _ALONE.add(called)


def _depends(each: inspect.Parameter) -> bool:
    return any(isinstance(one, params.Depends) for one in get_args(each.annotation)[1:])


def _parted(
    signature: inspect.Signature,
) -> tuple[dict[str, _Make], list[inspect.Parameter], list[str]]:
    """Split parameters: those with a dependency on the request alone, those that are left to
    FastAPI, and the names under which the request itself is wanted.

    FastAPI gives the request once, under one name.
    """
    given, left, own = dict[str, _Make](), list[inspect.Parameter](), list[str]()
    for name, each in signature.parameters.items():
        make = _made_of_request(each.annotation)
        if make is not None:
            given[name] = make
        elif each.annotation is Request:
            own.append(name)
        else:
            left.append(each)
    return given, left, own


def _look_like(called: Callable[..., Any], endpoint: Callable[..., Any]) -> None:
    # Not `functools.wraps`: FastAPI would look through it to the parameters of the endpoint.
    for attribute in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(called, attribute, getattr(endpoint, attribute))


_REQUEST, _KEY, _MODE, _MATCH = "its_request", "its_key", "mode", "its_match"


def _named(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:  # noqa: ANN401 - a parameter may be of any kind
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _made_of_request(annotation: object) -> _Make | None:
    """Return the dependency of a parameter if it takes the request and nothing else."""
    for each in get_args(annotation)[1:]:
        if isinstance(each, params.Depends) and inspect.iscoroutinefunction(each.dependency):
            wanted = inspect.signature(each.dependency).parameters.values()
            return each.dependency if [one.annotation for one in wanted] == [Request] else None
    return None
