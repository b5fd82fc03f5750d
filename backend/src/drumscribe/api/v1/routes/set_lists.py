"""Set lists: make, list, change, print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from drumscribe.api.caller import is_nobody
from drumscribe.api.errors import declared
from drumscribe.api.v1.deps import CallerDep, EditsInTurnDep, ServiceDep
from drumscribe.bootstrap import Service
from drumscribe.domain.service.set_lists import MOST_SET_LISTS, MOST_SONGS, SetList
from drumscribe.domain.wishing.kinds import printable
from drumscribe.errors import InvalidRequest, JobNotFound, NotAuthenticated, SetListNotFound
from drumscribe.services.songs.result_files import download_name
from drumscribe.services.songs.set_list_pages import own_songs, write_set_list
from drumscribe.storage.disposition import content_disposition

router = APIRouter(prefix="/set-lists", tags=["set lists"])

SetListId = Annotated[UUID, Path(description="Id of the set list.")]
_Name = Annotated[
    str,
    BeforeValidator(lambda v: printable(v) if isinstance(v, str) else v),
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
]


class SetListIn(BaseModel):
    """A set list as it is to be."""

    model_config = ConfigDict(extra="forbid")

    name: _Name
    job_ids: list[UUID] = Field(
        max_length=MOST_SONGS, description="Own songs, in the order in which they are played."
    )


class SetListOut(BaseModel):
    """A set list. Songs that were deleted since are left out."""

    id: UUID
    name: str
    job_ids: list[UUID]
    created_at: datetime

    @classmethod
    def of(cls, service: Service, set_list: SetList) -> SetListOut:
        """The wire form of a set list."""
        return cls.all_of(service, [set_list], owner=set_list.owner)[0]

    @classmethod
    def all_of(
        cls, service: Service, set_lists: Sequence[SetList], *, owner: str
    ) -> list[SetListOut]:
        """The wire form of an owner's set lists, whose songs are looked up once for all."""
        listed = [song for one in set_lists for song in one.songs]
        there = {job.id for job in own_songs(service.jobs, listed, owner=owner)}
        return [
            cls(
                id=one.id,
                name=one.name,
                job_ids=[song for song in one.songs if song in there],
                created_at=one.created_at,
            )
            for one in set_lists
        ]


@router.get("", response_model=list[SetListOut], responses=declared(), summary="Own set lists")
def list_set_lists(service: ServiceDep, caller: CallerDep) -> list[SetListOut]:
    """The oldest first. Without a key or a session there are none."""
    if is_nobody(caller):
        return []
    return SetListOut.all_of(service, service.set_lists.set_lists(caller), owner=caller)


@router.post(
    "", status_code=201, response_model=SetListOut, responses=declared(404), summary="Make one"
)
def create_set_list(service: ServiceDep, caller: CallerDep, wish: SetListIn) -> SetListOut:
    """Needs a session or a key: who calls from one address is not told apart."""
    if is_nobody(caller):
        raise NotAuthenticated("Set lists belong to a session or to an API key; start one first.")
    if len(service.set_lists.set_lists(caller)) >= MOST_SET_LISTS:
        raise InvalidRequest(f"There are {MOST_SET_LISTS} set lists already; delete one first.")
    _check_songs(service, wish, caller)
    made = SetList(uuid4(), caller, wish.name, tuple(wish.job_ids), datetime.now(UTC))
    service.set_lists.put_set_list(made)
    return SetListOut.of(service, made)


@router.put(
    "/{set_list_id}",
    response_model=SetListOut,
    responses=declared(404),
    summary="Change name, songs or their order",
)
def replace_set_list(
    set_list_id: SetListId, service: ServiceDep, caller: CallerDep, wish: SetListIn
) -> SetListOut:
    """All of it is replaced."""
    known = _find(service, set_list_id, caller)
    _check_songs(service, wish, caller)
    changed = SetList(known.id, caller, wish.name, tuple(wish.job_ids), known.created_at)
    service.set_lists.put_set_list(changed)
    return SetListOut.of(service, changed)


@router.delete(
    "/{set_list_id}", status_code=204, responses=declared(404), summary="Delete a set list"
)
def delete_set_list(set_list_id: SetListId, service: ServiceDep, caller: CallerDep) -> None:
    """Its songs stay."""
    if not service.set_lists.delete_set_list(set_list_id, caller):
        raise _not_found(set_list_id)


@router.get(
    "/{set_list_id}/pdf",
    response_class=Response,
    responses={
        **declared(404, 409, 410),
        200: {
            "description": "Contents, then the songs.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
    summary="All pages as one PDF",
)
async def print_set_list(
    set_list_id: SetListId, service: ServiceDep, caller: CallerDep, turns: EditsInTurnDep
) -> Response:
    """Pages that were not drawn yet are drawn now, about a second each."""

    def bound() -> tuple[SetList, bytes]:
        found = _find(service, set_list_id, caller)
        return found, write_set_list(service.jobs, service.storage, found, service.render_options)

    set_list, content = await turns.run(bound)
    name = content_disposition(download_name(set_list.name, ".pdf"))
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _find(service: Service, set_list_id: UUID, owner: str) -> SetList:
    found = {one.id: one for one in service.set_lists.set_lists(owner)}.get(set_list_id)
    if found is None:
        raise _not_found(set_list_id)
    return found


def _not_found(set_list_id: UUID) -> SetListNotFound:
    return SetListNotFound(f"There is no set list {set_list_id}.")


def _check_songs(service: Service, wish: SetListIn, owner: str) -> None:
    there = {job.id for job in own_songs(service.jobs, wish.job_ids, owner=owner)}
    for job_id in wish.job_ids:
        if job_id not in there:
            raise JobNotFound(f"There is no job {job_id}.")
