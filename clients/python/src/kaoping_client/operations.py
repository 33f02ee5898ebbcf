"""One method for each operation. Written by `make contracts` (tests/contracts/clients.py) from the API document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, cast

from kaoping_client import models as m
from kaoping_client.calls import AsyncCalls, Calls


class Operations(Calls):
    """Every operation, for callers that wait."""

    def list_units(
        self,
        *,
        kind: Literal["assessed", "body"] | None = None,
        q: str | None = None,
        cycle_id: str | None = None,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnit:
        "List the units."
        return cast(
            "m.PageUnit",
            self.call(
                "GET",
                f"/api/v1/units",
                query={
                    "kind": kind,
                    "q": q,
                    "cycle_id": cycle_id,
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_units(
        self,
        *,
        kind: Literal["assessed", "body"] | None = None,
        q: str | None = None,
        cycle_id: str | None = None,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Unit]:
        "List the units: every item of every page."
        return cast(
            "Iterator[m.Unit]",
            self.pages(
                f"/api/v1/units",
                {
                    "kind": kind,
                    "q": q,
                    "cycle_id": cycle_id,
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    def register_units(
        self,
        body: m.NewUnits,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredUnits:
        "Register units."
        return cast(
            "m.RegisteredUnits",
            self.call(
                "POST",
                f"/api/v1/units",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def register_units_from(
        self,
        rows: Iterable[m.NewUnit] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredUnits:
        "Register units, from rows or a file of them."
        return cast(
            "m.RegisteredUnits",
            self.call(
                "POST",
                f"/api/v1/units",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def read_unit(self, unit: str) -> m.Unit:
        "Read a unit."
        return cast("m.Unit", self.call("GET", f"/api/v1/units/{self.part(unit)}"))

    def name_unit(
        self,
        unit: str,
        body: m.NewName,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Give a unit a name."
        return cast(
            "m.RenamedUnit",
            self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/names",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def succeed_units(
        self,
        unit: str,
        body: m.NewPredecessors,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Say which units a unit succeeds."
        return cast(
            "m.RenamedUnit",
            self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/predecessors",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def correct_unit_kind(
        self,
        unit: str,
        body: m.NewKind,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Correct the kind of a unit."
        return cast(
            "m.RenamedUnit",
            self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/kind",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_cycles(
        self,
        *,
        year: list[int] | None = None,
        jurisdiction: str | None = None,
        phase: m.CyclePhase | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCycle:
        "List the years."
        return cast(
            "m.PageCycle",
            self.call(
                "GET",
                f"/api/v1/cycles",
                query={
                    "year": year,
                    "jurisdiction": jurisdiction,
                    "phase": phase,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_cycles(
        self,
        *,
        year: list[int] | None = None,
        jurisdiction: str | None = None,
        phase: m.CyclePhase | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Cycle]:
        "List the years: every item of every page."
        return cast(
            "Iterator[m.Cycle]",
            self.pages(
                f"/api/v1/cycles",
                {"year": year, "jurisdiction": jurisdiction, "phase": phase, "limit": limit},
            ),
        )

    def begin_cycle(
        self,
        body: m.NewCycle,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.BegunCycle:
        "Begin a year."
        return cast(
            "m.BegunCycle",
            self.call(
                "POST",
                f"/api/v1/cycles",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_cycle(self, cycle_id: str) -> m.Cycle:
        "Read a year."
        return cast("m.Cycle", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}"))

    def list_scheme_versions(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageSchemeVersion:
        "List the versions of a scheme."
        return cast(
            "m.PageSchemeVersion",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_scheme_versions(
        self, cycle_id: str, *, limit: int | None = None
    ) -> Iterator[m.SchemeVersion]:
        "List the versions of a scheme: every item of every page."
        return cast(
            "Iterator[m.SchemeVersion]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions", {"limit": limit}),
        )

    def save_scheme_version(
        self,
        cycle_id: str,
        body: m.NewSchemeVersion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.SavedSchemeVersion:
        "Save a new version of the scheme."
        return cast(
            "m.SavedSchemeVersion",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_scheme_version(self, cycle_id: str, version: int) -> m.WholeSchemeVersion:
        "Read a version of the scheme."
        return cast(
            "m.WholeSchemeVersion",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}"
            ),
        )

    def read_differences(self, cycle_id: str, version: int) -> m.Differences:
        "Compare a version with the one before."
        return cast(
            "m.Differences",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/differences",
            ),
        )

    def check_scheme(self, cycle_id: str, body: m.NewSchemeCheck) -> m.CheckedScheme:
        "Check a scheme."
        return cast(
            "m.CheckedScheme",
            self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/scheme-checks", body=body),
        )

    def publish_scheme_version(
        self,
        cycle_id: str,
        version: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.Publication:
        "Publish a scheme."
        return cast(
            "m.Publication",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/publication",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_scheme(self, cycle_id: str) -> m.PublishedScheme:
        "Read the scheme in force."
        return cast(
            "m.PublishedScheme", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/scheme")
        )

    def read_entry_forms(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        tag: str | None = None,
    ) -> m.EntryForms:
        "Read what is to be entered."
        return cast(
            "m.EntryForms",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/entry-forms",
                query={"category": category, "unit": unit, "indicator": indicator, "tag": tag},
            ),
        )

    def read_entry_form(
        self, cycle_id: str, indicator: str, *, unit: str | None = None
    ) -> m.EntrySchema:
        "Read the entry form of an indicator."
        return cast(
            "m.EntrySchema",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/indicators/{self.part(indicator)}/entry-form",
                query={"unit": unit},
            ),
        )

    def begin_next_scheme(self, cycle_id: str) -> m.NextScheme:
        "Begin next year's scheme."
        return cast(
            "m.NextScheme", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/next-scheme")
        )

    def open_consultation(
        self,
        cycle_id: str,
        version: int,
        body: m.NewConsultation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.OpenedConsultation:
        "Ask units about a draft."
        return cast(
            "m.OpenedConsultation",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/consultation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_consultations(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageConsultation:
        "List consultations."
        return cast(
            "m.PageConsultation",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/consultations",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_consultations(
        self, cycle_id: str, *, limit: int | None = None
    ) -> Iterator[m.Consultation]:
        "List consultations: every item of every page."
        return cast(
            "Iterator[m.Consultation]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/consultations", {"limit": limit}),
        )

    def list_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        *,
        answered: bool | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageSchemeComment:
        "List comments on a draft."
        return cast(
            "m.PageSchemeComment",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={
                    "answered": answered,
                    "indicator": indicator,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        *,
        answered: bool | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.SchemeComment]:
        "List comments on a draft: every item of every page."
        return cast(
            "Iterator[m.SchemeComment]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                {"answered": answered, "indicator": indicator, "limit": limit},
            ),
        )

    def comment_on_scheme(
        self,
        cycle_id: str,
        version: int,
        body: m.NewSchemeComments,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsSaid:
        "Comment on a draft."
        return cast(
            "m.CommentsSaid",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def comment_on_scheme_from(
        self,
        cycle_id: str,
        version: int,
        rows: Iterable[m.NewSchemeComment] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsSaid:
        "Comment on a draft, from rows or a file of them."
        return cast(
            "m.CommentsSaid",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def answer_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        body: m.NewCommentAnswers,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsAnswered:
        "Answer comments on a draft."
        return cast(
            "m.CommentsAnswered",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comment-answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_scheme_comments_from(
        self,
        cycle_id: str,
        version: int,
        rows: Iterable[m.NewCommentAnswer] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsAnswered:
        "Answer comments on a draft, from rows or a file of them."
        return cast(
            "m.CommentsAnswered",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comment-answers",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def read_targets(
        self,
        cycle_id: str,
        *,
        unit: list[str] | None = None,
        indicator: list[str] | None = None,
        state: Literal["issued", "revised"] | None = None,
        tag: str | None = None,
        id_scheme: str | None = None,
    ) -> m.CycleTargets:
        "Read the targets."
        return cast(
            "m.CycleTargets",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "id_scheme": id_scheme,
                },
            ),
        )

    def set_targets(
        self,
        cycle_id: str,
        body: m.NewTargets,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Set targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def set_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Set targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={"id_scheme": id_scheme, "mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def propose_targets(
        self,
        cycle_id: str,
        body: m.NewProposals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Propose targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-proposals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def propose_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Propose targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-proposals",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def revise_targets(
        self,
        cycle_id: str,
        body: m.NewRevisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Revise targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def revise_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        approved_by: str | None = None,
        caused_by: Literal["superior"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revisions",
                query={
                    "mode": mode,
                    "reason": reason,
                    "document_no": document_no,
                    "approved_by": approved_by,
                    "caused_by": caused_by,
                },
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def withdraw_targets(
        self,
        cycle_id: str,
        body: m.NewWithdrawals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Withdraw targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-withdrawals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def withdraw_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNamed] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Withdraw targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-withdrawals",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def decide_on_targets(
        self,
        cycle_id: str,
        body: m.NewDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on proposed targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_on_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNewDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on proposed targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-decisions",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_targets(
        self,
        cycle_id: str,
        body: m.NewConfirmations,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Confirm revisions of targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNewConfirmation] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Confirm revisions of targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_missing_targets(
        self, cycle_id: str, *, unit: str | None = None, indicator: str | None = None
    ) -> m.MissingTargets:
        "List targets that are missing."
        return cast(
            "m.MissingTargets",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets/missing",
                query={"unit": unit, "indicator": indicator},
            ),
        )

    def read_target_history(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "proposed",
                "returned",
                "approved",
                "issue_pending",
                "issued",
                "revision_requested",
                "revision_supported",
                "revision_pending",
                "revised",
                "withdrawal_pending",
                "withdrawn",
                "refused",
                "request_withdrawn",
            ]
        ]
        | None = None,
        q: str | None = None,
        tag: str | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
    ) -> m.TargetHistory:
        "Read the history of targets."
        return cast(
            "m.TargetHistory",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets/history",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "q": q,
                    "tag": tag,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                },
            ),
        )

    def list_target_conflicts(self, cycle_id: str, *, unit: str | None = None) -> m.TargetConflicts:
        "List targets in conflict."
        return cast(
            "m.TargetConflicts",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-conflicts",
                query={"unit": unit},
            ),
        )

    def settle_targets(
        self,
        cycle_id: str,
        body: m.NewSettlements,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Settle targets."
        return cast(
            "m.SettlementsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlements",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def settle_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSettlement] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Settle targets, from rows or a file of them."
        return cast(
            "m.SettlementsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlements",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_settlements(
        self,
        cycle_id: str,
        body: m.NewSettlementDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Confirm settlements of targets."
        return cast(
            "m.SettlementsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlement-confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_settlements_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSettlementDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Confirm settlements of targets, from rows or a file of them."
        return cast(
            "m.SettlementsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlement-confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def request_revisions(
        self,
        cycle_id: str,
        body: m.NewRevisionRequests,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Ask to revise targets of the own unit."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-requests",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def request_revisions_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Ask to revise targets of the own unit, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-requests",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def decide_on_revision_requests(
        self,
        cycle_id: str,
        body: m.NewRequestDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on requests to revise targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_on_revision_requests_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewRequestDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on requests to revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-decisions",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def take_back_revision_requests(
        self,
        cycle_id: str,
        body: m.NewRequestWithdrawals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Take back requests to revise targets."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-withdrawals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def take_back_revision_requests_from(
        self,
        cycle_id: str,
        rows: Iterable[m.TakenBack] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Take back requests to revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-withdrawals",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_target_cascades(
        self, cycle_id: str, *, document_no: str | None = None
    ) -> m.TargetCascades:
        "List targets that move because of the superior."
        return cast(
            "m.TargetCascades",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-cascades",
                query={"document_no": document_no},
            ),
        )

    def list_work_plans(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        former: bool | None = None,
    ) -> m.WorkPlans:
        "List work plans."
        return cast(
            "m.WorkPlans",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"unit": unit, "indicator": indicator, "former": former},
            ),
        )

    def set_work_plans(
        self,
        cycle_id: str,
        body: m.NewWorkPlans,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WorkPlansMoved:
        "Keep work plans."
        return cast(
            "m.WorkPlansMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def set_work_plans_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewWorkPlan] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WorkPlansMoved:
        "Keep work plans, from rows or a file of them."
        return cast(
            "m.WorkPlansMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_projects(
        self, cycle_id: str, *, unit: str | None = None, former: bool | None = None
    ) -> m.Projects:
        "List projects."
        return cast(
            "m.Projects",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"unit": unit, "former": former},
            ),
        )

    def set_projects(
        self,
        cycle_id: str,
        body: m.NewProjects,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProjectsMoved:
        "Register projects."
        return cast(
            "m.ProjectsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def set_projects_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewProject] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProjectsMoved:
        "Register projects, from rows or a file of them."
        return cast(
            "m.ProjectsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_letters(
        self,
        cycle_id: str,
        *,
        state: list[Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"]]
        | None = None,
        outdated: bool | None = None,
    ) -> m.LetterList:
        "List responsibility letters."
        return cast(
            "m.LetterList",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters",
                query={"state": state, "outdated": outdated},
            ),
        )

    def draw_up_letters(
        self,
        cycle_id: str,
        body: m.NewLetters,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersDrawn:
        "Draw up responsibility letters."
        return cast(
            "m.LettersDrawn",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def sign_letters(
        self,
        cycle_id: str,
        body: m.NewLetterSignatures,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersSigned:
        "Sign responsibility letters."
        return cast(
            "m.LettersSigned",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letter-signatures",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def sign_letters_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewLetterSignature] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersSigned:
        "Sign responsibility letters, from rows or a file of them."
        return cast(
            "m.LettersSigned",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letter-signatures",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def read_letter(self, cycle_id: str, unit: str) -> m.LetterVersions:
        "Read a responsibility letter."
        return cast(
            "m.LetterVersions",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}"),
        )

    def print_letter(self, cycle_id: str, unit: str, *, version: int | None = None) -> bytes:
        "Print a responsibility letter."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}/document",
                query={"version": version},
                raw=True,
            ),
        )

    def download_print_letter(
        self, cycle_id: str, unit: str, file: Path, *, version: int | None = None
    ) -> None:
        "Print a responsibility letter: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}/document",
            query={"version": version},
            file=file,
        )

    def list_id_schemes(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageIdScheme:
        "List the id schemes."
        return cast(
            "m.PageIdScheme",
            self.call("GET", f"/api/v1/id-schemes", query={"limit": limit, "after": after}),
        )

    def iter_id_schemes(self, *, limit: int | None = None) -> Iterator[m.IdScheme]:
        "List the id schemes: every item of every page."
        return cast("Iterator[m.IdScheme]", self.pages(f"/api/v1/id-schemes", {"limit": limit}))

    def register_id_scheme(
        self,
        body: m.NewIdScheme,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredIdScheme:
        "Register an id scheme."
        return cast(
            "m.RegisteredIdScheme",
            self.call(
                "POST",
                f"/api/v1/id-schemes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_id_scheme(self, cycle_id: str, id_scheme: str) -> m.IdSchemeCodes:
        "Read what the codes of another system mean."
        return cast(
            "m.IdSchemeCodes",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}"
            ),
        )

    def list_unit_mappings(
        self,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        unit: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnitMapping:
        "List mappings of units."
        return cast(
            "m.PageUnitMapping",
            self.call(
                "GET",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={
                    "code": code,
                    "unit": unit,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_unit_mappings(
        self,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        unit: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.UnitMapping]:
        "List mappings of units: every item of every page."
        return cast(
            "Iterator[m.UnitMapping]",
            self.pages(
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                {
                    "code": code,
                    "unit": unit,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    def propose_unit_mappings(
        self,
        id_scheme: str,
        body: m.NewUnitMappings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of units."
        return cast(
            "m.ProposedMappings",
            self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def propose_unit_mappings_from(
        self,
        id_scheme: str,
        rows: Iterable[m.NewUnitMapping] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of units, from rows or a file of them."
        return cast(
            "m.ProposedMappings",
            self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        indicator: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageIndicatorMapping:
        "List mappings of indicators."
        return cast(
            "m.PageIndicatorMapping",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={
                    "code": code,
                    "indicator": indicator,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        indicator: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.IndicatorMapping]:
        "List mappings of indicators: every item of every page."
        return cast(
            "Iterator[m.IndicatorMapping]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                {
                    "code": code,
                    "indicator": indicator,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    def propose_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.NewIndicatorMappings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of indicators."
        return cast(
            "m.ProposedMappings",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def propose_indicator_mappings_from(
        self,
        cycle_id: str,
        id_scheme: str,
        rows: Iterable[m.NewIndicatorMapping] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of indicators, from rows or a file of them."
        return cast(
            "m.ProposedMappings",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_unit_mappings(
        self,
        id_scheme: str,
        body: m.MappingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "Confirm mappings of units."
        return cast(
            "m.MappingsMoved",
            self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.MappingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "Confirm mappings of indicators."
        return cast(
            "m.MappingsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def end_unit_mappings(
        self,
        id_scheme: str,
        body: m.MappingEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "End mappings of units."
        return cast(
            "m.MappingsMoved",
            self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings/ending",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def end_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.MappingEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "End mappings of indicators."
        return cast(
            "m.MappingsMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings/ending",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_names(self, cycle_id: str) -> m.CycleNames:
        "Read the names of codes."
        return cast("m.CycleNames", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/names"))

    def list_target_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of targets and indicator codes."
        return cast(
            "m.Tasks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/indicators")
        )

    def list_unit_tasks(self) -> m.Tasks:
        "List tasks of unit codes."
        return cast("m.Tasks", self.call("GET", f"/api/v1/tasks/indicators"))

    def read_calendar(self, year: int, *, as_of: str | None = None) -> m.CalendarYear:
        "Read the calendar of a year."
        return cast(
            "m.CalendarYear",
            self.call("GET", f"/api/v1/calendars/{self.part(year)}", query={"as_of": as_of}),
        )

    def announce_calendar(
        self,
        year: int,
        body: m.NewAnnouncement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RecordedCalendar:
        "Record the holidays of a year."
        return cast(
            "m.RecordedCalendar",
            self.call(
                "POST",
                f"/api/v1/calendars/{self.part(year)}/announcement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def correct_calendar(
        self,
        year: int,
        body: m.NewCalendarCorrection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RecordedCalendar:
        "Correct days of a calendar."
        return cast(
            "m.RecordedCalendar",
            self.call(
                "POST",
                f"/api/v1/calendars/{self.part(year)}/corrections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_decomposition(
        self, cycle_id: str, *, version: int | None = None
    ) -> m.DecompositionVersion:
        "Read the decomposition."
        return cast(
            "m.DecompositionVersion",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition",
                query={"version": version},
            ),
        )

    def set_decomposition(
        self,
        cycle_id: str,
        body: m.NewDecomposition,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.DecompositionSet:
        "Decompose the superior's scheme."
        return cast(
            "m.DecompositionSet",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_decomposition_versions(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageDecompositionSummary:
        "List versions of the decomposition."
        return cast(
            "m.PageDecompositionSummary",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/versions",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_decomposition_versions(
        self, cycle_id: str, *, limit: int | None = None
    ) -> Iterator[m.DecompositionSummary]:
        "List versions of the decomposition: every item of every page."
        return cast(
            "Iterator[m.DecompositionSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/versions", {"limit": limit}
            ),
        )

    def list_superior_cycles(
        self, *, year: int, limit: int | None = None, after: str | None = None
    ) -> m.PageSuperiorCycle:
        "List the superior's years that assess us."
        return cast(
            "m.PageSuperiorCycle",
            self.call(
                "GET",
                f"/api/v1/superior-cycles",
                query={"year": year, "limit": limit, "after": after},
            ),
        )

    def iter_superior_cycles(
        self, *, year: int, limit: int | None = None
    ) -> Iterator[m.SuperiorCycle]:
        "List the superior's years that assess us: every item of every page."
        return cast(
            "Iterator[m.SuperiorCycle]",
            self.pages(f"/api/v1/superior-cycles", {"year": year, "limit": limit}),
        )

    def hand_up_decomposition(
        self,
        cycle_id: str,
        body: m.NewHandingUp,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DecompositionHandedUp:
        "Hand the decomposition up."
        return cast(
            "m.DecompositionHandedUp",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/handing-up",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_handed_up(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageHandedUp:
        "List what was handed up."
        return cast(
            "m.PageHandedUp",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/handed-up",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_handed_up(self, cycle_id: str, *, limit: int | None = None) -> Iterator[m.HandedUp]:
        "List what was handed up: every item of every page."
        return cast(
            "Iterator[m.HandedUp]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/handed-up", {"limit": limit}),
        )

    def read_handed_up(self, cycle_id: str, unit: str) -> m.HandedUpDecomposition:
        "Read what a unit handed up."
        return cast(
            "m.HandedUpDecomposition",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/handed-up/{self.part(unit)}"),
        )

    def read_standings(self, cycle_id: str) -> m.SuperiorStandings:
        "Read how we stand with the superior."
        return cast(
            "m.SuperiorStandings",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings"),
        )

    def report_standings(
        self,
        cycle_id: str,
        body: m.NewStandings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StandingsReported:
        "Report how we stand with the superior."
        return cast(
            "m.StandingsReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def report_standings_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewStanding] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StandingsReported:
        "Report how we stand with the superior, from rows or a file of them."
        return cast(
            "m.StandingsReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_inspections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "tracking_evaluation",
            "on_site_verification",
            "unannounced_visit",
            "statutory",
            "emergency",
        ]
        | None = None,
    ) -> m.Inspections:
        "List inspections."
        return cast(
            "m.Inspections",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"unit": unit, "kind": kind},
            ),
        )

    def set_inspections(
        self,
        cycle_id: str,
        body: m.NewInspections,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InspectionsSet:
        "Register inspections."
        return cast(
            "m.InspectionsSet",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def set_inspections_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewInspection] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InspectionsSet:
        "Register inspections, from rows or a file of them."
        return cast(
            "m.InspectionsSet",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def read_burden(self, cycle_id: str) -> m.BurdenReport:
        "Read what is asked of units."
        return cast(
            "m.BurdenReport", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/burden")
        )

    def list_jurisdictions(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJurisdiction:
        "List the jurisdictions."
        return cast(
            "m.PageJurisdiction",
            self.call("GET", f"/api/v1/jurisdictions", query={"limit": limit, "after": after}),
        )

    def iter_jurisdictions(self, *, limit: int | None = None) -> Iterator[m.Jurisdiction]:
        "List the jurisdictions: every item of every page."
        return cast(
            "Iterator[m.Jurisdiction]", self.pages(f"/api/v1/jurisdictions", {"limit": limit})
        )

    def register_jurisdiction(
        self,
        body: m.NewJurisdiction,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredJurisdiction:
        "Register a jurisdiction."
        return cast(
            "m.RegisteredJurisdiction",
            self.call(
                "POST",
                f"/api/v1/jurisdictions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_jurisdiction(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredJurisdiction:
        "Confirm a jurisdiction."
        return cast(
            "m.RegisteredJurisdiction",
            self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def read_jurisdiction(self, jurisdiction: str) -> m.Jurisdiction:
        "Read a jurisdiction."
        return cast(
            "m.Jurisdiction", self.call("GET", f"/api/v1/jurisdictions/{self.part(jurisdiction)}")
        )

    def propose_succession(
        self,
        jurisdiction: str,
        body: m.NewSuccession,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CodeChanged:
        "Propose that another code takes a jurisdiction's place."
        return cast(
            "m.CodeChanged",
            self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/succession",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_succession(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.CodeChanged:
        "Confirm that another code takes a jurisdiction's place."
        return cast(
            "m.CodeChanged",
            self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/succession/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_indicators_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of indicators."
        return cast(
            "m.PageJournalEntry",
            self.call(
                "GET",
                f"/api/v1/journals/indicators/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_indicators_chain(
        self, chain: str, *, limit: int | None = None
    ) -> Iterator[m.JournalEntry]:
        "Read a journal of indicators: every item of every page."
        return cast(
            "Iterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/indicators/chains/{self.part(chain)}", {"limit": limit}),
        )

    def verify_indicators_chain(self, chain: str) -> m.Verification:
        "Verify a journal of indicators."
        return cast(
            "m.Verification",
            self.call("GET", f"/api/v1/journals/indicators/chains/{self.part(chain)}/verification"),
        )

    def read_indicators_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of indicators have come."
        return cast(
            "m.PageChainHead",
            self.call(
                "GET", f"/api/v1/journals/indicators/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_indicators_heads(self, *, limit: int | None = None) -> Iterator[m.ChainHead]:
        "Read how far the journals of indicators have come: every item of every page."
        return cast(
            "Iterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/indicators/heads", {"limit": limit}),
        )

    def check_indicators_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of indicators."
        return cast(
            "m.Receipt", self.call("GET", f"/api/v1/journals/indicators/receipts/{self.part(hash)}")
        )

    def list_entries(
        self,
        cycle_id: str,
        *,
        changed_since: str | None = None,
        sort: Literal["entered_at", "-entered_at"] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> m.PageLedgerEntry:
        "List the entries."
        return cast(
            "m.PageLedgerEntry",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={
                    "changed_since": changed_since,
                    "sort": sort,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
            ),
        )

    def iter_entries(
        self,
        cycle_id: str,
        *,
        changed_since: str | None = None,
        sort: Literal["entered_at", "-entered_at"] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> Iterator[m.LedgerEntry]:
        "List the entries: every item of every page."
        return cast(
            "Iterator[m.LedgerEntry]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                {
                    "changed_since": changed_since,
                    "sort": sort,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
            ),
        )

    def post_entries(
        self,
        cycle_id: str,
        body: m.NewLedgerEntries,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedEntries:
        "Enter into the ledger."
        return cast(
            "m.PostedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def post_entries_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewLedgerEntry] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        state: Literal["draft", "submitted"] | None = None,
        for_cycle: str | None = None,
        scheme_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedEntries:
        "Enter into the ledger, from rows or a file of them."
        return cast(
            "m.PostedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={
                    "id_scheme": id_scheme,
                    "mode": mode,
                    "state": state,
                    "for_cycle": for_cycle,
                    "scheme_digest": scheme_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def list_likely_duplicates(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageLikelyPair:
        "List likely duplicates."
        return cast(
            "m.PageLikelyPair",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/likely-duplicates",
                query={"unit": unit, "indicator": indicator, "limit": limit, "after": after},
            ),
        )

    def iter_likely_duplicates(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.LikelyPair]:
        "List likely duplicates: every item of every page."
        return cast(
            "Iterator[m.LikelyPair]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/likely-duplicates",
                {"unit": unit, "indicator": indicator, "limit": limit},
            ),
        )

    def list_adoptions(
        self,
        cycle_id: str,
        *,
        outdated: bool | None = None,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageEntryAdoption:
        "List the entries taken over."
        return cast(
            "m.PageEntryAdoption",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                query={"outdated": outdated, "unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_adoptions(
        self,
        cycle_id: str,
        *,
        outdated: bool | None = None,
        unit: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.EntryAdoption]:
        "List the entries taken over: every item of every page."
        return cast(
            "Iterator[m.EntryAdoption]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                {"outdated": outdated, "unit": unit, "limit": limit},
            ),
        )

    def adopt_entry(
        self,
        cycle_id: str,
        body: m.NewEntryAdoption,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AdoptedEntry:
        "Take an entry of another cycle over."
        return cast(
            "m.AdoptedEntry",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_entry_uses(self, cycle_id: str, entry_id: str) -> m.EntryUses:
        "Tell in which cycles an entry is used."
        return cast(
            "m.EntryUses",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/uses",
            ),
        )

    def export_entries(
        self,
        cycle_id: str,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
        lateness: bool | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> bytes:
        "Export the ledger."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/export",
                query={
                    "format": format,
                    "lateness": lateness,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
                raw=True,
            ),
        )

    def download_entries(
        self,
        cycle_id: str,
        file: Path,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
        lateness: bool | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> None:
        "Export the ledger: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/export",
            query={
                "format": format or file.suffix[1:],
                "lateness": lateness,
                "unit": unit,
                "indicator": indicator,
                "state": state,
                "tag": tag,
                "category": category,
                "author_unit": author_unit,
                "source_ref": source_ref,
                "kind": kind,
                "period": period,
                "q": q,
                "late": late,
                "lacks_evidence": lacks_evidence,
            },
            file=file,
        )

    def read_template(
        self,
        cycle_id: str,
        *,
        category: str,
        data_source_unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
    ) -> bytes:
        "Get a template to fill in."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/template",
                query={
                    "category": category,
                    "data_source_unit": data_source_unit,
                    "indicator": indicator,
                    "period": period,
                },
                raw=True,
            ),
        )

    def download_template(
        self,
        cycle_id: str,
        file: Path,
        *,
        category: str,
        data_source_unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
    ) -> None:
        "Get a template to fill in: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/template",
            query={
                "category": category,
                "data_source_unit": data_source_unit,
                "indicator": indicator,
                "period": period,
            },
            file=file,
        )

    def list_signatures(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        signed: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageEntrySignature:
        "List the entries that are signed off."
        return cast(
            "m.PageEntrySignature",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                query={"unit": unit, "signed": signed, "limit": limit, "after": after},
            ),
        )

    def iter_signatures(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        signed: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[m.EntrySignature]:
        "List the entries that are signed off: every item of every page."
        return cast(
            "Iterator[m.EntrySignature]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                {"unit": unit, "signed": signed, "limit": limit},
            ),
        )

    def sign_entries(
        self,
        cycle_id: str,
        body: m.NewSignatures,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SignedEntries:
        "Sign off entries of the own unit."
        return cast(
            "m.SignedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def submit_entries(
        self,
        cycle_id: str,
        body: m.Submission,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Submit drafts."
        return cast(
            "m.MovedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/submission",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def check_entries(
        self,
        cycle_id: str,
        body: m.NewVerification,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Review entries first."
        return cast(
            "m.MovedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/checking",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def verify_entries(
        self,
        cycle_id: str,
        body: m.NewVerification,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Verify entries."
        return cast(
            "m.MovedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/verification",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def return_entries(
        self,
        cycle_id: str,
        body: m.Return,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Return entries."
        return cast(
            "m.MovedEntries",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/return",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def reverse_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.Reversal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.ReversedEntry:
        "Reverse an entry."
        return cast(
            "m.ReversedEntry",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/reversal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def restate_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewRestatement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RestatedEntry:
        "Restate a verified entry."
        return cast(
            "m.RestatedEntry",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/restatement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_restatements(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        author_unit: str | None = None,
        tag: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        period: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.Restatements:
        "List restatements."
        return cast(
            "m.Restatements",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/restatements",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "author_unit": author_unit,
                    "tag": tag,
                    "state": state,
                    "period": period,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_restatements(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        author_unit: str | None = None,
        tag: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        period: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Restatement]:
        "List restatements: every item of every page."
        return cast(
            "Iterator[m.Restatement]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/restatements",
                {
                    "unit": unit,
                    "indicator": indicator,
                    "author_unit": author_unit,
                    "tag": tag,
                    "state": state,
                    "period": period,
                    "limit": limit,
                },
            ),
        )

    def read_entry(
        self, cycle_id: str, entry_id: str, *, id_scheme: str | None = None
    ) -> m.EntryWithHistory:
        "Read an entry."
        return cast(
            "m.EntryWithHistory",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}",
                query={"id_scheme": id_scheme},
            ),
        )

    def correct_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.Correction,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.CorrectedEntry:
        "Correct a draft or returned entry."
        return cast(
            "m.CorrectedEntry",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/correction",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def withdraw_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewEntryWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WithdrawnEntry:
        "Withdraw an entry."
        return cast(
            "m.WithdrawnEntry",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_ledger(self, cycle_id: str) -> m.Ledger:
        "Read the phase of the ledger."
        return cast("m.Ledger", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/ledger"))

    def seal_ledger(
        self,
        cycle_id: str,
        body: m.NewSeal | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SealedLedger | m.SealPreview:
        "Seal the ledger."
        return cast(
            "m.SealedLedger | m.SealPreview",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger/seal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_periods(self, cycle_id: str) -> m.CyclePeriods:
        "Read which periods are closed."
        return cast(
            "m.CyclePeriods", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/periods")
        )

    def close_period(
        self,
        cycle_id: str,
        period: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ClosedPeriod:
        "Close a period."
        return cast(
            "m.ClosedPeriod",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/periods/{self.part(period)}/closing",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_period_permissions(self, cycle_id: str) -> m.PeriodPermissions:
        "List the permissions for closed periods."
        return cast(
            "m.PeriodPermissions",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/period-permissions"),
        )

    def permit_entering(
        self,
        cycle_id: str,
        body: m.NewPeriodPermission,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.GrantedPermission:
        "Permit entries about a closed period."
        return cast(
            "m.GrantedPermission",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/period-permissions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_completeness(self, cycle_id: str, category: str) -> m.Completeness:
        "Read what a category lacks."
        return cast(
            "m.Completeness",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/categories/{self.part(category)}/completeness",
            ),
        )

    def hand_in_category(
        self,
        cycle_id: str,
        category: str,
        body: m.NewHandIn | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.HandedIn:
        "Hand in a category."
        return cast(
            "m.HandedIn",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/categories/{self.part(category)}/hand-in",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_unscored(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        reason: list[
            Literal[
                "draft",
                "awaits_verification",
                "own_words",
                "returned",
                "withdrawn",
                "replaced",
                "voided",
                "unit_not_assessed",
                "indicator_not_of_unit",
                "not_applicable",
                "kind_not_taken",
                "key_not_taken",
                "item_not_planned",
                "period_not_scored",
                "several_values",
                "occurred_in_another_year",
                "stood_in",
                "not_read",
                "parked",
                "accepted_capped",
                "accepted_in_part",
                "carried_to_next_year",
                "superseded_same_event",
                "unconfirmed",
                "rejected_by_confirmer",
                "rejected_by_correction",
                "rejected_not_in_the_total",
                "rejected_no_document",
                "rejected_holder_mismatch",
                "rejected_authority",
                "rejected_unknown_rule",
                "rejected_unknown_place",
                "rejected_over_limit",
                "rejected_conditions_not_met",
                "rejected_not_linked_to_indicator",
                "rejected_scored_already",
                "rejected_out_of_window",
                "rejected_counted_before",
                "rejected_same_award",
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnscoredItem:
        "List what is in the record and counts nowhere."
        return cast(
            "m.PageUnscoredItem",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/unscored",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "reason": reason,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_unscored(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        reason: list[
            Literal[
                "draft",
                "awaits_verification",
                "own_words",
                "returned",
                "withdrawn",
                "replaced",
                "voided",
                "unit_not_assessed",
                "indicator_not_of_unit",
                "not_applicable",
                "kind_not_taken",
                "key_not_taken",
                "item_not_planned",
                "period_not_scored",
                "several_values",
                "occurred_in_another_year",
                "stood_in",
                "not_read",
                "parked",
                "accepted_capped",
                "accepted_in_part",
                "carried_to_next_year",
                "superseded_same_event",
                "unconfirmed",
                "rejected_by_confirmer",
                "rejected_by_correction",
                "rejected_not_in_the_total",
                "rejected_no_document",
                "rejected_holder_mismatch",
                "rejected_authority",
                "rejected_unknown_rule",
                "rejected_unknown_place",
                "rejected_over_limit",
                "rejected_conditions_not_met",
                "rejected_not_linked_to_indicator",
                "rejected_scored_already",
                "rejected_out_of_window",
                "rejected_counted_before",
                "rejected_same_award",
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[m.UnscoredItem]:
        "List what is in the record and counts nowhere: every item of every page."
        return cast(
            "Iterator[m.UnscoredItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/unscored",
                {"unit": unit, "indicator": indicator, "reason": reason, "limit": limit},
            ),
        )

    def list_warnings(
        self,
        cycle_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        kind: list[
            Literal[
                "bulk_at_year_end",
                "last_digits",
                "jump_from_last_period",
                "jump_from_last_year",
                "scorer_apart",
                "evidence_duplicates",
                "behind_plan",
                "repeated_deductions",
            ]
        ]
        | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        scorer: str | None = None,
    ) -> m.PageYearWarning:
        "List what looks wrong."
        return cast(
            "m.PageYearWarning",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/warnings",
                query={
                    "limit": limit,
                    "after": after,
                    "kind": kind,
                    "unit": unit,
                    "indicator": indicator,
                    "scorer": scorer,
                },
            ),
        )

    def iter_warnings(
        self,
        cycle_id: str,
        *,
        limit: int | None = None,
        kind: list[
            Literal[
                "bulk_at_year_end",
                "last_digits",
                "jump_from_last_period",
                "jump_from_last_year",
                "scorer_apart",
                "evidence_duplicates",
                "behind_plan",
                "repeated_deductions",
            ]
        ]
        | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        scorer: str | None = None,
    ) -> Iterator[m.YearWarning]:
        "List what looks wrong: every item of every page."
        return cast(
            "Iterator[m.YearWarning]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/warnings",
                {
                    "limit": limit,
                    "kind": kind,
                    "unit": unit,
                    "indicator": indicator,
                    "scorer": scorer,
                },
            ),
        )

    def read_progress(
        self,
        cycle_id: str,
        *,
        by: list[Literal["category", "unit", "indicator", "period", "data_source_unit"]]
        | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        data_source_unit: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.LedgerProgress:
        "Read how far the entries are."
        return cast(
            "m.LedgerProgress",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/progress",
                query={
                    "by": by,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "period": period,
                    "data_source_unit": data_source_unit,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_progress(
        self,
        cycle_id: str,
        *,
        by: list[Literal["category", "unit", "indicator", "period", "data_source_unit"]]
        | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        data_source_unit: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.PartProgress]:
        "Read how far the entries are: every item of every page."
        return cast(
            "Iterator[m.PartProgress]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/progress",
                {
                    "by": by,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "period": period,
                    "data_source_unit": data_source_unit,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    def list_progress_lights(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        light: Literal["green", "yellow", "red"] | None = None,
    ) -> m.ProgressLights:
        "List progress lights."
        return cast(
            "m.ProgressLights",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/progress-lights",
                query={
                    "at": at,
                    "limit": limit,
                    "after": after,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "light": light,
                },
            ),
        )

    def iter_progress_lights(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        light: Literal["green", "yellow", "red"] | None = None,
    ) -> Iterator[m.UnitProgress]:
        "List progress lights: every item of every page."
        return cast(
            "Iterator[m.UnitProgress]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/progress-lights",
                {
                    "at": at,
                    "limit": limit,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "light": light,
                },
            ),
        )

    def list_duties(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> m.OwedDuties:
        "List who owes what by when."
        return cast(
            "m.OwedDuties",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duties",
                query={
                    "at": at,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def iter_duties(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> Iterator[m.OwedDuty]:
        "List who owes what by when: every item of every page."
        return cast(
            "Iterator[m.OwedDuty]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duties",
                {
                    "at": at,
                    "limit": limit,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def read_duty_completeness(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        by: Literal["unit", "indicator", "period", "day", "light"] | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> m.DutyCompleteness:
        "Read how complete what is owed is."
        return cast(
            "m.DutyCompleteness",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duties/completeness",
                query={
                    "at": at,
                    "by": by,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def iter_duty_completeness(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        by: Literal["unit", "indicator", "period", "day", "light"] | None = None,
        limit: int | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> Iterator[m.DutyPart]:
        "Read how complete what is owed is: every item of every page."
        return cast(
            "Iterator[m.DutyPart]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duties/completeness",
                {
                    "at": at,
                    "by": by,
                    "limit": limit,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def list_duty_cards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        light: Literal["warning", "yellow_card", "red_card"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDutyCard:
        "List the warnings and cards that were written."
        return cast(
            "m.PageDutyCard",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                query={"unit": unit, "light": light, "limit": limit, "after": after},
            ),
        )

    def iter_duty_cards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        light: Literal["warning", "yellow_card", "red_card"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.DutyCard]:
        "List the warnings and cards that were written: every item of every page."
        return cast(
            "Iterator[m.DutyCard]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                {"unit": unit, "light": light, "limit": limit},
            ),
        )

    def write_duty_cards(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenCards:
        "Write the warnings and cards that are due."
        return cast(
            "m.WrittenCards",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_duty_persons(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDutyPerson:
        "List who is in charge of what."
        return cast(
            "m.PageDutyPerson",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_duty_persons(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> Iterator[m.DutyPerson]:
        "List who is in charge of what: every item of every page."
        return cast(
            "Iterator[m.DutyPerson]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons", {"unit": unit, "limit": limit}
            ),
        )

    def name_duty_person(
        self,
        cycle_id: str,
        body: m.NewDutyPerson,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedDutyPerson:
        "Name who is in charge of what a unit owes."
        return cast(
            "m.NamedDutyPerson",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_desk(self, cycle_id: str) -> m.ScorersDesk:
        "Read the desk of a scorer."
        return cast(
            "m.ScorersDesk", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/duties/desk")
        )

    def list_scoring_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of the ledger and of claims."
        return cast(
            "m.Tasks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/scoring")
        )

    def list_parked_rows(
        self,
        cycle_id: str,
        *,
        author_unit: str | None = None,
        state: Literal["parked", "entered", "replaced", "discarded"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageShownParkedRow:
        "List the parked rows."
        return cast(
            "m.PageShownParkedRow",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows",
                query={"author_unit": author_unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_parked_rows(
        self,
        cycle_id: str,
        *,
        author_unit: str | None = None,
        state: Literal["parked", "entered", "replaced", "discarded"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.ShownParkedRow]:
        "List the parked rows: every item of every page."
        return cast(
            "Iterator[m.ShownParkedRow]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows",
                {"author_unit": author_unit, "state": state, "limit": limit},
            ),
        )

    def replay_parked_rows(
        self,
        cycle_id: str,
        body: m.ParkedRowReplay,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReplayedRows:
        "Enter parked rows whose codes are known now."
        return cast(
            "m.ReplayedRows",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows/replay",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def discard_parked_rows(
        self,
        cycle_id: str,
        body: m.ParkedRowDiscard,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DiscardedRows:
        "Discard parked rows."
        return cast(
            "m.DiscardedRows",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows/discard",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_awards_by_authority(
        self, cycle_id: str, *, unit: str | None = None, rule: str | None = None
    ) -> m.AwardsByAuthority:
        "List who got how many awards from whom."
        return cast(
            "m.AwardsByAuthority",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/by-authority",
                query={"unit": unit, "rule": rule},
            ),
        )

    def list_claims(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["bonus", "deduction"] | None = None,
        state: list[Literal["handed_in", "confirmed", "rejected", "withdrawn"]] | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageClaim:
        "List the claims."
        return cast(
            "m.PageClaim",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_claims(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["bonus", "deduction"] | None = None,
        state: list[Literal["handed_in", "confirmed", "rejected", "withdrawn"]] | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Claim]:
        "List the claims: every item of every page."
        return cast(
            "Iterator[m.Claim]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                {
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    def post_claims(
        self,
        cycle_id: str,
        body: m.NewClaims,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedClaims:
        "Post claims."
        return cast(
            "m.PostedClaims",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def post_claims_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewClaim] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedClaims:
        "Post claims, from rows or a file of them."
        return cast(
            "m.PostedClaims",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_claims(
        self,
        cycle_id: str,
        body: m.ScoringNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Confirm or reject claims."
        return cast(
            "m.MovedClaims",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_joint_claims(
        self,
        cycle_id: str,
        body: m.NewAnswers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Agree or object to joint claims."
        return cast(
            "m.MovedClaims",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_claims(
        self,
        cycle_id: str,
        body: m.NewClaimWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Withdraw claims."
        return cast(
            "m.MovedClaims",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def receive_carried_claims(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Arrivals:
        "Receive the claims that were carried over."
        return cast(
            "m.Arrivals",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/arrivals",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_highlights(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "accepted", "not_accepted", "taken_back"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.HighlightPage:
        "List highlights."
        return cast(
            "m.HighlightPage",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_highlights(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "accepted", "not_accepted", "taken_back"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Highlight]:
        "List highlights: every item of every page."
        return cast(
            "Iterator[m.Highlight]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    def report_highlight(
        self,
        cycle_id: str,
        body: m.NewHighlight,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Report a highlight."
        return cast(
            "m.MovedHighlight",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def examine_highlight(
        self,
        cycle_id: str,
        body: m.NewExamination,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Examine a highlight."
        return cast(
            "m.MovedHighlight",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights/examination",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_highlight(
        self,
        cycle_id: str,
        body: m.NewTakingBack,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Take a highlight back."
        return cast(
            "m.MovedHighlight",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_registered_awards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        level: str | None = None,
        kind: Literal["award", "title"] | None = None,
        state: list[Literal["registered", "confirmed", "rejected", "taken_back"]] | None = None,
        year: int | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRegisteredAward:
        "List registered awards and titles."
        return cast(
            "m.PageRegisteredAward",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                query={
                    "unit": unit,
                    "level": level,
                    "kind": kind,
                    "state": state,
                    "year": year,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_registered_awards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        level: str | None = None,
        kind: Literal["award", "title"] | None = None,
        state: list[Literal["registered", "confirmed", "rejected", "taken_back"]] | None = None,
        year: int | None = None,
        limit: int | None = None,
    ) -> Iterator[m.RegisteredAward]:
        "List registered awards and titles: every item of every page."
        return cast(
            "Iterator[m.RegisteredAward]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                {
                    "unit": unit,
                    "level": level,
                    "kind": kind,
                    "state": state,
                    "year": year,
                    "limit": limit,
                },
            ),
        )

    def register_award(
        self,
        cycle_id: str,
        body: m.NewRegisteredAward,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Register an award or a title."
        return cast(
            "m.MovedAward",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_award(
        self,
        cycle_id: str,
        body: m.NewAwardConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Confirm or reject a registered award."
        return cast(
            "m.MovedAward",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_award(
        self,
        cycle_id: str,
        body: m.NewAwardWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Take a registered award back."
        return cast(
            "m.MovedAward",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def count_registered_awards(self, cycle_id: str, *, unit: str | None = None) -> m.AwardsByUnit:
        "Count registered awards by unit and level."
        return cast(
            "m.AwardsByUnit",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/awards/by-unit", query={"unit": unit}
            ),
        )

    def export_check_commitment(self, cycle_id: str, check: str) -> bytes:
        "Get the text that binds a check."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
                raw=True,
            ),
        )

    def download_check_commitment(self, cycle_id: str, check: str, file: Path) -> None:
        "Get the text that binds a check: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
            query={},
            file=file,
        )

    def fix_check_lists(
        self,
        cycle_id: str,
        check: str,
        body: m.NewCommitment,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FixedCheck:
        "Fix the lists of a check."
        return cast(
            "m.FixedCheck",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def draw_check(
        self,
        cycle_id: str,
        check: str,
        body: m.NewSeed,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DrawnCheck:
        "Tell the seed of a check and draw it."
        return cast(
            "m.DrawnCheck",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/draw",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_checks(self, cycle_id: str) -> m.ScheduledChecks:
        "List re-checks and spot checks."
        return cast(
            "m.ScheduledChecks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/checks")
        )

    def export_check_list(self, cycle_id: str, check: str, list_name: str) -> bytes:
        "Get a list of a check."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}",
                raw=True,
            ),
        )

    def download_check_list(self, cycle_id: str, check: str, list_name: str, file: Path) -> None:
        "Get a list of a check: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}",
            query={},
            file=file,
        )

    def export_drawn(self, cycle_id: str, check: str, list_name: str) -> bytes:
        "Get what was drawn of a list."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}/drawn",
                raw=True,
            ),
        )

    def download_drawn(self, cycle_id: str, check: str, list_name: str, file: Path) -> None:
        "Get what was drawn of a list: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}/drawn",
            query={},
            file=file,
        )

    def export_check_reviewers(self, cycle_id: str, check: str) -> bytes:
        "Get who may check whom."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
                raw=True,
            ),
        )

    def download_check_reviewers(self, cycle_id: str, check: str, file: Path) -> None:
        "Get who may check whom: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
            query={},
            file=file,
        )

    def fix_check_reviewers(
        self,
        cycle_id: str,
        check: str,
        body: m.NewReviewers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FixedReviewers:
        "Fix the reviewers of a check."
        return cast(
            "m.FixedReviewers",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_check_teams(self, cycle_id: str, check: str) -> m.CheckTeams:
        "List the teams of a check."
        return cast(
            "m.CheckTeams",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/teams"
            ),
        )

    def name_check_team(
        self,
        cycle_id: str,
        check: str,
        unit: str,
        body: m.NewTeam,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedTeam:
        "Name the team of a drawn unit."
        return cast(
            "m.NamedTeam",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/teams/{self.part(unit)}",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_check_sheet(
        self,
        cycle_id: str,
        check: str,
        unit: str,
        *,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCheckedEntry:
        "Read the sheet of a drawn unit."
        return cast(
            "m.PageCheckedEntry",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/sheets/{self.part(unit)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_check_sheet(
        self, cycle_id: str, check: str, unit: str, *, limit: int | None = None
    ) -> Iterator[m.CheckedEntry]:
        "Read the sheet of a drawn unit: every item of every page."
        return cast(
            "Iterator[m.CheckedEntry]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/sheets/{self.part(unit)}",
                {"limit": limit},
            ),
        )

    def list_check_findings(
        self,
        cycle_id: str,
        check: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "signed", "objected", "upheld", "dismissed"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCheckFinding:
        "List findings of a check."
        return cast(
            "m.PageCheckFinding",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_check_findings(
        self,
        cycle_id: str,
        check: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "signed", "objected", "upheld", "dismissed"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.CheckFinding]:
        "List findings of a check: every item of every page."
        return cast(
            "Iterator[m.CheckFinding]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    def record_check_finding(
        self,
        cycle_id: str,
        check: str,
        body: m.NewFinding,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Record a finding of a check."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_check_finding(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFindingAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Sign a finding or object."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/answer",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_check_finding(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFindingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Decide on a finding."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def put_forward_as_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraud,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Put a finding forward as fraud."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def state_on_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraudStatement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Make the unit's statement about fraud."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud/statement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_on_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraudDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Decide whether it is fraud."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_second_marks(self, cycle_id: str, check: str) -> m.SecondMarks:
        "Read how second marks agree."
        return cast(
            "m.SecondMarks",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/second-marks",
            ),
        )

    def give_second_mark(
        self,
        cycle_id: str,
        check: str,
        body: m.NewSecondMark,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Mark an entry a second time."
        return cast(
            "m.MovedFinding",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/second-marks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def give_self_marks(
        self,
        cycle_id: str,
        round_code: str,
        body: m.NewSelfMarks,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StoredSelfMarks:
        "Give self marks."
        return cast(
            "m.StoredSelfMarks",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/marks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def hand_in_self_evaluation(
        self,
        cycle_id: str,
        round_code: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.HandedInSelfEvaluation:
        "Hand in a self-evaluation."
        return cast(
            "m.HandedInSelfEvaluation",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/hand-in",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def compare_self_evaluations(
        self,
        cycle_id: str,
        round_code: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SelfEvaluationCosts:
        "Compare self-evaluations with the record."
        return cast(
            "m.SelfEvaluationCosts",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/comparison",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_self_evaluations(self, cycle_id: str) -> m.SelfEvaluations:
        "List self-evaluations."
        return cast(
            "m.SelfEvaluations",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations"),
        )

    def read_self_evaluation(self, cycle_id: str, round_code: str, unit: str) -> m.SelfEvaluation:
        "Read a unit's self-evaluation."
        return cast(
            "m.SelfEvaluation",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/units/{self.part(unit)}",
            ),
        )

    def list_objections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        about: Literal["mark", "claim", "entry", "card", "wave"] | None = None,
        state: list[Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]]
        | None = None,
        objection_id: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageObjection:
        "List objections."
        return cast(
            "m.PageObjection",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                query={
                    "unit": unit,
                    "about": about,
                    "state": state,
                    "objection_id": objection_id,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_objections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        about: Literal["mark", "claim", "entry", "card", "wave"] | None = None,
        state: list[Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]]
        | None = None,
        objection_id: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Objection]:
        "List objections: every item of every page."
        return cast(
            "Iterator[m.Objection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                {
                    "unit": unit,
                    "about": about,
                    "state": state,
                    "objection_id": objection_id,
                    "limit": limit,
                },
            ),
        )

    def file_objection(
        self,
        cycle_id: str,
        body: m.NewObjection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Object to what was fed back."
        return cast(
            "m.MovedObjection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_objection(
        self,
        cycle_id: str,
        objection_id: str,
        body: m.NewObjectionAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Take an objection further, or take it back."
        return cast(
            "m.MovedObjection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections/{self.part(objection_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_objection(
        self,
        cycle_id: str,
        objection_id: str,
        body: m.NewObjectionDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Decide about an objection."
        return cast(
            "m.MovedObjection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections/{self.part(objection_id)}/decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_evidence(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        name: str | None = None,
        kind: Literal[
            "jpeg",
            "png",
            "gif",
            "webp",
            "heic",
            "tiff",
            "pdf",
            "ofd",
            "docx",
            "xlsx",
            "pptx",
            "doc",
            "xls",
            "ppt",
            "wps",
            "et",
            "dps",
            "mp4",
            "mov",
            "txt",
            "csv",
        ]
        | None = None,
        digest: str | None = None,
        day: str | None = None,
        is_used: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageListedEvidence:
        "List evidence."
        return cast(
            "m.PageListedEvidence",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                query={
                    "unit": unit,
                    "name": name,
                    "kind": kind,
                    "digest": digest,
                    "day": day,
                    "is_used": is_used,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_evidence(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        name: str | None = None,
        kind: Literal[
            "jpeg",
            "png",
            "gif",
            "webp",
            "heic",
            "tiff",
            "pdf",
            "ofd",
            "docx",
            "xlsx",
            "pptx",
            "doc",
            "xls",
            "ppt",
            "wps",
            "et",
            "dps",
            "mp4",
            "mov",
            "txt",
            "csv",
        ]
        | None = None,
        digest: str | None = None,
        day: str | None = None,
        is_used: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[m.ListedEvidence]:
        "List evidence: every item of every page."
        return cast(
            "Iterator[m.ListedEvidence]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                {
                    "unit": unit,
                    "name": name,
                    "kind": kind,
                    "digest": digest,
                    "day": day,
                    "is_used": is_used,
                    "limit": limit,
                },
            ),
        )

    def add_evidence(
        self,
        cycle_id: str,
        content: bytes | Path,
        *,
        name: str,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AddedEvidence:
        "Add evidence."
        return cast(
            "m.AddedEvidence",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                query={"name": name, "mode": mode},
                content=content,
                key=self.key(idempotency_key),
            ),
        )

    def list_supervised_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
        ]
        | None = None,
        state: list[
            Literal[
                "registered",
                "dispatched",
                "handling",
                "returned",
                "disputed",
                "suspended",
                "extension_asked",
                "replied",
                "closed",
                "called_off",
                "withdrawn",
            ]
        ]
        | None = None,
        source_ref: str | None = None,
        light: list[Literal["none", "yellow", "red"]] | None = None,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageSupervisedItem:
        "List supervised items."
        return cast(
            "m.PageSupervisedItem",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "source_ref": source_ref,
                    "light": light,
                    "at": at,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_supervised_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
        ]
        | None = None,
        state: list[
            Literal[
                "registered",
                "dispatched",
                "handling",
                "returned",
                "disputed",
                "suspended",
                "extension_asked",
                "replied",
                "closed",
                "called_off",
                "withdrawn",
            ]
        ]
        | None = None,
        source_ref: str | None = None,
        light: list[Literal["none", "yellow", "red"]] | None = None,
        at: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.SupervisedItem]:
        "List supervised items: every item of every page."
        return cast(
            "Iterator[m.SupervisedItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                {
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "source_ref": source_ref,
                    "light": light,
                    "at": at,
                    "limit": limit,
                },
            ),
        )

    def register_supervised_items(
        self,
        cycle_id: str,
        body: m.NewSupervisedItems,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredItems:
        "Register supervised items."
        return cast(
            "m.RegisteredItems",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def register_supervised_items_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSupervisedItem] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredItems:
        "Register supervised items, from rows or a file of them."
        return cast(
            "m.RegisteredItems",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def open_report_items(
        self,
        cycle_id: str,
        body: m.NewReportItems | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReportItems:
        "Open the items of rectification reports."
        return cast(
            "m.ReportItems",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/reports",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_report_items(self, cycle_id: str) -> m.ItemsOfReports:
        "List the items of rectification reports."
        return cast(
            "m.ItemsOfReports",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/report-items"),
        )

    def dispatch_supervised_items(
        self,
        cycle_id: str,
        body: m.NewItemDispatch,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DispatchedItems:
        "Dispatch supervised items."
        return cast(
            "m.DispatchedItems",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/dispatch",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Sign for, return, report on or reply to an item."
        return cast(
            "m.MovedItem",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def direct_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemDirection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Urge, decide about, close or reopen an item."
        return cast(
            "m.MovedItem",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/directions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def rule_on_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemRuling,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Rule on a disputed item."
        return cast(
            "m.MovedItem",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/ruling",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_supervised_item(
        self, cycle_id: str, item_id: str, *, at: str | None = None
    ) -> m.SupervisedItemHistory:
        "Read a supervised item."
        return cast(
            "m.SupervisedItemHistory",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}",
                query={"at": at},
            ),
        )

    def list_supervised_item_events(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        what: list[Literal["due_soon", "overdue", "redone", "returned"]] | None = None,
        item_id: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageItemEvent:
        "List what items have earned."
        return cast(
            "m.PageItemEvent",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                query={
                    "unit": unit,
                    "what": what,
                    "item_id": item_id,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_supervised_item_events(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        what: list[Literal["due_soon", "overdue", "redone", "returned"]] | None = None,
        item_id: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.ItemEvent]:
        "List what items have earned: every item of every page."
        return cast(
            "Iterator[m.ItemEvent]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                {"unit": unit, "what": what, "item_id": item_id, "limit": limit},
            ),
        )

    def write_supervised_item_events(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenItemEvents:
        "Write what items have earned."
        return cast(
            "m.WrittenItemEvents",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_complaints(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
        | None = None,
        state: list[
            Literal[
                "raised",
                "accepted",
                "assigned",
                "extension_asked",
                "answered",
                "revisited",
                "closed",
                "refused",
                "linked",
                "suspected",
                "malicious",
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageComplaint:
        "List complaints."
        return cast(
            "m.PageComplaint",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"unit": unit, "kind": kind, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_complaints(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
        | None = None,
        state: list[
            Literal[
                "raised",
                "accepted",
                "assigned",
                "extension_asked",
                "answered",
                "revisited",
                "closed",
                "refused",
                "linked",
                "suspected",
                "malicious",
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Complaint]:
        "List complaints: every item of every page."
        return cast(
            "Iterator[m.Complaint]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                {"unit": unit, "kind": kind, "state": state, "limit": limit},
            ),
        )

    def register_complaints(
        self,
        cycle_id: str,
        body: m.NewComplaints,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredComplaints:
        "Register complaints."
        return cast(
            "m.RegisteredComplaints",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def register_complaints_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewComplaint] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredComplaints:
        "Register complaints, from rows or a file of them."
        return cast(
            "m.RegisteredComplaints",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def answer_complaint(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewComplaintAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedComplaint:
        "Answer or return a complaint, or ask for more time."
        return cast(
            "m.MovedComplaint",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def direct_complaint(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewComplaintDirection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedComplaint:
        "Accept, assign, revisit or close a complaint."
        return cast(
            "m.MovedComplaint",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/directions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_complaint(self, cycle_id: str, complaint_id: str) -> m.ComplaintHistory:
        "Read a complaint."
        return cast(
            "m.ComplaintHistory",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}"
            ),
        )

    def read_complaint_desk(self, cycle_id: str) -> m.DeskNow:
        "Read whether citizens may raise complaints."
        return cast(
            "m.DeskNow", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/complaint-desk")
        )

    def open_complaint_desk(
        self,
        cycle_id: str,
        body: m.NewDesk,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Desk:
        "Open or close the way for citizens."
        return cast(
            "m.Desk",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-desk",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_contact(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewContactReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReadContact:
        "Read how whoever raised a complaint is reached."
        return cast(
            "m.ReadContact",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/contact-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def erase_contacts(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedContacts:
        "Erase contacts whose time is over."
        return cast(
            "m.ErasedContacts",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def write_complaint_events(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenItemEvents:
        "Write what complaints have earned."
        return cast(
            "m.WrittenItemEvents",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-events",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def read_complaint_ratings(self, cycle_id: str, *, month: str) -> m.ComplaintRatings:
        "Read the monthly ratings of complaints."
        return cast(
            "m.ComplaintRatings",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-ratings",
                query={"month": month},
            ),
        )

    def raise_complaint(self, cycle_id: str, body: m.NewPublicComplaint) -> m.RaisedComplaint:
        "Raise a complaint without an account."
        return cast(
            "m.RaisedComplaint",
            self.call("POST", f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints", body=body),
        )

    def follow_complaint(
        self, cycle_id: str, reference: str, *, complaint_token: str | None = None
    ) -> m.FollowedComplaint:
        "Follow a complaint by its number."
        return cast(
            "m.FollowedComplaint",
            self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints/{self.part(reference)}",
                headers={"Complaint-Token": complaint_token},
            ),
        )

    def judge_answer(
        self,
        cycle_id: str,
        reference: str,
        body: m.NewVerdict,
        *,
        complaint_token: str | None = None,
    ) -> m.FollowedComplaint:
        "Say whether the answer will do."
        return cast(
            "m.FollowedComplaint",
            self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints/{self.part(reference)}/verdict",
                body=body,
                headers={"Complaint-Token": complaint_token},
            ),
        )

    def read_evidence(self, cycle_id: str, evidence_id: str) -> m.Evidence:
        "Read what is known of evidence."
        return cast(
            "m.Evidence",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}"
            ),
        )

    def export_evidence(self, cycle_id: str, evidence_id: str) -> bytes:
        "Download evidence."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}/content",
                raw=True,
            ),
        )

    def download_evidence(self, cycle_id: str, evidence_id: str, file: Path) -> None:
        "Download evidence: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}/content",
            query={},
            file=file,
        )

    def name_evidence_of_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewNaming,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedEvidence:
        "Name evidence of an entry."
        return cast(
            "m.NamedEvidence",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/evidence",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def name_evidence_of_claim(
        self,
        cycle_id: str,
        claim_id: str,
        body: m.NewNaming,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedEvidence:
        "Name evidence of a claim."
        return cast(
            "m.NamedEvidence",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/{self.part(claim_id)}/evidence",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_evidence_duplicates(
        self, cycle_id: str, *, apart: int | None = None
    ) -> m.EvidenceDuplicates:
        "Read which evidence was used twice."
        return cast(
            "m.EvidenceDuplicates",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence-duplicates",
                query={"apart": apart},
            ),
        )

    def export_archive(self, cycle_id: str) -> bytes:
        "Download the archive of a cycle."
        return cast(
            "bytes", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/archive", raw=True)
        )

    def download_archive(self, cycle_id: str, file: Path) -> None:
        "Download the archive of a cycle: into a file."
        self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/archive", query={}, file=file)

    def restore_archive(
        self,
        cycle_id: str,
        content: bytes | Path,
        *,
        digest: str,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RestoredArchive:
        "Restore a year out of its archive."
        return cast(
            "m.RestoredArchive",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration",
                query={"digest": digest, "mode": mode},
                content=content,
                key=self.key(idempotency_key),
            ),
        )

    def list_restoration_proposals(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageRestorationProposal:
        "List the archives that were proposed."
        return cast(
            "m.PageRestorationProposal",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_restoration_proposals(
        self, cycle_id: str, *, limit: int | None = None
    ) -> Iterator[m.RestorationProposal]:
        "List the archives that were proposed: every item of every page."
        return cast(
            "Iterator[m.RestorationProposal]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                {"limit": limit},
            ),
        )

    def propose_restoration(
        self,
        cycle_id: str,
        body: m.NewRestorationProposal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedRestoration:
        "Propose to restore an archive."
        return cast(
            "m.ProposedRestoration",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_corrections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["proposed", "approved", "refused", "withdrawn"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.SealedCorrections:
        "List corrections of the sealed record."
        return cast(
            "m.SealedCorrections",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_corrections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["proposed", "approved", "refused", "withdrawn"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.SealedCorrection]:
        "List corrections of the sealed record: every item of every page."
        return cast(
            "Iterator[m.SealedCorrection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    def propose_correction(
        self,
        cycle_id: str,
        body: m.NewCorrection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Propose a correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_correction(
        self,
        cycle_id: str,
        correction_id: str,
        body: m.NewCorrectionDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Decide on a correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections/{self.part(correction_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_correction(
        self,
        cycle_id: str,
        correction_id: str,
        body: m.NewCorrectionWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Take back a proposed correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections/{self.part(correction_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_score_sheets(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        phase: Literal["computed", "fed_back"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageScoreSheetSummary:
        "List the score sheets."
        return cast(
            "m.PageScoreSheetSummary",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                query={"category": category, "phase": phase, "limit": limit, "after": after},
            ),
        )

    def iter_score_sheets(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        phase: Literal["computed", "fed_back"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.ScoreSheetSummary]:
        "List the score sheets: every item of every page."
        return cast(
            "Iterator[m.ScoreSheetSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                {"category": category, "phase": phase, "limit": limit},
            ),
        )

    def compute_score_sheet(
        self,
        cycle_id: str,
        body: m.NewScoreSheet,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ComputedScoreSheet:
        "Compute a score sheet."
        return cast(
            "m.ComputedScoreSheet",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_score_sheet(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        id_scheme: str | None = None,
    ) -> m.ScoreSheet:
        "Read a score sheet."
        return cast(
            "m.ScoreSheet",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}",
                query={"unit": unit, "category": category, "id_scheme": id_scheme},
            ),
        )

    def feed_back_score_sheet(
        self,
        cycle_id: str,
        edition: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FedBackScoreSheet:
        "Feed back a score sheet."
        return cast(
            "m.FedBackScoreSheet",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/feedback",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def export_marks(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        indicator: list[str] | None = None,
        state: list[
            Literal[
                "scored",
                "missing",
                "zero",
                "skipped",
                "category_mean",
                "subcategory_mean",
                "carried_over",
                "not_applicable",
                "short_sample",
                "voided",
            ]
        ]
        | None = None,
        id_scheme: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export all marks."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/marks",
                query={
                    "unit": unit,
                    "category": category,
                    "indicator": indicator,
                    "state": state,
                    "id_scheme": id_scheme,
                    "format": format,
                },
                raw=True,
            ),
        )

    def download_marks(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        file: Path,
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        indicator: list[str] | None = None,
        state: list[
            Literal[
                "scored",
                "missing",
                "zero",
                "skipped",
                "category_mean",
                "subcategory_mean",
                "carried_over",
                "not_applicable",
                "short_sample",
                "voided",
            ]
        ]
        | None = None,
        id_scheme: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export all marks: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/marks",
            query={
                "unit": unit,
                "category": category,
                "indicator": indicator,
                "state": state,
                "id_scheme": id_scheme,
                "format": format or file.suffix[1:],
            },
            file=file,
        )

    def explain_score(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        unit: str,
        *,
        vetoed: list[str] | None = None,
    ) -> m.Explanation:
        "Explain a unit's score."
        return cast(
            "m.Explanation",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/units/{self.part(unit)}/explanation",
                query={"vetoed": vetoed},
            ),
        )

    def compare_score_sheets(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        against: int,
        tag: str | None = None,
    ) -> m.SheetDifferences:
        "Compare two score sheets."
        return cast(
            "m.SheetDifferences",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/differences",
                query={"against": against, "tag": tag},
            ),
        )

    def diagnose_score_sheet(
        self, cycle_id: str, edition: int | Literal["latest"], *, tag: str | None = None
    ) -> m.SheetDiagnostics:
        "Diagnose a score sheet."
        return cast(
            "m.SheetDiagnostics",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/diagnostics",
                query={"tag": tag},
            ),
        )

    def diagnose_weights(
        self, cycle_id: str, edition: int | Literal["latest"]
    ) -> m.NextSchemeDiagnosed:
        "Begin next year's scheme with a diagnosis of each weight."
        return cast(
            "m.NextSchemeDiagnosed",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/next-scheme",
            ),
        )

    def read_outlook(
        self, cycle_id: str, edition: int | Literal["latest"], unit: str, *, tag: str | None = None
    ) -> m.Outlook:
        "Read a unit's outlook."
        return cast(
            "m.Outlook",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/units/{self.part(unit)}/outlook",
                query={"tag": tag},
            ),
        )

    def simulate_scores(self, cycle_id: str, body: m.NewScoreSimulation) -> m.ScoreSimulation:
        "Simulate scores."
        return cast(
            "m.ScoreSimulation",
            self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/score-simulations", body=body),
        )

    def simulate_own_results(self, cycle_id: str, body: m.NewOwnSimulation) -> m.OwnSimulation:
        "Simulate the own results so far."
        return cast(
            "m.OwnSimulation",
            self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/own-simulations", body=body),
        )

    def read_stage_results(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        unit: str | None = None,
        at: str | None = None,
    ) -> m.StageResults:
        "Read the results so far."
        return cast(
            "m.StageResults",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/current",
                query={"category": category, "unit": unit, "at": at},
            ),
        )

    def read_matters(
        self,
        cycle_id: str,
        unit: str,
        *,
        what: list[
            Literal[
                "input",
                "signature",
                "verification",
                "evidence",
                "correction",
                "reply",
                "answer",
                "confirmation",
                "award",
                "item",
            ]
        ]
        | None = None,
        indicator: str | None = None,
    ) -> m.Matters:
        "Read what points still depend on."
        return cast(
            "m.Matters",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/current/units/{self.part(unit)}/matters",
                query={"what": what, "indicator": indicator},
            ),
        )

    def list_stages(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageStage:
        "List the stages of a cycle."
        return cast(
            "m.PageStage",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_stages(self, cycle_id: str, *, limit: int | None = None) -> Iterator[m.Stage]:
        "List the stages of a cycle: every item of every page."
        return cast(
            "Iterator[m.Stage]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/stage-results", {"limit": limit}),
        )

    def freeze_stage_results(
        self,
        cycle_id: str,
        body: m.NewStage,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FrozenStage:
        "Freeze the results so far as a stage."
        return cast(
            "m.FrozenStage",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_stage(
        self, cycle_id: str, stage_no: int, *, category: str | None = None, unit: str | None = None
    ) -> m.StageResult:
        "Read a stage."
        return cast(
            "m.StageResult",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}",
                query={"category": category, "unit": unit},
            ),
        )

    def propose_stage_release(
        self,
        cycle_id: str,
        stage_no: int,
        body: m.NewStageRelease,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedStage:
        "Propose to release the ranks of a stage."
        return cast(
            "m.MovedStage",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}/release",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_stage_release(
        self,
        cycle_id: str,
        stage_no: int,
        body: m.NewReleaseDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedStage:
        "Confirm the release of a stage's ranks."
        return cast(
            "m.MovedStage",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}/release/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_lineage(
        self, cycle_id: str, indicator: str, *, unit: str, years: int | None = None
    ) -> m.Lineage:
        "Read an indicator over the years."
        return cast(
            "m.Lineage",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/indicators/{self.part(indicator)}/lineage",
                query={"unit": unit, "years": years},
            ),
        )

    def read_baselines(
        self, cycle_id: str, *, indicator: list[str], previous: str | None = None
    ) -> m.Baselines:
        "Read the baselines of last year."
        return cast(
            "m.Baselines",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/baselines",
                query={"indicator": indicator, "previous": previous},
            ),
        )

    def read_obligations(self, unit: str) -> m.UnitObligations:
        "Tell what a unit owes over its cycles."
        return cast(
            "m.UnitObligations", self.call("GET", f"/api/v1/units/{self.part(unit)}/obligations")
        )

    def list_project_states(self, cycle_id: str, *, unit: str | None = None) -> m.ProjectStandings:
        "List how far projects are."
        return cast(
            "m.ProjectStandings",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/project-states", query={"unit": unit}
            ),
        )

    def read_own_marks(self, cycle_id: str) -> m.OwnMarks:
        "Read the caller's own marks."
        return cast(
            "m.OwnMarks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/panel-marks/own")
        )

    def list_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnitInSuperiorLists:
        "List places in the superior's lists."
        return cast(
            "m.PageUnitInSuperiorLists",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks",
                query={"unit": unit, "indicator": indicator, "limit": limit, "after": after},
            ),
        )

    def iter_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.UnitInSuperiorLists]:
        "List places in the superior's lists: every item of every page."
        return cast(
            "Iterator[m.UnitInSuperiorLists]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks",
                {"unit": unit, "indicator": indicator, "limit": limit},
            ),
        )

    def export_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export places in the superior's lists."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks/export",
                query={"unit": unit, "indicator": indicator, "format": format},
                raw=True,
            ),
        )

    def download_superior_ranks(
        self,
        cycle_id: str,
        file: Path,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export places in the superior's lists: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks/export",
            query={"unit": unit, "indicator": indicator, "format": format or file.suffix[1:]},
            file=file,
        )

    def read_scoring_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of scoring."
        return cast(
            "m.PageJournalEntry",
            self.call(
                "GET",
                f"/api/v1/journals/scoring/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_scoring_chain(
        self, chain: str, *, limit: int | None = None
    ) -> Iterator[m.JournalEntry]:
        "Read a journal of scoring: every item of every page."
        return cast(
            "Iterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/scoring/chains/{self.part(chain)}", {"limit": limit}),
        )

    def verify_scoring_chain(self, chain: str) -> m.Verification:
        "Verify a journal of scoring."
        return cast(
            "m.Verification",
            self.call("GET", f"/api/v1/journals/scoring/chains/{self.part(chain)}/verification"),
        )

    def read_scoring_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of scoring have come."
        return cast(
            "m.PageChainHead",
            self.call(
                "GET", f"/api/v1/journals/scoring/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_scoring_heads(self, *, limit: int | None = None) -> Iterator[m.ChainHead]:
        "Read how far the journals of scoring have come: every item of every page."
        return cast(
            "Iterator[m.ChainHead]", self.pages(f"/api/v1/journals/scoring/heads", {"limit": limit})
        )

    def check_scoring_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of scoring."
        return cast(
            "m.Receipt", self.call("GET", f"/api/v1/journals/scoring/receipts/{self.part(hash)}")
        )

    def list_surveys(
        self,
        cycle_id: str,
        *,
        code: list[str] | None = None,
        state: list[m.WaveState] | None = None,
    ) -> m.CycleSurveys:
        "List the surveys."
        return cast(
            "m.CycleSurveys",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/surveys",
                query={"code": code, "state": state},
            ),
        )

    def create_survey(
        self,
        cycle_id: str,
        body: m.NewSurvey,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CreatedSurvey:
        "Create a survey."
        return cast(
            "m.CreatedSurvey",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/surveys",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_questionnaires(
        self, survey_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageQuestionnaireVersion:
        "List the versions of a questionnaire."
        return cast(
            "m.PageQuestionnaireVersion",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/questionnaires",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_questionnaires(
        self, survey_id: str, *, limit: int | None = None
    ) -> Iterator[m.QuestionnaireVersion]:
        "List the versions of a questionnaire: every item of every page."
        return cast(
            "Iterator[m.QuestionnaireVersion]",
            self.pages(f"/api/v1/surveys/{self.part(survey_id)}/questionnaires", {"limit": limit}),
        )

    def enter_questionnaire(
        self,
        survey_id: str,
        body: m.NewQuestionnaire,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnteredQuestionnaire:
        "Enter a questionnaire."
        return cast(
            "m.EnteredQuestionnaire",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/questionnaires",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_questionnaire(self, survey_id: str, version: int) -> m.Questionnaire:
        "Read a version of a questionnaire."
        return cast(
            "m.Questionnaire",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/questionnaires/{self.part(version)}"
            ),
        )

    def open_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Open a wave."
        return cast(
            "m.WaveChanged",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opening",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def close_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewClosing | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Close a wave."
        return cast(
            "m.WaveChanged",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/closing",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_wave(self, survey_id: str, wave: int) -> m.WaveProgress:
        "Read a wave."
        return cast(
            "m.WaveProgress",
            self.call("GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}"),
        )

    def enter_plan(
        self,
        survey_id: str,
        wave: int,
        body: m.NewPlan,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnteredPlan:
        "Enter a sample plan."
        return cast(
            "m.EnteredPlan",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/plans",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_plan(self, survey_id: str, wave: int, *, version: int | None = None) -> m.Plan:
        "Read the sample plan."
        return cast(
            "m.Plan",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/plan",
                query={"version": version},
            ),
        )

    def stop_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Stop a wave."
        return cast(
            "m.WaveChanged",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/stopping",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def reopen_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReopening,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Reopen a wave."
        return cast(
            "m.WaveChanged",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/reopening",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_attestations(self, survey_id: str, wave: int) -> m.WaveAttestations:
        "List the attestations of a wave."
        return cast(
            "m.WaveAttestations",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/attestations",
            ),
        )

    def attest_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewAttestation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedAttestation:
        "Attest a wave."
        return cast(
            "m.RecordedAttestation",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/attestations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_voidings(self, survey_id: str, wave: int) -> m.WaveVoidings:
        "List the proposals to void a wave."
        return cast(
            "m.WaveVoidings",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings"
            ),
        )

    def propose_voiding(
        self,
        survey_id: str,
        wave: int,
        body: m.NewVoiding,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedVoiding:
        "Propose to void a wave."
        return cast(
            "m.RecordedVoiding",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_voiding(
        self,
        survey_id: str,
        wave: int,
        voiding_no: int,
        body: m.NewVoidingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedVoiding:
        "Decide whether a wave is void."
        return cast(
            "m.RecordedVoiding",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings/{self.part(voiding_no)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def repeat_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WaveRepetition:
        "Repeat a voided wave."
        return cast(
            "m.WaveRepetition",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/repetition",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_batches(
        self, survey_id: str, wave: int, *, limit: int | None = None, after: str | None = None
    ) -> m.PageBatch:
        "List the batches of a wave."
        return cast(
            "m.PageBatch",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_batches(
        self, survey_id: str, wave: int, *, limit: int | None = None
    ) -> Iterator[m.Batch]:
        "List the batches of a wave: every item of every page."
        return cast(
            "Iterator[m.Batch]",
            self.pages(
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                {"limit": limit},
            ),
        )

    def post_batch(
        self,
        survey_id: str,
        wave: int,
        body: m.NewBatch,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedBatch:
        "Post a batch of responses."
        return cast(
            "m.PostedBatch",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def post_batch_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.Response] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        batch_no: str | None = None,
        questionnaire_version: int | None = None,
        control_totals_count: int | None = None,
        control_totals_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedBatch:
        "Post a batch of responses, from rows or a file of them."
        return cast(
            "m.PostedBatch",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={
                    "id_scheme": id_scheme,
                    "mode": mode,
                    "batch_no": batch_no,
                    "questionnaire_version": questionnaire_version,
                    "control_totals.count": control_totals_count,
                    "control_totals.digest": control_totals_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_batch(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        body: m.NewWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WithdrawnBatch:
        "Withdraw a batch."
        return cast(
            "m.WithdrawnBatch",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        unit: str | None = None,
        state: m.OpinionState | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageQuarantinedOpinion:
        "Read opinions in quarantine."
        return cast(
            "m.PageQuarantinedOpinion",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        unit: str | None = None,
        state: m.OpinionState | None = None,
        limit: int | None = None,
    ) -> Iterator[m.QuarantinedOpinion]:
        "Read opinions in quarantine: every item of every page."
        return cast(
            "Iterator[m.QuarantinedOpinion]",
            self.pages(
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    def post_opinions(
        self,
        survey_id: str,
        wave: int,
        body: m.NewOpinions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedOpinions:
        "Post opinions that came without an interview."
        return cast(
            "m.PostedOpinions",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def post_opinions_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewOpinion] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        batch_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedOpinions:
        "Post opinions that came without an interview, from rows or a file of them."
        return cast(
            "m.PostedOpinions",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"mode": mode, "batch_no": batch_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def propose_reviews(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReviews,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedReviews:
        "Propose reviews of opinions."
        return cast(
            "m.ProposedReviews",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/reviews",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def propose_reviews_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewReview] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedReviews:
        "Propose reviews of opinions, from rows or a file of them."
        return cast(
            "m.ProposedReviews",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/reviews",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_reviews(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReviewConfirmations,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedReviews:
        "Confirm reviews of opinions."
        return cast(
            "m.ConfirmedReviews",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_reviews_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewReviewConfirmation] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedReviews:
        "Confirm reviews of opinions, from rows or a file of them."
        return cast(
            "m.ConfirmedReviews",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def publish_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.OpinionPublication:
        "Publish opinions."
        return cast(
            "m.OpinionPublication",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/publication",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_published_opinions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PagePublishedOpinion:
        "Read published opinions."
        return cast(
            "m.PagePublishedOpinion",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/opinions",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_published_opinions(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> Iterator[m.PublishedOpinion]:
        "Read published opinions: every item of every page."
        return cast(
            "Iterator[m.PublishedOpinion]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/opinions", {"unit": unit, "limit": limit}
            ),
        )

    def list_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRectificationItem:
        "Read rectification items."
        return cast(
            "m.PageRectificationItem",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_items(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> Iterator[m.RectificationItem]:
        "Read rectification items: every item of every page."
        return cast(
            "Iterator[m.RectificationItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                {"unit": unit, "limit": limit},
            ),
        )

    def assign_items(
        self,
        cycle_id: str,
        body: m.NewItems,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AssignedItems:
        "Assign rectification items."
        return cast(
            "m.AssignedItems",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def reply_to_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewReply,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedItem:
        "Reply to a rectification item."
        return cast(
            "m.RecordedItem",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items/{self.part(item_id)}/replies",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_on_reply(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewReplyDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedItem:
        "Decide on the reply to a rectification item."
        return cast(
            "m.RecordedItem",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items/{self.part(item_id)}/decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_mapping(
        self, survey_id: str, name: str, *, version: int | None = None
    ) -> m.SavedMapping:
        "Read what the columns of files are."
        return cast(
            "m.SavedMapping",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/mappings/{self.part(name)}",
                query={"version": version},
            ),
        )

    def save_mapping(
        self,
        survey_id: str,
        name: str,
        body: m.NewExportMapping,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedMapping:
        "Save what the columns of files are."
        return cast(
            "m.RecordedMapping",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/mappings/{self.part(name)}",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_mappings(self, survey_id: str) -> m.ExportMappings:
        "List what was saved about columns of files."
        return cast(
            "m.ExportMappings", self.call("GET", f"/api/v1/surveys/{self.part(survey_id)}/mappings")
        )

    def post_file(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[dict[str, str]] | Path,
        *,
        batch_no: str,
        mapping: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        questionnaire_version: int | None = None,
        control_totals_count: int | None = None,
        control_totals_sums: list[str] | None = None,
        control_totals_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedFile:
        "Post a file of responses, from rows or a file of them."
        return cast(
            "m.PostedFile",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/files",
                query={
                    "batch_no": batch_no,
                    "mapping": mapping,
                    "mode": mode,
                    "questionnaire_version": questionnaire_version,
                    "control_totals.count": control_totals_count,
                    "control_totals.sums": control_totals_sums,
                    "control_totals.digest": control_totals_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    def export_refused_rows(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export the rows of a file that were refused."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/refused-rows",
                query={"format": format},
                raw=True,
            ),
        )

    def download_refused_rows(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        file: Path,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export the rows of a file that were refused: into a file."
        self.call(
            "GET",
            f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/refused-rows",
            query={"format": format or file.suffix[1:]},
            file=file,
        )

    def read_reconciliation(
        self, survey_id: str, wave: int, *, batch_no: str | None = None
    ) -> m.Reconciliation:
        "Read what became of the rows that were sent."
        return cast(
            "m.Reconciliation",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/reconciliation",
                query={"batch_no": batch_no},
            ),
        )

    def list_meeting_counts(self, survey_id: str, wave: int) -> m.MeetingCounts:
        "List the counts of meetings."
        return cast(
            "m.MeetingCounts",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts",
            ),
        )

    def post_meeting_count(
        self,
        survey_id: str,
        wave: int,
        body: m.NewNumberedCount,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Post the count of a meeting."
        return cast(
            "m.RecordedCount",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_meeting_count(
        self,
        survey_id: str,
        wave: int,
        count_no: str,
        body: m.NewCount,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Confirm the count of a meeting by a second count."
        return cast(
            "m.RecordedCount",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts/{self.part(count_no)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_meeting_count(
        self,
        survey_id: str,
        wave: int,
        count_no: str,
        body: m.NewWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Withdraw the count of a meeting."
        return cast(
            "m.RecordedCount",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts/{self.part(count_no)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_seats(self, survey_id: str, wave: int) -> m.Seats:
        "List the seats of a wave."
        return cast(
            "m.Seats",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats"
            ),
        )

    def name_seats(
        self,
        survey_id: str,
        wave: int,
        body: m.NewSeats,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedSeats:
        "Name the seats of a wave."
        return cast(
            "m.RecordedSeats",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def replace_seat(
        self,
        survey_id: str,
        wave: int,
        seat: str,
        body: m.NewSeatReplacement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedSeats:
        "Give a seat to another account."
        return cast(
            "m.RecordedSeats",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats/{self.part(seat)}/replacement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def set_up_urn(
        self,
        survey_id: str,
        wave: int,
        body: m.NewUrn,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UrnStep:
        "Set up the urn of a wave."
        return cast(
            "m.UrnStep",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/urn",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def open_urn(
        self,
        survey_id: str,
        wave: int,
        body: m.NewUrnOpening,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UrnStep:
        "Open the urn of a wave."
        return cast(
            "m.UrnStep",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/urn/opening",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_ballot_paper(self, survey_id: str, wave: int) -> m.BallotPaper:
        "Read the ballot paper."
        return cast(
            "m.BallotPaper",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/ballot"
            ),
        )

    def cast_ballot(
        self,
        survey_id: str,
        wave: int,
        body: m.NewBallot,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CastBallot:
        "Cast a ballot."
        return cast(
            "m.CastBallot",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/ballot",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_links(self, survey_id: str, wave: int) -> m.WaveLinks:
        "See how far links have been used."
        return cast(
            "m.WaveLinks",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links"
            ),
        )

    def draw_links(
        self,
        survey_id: str,
        wave: int,
        body: m.NewLinks,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DrawnLinks:
        "Draw links of online forms."
        return cast(
            "m.DrawnLinks",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_links(
        self,
        survey_id: str,
        wave: int,
        body: m.NewLinksWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WithdrawnLinks:
        "Withdraw unused links."
        return cast(
            "m.WithdrawnLinks",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_open_form(
        self, *, language: str | None = None, form_link: str | None = None
    ) -> m.OpenForm:
        "Read the form of a link."
        return cast(
            "m.OpenForm",
            self.call(
                "GET",
                f"/api/v1/open-form",
                query={"language": language},
                headers={"Form-Link": form_link},
            ),
        )

    def answer_open_form(self, body: m.NewForm, *, form_link: str | None = None) -> m.TakenForm:
        "Answer the form of a link."
        return cast(
            "m.TakenForm",
            self.call("POST", f"/api/v1/open-form", body=body, headers={"Form-Link": form_link}),
        )

    def list_sample_decisions(self, survey_id: str, wave: int) -> m.SampleDecisions:
        "List decisions about samples."
        return cast(
            "m.SampleDecisions",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions",
            ),
        )

    def propose_sample_decision(
        self,
        survey_id: str,
        wave: int,
        body: m.NewSampleDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedDecision:
        "Propose a decision about samples."
        return cast(
            "m.RecordedDecision",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_sample_decision(
        self,
        survey_id: str,
        wave: int,
        decision_no: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedDecision:
        "Confirm a decision about samples."
        return cast(
            "m.RecordedDecision",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions/{self.part(decision_no)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def read_screens(self, survey_id: str, wave: int) -> m.WaveScreens:
        "Read what the screens of a wave found."
        return cast(
            "m.WaveScreens",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screens"
            ),
        )

    def list_screen_decisions(self, survey_id: str, wave: int) -> m.ScreenDecisions:
        "List decisions about findings."
        return cast(
            "m.ScreenDecisions",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions",
            ),
        )

    def propose_screen_decision(
        self,
        survey_id: str,
        wave: int,
        body: m.NewScreenDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedScreenDecision:
        "Propose a decision about findings."
        return cast(
            "m.RecordedScreenDecision",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_screen_decision(
        self,
        survey_id: str,
        wave: int,
        decision_no: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedScreenDecision:
        "Confirm a decision about findings."
        return cast(
            "m.RecordedScreenDecision",
            self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions/{self.part(decision_no)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def read_satisfaction(
        self, cycle_id: str, *, id_scheme: str | None = None
    ) -> m.CycleSatisfaction:
        "Read satisfaction."
        return cast(
            "m.CycleSatisfaction",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/satisfaction",
                query={"id_scheme": id_scheme},
            ),
        )

    def read_estimates(
        self, survey_id: str, wave: int, *, unit: list[str] | None = None
    ) -> m.WaveEstimates:
        "Read the estimates."
        return cast(
            "m.WaveEstimates",
            self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/estimates",
                query={"unit": unit},
            ),
        )

    def read_weighting(self, survey_id: str, wave: int) -> m.WaveWeighting:
        "Read the weighting."
        return cast(
            "m.WaveWeighting",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/weighting"
            ),
        )

    def read_estimates_over_waves(self, cycle_id: str) -> m.CycleEstimates:
        "Read the estimates over waves."
        return cast(
            "m.CycleEstimates", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/estimates")
        )

    def read_wave_tables(self, survey_id: str, wave: int) -> m.WaveTables:
        "Read the answers of a closed wave."
        return cast(
            "m.WaveTables",
            self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/tables"
            ),
        )

    def list_survey_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of surveys."
        return cast(
            "m.Tasks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/survey")
        )

    def read_survey_progress(self, cycle_id: str) -> m.SurveyProgress:
        "Read how far the surveys are."
        return cast(
            "m.SurveyProgress",
            self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/survey-progress"),
        )

    def read_survey_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of survey."
        return cast(
            "m.PageJournalEntry",
            self.call(
                "GET",
                f"/api/v1/journals/survey/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_survey_chain(
        self, chain: str, *, limit: int | None = None
    ) -> Iterator[m.JournalEntry]:
        "Read a journal of survey: every item of every page."
        return cast(
            "Iterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/survey/chains/{self.part(chain)}", {"limit": limit}),
        )

    def verify_survey_chain(self, chain: str) -> m.Verification:
        "Verify a journal of survey."
        return cast(
            "m.Verification",
            self.call("GET", f"/api/v1/journals/survey/chains/{self.part(chain)}/verification"),
        )

    def read_survey_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of survey have come."
        return cast(
            "m.PageChainHead",
            self.call(
                "GET", f"/api/v1/journals/survey/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_survey_heads(self, *, limit: int | None = None) -> Iterator[m.ChainHead]:
        "Read how far the journals of survey have come: every item of every page."
        return cast(
            "Iterator[m.ChainHead]", self.pages(f"/api/v1/journals/survey/heads", {"limit": limit})
        )

    def check_survey_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of survey."
        return cast(
            "m.Receipt", self.call("GET", f"/api/v1/journals/survey/receipts/{self.part(hash)}")
        )

    def list_vetoes(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReported:
        "List vetoes."
        return cast(
            "m.PageReported",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                query={
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_vetoes(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Reported]:
        "List vetoes: every item of every page."
        return cast(
            "Iterator[m.Reported]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                {
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    def report_veto(
        self,
        cycle_id: str,
        body: m.NewVeto,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Report a veto."
        return cast(
            "m.VetoReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_demotions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReported:
        "List demotions."
        return cast(
            "m.PageReported",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                query={
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_demotions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Reported]:
        "List demotions: every item of every page."
        return cast(
            "Iterator[m.Reported]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                {
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    def report_demotion(
        self,
        cycle_id: str,
        body: m.NewDemotion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Report a demotion."
        return cast(
            "m.DemotionReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_veto(
        self,
        cycle_id: str,
        number: int,
        body: m.RankingNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Confirm a veto."
        return cast(
            "m.VetoReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes/{self.part(number)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def lift_veto(
        self,
        cycle_id: str,
        number: int,
        body: m.NewLifting,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Lift a veto."
        return cast(
            "m.VetoReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes/{self.part(number)}/lifting",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_demotion(
        self,
        cycle_id: str,
        number: int,
        body: m.RankingNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Confirm a demotion."
        return cast(
            "m.DemotionReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions/{self.part(number)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def lift_demotion(
        self,
        cycle_id: str,
        number: int,
        body: m.NewLifting,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Lift a demotion."
        return cast(
            "m.DemotionReported",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions/{self.part(number)}/lifting",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def count_vetoes(self, cycle_id: str) -> m.VetoCounts:
        "Count the vetoes."
        return cast(
            "m.VetoCounts", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/veto-counts")
        )

    def list_rankings(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        state: list[
            Literal[
                "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRankingSummary:
        "List the rankings."
        return cast(
            "m.PageRankingSummary",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                query={"category": category, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_rankings(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        state: list[
            Literal[
                "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[m.RankingSummary]:
        "List the rankings: every item of every page."
        return cast(
            "Iterator[m.RankingSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                {"category": category, "state": state, "limit": limit},
            ),
        )

    def compute_ranking(
        self,
        cycle_id: str,
        body: m.NewRanking,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RankingComputed:
        "Compute a ranking."
        return cast(
            "m.RankingComputed",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_ranking(
        self, cycle_id: str, edition: int, *, id_scheme: str | None = None
    ) -> m.Ranking:
        "Read a ranking."
        return cast(
            "m.Ranking",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}",
                query={"id_scheme": id_scheme},
            ),
        )

    def read_survey_errors(self, cycle_id: str, edition: int) -> m.SurveyErrors:
        "Read the errors of the surveys in a ranking."
        return cast(
            "m.SurveyErrors",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/survey-errors",
            ),
        )

    def read_uncertainty(
        self,
        cycle_id: str,
        edition: int,
        *,
        seed: int | None = None,
        replications: int | None = None,
        weights_by: int | None = None,
        vary: Literal["blocks", "indicators"] | None = None,
        earlier_cycle: str | None = None,
    ) -> m.Uncertainty:
        "Read how firm a ranking is."
        return cast(
            "m.Uncertainty",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/uncertainty",
                query={
                    "seed": seed,
                    "replications": replications,
                    "weights_by": weights_by,
                    "vary": vary,
                    "earlier_cycle": earlier_cycle,
                },
            ),
        )

    def simulate_ranking(self, cycle_id: str, body: m.NewSimulation) -> m.Simulation:
        "Simulate a ranking."
        return cast(
            "m.Simulation",
            self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/simulations", body=body),
        )

    def merge_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Merge a ranking."
        return cast(
            "m.StepTaken",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/merge",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def review_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Review a ranking."
        return cast(
            "m.StepTaken",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/review",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def decide_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Decide on a ranking."
        return cast(
            "m.StepTaken",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def read_ranking_steps(self, cycle_id: str, edition: int) -> m.ChainOfEdition:
        "Read the approval chain of a ranking."
        return cast(
            "m.ChainOfEdition",
            self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/steps"
            ),
        )

    def take_ranking_step(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewChainStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Take a step of the approval chain."
        return cast(
            "m.StepTaken",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/steps",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_delegations(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageDelegationGiven:
        "List the delegations."
        return cast(
            "m.PageDelegationGiven",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/delegations",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_delegations(
        self, cycle_id: str, *, limit: int | None = None
    ) -> Iterator[m.DelegationGiven]:
        "List the delegations: every item of every page."
        return cast(
            "Iterator[m.DelegationGiven]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/delegations", {"limit": limit}),
        )

    def delegate_signature(
        self,
        cycle_id: str,
        body: m.NewDelegation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DelegationRecorded:
        "Delegate a signature."
        return cast(
            "m.DelegationRecorded",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/delegations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def publish_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewRelease,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RankingPublished:
        "Publish a ranking."
        return cast(
            "m.RankingPublished",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/publication",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def list_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReleaseSummary:
        "List the releases."
        return cast(
            "m.PageReleaseSummary",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases",
                query={
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> Iterator[m.ReleaseSummary]:
        "List the releases: every item of every page."
        return cast(
            "Iterator[m.ReleaseSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/releases",
                {"category": category, "changed_since": changed_since, "limit": limit},
            ),
        )

    def read_release(
        self, cycle_id: str, release: int, *, id_scheme: str | None = None
    ) -> m.Release:
        "Read a release."
        return cast(
            "m.Release",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}",
                query={"id_scheme": id_scheme},
            ),
        )

    def open_notice(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewNotice,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeOpened:
        "Show everybody what is proposed."
        return cast(
            "m.NoticeOpened",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/notice",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_notices(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageNoticeSummary:
        "List notices."
        return cast(
            "m.PageNoticeSummary",
            self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices",
                query={"category": category, "limit": limit, "after": after},
            ),
        )

    def iter_notices(
        self, cycle_id: str, *, category: str | None = None, limit: int | None = None
    ) -> Iterator[m.NoticeSummary]:
        "List notices: every item of every page."
        return cast(
            "Iterator[m.NoticeSummary]",
            self.pages(
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices",
                {"category": category, "limit": limit},
            ),
        )

    def read_notice(self, cycle_id: str, notice: int) -> m.Notice:
        "Read a notice."
        return cast(
            "m.Notice",
            self.call(
                "GET", f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}"
            ),
        )

    def list_notice_objections(
        self,
        cycle_id: str,
        notice: int,
        *,
        answered: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageNoticeObjection:
        "List objections to a notice."
        return cast(
            "m.PageNoticeObjection",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                query={"answered": answered, "limit": limit, "after": after},
            ),
        )

    def iter_notice_objections(
        self, cycle_id: str, notice: int, *, answered: bool | None = None, limit: int | None = None
    ) -> Iterator[m.NoticeObjection]:
        "List objections to a notice: every item of every page."
        return cast(
            "Iterator[m.NoticeObjection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                {"answered": answered, "limit": limit},
            ),
        )

    def object_to_notice(
        self,
        cycle_id: str,
        notice: int,
        body: m.NewNoticeObjection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeObjectionMade:
        "Object to a notice as a unit."
        return cast(
            "m.NoticeObjectionMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def answer_notice_objections(
        self,
        cycle_id: str,
        notice: int,
        body: m.NewNoticeAnswers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeAnswersMade:
        "Answer objections to a notice."
        return cast(
            "m.NoticeAnswersMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def object_in_public(
        self, cycle_id: str, notice: int, body: m.NewPublicObjection
    ) -> m.FiledNoticeObjection:
        "Object to a notice without an account."
        return cast(
            "m.FiledNoticeObjection",
            self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                body=body,
            ),
        )

    def follow_notice_objection(
        self, cycle_id: str, notice: int, reference: str, *, objection_token: str | None = None
    ) -> m.NoticeObjection:
        "Follow an objection by its number."
        return cast(
            "m.NoticeObjection",
            self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}",
                headers={"Objection-Token": objection_token},
            ),
        )

    def withdraw_notice_objection(
        self,
        cycle_id: str,
        notice: int,
        reference: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeObjectionMade:
        "Take an objection of the unit back."
        return cast(
            "m.NoticeObjectionMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/withdrawal",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_in_public(
        self, cycle_id: str, notice: int, reference: str, *, objection_token: str | None = None
    ) -> m.NoticeObjection:
        "Take an objection back by its number."
        return cast(
            "m.NoticeObjection",
            self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/withdrawal",
                headers={"Objection-Token": objection_token},
            ),
        )

    def read_notice_contact(
        self,
        cycle_id: str,
        notice: int,
        reference: str,
        body: m.NewNoticeContactReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReadNoticeContact:
        "Read how somebody who objected is reached."
        return cast(
            "m.ReadNoticeContact",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/contact-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def erase_notice_contacts(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedNoticeContacts:
        "Erase contacts of those who objected."
        return cast(
            "m.ErasedNoticeContacts",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notice-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def move_embargo(
        self,
        cycle_id: str,
        release: int,
        body: m.NewInstant,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InstantMoved:
        "Move an embargo."
        return cast(
            "m.InstantMoved",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/embargo",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def compare_rankings(
        self, cycle_id: str, edition: int, *, against: int
    ) -> m.RankingDifferences:
        "Compare two rankings."
        return cast(
            "m.RankingDifferences",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/differences",
                query={"against": against},
            ),
        )

    def compare_releases(
        self, cycle_id: str, release: int, *, against: int
    ) -> m.RankingDifferences:
        "Compare two releases."
        return cast(
            "m.RankingDifferences",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/differences",
                query={"against": against},
            ),
        )

    def propose_consequences(
        self,
        cycle_id: str,
        release: int,
        body: m.NewConsequences,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequencesProposed:
        "Propose what grades lead to."
        return cast(
            "m.ConsequencesProposed",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/consequences",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_consequences(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "commendation",
            "fault_notice",
            "public_criticism",
            "admonition_talk",
            "rectification_report",
            "award_ban",
            "title",
            "bonus_coefficient",
            "headcount_quota",
            "negative_case",
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageConsequence:
        "List what results lead to."
        return cast(
            "m.PageConsequence",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                query={"unit": unit, "kind": kind, "limit": limit, "after": after},
            ),
        )

    def iter_consequences(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "commendation",
            "fault_notice",
            "public_criticism",
            "admonition_talk",
            "rectification_report",
            "award_ban",
            "title",
            "bonus_coefficient",
            "headcount_quota",
            "negative_case",
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Consequence]:
        "List what results lead to: every item of every page."
        return cast(
            "Iterator[m.Consequence]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                {"unit": unit, "kind": kind, "limit": limit},
            ),
        )

    def propose_consequence(
        self,
        cycle_id: str,
        body: m.NewConsequence,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Propose a consequence of a unit."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewConsequenceDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Decide on a consequence."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def hear_unit(
        self,
        cycle_id: str,
        number: int,
        body: m.NewHearing,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say what a unit says of a negative case."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/hearing",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def complete_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewCompletion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say that a consequence was carried out."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/completion",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def revoke_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewConsequenceRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Ask to revoke a consequence."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def record_recovery(
        self,
        cycle_id: str,
        number: int,
        body: m.NewRecovery,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say that a bonus came back."
        return cast(
            "m.ConsequenceMade",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/recovery",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def follow_reports(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FollowedReports:
        "Follow the items of rectification reports."
        return cast(
            "m.FollowedReports",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/reports",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def compute_distribution(self, cycle_id: str, body: m.NewDistribution) -> m.Distribution:
        "Share out a budget and places."
        return cast(
            "m.Distribution",
            self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/distributions", body=body),
        )

    def enter_linked_result(
        self,
        cycle_id: str,
        body: m.NewLinkedResult,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedResultStored:
        "Enter a result of a team or a person."
        return cast(
            "m.LinkedResultStored",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-results",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def decide_linked_result(
        self,
        cycle_id: str,
        result_id: str,
        body: m.NewLinkedDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedResultStored:
        "Type a result the second time."
        return cast(
            "m.LinkedResultStored",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-results/{self.part(result_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def erase_linked_results(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedResults:
        "Erase linked results of persons."
        return cast(
            "m.ErasedResults",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_linked_readings(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageLoggedReading:
        "List readings of linked results."
        return cast(
            "m.PageLoggedReading",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_linked_readings(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> Iterator[m.LoggedReading]:
        "List readings of linked results: every item of every page."
        return cast(
            "Iterator[m.LoggedReading]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                {"unit": unit, "limit": limit},
            ),
        )

    def read_linked_results(
        self,
        cycle_id: str,
        body: m.NewLinkedReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedReading:
        "Read linked results."
        return cast(
            "m.LinkedReading",
            self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def compare_years(
        self, cycle_id: str, release: int, *, years: int | None = None
    ) -> m.YearsCompared:
        "Compare a release with earlier years."
        return cast(
            "m.YearsCompared",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/comparison",
                query={"years": years},
            ),
        )

    def print_ranking(
        self,
        cycle_id: str,
        release: int,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the list of a release."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/list",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    def download_print_ranking(
        self,
        cycle_id: str,
        release: int,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the list of a release: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/list",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    def print_notice(
        self,
        cycle_id: str,
        release: int,
        *,
        issued_by: str,
        document_no: str | None = None,
        addressed_to: str | None = None,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the notice of a release."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/notice",
                query={
                    "issued_by": issued_by,
                    "document_no": document_no,
                    "addressed_to": addressed_to,
                    "format": format,
                    "language": language,
                },
                raw=True,
            ),
        )

    def download_print_notice(
        self,
        cycle_id: str,
        release: int,
        file: Path,
        *,
        issued_by: str,
        document_no: str | None = None,
        addressed_to: str | None = None,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the notice of a release: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/notice",
            query={
                "issued_by": issued_by,
                "document_no": document_no,
                "addressed_to": addressed_to,
                "format": format or file.suffix[1:],
                "language": language,
            },
            file=file,
        )

    def print_score_sheet(
        self,
        cycle_id: str,
        release: int,
        unit: str,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print a unit's score sheet."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/units/{self.part(unit)}/score-sheet",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    def download_print_score_sheet(
        self,
        cycle_id: str,
        release: int,
        unit: str,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print a unit's score sheet: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/units/{self.part(unit)}/score-sheet",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    def print_committee_paper(
        self,
        cycle_id: str,
        edition: int,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the committee's paper."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/committee-paper",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    def download_print_committee_paper(
        self,
        cycle_id: str,
        edition: int,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the committee's paper: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/committee-paper",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    def read_package(self, cycle_id: str, release: int) -> bytes:
        "Get the package that verifies a release."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/package",
                raw=True,
            ),
        )

    def download_package(self, cycle_id: str, release: int, file: Path) -> None:
        "Get the package that verifies a release: into a file."
        self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/package",
            query={},
            file=file,
        )

    def read_cross_category_list(self, cycle_id: str, list_code: str) -> m.CrossCategoryDocument:
        "Read a list across categories."
        return cast(
            "m.CrossCategoryDocument",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/cross-category-lists/{self.part(list_code)}",
            ),
        )

    def read_published_list(self, cycle_id: str, list_code: str) -> m.CrossCategoryDocument:
        "Read a list across categories as it is published."
        return cast(
            "m.CrossCategoryDocument",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/cross-category-lists/{self.part(list_code)}/published",
            ),
        )

    def read_published(self, cycle_id: str, release: int) -> m.PublishedRelease:
        "Read what is shown of a release."
        return cast(
            "m.PublishedRelease",
            self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/published",
            ),
        )

    def list_public_cycles(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PagePublicCycle:
        "List the years of which everybody reads something."
        return cast(
            "m.PagePublicCycle",
            self.call("GET", f"/api/v1/public/cycles", query={"limit": limit, "after": after}),
        )

    def iter_public_cycles(self, *, limit: int | None = None) -> Iterator[m.PublicCycle]:
        "List the years of which everybody reads something: every item of every page."
        return cast(
            "Iterator[m.PublicCycle]", self.pages(f"/api/v1/public/cycles", {"limit": limit})
        )

    def list_inferior_cycles(
        self, *, jurisdiction: str | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageInferiorCycle:
        "List the years of jurisdictions below."
        return cast(
            "m.PageInferiorCycle",
            self.call(
                "GET",
                f"/api/v1/inferior-cycles",
                query={"jurisdiction": jurisdiction, "limit": limit, "after": after},
            ),
        )

    def iter_inferior_cycles(
        self, *, jurisdiction: str | None = None, limit: int | None = None
    ) -> Iterator[m.InferiorCycle]:
        "List the years of jurisdictions below: every item of every page."
        return cast(
            "Iterator[m.InferiorCycle]",
            self.pages(f"/api/v1/inferior-cycles", {"jurisdiction": jurisdiction, "limit": limit}),
        )

    def list_public_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PagePublicSummary:
        "List the releases that everybody reads."
        return cast(
            "m.PagePublicSummary",
            self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases",
                query={"category": category, "limit": limit, "after": after},
            ),
        )

    def iter_public_releases(
        self, cycle_id: str, *, category: str | None = None, limit: int | None = None
    ) -> Iterator[m.PublicSummary]:
        "List the releases that everybody reads: every item of every page."
        return cast(
            "Iterator[m.PublicSummary]",
            self.pages(
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases",
                {"category": category, "limit": limit},
            ),
        )

    def read_public_release(self, cycle_id: str, release: int) -> m.PublishedRelease:
        "Read what everybody is shown of a release."
        return cast(
            "m.PublishedRelease",
            self.call(
                "GET", f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}"
            ),
        )

    def read_open_data(self, cycle_id: str, release: int) -> bytes:
        "Download a release as open data."
        return cast(
            "bytes",
            self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/open-data",
                raw=True,
            ),
        )

    def download_open_data(self, cycle_id: str, release: int, file: Path) -> None:
        "Download a release as open data: into a file."
        self.call(
            "GET",
            f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/open-data",
            query={},
            file=file,
        )

    def list_ranking_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of rankings and reports."
        return cast(
            "m.Tasks", self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/ranking")
        )

    def read_ranking_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of ranking."
        return cast(
            "m.PageJournalEntry",
            self.call(
                "GET",
                f"/api/v1/journals/ranking/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_ranking_chain(
        self, chain: str, *, limit: int | None = None
    ) -> Iterator[m.JournalEntry]:
        "Read a journal of ranking: every item of every page."
        return cast(
            "Iterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/ranking/chains/{self.part(chain)}", {"limit": limit}),
        )

    def verify_ranking_chain(self, chain: str) -> m.Verification:
        "Verify a journal of ranking."
        return cast(
            "m.Verification",
            self.call("GET", f"/api/v1/journals/ranking/chains/{self.part(chain)}/verification"),
        )

    def read_ranking_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of ranking have come."
        return cast(
            "m.PageChainHead",
            self.call(
                "GET", f"/api/v1/journals/ranking/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_ranking_heads(self, *, limit: int | None = None) -> Iterator[m.ChainHead]:
        "Read how far the journals of ranking have come: every item of every page."
        return cast(
            "Iterator[m.ChainHead]", self.pages(f"/api/v1/journals/ranking/heads", {"limit": limit})
        )

    def check_ranking_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of ranking."
        return cast(
            "m.Receipt", self.call("GET", f"/api/v1/journals/ranking/receipts/{self.part(hash)}")
        )

    def publish_keys(self) -> m.Keys:
        "Read the keys that check tokens."
        return cast("m.Keys", self.call("GET", f"/.well-known/jwks.json"))

    def read_session(self) -> m.BrowserSession:
        "Read the browser's session."
        return cast("m.BrowserSession", self.call("GET", f"/api/v1/session"))

    def open_session(self, body: m.NewBrowserSession) -> m.BrowserSession:
        "Sign in by a browser."
        return cast("m.BrowserSession", self.call("POST", f"/api/v1/session", body=body))

    def list_sign_in_ways(self) -> m.SignInWays:
        "List the ways of signing in by a browser."
        return cast("m.SignInWays", self.call("GET", f"/api/v1/session/ways"))

    def end_session(self) -> m.SignedOut:
        "Sign out of a browser."
        return cast("m.SignedOut", self.call("POST", f"/api/v1/session/end"))

    def list_accounts(
        self,
        *,
        role: str | None = None,
        unit: str | None = None,
        state: Literal["effective", "pending", "disabled", "expired"] | None = None,
        q: str | None = None,
        unit_registered: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageAccount:
        "List the accounts."
        return cast(
            "m.PageAccount",
            self.call(
                "GET",
                f"/api/v1/accounts",
                query={
                    "role": role,
                    "unit": unit,
                    "state": state,
                    "q": q,
                    "unit_registered": unit_registered,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_accounts(
        self,
        *,
        role: str | None = None,
        unit: str | None = None,
        state: Literal["effective", "pending", "disabled", "expired"] | None = None,
        q: str | None = None,
        unit_registered: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Account]:
        "List the accounts: every item of every page."
        return cast(
            "Iterator[m.Account]",
            self.pages(
                f"/api/v1/accounts",
                {
                    "role": role,
                    "unit": unit,
                    "state": state,
                    "q": q,
                    "unit_registered": unit_registered,
                    "limit": limit,
                },
            ),
        )

    def create_accounts(
        self,
        body: m.NewAccounts,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CreatedAccounts:
        "Create accounts."
        return cast(
            "m.CreatedAccounts",
            self.call(
                "POST",
                f"/api/v1/accounts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_me(self) -> m.Me:
        "Read who the caller is."
        return cast("m.Me", self.call("GET", f"/api/v1/me"))

    def list_own_tasks(
        self, *, limit: int | None = None, cycle_id: str | None = None
    ) -> m.OwnTasks:
        "List what is expected of the caller."
        return cast(
            "m.OwnTasks",
            self.call("GET", f"/api/v1/me/tasks", query={"limit": limit, "cycle_id": cycle_id}),
        )

    def change_own_password(
        self,
        body: m.NewPassword,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedPassword:
        "Change one's own password."
        return cast(
            "m.ChangedPassword",
            self.call(
                "POST",
                f"/api/v1/me/password",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_own_second_factor(self) -> m.OwnSecondFactor:
        "Read one's own second factor."
        return cast("m.OwnSecondFactor", self.call("GET", f"/api/v1/me/second-factor"))

    def ask_for_second_factor(
        self,
        body: m.NewSecondFactor,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.GivenSecondFactor:
        "Ask for a second factor."
        return cast(
            "m.GivenSecondFactor",
            self.call(
                "POST",
                f"/api/v1/me/second-factor",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_own_second_factor(
        self,
        body: m.FirstCode,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnrolledSecondFactor:
        "Enrol a second factor."
        return cast(
            "m.EnrolledSecondFactor",
            self.call(
                "POST",
                f"/api/v1/me/second-factor/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_own_sessions(self) -> m.OwnSessions:
        "List where one is signed in."
        return cast("m.OwnSessions", self.call("GET", f"/api/v1/me/sessions"))

    def end_own_session(
        self,
        session_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EndedSession:
        "End a session of one's own."
        return cast(
            "m.EndedSession",
            self.call(
                "POST",
                f"/api/v1/me/sessions/{self.part(session_id)}/end",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def revoke_token(self) -> m.SignedOut:
        "Sign out."
        return cast("m.SignedOut", self.call("POST", f"/oauth/revoke"))

    def read_events(
        self,
        *,
        after: str | None = None,
        types: list[str] | None = None,
        cycle_id: str | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> m.EventsRead:
        "Read what happened."
        return cast(
            "m.EventsRead",
            self.call(
                "GET",
                f"/api/v1/events",
                query={
                    "after": after,
                    "types": types,
                    "cycle_id": cycle_id,
                    "limit": limit,
                    "wait": wait,
                },
            ),
        )

    def list_message_keys(self, subject: str) -> m.MessageKeys:
        "List the message keys of an account."
        return cast(
            "m.MessageKeys", self.call("GET", f"/api/v1/accounts/{self.part(subject)}/message-keys")
        )

    def add_message_key(
        self,
        subject: str,
        body: m.NewMessageKey,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Add a message key."
        return cast(
            "m.ChangedMessageKey",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_message_key(
        self,
        subject: str,
        key_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Confirm a message key."
        return cast(
            "m.ChangedMessageKey",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys/{self.part(key_id)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_message_key(
        self,
        subject: str,
        key_id: str,
        body: m.MessageKeyWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Withdraw a message key."
        return cast(
            "m.ChangedMessageKey",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys/{self.part(key_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_messages(
        self, *, subject: str | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageArchivedMessage:
        "List signed messages."
        return cast(
            "m.PageArchivedMessage",
            self.call(
                "GET",
                f"/api/v1/messages",
                query={"subject": subject, "limit": limit, "after": after},
            ),
        )

    def iter_messages(
        self, *, subject: str | None = None, limit: int | None = None
    ) -> Iterator[m.ArchivedMessage]:
        "List signed messages: every item of every page."
        return cast(
            "Iterator[m.ArchivedMessage]",
            self.pages(f"/api/v1/messages", {"subject": subject, "limit": limit}),
        )

    def read_message(self, message_id: str) -> m.WholeMessage:
        "Read a signed message."
        return cast("m.WholeMessage", self.call("GET", f"/api/v1/messages/{self.part(message_id)}"))

    def read_account(self, subject: str) -> m.Account:
        "Read an account."
        return cast("m.Account", self.call("GET", f"/api/v1/accounts/{self.part(subject)}"))

    def list_account_changes(self, subject: str) -> m.AccountChanges:
        "List the changes of an account."
        return cast(
            "m.AccountChanges", self.call("GET", f"/api/v1/accounts/{self.part(subject)}/changes")
        )

    def change_account(
        self,
        subject: str,
        body: m.NewChange,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.ChangedAccount:
        "Change an account."
        return cast(
            "m.ChangedAccount",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    def confirm_account_change(
        self,
        subject: str,
        version: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedChange:
        "Confirm a change of an account."
        return cast(
            "m.ConfirmedChange",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes/{self.part(version)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_secrets(self, subject: str) -> m.AccountSecrets:
        "List the secrets of an account."
        return cast(
            "m.AccountSecrets", self.call("GET", f"/api/v1/accounts/{self.part(subject)}/secrets")
        )

    def make_secret(
        self,
        subject: str,
        body: m.NewSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Make a secret."
        return cast(
            "m.MadeSecret",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_secret(
        self,
        subject: str,
        number: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Confirm a secret."
        return cast(
            "m.MadeSecret",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets/{self.part(number)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def revoke_secret(
        self,
        subject: str,
        number: int,
        body: m.NewRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedSecret:
        "Revoke a secret."
        return cast(
            "m.ChangedSecret",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_own_secrets(self) -> m.AccountSecrets:
        "List one's own secrets."
        return cast("m.AccountSecrets", self.call("GET", f"/api/v1/me/secrets"))

    def make_own_secret(
        self,
        body: m.NewOwnSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Make a secret of one's own."
        return cast(
            "m.MadeSecret",
            self.call(
                "POST",
                f"/api/v1/me/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def revoke_own_secret(
        self,
        number: int,
        body: m.NewRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedSecret:
        "Revoke a secret of one's own."
        return cast(
            "m.ChangedSecret",
            self.call(
                "POST",
                f"/api/v1/me/secrets/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_account_resets(self, subject: str) -> m.AccountResets:
        "List the resets of an account."
        return cast(
            "m.AccountResets", self.call("GET", f"/api/v1/accounts/{self.part(subject)}/resets")
        )

    def propose_account_reset(
        self,
        subject: str,
        body: m.NewReset,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DoneReset:
        "Propose a reset."
        return cast(
            "m.DoneReset",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/resets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_account_reset(
        self,
        subject: str,
        number: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DoneReset:
        "Confirm a reset."
        return cast(
            "m.DoneReset",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/resets/{self.part(number)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def unlock_account(
        self,
        subject: str,
        body: m.NewUnlock,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UnlockedAccount:
        "Unlock an account."
        return cast(
            "m.UnlockedAccount",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/unlock",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def end_account_sessions(
        self,
        subject: str,
        body: m.NewSigningOut,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SignedOutAccount:
        "Sign an account out."
        return cast(
            "m.SignedOutAccount",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/sessions/end",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_account_name(self, *, subject: str) -> m.AccountName:
        "Read whom an account is of."
        return cast(
            "m.AccountName", self.call("GET", f"/api/v1/account-names", query={"subject": subject})
        )

    def confirm_account(
        self,
        subject: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Confirmed:
        "Confirm an account."
        return cast(
            "m.Confirmed",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def refuse_account(
        self,
        subject: str,
        body: m.NewRefusal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RefusedProposal:
        "Decline or withdraw an account."
        return cast(
            "m.RefusedProposal",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/refusal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def refuse_account_change(
        self,
        subject: str,
        version: int,
        body: m.NewRefusal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RefusedProposal:
        "Decline or withdraw a change of an account."
        return cast(
            "m.RefusedProposal",
            self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes/{self.part(version)}/refusal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_emergency_grants(
        self, *, reviewed: bool | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageEmergencyGrant:
        "List the emergency grants."
        return cast(
            "m.PageEmergencyGrant",
            self.call(
                "GET",
                f"/api/v1/emergency-grants",
                query={"reviewed": reviewed, "limit": limit, "after": after},
            ),
        )

    def iter_emergency_grants(
        self, *, reviewed: bool | None = None, limit: int | None = None
    ) -> Iterator[m.EmergencyGrant]:
        "List the emergency grants: every item of every page."
        return cast(
            "Iterator[m.EmergencyGrant]",
            self.pages(f"/api/v1/emergency-grants", {"reviewed": reviewed, "limit": limit}),
        )

    def take_emergency_right(
        self,
        body: m.NewEmergencyGrant,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "Take a right in an emergency."
        return cast(
            "m.ChangedEmergencyGrant",
            self.call(
                "POST",
                f"/api/v1/emergency-grants",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_emergency_grant(
        self, grant_id: str, *, after_seq: int | None = None
    ) -> m.ReadEmergencyGrant:
        "Read an emergency grant."
        return cast(
            "m.ReadEmergencyGrant",
            self.call(
                "GET",
                f"/api/v1/emergency-grants/{self.part(grant_id)}",
                query={"after_seq": after_seq},
            ),
        )

    def issue_emergency_token(
        self,
        grant_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EmergencyToken:
        "Get a token for an emergency grant."
        return cast(
            "m.EmergencyToken",
            self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/token",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def end_emergency_grant(
        self,
        grant_id: str,
        body: m.NewEmergencyEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "End an emergency grant."
        return cast(
            "m.ChangedEmergencyGrant",
            self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/end",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def review_emergency_grant(
        self,
        grant_id: str,
        body: m.NewEmergencyReview,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "Review an emergency grant."
        return cast(
            "m.ChangedEmergencyGrant",
            self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/review",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_jurisdiction_closings(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJurisdictionClosing:
        "List what is closed."
        return cast(
            "m.PageJurisdictionClosing",
            self.call(
                "GET", f"/api/v1/jurisdiction-closings", query={"limit": limit, "after": after}
            ),
        )

    def iter_jurisdiction_closings(
        self, *, limit: int | None = None
    ) -> Iterator[m.JurisdictionClosing]:
        "List what is closed: every item of every page."
        return cast(
            "Iterator[m.JurisdictionClosing]",
            self.pages(f"/api/v1/jurisdiction-closings", {"limit": limit}),
        )

    def propose_jurisdiction_closing(
        self,
        body: m.NewJurisdictionClosing,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedJurisdictionClosing:
        "Propose to close a jurisdiction."
        return cast(
            "m.ChangedJurisdictionClosing",
            self.call(
                "POST",
                f"/api/v1/jurisdiction-closings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_jurisdiction_closing(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedJurisdictionClosing:
        "Close a jurisdiction."
        return cast(
            "m.ChangedJurisdictionClosing",
            self.call(
                "POST",
                f"/api/v1/jurisdiction-closings/{self.part(jurisdiction)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def list_checkpoints(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageCheckpointSummary:
        "List the checkpoints."
        return cast(
            "m.PageCheckpointSummary",
            self.call("GET", f"/api/v1/checkpoints", query={"limit": limit, "after": after}),
        )

    def iter_checkpoints(self, *, limit: int | None = None) -> Iterator[m.CheckpointSummary]:
        "List the checkpoints: every item of every page."
        return cast(
            "Iterator[m.CheckpointSummary]", self.pages(f"/api/v1/checkpoints", {"limit": limit})
        )

    def make_checkpoint(self) -> m.CheckpointSummary:
        "Make a checkpoint."
        return cast("m.CheckpointSummary", self.call("POST", f"/api/v1/checkpoints"))

    def read_latest_checkpoint(self) -> m.LatestCheckpoint:
        "Read the newest checkpoint."
        return cast("m.LatestCheckpoint", self.call("GET", f"/api/v1/checkpoints/latest"))

    def read_checkpoint(self, number: int) -> m.WholeCheckpoint:
        "Read a checkpoint."
        return cast(
            "m.WholeCheckpoint", self.call("GET", f"/api/v1/checkpoints/{self.part(number)}")
        )

    def list_webhook_hosts(
        self,
        *,
        state: Literal["effective", "pending", "withdrawn"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageWebhookHost:
        "List the hosts of webhooks."
        return cast(
            "m.PageWebhookHost",
            self.call(
                "GET",
                f"/api/v1/webhook-hosts",
                query={"state": state, "limit": limit, "after": after},
            ),
        )

    def iter_webhook_hosts(
        self,
        *,
        state: Literal["effective", "pending", "withdrawn"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.WebhookHost]:
        "List the hosts of webhooks: every item of every page."
        return cast(
            "Iterator[m.WebhookHost]",
            self.pages(f"/api/v1/webhook-hosts", {"state": state, "limit": limit}),
        )

    def approve_webhook_host(
        self,
        body: m.NewWebhookHost,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Approve a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            self.call(
                "POST",
                f"/api/v1/webhook-hosts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def confirm_webhook_host(
        self,
        host_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Confirm a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            self.call(
                "POST",
                f"/api/v1/webhook-hosts/{self.part(host_id)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def withdraw_webhook_host(
        self,
        host_id: str,
        body: m.HostWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Withdraw a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            self.call(
                "POST",
                f"/api/v1/webhook-hosts/{self.part(host_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_webhooks(
        self,
        *,
        state: Literal["active", "paused", "disabled", "ended"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageWebhook:
        "List the webhooks."
        return cast(
            "m.PageWebhook",
            self.call(
                "GET", f"/api/v1/webhooks", query={"state": state, "limit": limit, "after": after}
            ),
        )

    def iter_webhooks(
        self,
        *,
        state: Literal["active", "paused", "disabled", "ended"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Webhook]:
        "List the webhooks: every item of every page."
        return cast(
            "Iterator[m.Webhook]", self.pages(f"/api/v1/webhooks", {"state": state, "limit": limit})
        )

    def create_webhook(
        self,
        body: m.NewWebhook,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NewlySigned:
        "Make a webhook."
        return cast(
            "m.NewlySigned",
            self.call(
                "POST",
                f"/api/v1/webhooks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def read_webhook(self, webhook_id: str) -> m.Webhook:
        "Read a webhook."
        return cast("m.Webhook", self.call("GET", f"/api/v1/webhooks/{self.part(webhook_id)}"))

    def pause_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "Pause a webhook."
        return cast(
            "m.ChangedWebhook",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/pause",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def resume_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "Resume a webhook."
        return cast(
            "m.ChangedWebhook",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/resumption",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def end_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "End a webhook."
        return cast(
            "m.ChangedWebhook",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/ending",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def rotate_webhook_secret(
        self,
        webhook_id: str,
        body: m.NewWebhookSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NewlySigned:
        "Change the secret of a webhook."
        return cast(
            "m.NewlySigned",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def list_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        state: Literal["pending", "delivered", "dead"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDelivery:
        "List the deliveries of a webhook."
        return cast(
            "m.PageDelivery",
            self.call(
                "GET",
                f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries",
                query={"state": state, "limit": limit, "after": after},
            ),
        )

    def iter_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        state: Literal["pending", "delivered", "dead"] | None = None,
        limit: int | None = None,
    ) -> Iterator[m.Delivery]:
        "List the deliveries of a webhook: every item of every page."
        return cast(
            "Iterator[m.Delivery]",
            self.pages(
                f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries",
                {"state": state, "limit": limit},
            ),
        )

    def read_webhook_delivery(self, webhook_id: str, position: int) -> m.DeliveryInFull:
        "Read a delivery."
        return cast(
            "m.DeliveryInFull",
            self.call(
                "GET", f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries/{self.part(position)}"
            ),
        )

    def redeliver(
        self,
        webhook_id: str,
        body: m.NewRedelivery,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Redelivery:
        "Send deliveries again."
        return cast(
            "m.Redelivery",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/redeliveries",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    def test_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TestedWebhook:
        "Test a webhook."
        return cast(
            "m.TestedWebhook",
            self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/test",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    def read_reference(self) -> dict[str, Any]:
        "Read this document."
        return cast("dict[str, Any]", self.call("GET", f"/api/v1/openapi.json"))

    def read_gateway_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of the gateway."
        return cast(
            "m.PageJournalEntry",
            self.call(
                "GET",
                f"/api/v1/journals/gateway/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_gateway_chain(
        self, chain: str, *, limit: int | None = None
    ) -> Iterator[m.JournalEntry]:
        "Read a journal of the gateway: every item of every page."
        return cast(
            "Iterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/gateway/chains/{self.part(chain)}", {"limit": limit}),
        )

    def verify_gateway_chain(self, chain: str) -> m.Verification:
        "Verify a journal of the gateway."
        return cast(
            "m.Verification",
            self.call("GET", f"/api/v1/journals/gateway/chains/{self.part(chain)}/verification"),
        )

    def read_gateway_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of the gateway have come."
        return cast(
            "m.PageChainHead",
            self.call(
                "GET", f"/api/v1/journals/gateway/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_gateway_heads(self, *, limit: int | None = None) -> Iterator[m.ChainHead]:
        "Read how far the journals of the gateway have come: every item of every page."
        return cast(
            "Iterator[m.ChainHead]", self.pages(f"/api/v1/journals/gateway/heads", {"limit": limit})
        )

    def check_gateway_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of the gateway."
        return cast(
            "m.Receipt", self.call("GET", f"/api/v1/journals/gateway/receipts/{self.part(hash)}")
        )


class AsyncOperations(AsyncCalls):
    """Every operation, for callers that await."""

    async def list_units(
        self,
        *,
        kind: Literal["assessed", "body"] | None = None,
        q: str | None = None,
        cycle_id: str | None = None,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnit:
        "List the units."
        return cast(
            "m.PageUnit",
            await self.call(
                "GET",
                f"/api/v1/units",
                query={
                    "kind": kind,
                    "q": q,
                    "cycle_id": cycle_id,
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_units(
        self,
        *,
        kind: Literal["assessed", "body"] | None = None,
        q: str | None = None,
        cycle_id: str | None = None,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Unit]:
        "List the units: every item of every page."
        return cast(
            "AsyncIterator[m.Unit]",
            self.pages(
                f"/api/v1/units",
                {
                    "kind": kind,
                    "q": q,
                    "cycle_id": cycle_id,
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    async def register_units(
        self,
        body: m.NewUnits,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredUnits:
        "Register units."
        return cast(
            "m.RegisteredUnits",
            await self.call(
                "POST",
                f"/api/v1/units",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def register_units_from(
        self,
        rows: Iterable[m.NewUnit] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredUnits:
        "Register units, from rows or a file of them."
        return cast(
            "m.RegisteredUnits",
            await self.call(
                "POST",
                f"/api/v1/units",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def read_unit(self, unit: str) -> m.Unit:
        "Read a unit."
        return cast("m.Unit", await self.call("GET", f"/api/v1/units/{self.part(unit)}"))

    async def name_unit(
        self,
        unit: str,
        body: m.NewName,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Give a unit a name."
        return cast(
            "m.RenamedUnit",
            await self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/names",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def succeed_units(
        self,
        unit: str,
        body: m.NewPredecessors,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Say which units a unit succeeds."
        return cast(
            "m.RenamedUnit",
            await self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/predecessors",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def correct_unit_kind(
        self,
        unit: str,
        body: m.NewKind,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RenamedUnit:
        "Correct the kind of a unit."
        return cast(
            "m.RenamedUnit",
            await self.call(
                "POST",
                f"/api/v1/units/{self.part(unit)}/kind",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_cycles(
        self,
        *,
        year: list[int] | None = None,
        jurisdiction: str | None = None,
        phase: m.CyclePhase | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCycle:
        "List the years."
        return cast(
            "m.PageCycle",
            await self.call(
                "GET",
                f"/api/v1/cycles",
                query={
                    "year": year,
                    "jurisdiction": jurisdiction,
                    "phase": phase,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_cycles(
        self,
        *,
        year: list[int] | None = None,
        jurisdiction: str | None = None,
        phase: m.CyclePhase | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Cycle]:
        "List the years: every item of every page."
        return cast(
            "AsyncIterator[m.Cycle]",
            self.pages(
                f"/api/v1/cycles",
                {"year": year, "jurisdiction": jurisdiction, "phase": phase, "limit": limit},
            ),
        )

    async def begin_cycle(
        self,
        body: m.NewCycle,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.BegunCycle:
        "Begin a year."
        return cast(
            "m.BegunCycle",
            await self.call(
                "POST",
                f"/api/v1/cycles",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_cycle(self, cycle_id: str) -> m.Cycle:
        "Read a year."
        return cast("m.Cycle", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}"))

    async def list_scheme_versions(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageSchemeVersion:
        "List the versions of a scheme."
        return cast(
            "m.PageSchemeVersion",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_scheme_versions(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.SchemeVersion]:
        "List the versions of a scheme: every item of every page."
        return cast(
            "AsyncIterator[m.SchemeVersion]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions", {"limit": limit}),
        )

    async def save_scheme_version(
        self,
        cycle_id: str,
        body: m.NewSchemeVersion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.SavedSchemeVersion:
        "Save a new version of the scheme."
        return cast(
            "m.SavedSchemeVersion",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_scheme_version(self, cycle_id: str, version: int) -> m.WholeSchemeVersion:
        "Read a version of the scheme."
        return cast(
            "m.WholeSchemeVersion",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}"
            ),
        )

    async def read_differences(self, cycle_id: str, version: int) -> m.Differences:
        "Compare a version with the one before."
        return cast(
            "m.Differences",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/differences",
            ),
        )

    async def check_scheme(self, cycle_id: str, body: m.NewSchemeCheck) -> m.CheckedScheme:
        "Check a scheme."
        return cast(
            "m.CheckedScheme",
            await self.call(
                "POST", f"/api/v1/cycles/{self.part(cycle_id)}/scheme-checks", body=body
            ),
        )

    async def publish_scheme_version(
        self,
        cycle_id: str,
        version: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.Publication:
        "Publish a scheme."
        return cast(
            "m.Publication",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/publication",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_scheme(self, cycle_id: str) -> m.PublishedScheme:
        "Read the scheme in force."
        return cast(
            "m.PublishedScheme",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/scheme"),
        )

    async def read_entry_forms(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        tag: str | None = None,
    ) -> m.EntryForms:
        "Read what is to be entered."
        return cast(
            "m.EntryForms",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/entry-forms",
                query={"category": category, "unit": unit, "indicator": indicator, "tag": tag},
            ),
        )

    async def read_entry_form(
        self, cycle_id: str, indicator: str, *, unit: str | None = None
    ) -> m.EntrySchema:
        "Read the entry form of an indicator."
        return cast(
            "m.EntrySchema",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/indicators/{self.part(indicator)}/entry-form",
                query={"unit": unit},
            ),
        )

    async def begin_next_scheme(self, cycle_id: str) -> m.NextScheme:
        "Begin next year's scheme."
        return cast(
            "m.NextScheme",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/next-scheme"),
        )

    async def open_consultation(
        self,
        cycle_id: str,
        version: int,
        body: m.NewConsultation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.OpenedConsultation:
        "Ask units about a draft."
        return cast(
            "m.OpenedConsultation",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/consultation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_consultations(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageConsultation:
        "List consultations."
        return cast(
            "m.PageConsultation",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/consultations",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_consultations(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.Consultation]:
        "List consultations: every item of every page."
        return cast(
            "AsyncIterator[m.Consultation]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/consultations", {"limit": limit}),
        )

    async def list_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        *,
        answered: bool | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageSchemeComment:
        "List comments on a draft."
        return cast(
            "m.PageSchemeComment",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={
                    "answered": answered,
                    "indicator": indicator,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        *,
        answered: bool | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.SchemeComment]:
        "List comments on a draft: every item of every page."
        return cast(
            "AsyncIterator[m.SchemeComment]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                {"answered": answered, "indicator": indicator, "limit": limit},
            ),
        )

    async def comment_on_scheme(
        self,
        cycle_id: str,
        version: int,
        body: m.NewSchemeComments,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsSaid:
        "Comment on a draft."
        return cast(
            "m.CommentsSaid",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def comment_on_scheme_from(
        self,
        cycle_id: str,
        version: int,
        rows: Iterable[m.NewSchemeComment] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsSaid:
        "Comment on a draft, from rows or a file of them."
        return cast(
            "m.CommentsSaid",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comments",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_scheme_comments(
        self,
        cycle_id: str,
        version: int,
        body: m.NewCommentAnswers,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsAnswered:
        "Answer comments on a draft."
        return cast(
            "m.CommentsAnswered",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comment-answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_scheme_comments_from(
        self,
        cycle_id: str,
        version: int,
        rows: Iterable[m.NewCommentAnswer] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CommentsAnswered:
        "Answer comments on a draft, from rows or a file of them."
        return cast(
            "m.CommentsAnswered",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/scheme-versions/{self.part(version)}/comment-answers",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def read_targets(
        self,
        cycle_id: str,
        *,
        unit: list[str] | None = None,
        indicator: list[str] | None = None,
        state: Literal["issued", "revised"] | None = None,
        tag: str | None = None,
        id_scheme: str | None = None,
    ) -> m.CycleTargets:
        "Read the targets."
        return cast(
            "m.CycleTargets",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "id_scheme": id_scheme,
                },
            ),
        )

    async def set_targets(
        self,
        cycle_id: str,
        body: m.NewTargets,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Set targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def set_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Set targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets",
                query={"id_scheme": id_scheme, "mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def propose_targets(
        self,
        cycle_id: str,
        body: m.NewProposals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Propose targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-proposals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def propose_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Propose targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-proposals",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def revise_targets(
        self,
        cycle_id: str,
        body: m.NewRevisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Revise targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def revise_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        approved_by: str | None = None,
        caused_by: Literal["superior"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revisions",
                query={
                    "mode": mode,
                    "reason": reason,
                    "document_no": document_no,
                    "approved_by": approved_by,
                    "caused_by": caused_by,
                },
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def withdraw_targets(
        self,
        cycle_id: str,
        body: m.NewWithdrawals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Withdraw targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-withdrawals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def withdraw_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNamed] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.TargetsMoved:
        "Withdraw targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-withdrawals",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def decide_on_targets(
        self,
        cycle_id: str,
        body: m.NewDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on proposed targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_on_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNewDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on proposed targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-decisions",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_targets(
        self,
        cycle_id: str,
        body: m.NewConfirmations,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Confirm revisions of targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.IndicatorsNewConfirmation] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Confirm revisions of targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_missing_targets(
        self, cycle_id: str, *, unit: str | None = None, indicator: str | None = None
    ) -> m.MissingTargets:
        "List targets that are missing."
        return cast(
            "m.MissingTargets",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets/missing",
                query={"unit": unit, "indicator": indicator},
            ),
        )

    async def read_target_history(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "proposed",
                "returned",
                "approved",
                "issue_pending",
                "issued",
                "revision_requested",
                "revision_supported",
                "revision_pending",
                "revised",
                "withdrawal_pending",
                "withdrawn",
                "refused",
                "request_withdrawn",
            ]
        ]
        | None = None,
        q: str | None = None,
        tag: str | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
    ) -> m.TargetHistory:
        "Read the history of targets."
        return cast(
            "m.TargetHistory",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/targets/history",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "q": q,
                    "tag": tag,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                },
            ),
        )

    async def list_target_conflicts(
        self, cycle_id: str, *, unit: str | None = None
    ) -> m.TargetConflicts:
        "List targets in conflict."
        return cast(
            "m.TargetConflicts",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-conflicts",
                query={"unit": unit},
            ),
        )

    async def settle_targets(
        self,
        cycle_id: str,
        body: m.NewSettlements,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Settle targets."
        return cast(
            "m.SettlementsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlements",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def settle_targets_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSettlement] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Settle targets, from rows or a file of them."
        return cast(
            "m.SettlementsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlements",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_settlements(
        self,
        cycle_id: str,
        body: m.NewSettlementDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Confirm settlements of targets."
        return cast(
            "m.SettlementsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlement-confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_settlements_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSettlementDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SettlementsMoved:
        "Confirm settlements of targets, from rows or a file of them."
        return cast(
            "m.SettlementsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-settlement-confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def request_revisions(
        self,
        cycle_id: str,
        body: m.NewRevisionRequests,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Ask to revise targets of the own unit."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-requests",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def request_revisions_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewTarget] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        document_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Ask to revise targets of the own unit, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-requests",
                query={"mode": mode, "reason": reason, "document_no": document_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_on_revision_requests(
        self,
        cycle_id: str,
        body: m.NewRequestDecisions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on requests to revise targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_on_revision_requests_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewRequestDecision] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Decide on requests to revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-decisions",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def take_back_revision_requests(
        self,
        cycle_id: str,
        body: m.NewRequestWithdrawals,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Take back requests to revise targets."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-withdrawals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def take_back_revision_requests_from(
        self,
        cycle_id: str,
        rows: Iterable[m.TakenBack] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.TargetsMoved:
        "Take back requests to revise targets, from rows or a file of them."
        return cast(
            "m.TargetsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-revision-request-withdrawals",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_target_cascades(
        self, cycle_id: str, *, document_no: str | None = None
    ) -> m.TargetCascades:
        "List targets that move because of the superior."
        return cast(
            "m.TargetCascades",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/target-cascades",
                query={"document_no": document_no},
            ),
        )

    async def list_work_plans(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        former: bool | None = None,
    ) -> m.WorkPlans:
        "List work plans."
        return cast(
            "m.WorkPlans",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"unit": unit, "indicator": indicator, "former": former},
            ),
        )

    async def set_work_plans(
        self,
        cycle_id: str,
        body: m.NewWorkPlans,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WorkPlansMoved:
        "Keep work plans."
        return cast(
            "m.WorkPlansMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def set_work_plans_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewWorkPlan] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WorkPlansMoved:
        "Keep work plans, from rows or a file of them."
        return cast(
            "m.WorkPlansMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/work-plans",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_projects(
        self, cycle_id: str, *, unit: str | None = None, former: bool | None = None
    ) -> m.Projects:
        "List projects."
        return cast(
            "m.Projects",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"unit": unit, "former": former},
            ),
        )

    async def set_projects(
        self,
        cycle_id: str,
        body: m.NewProjects,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProjectsMoved:
        "Register projects."
        return cast(
            "m.ProjectsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def set_projects_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewProject] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProjectsMoved:
        "Register projects, from rows or a file of them."
        return cast(
            "m.ProjectsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/projects",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_letters(
        self,
        cycle_id: str,
        *,
        state: list[Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"]]
        | None = None,
        outdated: bool | None = None,
    ) -> m.LetterList:
        "List responsibility letters."
        return cast(
            "m.LetterList",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters",
                query={"state": state, "outdated": outdated},
            ),
        )

    async def draw_up_letters(
        self,
        cycle_id: str,
        body: m.NewLetters,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersDrawn:
        "Draw up responsibility letters."
        return cast(
            "m.LettersDrawn",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def sign_letters(
        self,
        cycle_id: str,
        body: m.NewLetterSignatures,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersSigned:
        "Sign responsibility letters."
        return cast(
            "m.LettersSigned",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letter-signatures",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def sign_letters_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewLetterSignature] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LettersSigned:
        "Sign responsibility letters, from rows or a file of them."
        return cast(
            "m.LettersSigned",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/letter-signatures",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def read_letter(self, cycle_id: str, unit: str) -> m.LetterVersions:
        "Read a responsibility letter."
        return cast(
            "m.LetterVersions",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}"
            ),
        )

    async def print_letter(self, cycle_id: str, unit: str, *, version: int | None = None) -> bytes:
        "Print a responsibility letter."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}/document",
                query={"version": version},
                raw=True,
            ),
        )

    async def download_print_letter(
        self, cycle_id: str, unit: str, file: Path, *, version: int | None = None
    ) -> None:
        "Print a responsibility letter: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/letters/{self.part(unit)}/document",
            query={"version": version},
            file=file,
        )

    async def list_id_schemes(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageIdScheme:
        "List the id schemes."
        return cast(
            "m.PageIdScheme",
            await self.call("GET", f"/api/v1/id-schemes", query={"limit": limit, "after": after}),
        )

    def iter_id_schemes(self, *, limit: int | None = None) -> AsyncIterator[m.IdScheme]:
        "List the id schemes: every item of every page."
        return cast(
            "AsyncIterator[m.IdScheme]", self.pages(f"/api/v1/id-schemes", {"limit": limit})
        )

    async def register_id_scheme(
        self,
        body: m.NewIdScheme,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredIdScheme:
        "Register an id scheme."
        return cast(
            "m.RegisteredIdScheme",
            await self.call(
                "POST",
                f"/api/v1/id-schemes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_id_scheme(self, cycle_id: str, id_scheme: str) -> m.IdSchemeCodes:
        "Read what the codes of another system mean."
        return cast(
            "m.IdSchemeCodes",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}"
            ),
        )

    async def list_unit_mappings(
        self,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        unit: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnitMapping:
        "List mappings of units."
        return cast(
            "m.PageUnitMapping",
            await self.call(
                "GET",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={
                    "code": code,
                    "unit": unit,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_unit_mappings(
        self,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        unit: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.UnitMapping]:
        "List mappings of units: every item of every page."
        return cast(
            "AsyncIterator[m.UnitMapping]",
            self.pages(
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                {
                    "code": code,
                    "unit": unit,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    async def propose_unit_mappings(
        self,
        id_scheme: str,
        body: m.NewUnitMappings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of units."
        return cast(
            "m.ProposedMappings",
            await self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def propose_unit_mappings_from(
        self,
        id_scheme: str,
        rows: Iterable[m.NewUnitMapping] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of units, from rows or a file of them."
        return cast(
            "m.ProposedMappings",
            await self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        indicator: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageIndicatorMapping:
        "List mappings of indicators."
        return cast(
            "m.PageIndicatorMapping",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={
                    "code": code,
                    "indicator": indicator,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        *,
        code: list[str] | None = None,
        indicator: str | None = None,
        state: list[Literal["proposed", "confirmed", "refused", "ended"]] | None = None,
        day: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.IndicatorMapping]:
        "List mappings of indicators: every item of every page."
        return cast(
            "AsyncIterator[m.IndicatorMapping]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                {
                    "code": code,
                    "indicator": indicator,
                    "state": state,
                    "day": day,
                    "changed_since": changed_since,
                    "limit": limit,
                },
            ),
        )

    async def propose_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.NewIndicatorMappings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of indicators."
        return cast(
            "m.ProposedMappings",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def propose_indicator_mappings_from(
        self,
        cycle_id: str,
        id_scheme: str,
        rows: Iterable[m.NewIndicatorMapping] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedMappings:
        "Propose mappings of indicators, from rows or a file of them."
        return cast(
            "m.ProposedMappings",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings",
                query={"mode": mode, "reason": reason},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_unit_mappings(
        self,
        id_scheme: str,
        body: m.MappingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "Confirm mappings of units."
        return cast(
            "m.MappingsMoved",
            await self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.MappingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "Confirm mappings of indicators."
        return cast(
            "m.MappingsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def end_unit_mappings(
        self,
        id_scheme: str,
        body: m.MappingEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "End mappings of units."
        return cast(
            "m.MappingsMoved",
            await self.call(
                "POST",
                f"/api/v1/id-schemes/{self.part(id_scheme)}/unit-mappings/ending",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def end_indicator_mappings(
        self,
        cycle_id: str,
        id_scheme: str,
        body: m.MappingEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MappingsMoved:
        "End mappings of indicators."
        return cast(
            "m.MappingsMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/id-schemes/{self.part(id_scheme)}/indicator-mappings/ending",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_names(self, cycle_id: str) -> m.CycleNames:
        "Read the names of codes."
        return cast(
            "m.CycleNames", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/names")
        )

    async def list_target_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of targets and indicator codes."
        return cast(
            "m.Tasks",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/indicators"),
        )

    async def list_unit_tasks(self) -> m.Tasks:
        "List tasks of unit codes."
        return cast("m.Tasks", await self.call("GET", f"/api/v1/tasks/indicators"))

    async def read_calendar(self, year: int, *, as_of: str | None = None) -> m.CalendarYear:
        "Read the calendar of a year."
        return cast(
            "m.CalendarYear",
            await self.call("GET", f"/api/v1/calendars/{self.part(year)}", query={"as_of": as_of}),
        )

    async def announce_calendar(
        self,
        year: int,
        body: m.NewAnnouncement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RecordedCalendar:
        "Record the holidays of a year."
        return cast(
            "m.RecordedCalendar",
            await self.call(
                "POST",
                f"/api/v1/calendars/{self.part(year)}/announcement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def correct_calendar(
        self,
        year: int,
        body: m.NewCalendarCorrection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RecordedCalendar:
        "Correct days of a calendar."
        return cast(
            "m.RecordedCalendar",
            await self.call(
                "POST",
                f"/api/v1/calendars/{self.part(year)}/corrections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_decomposition(
        self, cycle_id: str, *, version: int | None = None
    ) -> m.DecompositionVersion:
        "Read the decomposition."
        return cast(
            "m.DecompositionVersion",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition",
                query={"version": version},
            ),
        )

    async def set_decomposition(
        self,
        cycle_id: str,
        body: m.NewDecomposition,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.DecompositionSet:
        "Decompose the superior's scheme."
        return cast(
            "m.DecompositionSet",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_decomposition_versions(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageDecompositionSummary:
        "List versions of the decomposition."
        return cast(
            "m.PageDecompositionSummary",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/versions",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_decomposition_versions(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.DecompositionSummary]:
        "List versions of the decomposition: every item of every page."
        return cast(
            "AsyncIterator[m.DecompositionSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/versions", {"limit": limit}
            ),
        )

    async def list_superior_cycles(
        self, *, year: int, limit: int | None = None, after: str | None = None
    ) -> m.PageSuperiorCycle:
        "List the superior's years that assess us."
        return cast(
            "m.PageSuperiorCycle",
            await self.call(
                "GET",
                f"/api/v1/superior-cycles",
                query={"year": year, "limit": limit, "after": after},
            ),
        )

    def iter_superior_cycles(
        self, *, year: int, limit: int | None = None
    ) -> AsyncIterator[m.SuperiorCycle]:
        "List the superior's years that assess us: every item of every page."
        return cast(
            "AsyncIterator[m.SuperiorCycle]",
            self.pages(f"/api/v1/superior-cycles", {"year": year, "limit": limit}),
        )

    async def hand_up_decomposition(
        self,
        cycle_id: str,
        body: m.NewHandingUp,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DecompositionHandedUp:
        "Hand the decomposition up."
        return cast(
            "m.DecompositionHandedUp",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/decomposition/handing-up",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_handed_up(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageHandedUp:
        "List what was handed up."
        return cast(
            "m.PageHandedUp",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/handed-up",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_handed_up(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.HandedUp]:
        "List what was handed up: every item of every page."
        return cast(
            "AsyncIterator[m.HandedUp]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/handed-up", {"limit": limit}),
        )

    async def read_handed_up(self, cycle_id: str, unit: str) -> m.HandedUpDecomposition:
        "Read what a unit handed up."
        return cast(
            "m.HandedUpDecomposition",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/handed-up/{self.part(unit)}"
            ),
        )

    async def read_standings(self, cycle_id: str) -> m.SuperiorStandings:
        "Read how we stand with the superior."
        return cast(
            "m.SuperiorStandings",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings"),
        )

    async def report_standings(
        self,
        cycle_id: str,
        body: m.NewStandings,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StandingsReported:
        "Report how we stand with the superior."
        return cast(
            "m.StandingsReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def report_standings_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewStanding] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StandingsReported:
        "Report how we stand with the superior, from rows or a file of them."
        return cast(
            "m.StandingsReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-standings",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_inspections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "tracking_evaluation",
            "on_site_verification",
            "unannounced_visit",
            "statutory",
            "emergency",
        ]
        | None = None,
    ) -> m.Inspections:
        "List inspections."
        return cast(
            "m.Inspections",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"unit": unit, "kind": kind},
            ),
        )

    async def set_inspections(
        self,
        cycle_id: str,
        body: m.NewInspections,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InspectionsSet:
        "Register inspections."
        return cast(
            "m.InspectionsSet",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def set_inspections_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewInspection] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InspectionsSet:
        "Register inspections, from rows or a file of them."
        return cast(
            "m.InspectionsSet",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/inspections",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def read_burden(self, cycle_id: str) -> m.BurdenReport:
        "Read what is asked of units."
        return cast(
            "m.BurdenReport", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/burden")
        )

    async def list_jurisdictions(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJurisdiction:
        "List the jurisdictions."
        return cast(
            "m.PageJurisdiction",
            await self.call(
                "GET", f"/api/v1/jurisdictions", query={"limit": limit, "after": after}
            ),
        )

    def iter_jurisdictions(self, *, limit: int | None = None) -> AsyncIterator[m.Jurisdiction]:
        "List the jurisdictions: every item of every page."
        return cast(
            "AsyncIterator[m.Jurisdiction]", self.pages(f"/api/v1/jurisdictions", {"limit": limit})
        )

    async def register_jurisdiction(
        self,
        body: m.NewJurisdiction,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredJurisdiction:
        "Register a jurisdiction."
        return cast(
            "m.RegisteredJurisdiction",
            await self.call(
                "POST",
                f"/api/v1/jurisdictions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_jurisdiction(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredJurisdiction:
        "Confirm a jurisdiction."
        return cast(
            "m.RegisteredJurisdiction",
            await self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def read_jurisdiction(self, jurisdiction: str) -> m.Jurisdiction:
        "Read a jurisdiction."
        return cast(
            "m.Jurisdiction",
            await self.call("GET", f"/api/v1/jurisdictions/{self.part(jurisdiction)}"),
        )

    async def propose_succession(
        self,
        jurisdiction: str,
        body: m.NewSuccession,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CodeChanged:
        "Propose that another code takes a jurisdiction's place."
        return cast(
            "m.CodeChanged",
            await self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/succession",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_succession(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.CodeChanged:
        "Confirm that another code takes a jurisdiction's place."
        return cast(
            "m.CodeChanged",
            await self.call(
                "POST",
                f"/api/v1/jurisdictions/{self.part(jurisdiction)}/succession/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_indicators_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of indicators."
        return cast(
            "m.PageJournalEntry",
            await self.call(
                "GET",
                f"/api/v1/journals/indicators/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_indicators_chain(
        self, chain: str, *, limit: int | None = None
    ) -> AsyncIterator[m.JournalEntry]:
        "Read a journal of indicators: every item of every page."
        return cast(
            "AsyncIterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/indicators/chains/{self.part(chain)}", {"limit": limit}),
        )

    async def verify_indicators_chain(self, chain: str) -> m.Verification:
        "Verify a journal of indicators."
        return cast(
            "m.Verification",
            await self.call(
                "GET", f"/api/v1/journals/indicators/chains/{self.part(chain)}/verification"
            ),
        )

    async def read_indicators_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of indicators have come."
        return cast(
            "m.PageChainHead",
            await self.call(
                "GET", f"/api/v1/journals/indicators/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_indicators_heads(self, *, limit: int | None = None) -> AsyncIterator[m.ChainHead]:
        "Read how far the journals of indicators have come: every item of every page."
        return cast(
            "AsyncIterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/indicators/heads", {"limit": limit}),
        )

    async def check_indicators_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of indicators."
        return cast(
            "m.Receipt",
            await self.call("GET", f"/api/v1/journals/indicators/receipts/{self.part(hash)}"),
        )

    async def list_entries(
        self,
        cycle_id: str,
        *,
        changed_since: str | None = None,
        sort: Literal["entered_at", "-entered_at"] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> m.PageLedgerEntry:
        "List the entries."
        return cast(
            "m.PageLedgerEntry",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={
                    "changed_since": changed_since,
                    "sort": sort,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
            ),
        )

    def iter_entries(
        self,
        cycle_id: str,
        *,
        changed_since: str | None = None,
        sort: Literal["entered_at", "-entered_at"] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> AsyncIterator[m.LedgerEntry]:
        "List the entries: every item of every page."
        return cast(
            "AsyncIterator[m.LedgerEntry]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                {
                    "changed_since": changed_since,
                    "sort": sort,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
            ),
        )

    async def post_entries(
        self,
        cycle_id: str,
        body: m.NewLedgerEntries,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedEntries:
        "Enter into the ledger."
        return cast(
            "m.PostedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def post_entries_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewLedgerEntry] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        state: Literal["draft", "submitted"] | None = None,
        for_cycle: str | None = None,
        scheme_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedEntries:
        "Enter into the ledger, from rows or a file of them."
        return cast(
            "m.PostedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries",
                query={
                    "id_scheme": id_scheme,
                    "mode": mode,
                    "state": state,
                    "for_cycle": for_cycle,
                    "scheme_digest": scheme_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def list_likely_duplicates(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageLikelyPair:
        "List likely duplicates."
        return cast(
            "m.PageLikelyPair",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/likely-duplicates",
                query={"unit": unit, "indicator": indicator, "limit": limit, "after": after},
            ),
        )

    def iter_likely_duplicates(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.LikelyPair]:
        "List likely duplicates: every item of every page."
        return cast(
            "AsyncIterator[m.LikelyPair]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/likely-duplicates",
                {"unit": unit, "indicator": indicator, "limit": limit},
            ),
        )

    async def list_adoptions(
        self,
        cycle_id: str,
        *,
        outdated: bool | None = None,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageEntryAdoption:
        "List the entries taken over."
        return cast(
            "m.PageEntryAdoption",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                query={"outdated": outdated, "unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_adoptions(
        self,
        cycle_id: str,
        *,
        outdated: bool | None = None,
        unit: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.EntryAdoption]:
        "List the entries taken over: every item of every page."
        return cast(
            "AsyncIterator[m.EntryAdoption]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                {"outdated": outdated, "unit": unit, "limit": limit},
            ),
        )

    async def adopt_entry(
        self,
        cycle_id: str,
        body: m.NewEntryAdoption,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AdoptedEntry:
        "Take an entry of another cycle over."
        return cast(
            "m.AdoptedEntry",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/adoptions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_entry_uses(self, cycle_id: str, entry_id: str) -> m.EntryUses:
        "Tell in which cycles an entry is used."
        return cast(
            "m.EntryUses",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/uses",
            ),
        )

    async def export_entries(
        self,
        cycle_id: str,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
        lateness: bool | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> bytes:
        "Export the ledger."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/export",
                query={
                    "format": format,
                    "lateness": lateness,
                    "unit": unit,
                    "indicator": indicator,
                    "state": state,
                    "tag": tag,
                    "category": category,
                    "author_unit": author_unit,
                    "source_ref": source_ref,
                    "kind": kind,
                    "period": period,
                    "q": q,
                    "late": late,
                    "lacks_evidence": lacks_evidence,
                },
                raw=True,
            ),
        )

    async def download_entries(
        self,
        cycle_id: str,
        file: Path,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
        lateness: bool | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        tag: str | None = None,
        category: str | None = None,
        author_unit: str | None = None,
        source_ref: str | None = None,
        kind: list[
            Literal[
                "measured_value",
                "event",
                "milestone",
                "grade",
                "panel_mark",
                "superior_rank",
                "external_result",
                "reversal",
                "not_applicable",
                "progress_report",
                "inspection_finding",
            ]
        ]
        | None = None,
        period: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        lacks_evidence: bool | None = None,
    ) -> None:
        "Export the ledger: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/export",
            query={
                "format": format or file.suffix[1:],
                "lateness": lateness,
                "unit": unit,
                "indicator": indicator,
                "state": state,
                "tag": tag,
                "category": category,
                "author_unit": author_unit,
                "source_ref": source_ref,
                "kind": kind,
                "period": period,
                "q": q,
                "late": late,
                "lacks_evidence": lacks_evidence,
            },
            file=file,
        )

    async def read_template(
        self,
        cycle_id: str,
        *,
        category: str,
        data_source_unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
    ) -> bytes:
        "Get a template to fill in."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/template",
                query={
                    "category": category,
                    "data_source_unit": data_source_unit,
                    "indicator": indicator,
                    "period": period,
                },
                raw=True,
            ),
        )

    async def download_template(
        self,
        cycle_id: str,
        file: Path,
        *,
        category: str,
        data_source_unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
    ) -> None:
        "Get a template to fill in: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/template",
            query={
                "category": category,
                "data_source_unit": data_source_unit,
                "indicator": indicator,
                "period": period,
            },
            file=file,
        )

    async def list_signatures(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        signed: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageEntrySignature:
        "List the entries that are signed off."
        return cast(
            "m.PageEntrySignature",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                query={"unit": unit, "signed": signed, "limit": limit, "after": after},
            ),
        )

    def iter_signatures(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        signed: bool | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.EntrySignature]:
        "List the entries that are signed off: every item of every page."
        return cast(
            "AsyncIterator[m.EntrySignature]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                {"unit": unit, "signed": signed, "limit": limit},
            ),
        )

    async def sign_entries(
        self,
        cycle_id: str,
        body: m.NewSignatures,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SignedEntries:
        "Sign off entries of the own unit."
        return cast(
            "m.SignedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/signatures",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def submit_entries(
        self,
        cycle_id: str,
        body: m.Submission,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Submit drafts."
        return cast(
            "m.MovedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/submission",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def check_entries(
        self,
        cycle_id: str,
        body: m.NewVerification,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Review entries first."
        return cast(
            "m.MovedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/checking",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def verify_entries(
        self,
        cycle_id: str,
        body: m.NewVerification,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Verify entries."
        return cast(
            "m.MovedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/verification",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def return_entries(
        self,
        cycle_id: str,
        body: m.Return,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedEntries:
        "Return entries."
        return cast(
            "m.MovedEntries",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/return",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def reverse_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.Reversal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.ReversedEntry:
        "Reverse an entry."
        return cast(
            "m.ReversedEntry",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/reversal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def restate_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewRestatement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RestatedEntry:
        "Restate a verified entry."
        return cast(
            "m.RestatedEntry",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/restatement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_restatements(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        author_unit: str | None = None,
        tag: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        period: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.Restatements:
        "List restatements."
        return cast(
            "m.Restatements",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/restatements",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "author_unit": author_unit,
                    "tag": tag,
                    "state": state,
                    "period": period,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_restatements(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        author_unit: str | None = None,
        tag: str | None = None,
        state: list[
            Literal[
                "draft",
                "submitted",
                "checked",
                "returned",
                "verified",
                "locked",
                "voided",
                "withdrawn",
                "replaced",
            ]
        ]
        | None = None,
        period: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Restatement]:
        "List restatements: every item of every page."
        return cast(
            "AsyncIterator[m.Restatement]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/restatements",
                {
                    "unit": unit,
                    "indicator": indicator,
                    "author_unit": author_unit,
                    "tag": tag,
                    "state": state,
                    "period": period,
                    "limit": limit,
                },
            ),
        )

    async def read_entry(
        self, cycle_id: str, entry_id: str, *, id_scheme: str | None = None
    ) -> m.EntryWithHistory:
        "Read an entry."
        return cast(
            "m.EntryWithHistory",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}",
                query={"id_scheme": id_scheme},
            ),
        )

    async def correct_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.Correction,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.CorrectedEntry:
        "Correct a draft or returned entry."
        return cast(
            "m.CorrectedEntry",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/correction",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def withdraw_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewEntryWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WithdrawnEntry:
        "Withdraw an entry."
        return cast(
            "m.WithdrawnEntry",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_ledger(self, cycle_id: str) -> m.Ledger:
        "Read the phase of the ledger."
        return cast(
            "m.Ledger", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/ledger")
        )

    async def seal_ledger(
        self,
        cycle_id: str,
        body: m.NewSeal | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SealedLedger | m.SealPreview:
        "Seal the ledger."
        return cast(
            "m.SealedLedger | m.SealPreview",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger/seal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_periods(self, cycle_id: str) -> m.CyclePeriods:
        "Read which periods are closed."
        return cast(
            "m.CyclePeriods",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/periods"),
        )

    async def close_period(
        self,
        cycle_id: str,
        period: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ClosedPeriod:
        "Close a period."
        return cast(
            "m.ClosedPeriod",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/periods/{self.part(period)}/closing",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_period_permissions(self, cycle_id: str) -> m.PeriodPermissions:
        "List the permissions for closed periods."
        return cast(
            "m.PeriodPermissions",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/period-permissions"),
        )

    async def permit_entering(
        self,
        cycle_id: str,
        body: m.NewPeriodPermission,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.GrantedPermission:
        "Permit entries about a closed period."
        return cast(
            "m.GrantedPermission",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/period-permissions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_completeness(self, cycle_id: str, category: str) -> m.Completeness:
        "Read what a category lacks."
        return cast(
            "m.Completeness",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/categories/{self.part(category)}/completeness",
            ),
        )

    async def hand_in_category(
        self,
        cycle_id: str,
        category: str,
        body: m.NewHandIn | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.HandedIn:
        "Hand in a category."
        return cast(
            "m.HandedIn",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/categories/{self.part(category)}/hand-in",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_unscored(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        reason: list[
            Literal[
                "draft",
                "awaits_verification",
                "own_words",
                "returned",
                "withdrawn",
                "replaced",
                "voided",
                "unit_not_assessed",
                "indicator_not_of_unit",
                "not_applicable",
                "kind_not_taken",
                "key_not_taken",
                "item_not_planned",
                "period_not_scored",
                "several_values",
                "occurred_in_another_year",
                "stood_in",
                "not_read",
                "parked",
                "accepted_capped",
                "accepted_in_part",
                "carried_to_next_year",
                "superseded_same_event",
                "unconfirmed",
                "rejected_by_confirmer",
                "rejected_by_correction",
                "rejected_not_in_the_total",
                "rejected_no_document",
                "rejected_holder_mismatch",
                "rejected_authority",
                "rejected_unknown_rule",
                "rejected_unknown_place",
                "rejected_over_limit",
                "rejected_conditions_not_met",
                "rejected_not_linked_to_indicator",
                "rejected_scored_already",
                "rejected_out_of_window",
                "rejected_counted_before",
                "rejected_same_award",
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnscoredItem:
        "List what is in the record and counts nowhere."
        return cast(
            "m.PageUnscoredItem",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/unscored",
                query={
                    "unit": unit,
                    "indicator": indicator,
                    "reason": reason,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_unscored(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        reason: list[
            Literal[
                "draft",
                "awaits_verification",
                "own_words",
                "returned",
                "withdrawn",
                "replaced",
                "voided",
                "unit_not_assessed",
                "indicator_not_of_unit",
                "not_applicable",
                "kind_not_taken",
                "key_not_taken",
                "item_not_planned",
                "period_not_scored",
                "several_values",
                "occurred_in_another_year",
                "stood_in",
                "not_read",
                "parked",
                "accepted_capped",
                "accepted_in_part",
                "carried_to_next_year",
                "superseded_same_event",
                "unconfirmed",
                "rejected_by_confirmer",
                "rejected_by_correction",
                "rejected_not_in_the_total",
                "rejected_no_document",
                "rejected_holder_mismatch",
                "rejected_authority",
                "rejected_unknown_rule",
                "rejected_unknown_place",
                "rejected_over_limit",
                "rejected_conditions_not_met",
                "rejected_not_linked_to_indicator",
                "rejected_scored_already",
                "rejected_out_of_window",
                "rejected_counted_before",
                "rejected_same_award",
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.UnscoredItem]:
        "List what is in the record and counts nowhere: every item of every page."
        return cast(
            "AsyncIterator[m.UnscoredItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/unscored",
                {"unit": unit, "indicator": indicator, "reason": reason, "limit": limit},
            ),
        )

    async def list_warnings(
        self,
        cycle_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        kind: list[
            Literal[
                "bulk_at_year_end",
                "last_digits",
                "jump_from_last_period",
                "jump_from_last_year",
                "scorer_apart",
                "evidence_duplicates",
                "behind_plan",
                "repeated_deductions",
            ]
        ]
        | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        scorer: str | None = None,
    ) -> m.PageYearWarning:
        "List what looks wrong."
        return cast(
            "m.PageYearWarning",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/warnings",
                query={
                    "limit": limit,
                    "after": after,
                    "kind": kind,
                    "unit": unit,
                    "indicator": indicator,
                    "scorer": scorer,
                },
            ),
        )

    def iter_warnings(
        self,
        cycle_id: str,
        *,
        limit: int | None = None,
        kind: list[
            Literal[
                "bulk_at_year_end",
                "last_digits",
                "jump_from_last_period",
                "jump_from_last_year",
                "scorer_apart",
                "evidence_duplicates",
                "behind_plan",
                "repeated_deductions",
            ]
        ]
        | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        scorer: str | None = None,
    ) -> AsyncIterator[m.YearWarning]:
        "List what looks wrong: every item of every page."
        return cast(
            "AsyncIterator[m.YearWarning]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/warnings",
                {
                    "limit": limit,
                    "kind": kind,
                    "unit": unit,
                    "indicator": indicator,
                    "scorer": scorer,
                },
            ),
        )

    async def read_progress(
        self,
        cycle_id: str,
        *,
        by: list[Literal["category", "unit", "indicator", "period", "data_source_unit"]]
        | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        data_source_unit: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.LedgerProgress:
        "Read how far the entries are."
        return cast(
            "m.LedgerProgress",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/progress",
                query={
                    "by": by,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "period": period,
                    "data_source_unit": data_source_unit,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_progress(
        self,
        cycle_id: str,
        *,
        by: list[Literal["category", "unit", "indicator", "period", "data_source_unit"]]
        | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        data_source_unit: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.PartProgress]:
        "Read how far the entries are: every item of every page."
        return cast(
            "AsyncIterator[m.PartProgress]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/progress",
                {
                    "by": by,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "period": period,
                    "data_source_unit": data_source_unit,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    async def list_progress_lights(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        light: Literal["green", "yellow", "red"] | None = None,
    ) -> m.ProgressLights:
        "List progress lights."
        return cast(
            "m.ProgressLights",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/progress-lights",
                query={
                    "at": at,
                    "limit": limit,
                    "after": after,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "light": light,
                },
            ),
        )

    def iter_progress_lights(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        category: str | None = None,
        unit: str | None = None,
        indicator: str | None = None,
        light: Literal["green", "yellow", "red"] | None = None,
    ) -> AsyncIterator[m.UnitProgress]:
        "List progress lights: every item of every page."
        return cast(
            "AsyncIterator[m.UnitProgress]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/progress-lights",
                {
                    "at": at,
                    "limit": limit,
                    "category": category,
                    "unit": unit,
                    "indicator": indicator,
                    "light": light,
                },
            ),
        )

    async def list_duties(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> m.OwedDuties:
        "List who owes what by when."
        return cast(
            "m.OwedDuties",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duties",
                query={
                    "at": at,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def iter_duties(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        limit: int | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> AsyncIterator[m.OwedDuty]:
        "List who owes what by when: every item of every page."
        return cast(
            "AsyncIterator[m.OwedDuty]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duties",
                {
                    "at": at,
                    "limit": limit,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    async def read_duty_completeness(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        by: Literal["unit", "indicator", "period", "day", "light"] | None = None,
        limit: int | None = None,
        after: str | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> m.DutyCompleteness:
        "Read how complete what is owed is."
        return cast(
            "m.DutyCompleteness",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duties/completeness",
                query={
                    "at": at,
                    "by": by,
                    "limit": limit,
                    "after": after,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    def iter_duty_completeness(
        self,
        cycle_id: str,
        *,
        at: str | None = None,
        by: Literal["unit", "indicator", "period", "day", "light"] | None = None,
        limit: int | None = None,
        unit: str | None = None,
        about: str | None = None,
        indicator: str | None = None,
        period: str | None = None,
        day: str | None = None,
        light: list[Literal["none", "warning", "yellow_card", "red_card"]] | None = None,
        without_lead: bool | None = None,
    ) -> AsyncIterator[m.DutyPart]:
        "Read how complete what is owed is: every item of every page."
        return cast(
            "AsyncIterator[m.DutyPart]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duties/completeness",
                {
                    "at": at,
                    "by": by,
                    "limit": limit,
                    "unit": unit,
                    "about": about,
                    "indicator": indicator,
                    "period": period,
                    "day": day,
                    "light": light,
                    "without_lead": without_lead,
                },
            ),
        )

    async def list_duty_cards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        light: Literal["warning", "yellow_card", "red_card"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDutyCard:
        "List the warnings and cards that were written."
        return cast(
            "m.PageDutyCard",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                query={"unit": unit, "light": light, "limit": limit, "after": after},
            ),
        )

    def iter_duty_cards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        light: Literal["warning", "yellow_card", "red_card"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.DutyCard]:
        "List the warnings and cards that were written: every item of every page."
        return cast(
            "AsyncIterator[m.DutyCard]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                {"unit": unit, "light": light, "limit": limit},
            ),
        )

    async def write_duty_cards(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenCards:
        "Write the warnings and cards that are due."
        return cast(
            "m.WrittenCards",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-cards",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_duty_persons(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDutyPerson:
        "List who is in charge of what."
        return cast(
            "m.PageDutyPerson",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_duty_persons(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.DutyPerson]:
        "List who is in charge of what: every item of every page."
        return cast(
            "AsyncIterator[m.DutyPerson]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons", {"unit": unit, "limit": limit}
            ),
        )

    async def name_duty_person(
        self,
        cycle_id: str,
        body: m.NewDutyPerson,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedDutyPerson:
        "Name who is in charge of what a unit owes."
        return cast(
            "m.NamedDutyPerson",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/duty-persons",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_desk(self, cycle_id: str) -> m.ScorersDesk:
        "Read the desk of a scorer."
        return cast(
            "m.ScorersDesk",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/duties/desk"),
        )

    async def list_scoring_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of the ledger and of claims."
        return cast(
            "m.Tasks", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/scoring")
        )

    async def list_parked_rows(
        self,
        cycle_id: str,
        *,
        author_unit: str | None = None,
        state: Literal["parked", "entered", "replaced", "discarded"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageShownParkedRow:
        "List the parked rows."
        return cast(
            "m.PageShownParkedRow",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows",
                query={"author_unit": author_unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_parked_rows(
        self,
        cycle_id: str,
        *,
        author_unit: str | None = None,
        state: Literal["parked", "entered", "replaced", "discarded"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.ShownParkedRow]:
        "List the parked rows: every item of every page."
        return cast(
            "AsyncIterator[m.ShownParkedRow]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows",
                {"author_unit": author_unit, "state": state, "limit": limit},
            ),
        )

    async def replay_parked_rows(
        self,
        cycle_id: str,
        body: m.ParkedRowReplay,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReplayedRows:
        "Enter parked rows whose codes are known now."
        return cast(
            "m.ReplayedRows",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows/replay",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def discard_parked_rows(
        self,
        cycle_id: str,
        body: m.ParkedRowDiscard,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DiscardedRows:
        "Discard parked rows."
        return cast(
            "m.DiscardedRows",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/parked-rows/discard",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_awards_by_authority(
        self, cycle_id: str, *, unit: str | None = None, rule: str | None = None
    ) -> m.AwardsByAuthority:
        "List who got how many awards from whom."
        return cast(
            "m.AwardsByAuthority",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/by-authority",
                query={"unit": unit, "rule": rule},
            ),
        )

    async def list_claims(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["bonus", "deduction"] | None = None,
        state: list[Literal["handed_in", "confirmed", "rejected", "withdrawn"]] | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageClaim:
        "List the claims."
        return cast(
            "m.PageClaim",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_claims(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["bonus", "deduction"] | None = None,
        state: list[Literal["handed_in", "confirmed", "rejected", "withdrawn"]] | None = None,
        changed_since: str | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Claim]:
        "List the claims: every item of every page."
        return cast(
            "AsyncIterator[m.Claim]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                {
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "changed_since": changed_since,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    async def post_claims(
        self,
        cycle_id: str,
        body: m.NewClaims,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedClaims:
        "Post claims."
        return cast(
            "m.PostedClaims",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def post_claims_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewClaim] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedClaims:
        "Post claims, from rows or a file of them."
        return cast(
            "m.PostedClaims",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_claims(
        self,
        cycle_id: str,
        body: m.ScoringNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Confirm or reject claims."
        return cast(
            "m.MovedClaims",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_joint_claims(
        self,
        cycle_id: str,
        body: m.NewAnswers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Agree or object to joint claims."
        return cast(
            "m.MovedClaims",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_claims(
        self,
        cycle_id: str,
        body: m.NewClaimWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedClaims:
        "Withdraw claims."
        return cast(
            "m.MovedClaims",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def receive_carried_claims(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Arrivals:
        "Receive the claims that were carried over."
        return cast(
            "m.Arrivals",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/arrivals",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_highlights(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "accepted", "not_accepted", "taken_back"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.HighlightPage:
        "List highlights."
        return cast(
            "m.HighlightPage",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_highlights(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "accepted", "not_accepted", "taken_back"]] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Highlight]:
        "List highlights: every item of every page."
        return cast(
            "AsyncIterator[m.Highlight]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    async def report_highlight(
        self,
        cycle_id: str,
        body: m.NewHighlight,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Report a highlight."
        return cast(
            "m.MovedHighlight",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def examine_highlight(
        self,
        cycle_id: str,
        body: m.NewExamination,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Examine a highlight."
        return cast(
            "m.MovedHighlight",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights/examination",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_highlight(
        self,
        cycle_id: str,
        body: m.NewTakingBack,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedHighlight:
        "Take a highlight back."
        return cast(
            "m.MovedHighlight",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/highlights/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_registered_awards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        level: str | None = None,
        kind: Literal["award", "title"] | None = None,
        state: list[Literal["registered", "confirmed", "rejected", "taken_back"]] | None = None,
        year: int | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRegisteredAward:
        "List registered awards and titles."
        return cast(
            "m.PageRegisteredAward",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                query={
                    "unit": unit,
                    "level": level,
                    "kind": kind,
                    "state": state,
                    "year": year,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_registered_awards(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        level: str | None = None,
        kind: Literal["award", "title"] | None = None,
        state: list[Literal["registered", "confirmed", "rejected", "taken_back"]] | None = None,
        year: int | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.RegisteredAward]:
        "List registered awards and titles: every item of every page."
        return cast(
            "AsyncIterator[m.RegisteredAward]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                {
                    "unit": unit,
                    "level": level,
                    "kind": kind,
                    "state": state,
                    "year": year,
                    "limit": limit,
                },
            ),
        )

    async def register_award(
        self,
        cycle_id: str,
        body: m.NewRegisteredAward,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Register an award or a title."
        return cast(
            "m.MovedAward",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_award(
        self,
        cycle_id: str,
        body: m.NewAwardConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Confirm or reject a registered award."
        return cast(
            "m.MovedAward",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_award(
        self,
        cycle_id: str,
        body: m.NewAwardWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedAward:
        "Take a registered award back."
        return cast(
            "m.MovedAward",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/awards/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def count_registered_awards(
        self, cycle_id: str, *, unit: str | None = None
    ) -> m.AwardsByUnit:
        "Count registered awards by unit and level."
        return cast(
            "m.AwardsByUnit",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/awards/by-unit", query={"unit": unit}
            ),
        )

    async def export_check_commitment(self, cycle_id: str, check: str) -> bytes:
        "Get the text that binds a check."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
                raw=True,
            ),
        )

    async def download_check_commitment(self, cycle_id: str, check: str, file: Path) -> None:
        "Get the text that binds a check: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
            query={},
            file=file,
        )

    async def fix_check_lists(
        self,
        cycle_id: str,
        check: str,
        body: m.NewCommitment,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FixedCheck:
        "Fix the lists of a check."
        return cast(
            "m.FixedCheck",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/commitment",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def draw_check(
        self,
        cycle_id: str,
        check: str,
        body: m.NewSeed,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DrawnCheck:
        "Tell the seed of a check and draw it."
        return cast(
            "m.DrawnCheck",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/draw",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_checks(self, cycle_id: str) -> m.ScheduledChecks:
        "List re-checks and spot checks."
        return cast(
            "m.ScheduledChecks",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/checks"),
        )

    async def export_check_list(self, cycle_id: str, check: str, list_name: str) -> bytes:
        "Get a list of a check."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}",
                raw=True,
            ),
        )

    async def download_check_list(
        self, cycle_id: str, check: str, list_name: str, file: Path
    ) -> None:
        "Get a list of a check: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}",
            query={},
            file=file,
        )

    async def export_drawn(self, cycle_id: str, check: str, list_name: str) -> bytes:
        "Get what was drawn of a list."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}/drawn",
                raw=True,
            ),
        )

    async def download_drawn(self, cycle_id: str, check: str, list_name: str, file: Path) -> None:
        "Get what was drawn of a list: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/lists/{self.part(list_name)}/drawn",
            query={},
            file=file,
        )

    async def export_check_reviewers(self, cycle_id: str, check: str) -> bytes:
        "Get who may check whom."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
                raw=True,
            ),
        )

    async def download_check_reviewers(self, cycle_id: str, check: str, file: Path) -> None:
        "Get who may check whom: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
            query={},
            file=file,
        )

    async def fix_check_reviewers(
        self,
        cycle_id: str,
        check: str,
        body: m.NewReviewers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FixedReviewers:
        "Fix the reviewers of a check."
        return cast(
            "m.FixedReviewers",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/reviewers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_check_teams(self, cycle_id: str, check: str) -> m.CheckTeams:
        "List the teams of a check."
        return cast(
            "m.CheckTeams",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/teams"
            ),
        )

    async def name_check_team(
        self,
        cycle_id: str,
        check: str,
        unit: str,
        body: m.NewTeam,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedTeam:
        "Name the team of a drawn unit."
        return cast(
            "m.NamedTeam",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/teams/{self.part(unit)}",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_check_sheet(
        self,
        cycle_id: str,
        check: str,
        unit: str,
        *,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCheckedEntry:
        "Read the sheet of a drawn unit."
        return cast(
            "m.PageCheckedEntry",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/sheets/{self.part(unit)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_check_sheet(
        self, cycle_id: str, check: str, unit: str, *, limit: int | None = None
    ) -> AsyncIterator[m.CheckedEntry]:
        "Read the sheet of a drawn unit: every item of every page."
        return cast(
            "AsyncIterator[m.CheckedEntry]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/sheets/{self.part(unit)}",
                {"limit": limit},
            ),
        )

    async def list_check_findings(
        self,
        cycle_id: str,
        check: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "signed", "objected", "upheld", "dismissed"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageCheckFinding:
        "List findings of a check."
        return cast(
            "m.PageCheckFinding",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_check_findings(
        self,
        cycle_id: str,
        check: str,
        *,
        unit: str | None = None,
        state: list[Literal["reported", "signed", "objected", "upheld", "dismissed"]] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.CheckFinding]:
        "List findings of a check: every item of every page."
        return cast(
            "AsyncIterator[m.CheckFinding]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    async def record_check_finding(
        self,
        cycle_id: str,
        check: str,
        body: m.NewFinding,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Record a finding of a check."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_check_finding(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFindingAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Sign a finding or object."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/answer",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_check_finding(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFindingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Decide on a finding."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def put_forward_as_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraud,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Put a finding forward as fraud."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def state_on_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraudStatement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Make the unit's statement about fraud."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud/statement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_on_fraud(
        self,
        cycle_id: str,
        check: str,
        finding_id: str,
        body: m.NewFraudDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Decide whether it is fraud."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/findings/{self.part(finding_id)}/fraud/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_second_marks(self, cycle_id: str, check: str) -> m.SecondMarks:
        "Read how second marks agree."
        return cast(
            "m.SecondMarks",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/second-marks",
            ),
        )

    async def give_second_mark(
        self,
        cycle_id: str,
        check: str,
        body: m.NewSecondMark,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedFinding:
        "Mark an entry a second time."
        return cast(
            "m.MovedFinding",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/checks/{self.part(check)}/second-marks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def give_self_marks(
        self,
        cycle_id: str,
        round_code: str,
        body: m.NewSelfMarks,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.StoredSelfMarks:
        "Give self marks."
        return cast(
            "m.StoredSelfMarks",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/marks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def hand_in_self_evaluation(
        self,
        cycle_id: str,
        round_code: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.HandedInSelfEvaluation:
        "Hand in a self-evaluation."
        return cast(
            "m.HandedInSelfEvaluation",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/hand-in",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def compare_self_evaluations(
        self,
        cycle_id: str,
        round_code: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SelfEvaluationCosts:
        "Compare self-evaluations with the record."
        return cast(
            "m.SelfEvaluationCosts",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/comparison",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_self_evaluations(self, cycle_id: str) -> m.SelfEvaluations:
        "List self-evaluations."
        return cast(
            "m.SelfEvaluations",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations"),
        )

    async def read_self_evaluation(
        self, cycle_id: str, round_code: str, unit: str
    ) -> m.SelfEvaluation:
        "Read a unit's self-evaluation."
        return cast(
            "m.SelfEvaluation",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/self-evaluations/{self.part(round_code)}/units/{self.part(unit)}",
            ),
        )

    async def list_objections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        about: Literal["mark", "claim", "entry", "card", "wave"] | None = None,
        state: list[Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]]
        | None = None,
        objection_id: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageObjection:
        "List objections."
        return cast(
            "m.PageObjection",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                query={
                    "unit": unit,
                    "about": about,
                    "state": state,
                    "objection_id": objection_id,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_objections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        about: Literal["mark", "claim", "entry", "card", "wave"] | None = None,
        state: list[Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]]
        | None = None,
        objection_id: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Objection]:
        "List objections: every item of every page."
        return cast(
            "AsyncIterator[m.Objection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                {
                    "unit": unit,
                    "about": about,
                    "state": state,
                    "objection_id": objection_id,
                    "limit": limit,
                },
            ),
        )

    async def file_objection(
        self,
        cycle_id: str,
        body: m.NewObjection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Object to what was fed back."
        return cast(
            "m.MovedObjection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_objection(
        self,
        cycle_id: str,
        objection_id: str,
        body: m.NewObjectionAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Take an objection further, or take it back."
        return cast(
            "m.MovedObjection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections/{self.part(objection_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_objection(
        self,
        cycle_id: str,
        objection_id: str,
        body: m.NewObjectionDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedObjection:
        "Decide about an objection."
        return cast(
            "m.MovedObjection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/objections/{self.part(objection_id)}/decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_evidence(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        name: str | None = None,
        kind: Literal[
            "jpeg",
            "png",
            "gif",
            "webp",
            "heic",
            "tiff",
            "pdf",
            "ofd",
            "docx",
            "xlsx",
            "pptx",
            "doc",
            "xls",
            "ppt",
            "wps",
            "et",
            "dps",
            "mp4",
            "mov",
            "txt",
            "csv",
        ]
        | None = None,
        digest: str | None = None,
        day: str | None = None,
        is_used: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageListedEvidence:
        "List evidence."
        return cast(
            "m.PageListedEvidence",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                query={
                    "unit": unit,
                    "name": name,
                    "kind": kind,
                    "digest": digest,
                    "day": day,
                    "is_used": is_used,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_evidence(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        name: str | None = None,
        kind: Literal[
            "jpeg",
            "png",
            "gif",
            "webp",
            "heic",
            "tiff",
            "pdf",
            "ofd",
            "docx",
            "xlsx",
            "pptx",
            "doc",
            "xls",
            "ppt",
            "wps",
            "et",
            "dps",
            "mp4",
            "mov",
            "txt",
            "csv",
        ]
        | None = None,
        digest: str | None = None,
        day: str | None = None,
        is_used: bool | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.ListedEvidence]:
        "List evidence: every item of every page."
        return cast(
            "AsyncIterator[m.ListedEvidence]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                {
                    "unit": unit,
                    "name": name,
                    "kind": kind,
                    "digest": digest,
                    "day": day,
                    "is_used": is_used,
                    "limit": limit,
                },
            ),
        )

    async def add_evidence(
        self,
        cycle_id: str,
        content: bytes | Path,
        *,
        name: str,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AddedEvidence:
        "Add evidence."
        return cast(
            "m.AddedEvidence",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence",
                query={"name": name, "mode": mode},
                content=content,
                key=self.key(idempotency_key),
            ),
        )

    async def list_supervised_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
        ]
        | None = None,
        state: list[
            Literal[
                "registered",
                "dispatched",
                "handling",
                "returned",
                "disputed",
                "suspended",
                "extension_asked",
                "replied",
                "closed",
                "called_off",
                "withdrawn",
            ]
        ]
        | None = None,
        source_ref: str | None = None,
        light: list[Literal["none", "yellow", "red"]] | None = None,
        at: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageSupervisedItem:
        "List supervised items."
        return cast(
            "m.PageSupervisedItem",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "source_ref": source_ref,
                    "light": light,
                    "at": at,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_supervised_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
        ]
        | None = None,
        state: list[
            Literal[
                "registered",
                "dispatched",
                "handling",
                "returned",
                "disputed",
                "suspended",
                "extension_asked",
                "replied",
                "closed",
                "called_off",
                "withdrawn",
            ]
        ]
        | None = None,
        source_ref: str | None = None,
        light: list[Literal["none", "yellow", "red"]] | None = None,
        at: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.SupervisedItem]:
        "List supervised items: every item of every page."
        return cast(
            "AsyncIterator[m.SupervisedItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                {
                    "unit": unit,
                    "kind": kind,
                    "state": state,
                    "source_ref": source_ref,
                    "light": light,
                    "at": at,
                    "limit": limit,
                },
            ),
        )

    async def register_supervised_items(
        self,
        cycle_id: str,
        body: m.NewSupervisedItems,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredItems:
        "Register supervised items."
        return cast(
            "m.RegisteredItems",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def register_supervised_items_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewSupervisedItem] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredItems:
        "Register supervised items, from rows or a file of them."
        return cast(
            "m.RegisteredItems",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def open_report_items(
        self,
        cycle_id: str,
        body: m.NewReportItems | None | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReportItems:
        "Open the items of rectification reports."
        return cast(
            "m.ReportItems",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/reports",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_report_items(self, cycle_id: str) -> m.ItemsOfReports:
        "List the items of rectification reports."
        return cast(
            "m.ItemsOfReports",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/report-items"),
        )

    async def dispatch_supervised_items(
        self,
        cycle_id: str,
        body: m.NewItemDispatch,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DispatchedItems:
        "Dispatch supervised items."
        return cast(
            "m.DispatchedItems",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/dispatch",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Sign for, return, report on or reply to an item."
        return cast(
            "m.MovedItem",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def direct_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemDirection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Urge, decide about, close or reopen an item."
        return cast(
            "m.MovedItem",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/directions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def rule_on_supervised_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewItemRuling,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedItem:
        "Rule on a disputed item."
        return cast(
            "m.MovedItem",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}/ruling",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_supervised_item(
        self, cycle_id: str, item_id: str, *, at: str | None = None
    ) -> m.SupervisedItemHistory:
        "Read a supervised item."
        return cast(
            "m.SupervisedItemHistory",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-items/{self.part(item_id)}",
                query={"at": at},
            ),
        )

    async def list_supervised_item_events(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        what: list[Literal["due_soon", "overdue", "redone", "returned"]] | None = None,
        item_id: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageItemEvent:
        "List what items have earned."
        return cast(
            "m.PageItemEvent",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                query={
                    "unit": unit,
                    "what": what,
                    "item_id": item_id,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_supervised_item_events(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        what: list[Literal["due_soon", "overdue", "redone", "returned"]] | None = None,
        item_id: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.ItemEvent]:
        "List what items have earned: every item of every page."
        return cast(
            "AsyncIterator[m.ItemEvent]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                {"unit": unit, "what": what, "item_id": item_id, "limit": limit},
            ),
        )

    async def write_supervised_item_events(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenItemEvents:
        "Write what items have earned."
        return cast(
            "m.WrittenItemEvents",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/supervised-item-events",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_complaints(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
        | None = None,
        state: list[
            Literal[
                "raised",
                "accepted",
                "assigned",
                "extension_asked",
                "answered",
                "revisited",
                "closed",
                "refused",
                "linked",
                "suspected",
                "malicious",
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageComplaint:
        "List complaints."
        return cast(
            "m.PageComplaint",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"unit": unit, "kind": kind, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_complaints(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
        | None = None,
        state: list[
            Literal[
                "raised",
                "accepted",
                "assigned",
                "extension_asked",
                "answered",
                "revisited",
                "closed",
                "refused",
                "linked",
                "suspected",
                "malicious",
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Complaint]:
        "List complaints: every item of every page."
        return cast(
            "AsyncIterator[m.Complaint]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                {"unit": unit, "kind": kind, "state": state, "limit": limit},
            ),
        )

    async def register_complaints(
        self,
        cycle_id: str,
        body: m.NewComplaints,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredComplaints:
        "Register complaints."
        return cast(
            "m.RegisteredComplaints",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def register_complaints_from(
        self,
        cycle_id: str,
        rows: Iterable[m.NewComplaint] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RegisteredComplaints:
        "Register complaints, from rows or a file of them."
        return cast(
            "m.RegisteredComplaints",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_complaint(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewComplaintAnswer,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedComplaint:
        "Answer or return a complaint, or ask for more time."
        return cast(
            "m.MovedComplaint",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def direct_complaint(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewComplaintDirection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedComplaint:
        "Accept, assign, revisit or close a complaint."
        return cast(
            "m.MovedComplaint",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/directions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_complaint(self, cycle_id: str, complaint_id: str) -> m.ComplaintHistory:
        "Read a complaint."
        return cast(
            "m.ComplaintHistory",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}"
            ),
        )

    async def read_complaint_desk(self, cycle_id: str) -> m.DeskNow:
        "Read whether citizens may raise complaints."
        return cast(
            "m.DeskNow",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/complaint-desk"),
        )

    async def open_complaint_desk(
        self,
        cycle_id: str,
        body: m.NewDesk,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Desk:
        "Open or close the way for citizens."
        return cast(
            "m.Desk",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-desk",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_contact(
        self,
        cycle_id: str,
        complaint_id: str,
        body: m.NewContactReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReadContact:
        "Read how whoever raised a complaint is reached."
        return cast(
            "m.ReadContact",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaints/{self.part(complaint_id)}/contact-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def erase_contacts(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedContacts:
        "Erase contacts whose time is over."
        return cast(
            "m.ErasedContacts",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def write_complaint_events(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WrittenItemEvents:
        "Write what complaints have earned."
        return cast(
            "m.WrittenItemEvents",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-events",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def read_complaint_ratings(self, cycle_id: str, *, month: str) -> m.ComplaintRatings:
        "Read the monthly ratings of complaints."
        return cast(
            "m.ComplaintRatings",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/complaint-ratings",
                query={"month": month},
            ),
        )

    async def raise_complaint(self, cycle_id: str, body: m.NewPublicComplaint) -> m.RaisedComplaint:
        "Raise a complaint without an account."
        return cast(
            "m.RaisedComplaint",
            await self.call(
                "POST", f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints", body=body
            ),
        )

    async def follow_complaint(
        self, cycle_id: str, reference: str, *, complaint_token: str | None = None
    ) -> m.FollowedComplaint:
        "Follow a complaint by its number."
        return cast(
            "m.FollowedComplaint",
            await self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints/{self.part(reference)}",
                headers={"Complaint-Token": complaint_token},
            ),
        )

    async def judge_answer(
        self,
        cycle_id: str,
        reference: str,
        body: m.NewVerdict,
        *,
        complaint_token: str | None = None,
    ) -> m.FollowedComplaint:
        "Say whether the answer will do."
        return cast(
            "m.FollowedComplaint",
            await self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/complaints/{self.part(reference)}/verdict",
                body=body,
                headers={"Complaint-Token": complaint_token},
            ),
        )

    async def read_evidence(self, cycle_id: str, evidence_id: str) -> m.Evidence:
        "Read what is known of evidence."
        return cast(
            "m.Evidence",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}"
            ),
        )

    async def export_evidence(self, cycle_id: str, evidence_id: str) -> bytes:
        "Download evidence."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}/content",
                raw=True,
            ),
        )

    async def download_evidence(self, cycle_id: str, evidence_id: str, file: Path) -> None:
        "Download evidence: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/evidence/{self.part(evidence_id)}/content",
            query={},
            file=file,
        )

    async def name_evidence_of_entry(
        self,
        cycle_id: str,
        entry_id: str,
        body: m.NewNaming,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedEvidence:
        "Name evidence of an entry."
        return cast(
            "m.NamedEvidence",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/ledger-entries/{self.part(entry_id)}/evidence",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def name_evidence_of_claim(
        self,
        cycle_id: str,
        claim_id: str,
        body: m.NewNaming,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NamedEvidence:
        "Name evidence of a claim."
        return cast(
            "m.NamedEvidence",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/claims/{self.part(claim_id)}/evidence",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_evidence_duplicates(
        self, cycle_id: str, *, apart: int | None = None
    ) -> m.EvidenceDuplicates:
        "Read which evidence was used twice."
        return cast(
            "m.EvidenceDuplicates",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/evidence-duplicates",
                query={"apart": apart},
            ),
        )

    async def export_archive(self, cycle_id: str) -> bytes:
        "Download the archive of a cycle."
        return cast(
            "bytes",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/archive", raw=True),
        )

    async def download_archive(self, cycle_id: str, file: Path) -> None:
        "Download the archive of a cycle: into a file."
        await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/archive", query={}, file=file)

    async def restore_archive(
        self,
        cycle_id: str,
        content: bytes | Path,
        *,
        digest: str,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RestoredArchive:
        "Restore a year out of its archive."
        return cast(
            "m.RestoredArchive",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration",
                query={"digest": digest, "mode": mode},
                content=content,
                key=self.key(idempotency_key),
            ),
        )

    async def list_restoration_proposals(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageRestorationProposal:
        "List the archives that were proposed."
        return cast(
            "m.PageRestorationProposal",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_restoration_proposals(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.RestorationProposal]:
        "List the archives that were proposed: every item of every page."
        return cast(
            "AsyncIterator[m.RestorationProposal]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                {"limit": limit},
            ),
        )

    async def propose_restoration(
        self,
        cycle_id: str,
        body: m.NewRestorationProposal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedRestoration:
        "Propose to restore an archive."
        return cast(
            "m.ProposedRestoration",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/archive/restoration-proposals",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_corrections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["proposed", "approved", "refused", "withdrawn"]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.SealedCorrections:
        "List corrections of the sealed record."
        return cast(
            "m.SealedCorrections",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_corrections(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        state: list[Literal["proposed", "approved", "refused", "withdrawn"]] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.SealedCorrection]:
        "List corrections of the sealed record: every item of every page."
        return cast(
            "AsyncIterator[m.SealedCorrection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    async def propose_correction(
        self,
        cycle_id: str,
        body: m.NewCorrection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Propose a correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_correction(
        self,
        cycle_id: str,
        correction_id: str,
        body: m.NewCorrectionDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Decide on a correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections/{self.part(correction_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_correction(
        self,
        cycle_id: str,
        correction_id: str,
        body: m.NewCorrectionWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedCorrection:
        "Take back a proposed correction of the sealed record."
        return cast(
            "m.MovedCorrection",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/corrections/{self.part(correction_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_score_sheets(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        phase: Literal["computed", "fed_back"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageScoreSheetSummary:
        "List the score sheets."
        return cast(
            "m.PageScoreSheetSummary",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                query={"category": category, "phase": phase, "limit": limit, "after": after},
            ),
        )

    def iter_score_sheets(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        phase: Literal["computed", "fed_back"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.ScoreSheetSummary]:
        "List the score sheets: every item of every page."
        return cast(
            "AsyncIterator[m.ScoreSheetSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                {"category": category, "phase": phase, "limit": limit},
            ),
        )

    async def compute_score_sheet(
        self,
        cycle_id: str,
        body: m.NewScoreSheet,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ComputedScoreSheet:
        "Compute a score sheet."
        return cast(
            "m.ComputedScoreSheet",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_score_sheet(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        id_scheme: str | None = None,
    ) -> m.ScoreSheet:
        "Read a score sheet."
        return cast(
            "m.ScoreSheet",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}",
                query={"unit": unit, "category": category, "id_scheme": id_scheme},
            ),
        )

    async def feed_back_score_sheet(
        self,
        cycle_id: str,
        edition: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FedBackScoreSheet:
        "Feed back a score sheet."
        return cast(
            "m.FedBackScoreSheet",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/feedback",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def export_marks(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        indicator: list[str] | None = None,
        state: list[
            Literal[
                "scored",
                "missing",
                "zero",
                "skipped",
                "category_mean",
                "subcategory_mean",
                "carried_over",
                "not_applicable",
                "short_sample",
                "voided",
            ]
        ]
        | None = None,
        id_scheme: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export all marks."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/marks",
                query={
                    "unit": unit,
                    "category": category,
                    "indicator": indicator,
                    "state": state,
                    "id_scheme": id_scheme,
                    "format": format,
                },
                raw=True,
            ),
        )

    async def download_marks(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        file: Path,
        *,
        unit: list[str] | None = None,
        category: list[str] | None = None,
        indicator: list[str] | None = None,
        state: list[
            Literal[
                "scored",
                "missing",
                "zero",
                "skipped",
                "category_mean",
                "subcategory_mean",
                "carried_over",
                "not_applicable",
                "short_sample",
                "voided",
            ]
        ]
        | None = None,
        id_scheme: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export all marks: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/marks",
            query={
                "unit": unit,
                "category": category,
                "indicator": indicator,
                "state": state,
                "id_scheme": id_scheme,
                "format": format or file.suffix[1:],
            },
            file=file,
        )

    async def explain_score(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        unit: str,
        *,
        vetoed: list[str] | None = None,
    ) -> m.Explanation:
        "Explain a unit's score."
        return cast(
            "m.Explanation",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/units/{self.part(unit)}/explanation",
                query={"vetoed": vetoed},
            ),
        )

    async def compare_score_sheets(
        self,
        cycle_id: str,
        edition: int | Literal["latest"],
        *,
        against: int,
        tag: str | None = None,
    ) -> m.SheetDifferences:
        "Compare two score sheets."
        return cast(
            "m.SheetDifferences",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/differences",
                query={"against": against, "tag": tag},
            ),
        )

    async def diagnose_score_sheet(
        self, cycle_id: str, edition: int | Literal["latest"], *, tag: str | None = None
    ) -> m.SheetDiagnostics:
        "Diagnose a score sheet."
        return cast(
            "m.SheetDiagnostics",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/diagnostics",
                query={"tag": tag},
            ),
        )

    async def diagnose_weights(
        self, cycle_id: str, edition: int | Literal["latest"]
    ) -> m.NextSchemeDiagnosed:
        "Begin next year's scheme with a diagnosis of each weight."
        return cast(
            "m.NextSchemeDiagnosed",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/next-scheme",
            ),
        )

    async def read_outlook(
        self, cycle_id: str, edition: int | Literal["latest"], unit: str, *, tag: str | None = None
    ) -> m.Outlook:
        "Read a unit's outlook."
        return cast(
            "m.Outlook",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/score-sheets/{self.part(edition)}/units/{self.part(unit)}/outlook",
                query={"tag": tag},
            ),
        )

    async def simulate_scores(self, cycle_id: str, body: m.NewScoreSimulation) -> m.ScoreSimulation:
        "Simulate scores."
        return cast(
            "m.ScoreSimulation",
            await self.call(
                "POST", f"/api/v1/cycles/{self.part(cycle_id)}/score-simulations", body=body
            ),
        )

    async def simulate_own_results(
        self, cycle_id: str, body: m.NewOwnSimulation
    ) -> m.OwnSimulation:
        "Simulate the own results so far."
        return cast(
            "m.OwnSimulation",
            await self.call(
                "POST", f"/api/v1/cycles/{self.part(cycle_id)}/own-simulations", body=body
            ),
        )

    async def read_stage_results(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        unit: str | None = None,
        at: str | None = None,
    ) -> m.StageResults:
        "Read the results so far."
        return cast(
            "m.StageResults",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/current",
                query={"category": category, "unit": unit, "at": at},
            ),
        )

    async def read_matters(
        self,
        cycle_id: str,
        unit: str,
        *,
        what: list[
            Literal[
                "input",
                "signature",
                "verification",
                "evidence",
                "correction",
                "reply",
                "answer",
                "confirmation",
                "award",
                "item",
            ]
        ]
        | None = None,
        indicator: str | None = None,
    ) -> m.Matters:
        "Read what points still depend on."
        return cast(
            "m.Matters",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/current/units/{self.part(unit)}/matters",
                query={"what": what, "indicator": indicator},
            ),
        )

    async def list_stages(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageStage:
        "List the stages of a cycle."
        return cast(
            "m.PageStage",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_stages(self, cycle_id: str, *, limit: int | None = None) -> AsyncIterator[m.Stage]:
        "List the stages of a cycle: every item of every page."
        return cast(
            "AsyncIterator[m.Stage]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/stage-results", {"limit": limit}),
        )

    async def freeze_stage_results(
        self,
        cycle_id: str,
        body: m.NewStage,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FrozenStage:
        "Freeze the results so far as a stage."
        return cast(
            "m.FrozenStage",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_stage(
        self, cycle_id: str, stage_no: int, *, category: str | None = None, unit: str | None = None
    ) -> m.StageResult:
        "Read a stage."
        return cast(
            "m.StageResult",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}",
                query={"category": category, "unit": unit},
            ),
        )

    async def propose_stage_release(
        self,
        cycle_id: str,
        stage_no: int,
        body: m.NewStageRelease,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedStage:
        "Propose to release the ranks of a stage."
        return cast(
            "m.MovedStage",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}/release",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_stage_release(
        self,
        cycle_id: str,
        stage_no: int,
        body: m.NewReleaseDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MovedStage:
        "Confirm the release of a stage's ranks."
        return cast(
            "m.MovedStage",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/stage-results/{self.part(stage_no)}/release/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_lineage(
        self, cycle_id: str, indicator: str, *, unit: str, years: int | None = None
    ) -> m.Lineage:
        "Read an indicator over the years."
        return cast(
            "m.Lineage",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/indicators/{self.part(indicator)}/lineage",
                query={"unit": unit, "years": years},
            ),
        )

    async def read_baselines(
        self, cycle_id: str, *, indicator: list[str], previous: str | None = None
    ) -> m.Baselines:
        "Read the baselines of last year."
        return cast(
            "m.Baselines",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/baselines",
                query={"indicator": indicator, "previous": previous},
            ),
        )

    async def read_obligations(self, unit: str) -> m.UnitObligations:
        "Tell what a unit owes over its cycles."
        return cast(
            "m.UnitObligations",
            await self.call("GET", f"/api/v1/units/{self.part(unit)}/obligations"),
        )

    async def list_project_states(
        self, cycle_id: str, *, unit: str | None = None
    ) -> m.ProjectStandings:
        "List how far projects are."
        return cast(
            "m.ProjectStandings",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/project-states", query={"unit": unit}
            ),
        )

    async def read_own_marks(self, cycle_id: str) -> m.OwnMarks:
        "Read the caller's own marks."
        return cast(
            "m.OwnMarks",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/panel-marks/own"),
        )

    async def list_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageUnitInSuperiorLists:
        "List places in the superior's lists."
        return cast(
            "m.PageUnitInSuperiorLists",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks",
                query={"unit": unit, "indicator": indicator, "limit": limit, "after": after},
            ),
        )

    def iter_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.UnitInSuperiorLists]:
        "List places in the superior's lists: every item of every page."
        return cast(
            "AsyncIterator[m.UnitInSuperiorLists]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks",
                {"unit": unit, "indicator": indicator, "limit": limit},
            ),
        )

    async def export_superior_ranks(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export places in the superior's lists."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks/export",
                query={"unit": unit, "indicator": indicator, "format": format},
                raw=True,
            ),
        )

    async def download_superior_ranks(
        self,
        cycle_id: str,
        file: Path,
        *,
        unit: str | None = None,
        indicator: str | None = None,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export places in the superior's lists: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/superior-ranks/export",
            query={"unit": unit, "indicator": indicator, "format": format or file.suffix[1:]},
            file=file,
        )

    async def read_scoring_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of scoring."
        return cast(
            "m.PageJournalEntry",
            await self.call(
                "GET",
                f"/api/v1/journals/scoring/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_scoring_chain(
        self, chain: str, *, limit: int | None = None
    ) -> AsyncIterator[m.JournalEntry]:
        "Read a journal of scoring: every item of every page."
        return cast(
            "AsyncIterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/scoring/chains/{self.part(chain)}", {"limit": limit}),
        )

    async def verify_scoring_chain(self, chain: str) -> m.Verification:
        "Verify a journal of scoring."
        return cast(
            "m.Verification",
            await self.call(
                "GET", f"/api/v1/journals/scoring/chains/{self.part(chain)}/verification"
            ),
        )

    async def read_scoring_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of scoring have come."
        return cast(
            "m.PageChainHead",
            await self.call(
                "GET", f"/api/v1/journals/scoring/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_scoring_heads(self, *, limit: int | None = None) -> AsyncIterator[m.ChainHead]:
        "Read how far the journals of scoring have come: every item of every page."
        return cast(
            "AsyncIterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/scoring/heads", {"limit": limit}),
        )

    async def check_scoring_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of scoring."
        return cast(
            "m.Receipt",
            await self.call("GET", f"/api/v1/journals/scoring/receipts/{self.part(hash)}"),
        )

    async def list_surveys(
        self,
        cycle_id: str,
        *,
        code: list[str] | None = None,
        state: list[m.WaveState] | None = None,
    ) -> m.CycleSurveys:
        "List the surveys."
        return cast(
            "m.CycleSurveys",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/surveys",
                query={"code": code, "state": state},
            ),
        )

    async def create_survey(
        self,
        cycle_id: str,
        body: m.NewSurvey,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CreatedSurvey:
        "Create a survey."
        return cast(
            "m.CreatedSurvey",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/surveys",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_questionnaires(
        self, survey_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageQuestionnaireVersion:
        "List the versions of a questionnaire."
        return cast(
            "m.PageQuestionnaireVersion",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/questionnaires",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_questionnaires(
        self, survey_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.QuestionnaireVersion]:
        "List the versions of a questionnaire: every item of every page."
        return cast(
            "AsyncIterator[m.QuestionnaireVersion]",
            self.pages(f"/api/v1/surveys/{self.part(survey_id)}/questionnaires", {"limit": limit}),
        )

    async def enter_questionnaire(
        self,
        survey_id: str,
        body: m.NewQuestionnaire,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnteredQuestionnaire:
        "Enter a questionnaire."
        return cast(
            "m.EnteredQuestionnaire",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/questionnaires",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_questionnaire(self, survey_id: str, version: int) -> m.Questionnaire:
        "Read a version of a questionnaire."
        return cast(
            "m.Questionnaire",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/questionnaires/{self.part(version)}"
            ),
        )

    async def open_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Open a wave."
        return cast(
            "m.WaveChanged",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opening",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def close_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewClosing | None = None,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Close a wave."
        return cast(
            "m.WaveChanged",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/closing",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_wave(self, survey_id: str, wave: int) -> m.WaveProgress:
        "Read a wave."
        return cast(
            "m.WaveProgress",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}"
            ),
        )

    async def enter_plan(
        self,
        survey_id: str,
        wave: int,
        body: m.NewPlan,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnteredPlan:
        "Enter a sample plan."
        return cast(
            "m.EnteredPlan",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/plans",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_plan(self, survey_id: str, wave: int, *, version: int | None = None) -> m.Plan:
        "Read the sample plan."
        return cast(
            "m.Plan",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/plan",
                query={"version": version},
            ),
        )

    async def stop_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Stop a wave."
        return cast(
            "m.WaveChanged",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/stopping",
                query={"mode": mode},
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def reopen_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReopening,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.WaveChanged:
        "Reopen a wave."
        return cast(
            "m.WaveChanged",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/reopening",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_attestations(self, survey_id: str, wave: int) -> m.WaveAttestations:
        "List the attestations of a wave."
        return cast(
            "m.WaveAttestations",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/attestations",
            ),
        )

    async def attest_wave(
        self,
        survey_id: str,
        wave: int,
        body: m.NewAttestation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedAttestation:
        "Attest a wave."
        return cast(
            "m.RecordedAttestation",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/attestations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_voidings(self, survey_id: str, wave: int) -> m.WaveVoidings:
        "List the proposals to void a wave."
        return cast(
            "m.WaveVoidings",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings"
            ),
        )

    async def propose_voiding(
        self,
        survey_id: str,
        wave: int,
        body: m.NewVoiding,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedVoiding:
        "Propose to void a wave."
        return cast(
            "m.RecordedVoiding",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_voiding(
        self,
        survey_id: str,
        wave: int,
        voiding_no: int,
        body: m.NewVoidingDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedVoiding:
        "Decide whether a wave is void."
        return cast(
            "m.RecordedVoiding",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/voidings/{self.part(voiding_no)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def repeat_wave(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WaveRepetition:
        "Repeat a voided wave."
        return cast(
            "m.WaveRepetition",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/repetition",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_batches(
        self, survey_id: str, wave: int, *, limit: int | None = None, after: str | None = None
    ) -> m.PageBatch:
        "List the batches of a wave."
        return cast(
            "m.PageBatch",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_batches(
        self, survey_id: str, wave: int, *, limit: int | None = None
    ) -> AsyncIterator[m.Batch]:
        "List the batches of a wave: every item of every page."
        return cast(
            "AsyncIterator[m.Batch]",
            self.pages(
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                {"limit": limit},
            ),
        )

    async def post_batch(
        self,
        survey_id: str,
        wave: int,
        body: m.NewBatch,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedBatch:
        "Post a batch of responses."
        return cast(
            "m.PostedBatch",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={"id_scheme": id_scheme, "mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def post_batch_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.Response] | Path,
        *,
        id_scheme: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        batch_no: str | None = None,
        questionnaire_version: int | None = None,
        control_totals_count: int | None = None,
        control_totals_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedBatch:
        "Post a batch of responses, from rows or a file of them."
        return cast(
            "m.PostedBatch",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches",
                query={
                    "id_scheme": id_scheme,
                    "mode": mode,
                    "batch_no": batch_no,
                    "questionnaire_version": questionnaire_version,
                    "control_totals.count": control_totals_count,
                    "control_totals.digest": control_totals_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_batch(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        body: m.NewWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WithdrawnBatch:
        "Withdraw a batch."
        return cast(
            "m.WithdrawnBatch",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        unit: str | None = None,
        state: m.OpinionState | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageQuarantinedOpinion:
        "Read opinions in quarantine."
        return cast(
            "m.PageQuarantinedOpinion",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"unit": unit, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        unit: str | None = None,
        state: m.OpinionState | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.QuarantinedOpinion]:
        "Read opinions in quarantine: every item of every page."
        return cast(
            "AsyncIterator[m.QuarantinedOpinion]",
            self.pages(
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                {"unit": unit, "state": state, "limit": limit},
            ),
        )

    async def post_opinions(
        self,
        survey_id: str,
        wave: int,
        body: m.NewOpinions,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedOpinions:
        "Post opinions that came without an interview."
        return cast(
            "m.PostedOpinions",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def post_opinions_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewOpinion] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        batch_no: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedOpinions:
        "Post opinions that came without an interview, from rows or a file of them."
        return cast(
            "m.PostedOpinions",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions",
                query={"mode": mode, "batch_no": batch_no},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def propose_reviews(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReviews,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedReviews:
        "Propose reviews of opinions."
        return cast(
            "m.ProposedReviews",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/reviews",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def propose_reviews_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewReview] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ProposedReviews:
        "Propose reviews of opinions, from rows or a file of them."
        return cast(
            "m.ProposedReviews",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/reviews",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_reviews(
        self,
        survey_id: str,
        wave: int,
        body: m.NewReviewConfirmations,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedReviews:
        "Confirm reviews of opinions."
        return cast(
            "m.ConfirmedReviews",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/confirmations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_reviews_from(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[m.NewReviewConfirmation] | Path,
        *,
        mode: Literal["all", "partial", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedReviews:
        "Confirm reviews of opinions, from rows or a file of them."
        return cast(
            "m.ConfirmedReviews",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/confirmations",
                query={"mode": mode},
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def publish_opinions(
        self,
        survey_id: str,
        wave: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.OpinionPublication:
        "Publish opinions."
        return cast(
            "m.OpinionPublication",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/opinions/publication",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_published_opinions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PagePublishedOpinion:
        "Read published opinions."
        return cast(
            "m.PagePublishedOpinion",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/opinions",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_published_opinions(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.PublishedOpinion]:
        "Read published opinions: every item of every page."
        return cast(
            "AsyncIterator[m.PublishedOpinion]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/opinions", {"unit": unit, "limit": limit}
            ),
        )

    async def list_items(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRectificationItem:
        "Read rectification items."
        return cast(
            "m.PageRectificationItem",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_items(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.RectificationItem]:
        "Read rectification items: every item of every page."
        return cast(
            "AsyncIterator[m.RectificationItem]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                {"unit": unit, "limit": limit},
            ),
        )

    async def assign_items(
        self,
        cycle_id: str,
        body: m.NewItems,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.AssignedItems:
        "Assign rectification items."
        return cast(
            "m.AssignedItems",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def reply_to_item(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewReply,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedItem:
        "Reply to a rectification item."
        return cast(
            "m.RecordedItem",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items/{self.part(item_id)}/replies",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_on_reply(
        self,
        cycle_id: str,
        item_id: str,
        body: m.NewReplyDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedItem:
        "Decide on the reply to a rectification item."
        return cast(
            "m.RecordedItem",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rectification-items/{self.part(item_id)}/decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_mapping(
        self, survey_id: str, name: str, *, version: int | None = None
    ) -> m.SavedMapping:
        "Read what the columns of files are."
        return cast(
            "m.SavedMapping",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/mappings/{self.part(name)}",
                query={"version": version},
            ),
        )

    async def save_mapping(
        self,
        survey_id: str,
        name: str,
        body: m.NewExportMapping,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedMapping:
        "Save what the columns of files are."
        return cast(
            "m.RecordedMapping",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/mappings/{self.part(name)}",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_mappings(self, survey_id: str) -> m.ExportMappings:
        "List what was saved about columns of files."
        return cast(
            "m.ExportMappings",
            await self.call("GET", f"/api/v1/surveys/{self.part(survey_id)}/mappings"),
        )

    async def post_file(
        self,
        survey_id: str,
        wave: int,
        rows: Iterable[dict[str, str]] | Path,
        *,
        batch_no: str,
        mapping: str | None = None,
        mode: Literal["all", "partial", "check"] | None = None,
        questionnaire_version: int | None = None,
        control_totals_count: int | None = None,
        control_totals_sums: list[str] | None = None,
        control_totals_digest: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.PostedFile:
        "Post a file of responses, from rows or a file of them."
        return cast(
            "m.PostedFile",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/files",
                query={
                    "batch_no": batch_no,
                    "mapping": mapping,
                    "mode": mode,
                    "questionnaire_version": questionnaire_version,
                    "control_totals.count": control_totals_count,
                    "control_totals.sums": control_totals_sums,
                    "control_totals.digest": control_totals_digest,
                },
                rows=rows,
                key=self.key(idempotency_key),
            ),
        )

    async def export_refused_rows(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> bytes:
        "Export the rows of a file that were refused."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/refused-rows",
                query={"format": format},
                raw=True,
            ),
        )

    async def download_refused_rows(
        self,
        survey_id: str,
        wave: int,
        batch_no: str,
        file: Path,
        *,
        format: Literal["csv", "ndjson", "xlsx"] | None = None,
    ) -> None:
        "Export the rows of a file that were refused: into a file."
        await self.call(
            "GET",
            f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/batches/{self.part(batch_no)}/refused-rows",
            query={"format": format or file.suffix[1:]},
            file=file,
        )

    async def read_reconciliation(
        self, survey_id: str, wave: int, *, batch_no: str | None = None
    ) -> m.Reconciliation:
        "Read what became of the rows that were sent."
        return cast(
            "m.Reconciliation",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/reconciliation",
                query={"batch_no": batch_no},
            ),
        )

    async def list_meeting_counts(self, survey_id: str, wave: int) -> m.MeetingCounts:
        "List the counts of meetings."
        return cast(
            "m.MeetingCounts",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts",
            ),
        )

    async def post_meeting_count(
        self,
        survey_id: str,
        wave: int,
        body: m.NewNumberedCount,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Post the count of a meeting."
        return cast(
            "m.RecordedCount",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_meeting_count(
        self,
        survey_id: str,
        wave: int,
        count_no: str,
        body: m.NewCount,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Confirm the count of a meeting by a second count."
        return cast(
            "m.RecordedCount",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts/{self.part(count_no)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_meeting_count(
        self,
        survey_id: str,
        wave: int,
        count_no: str,
        body: m.NewWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedCount:
        "Withdraw the count of a meeting."
        return cast(
            "m.RecordedCount",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/meeting-counts/{self.part(count_no)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_seats(self, survey_id: str, wave: int) -> m.Seats:
        "List the seats of a wave."
        return cast(
            "m.Seats",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats"
            ),
        )

    async def name_seats(
        self,
        survey_id: str,
        wave: int,
        body: m.NewSeats,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedSeats:
        "Name the seats of a wave."
        return cast(
            "m.RecordedSeats",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def replace_seat(
        self,
        survey_id: str,
        wave: int,
        seat: str,
        body: m.NewSeatReplacement,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedSeats:
        "Give a seat to another account."
        return cast(
            "m.RecordedSeats",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/seats/{self.part(seat)}/replacement",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def set_up_urn(
        self,
        survey_id: str,
        wave: int,
        body: m.NewUrn,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UrnStep:
        "Set up the urn of a wave."
        return cast(
            "m.UrnStep",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/urn",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def open_urn(
        self,
        survey_id: str,
        wave: int,
        body: m.NewUrnOpening,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UrnStep:
        "Open the urn of a wave."
        return cast(
            "m.UrnStep",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/urn/opening",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_ballot_paper(self, survey_id: str, wave: int) -> m.BallotPaper:
        "Read the ballot paper."
        return cast(
            "m.BallotPaper",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/ballot"
            ),
        )

    async def cast_ballot(
        self,
        survey_id: str,
        wave: int,
        body: m.NewBallot,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CastBallot:
        "Cast a ballot."
        return cast(
            "m.CastBallot",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/ballot",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_links(self, survey_id: str, wave: int) -> m.WaveLinks:
        "See how far links have been used."
        return cast(
            "m.WaveLinks",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links"
            ),
        )

    async def draw_links(
        self,
        survey_id: str,
        wave: int,
        body: m.NewLinks,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DrawnLinks:
        "Draw links of online forms."
        return cast(
            "m.DrawnLinks",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_links(
        self,
        survey_id: str,
        wave: int,
        body: m.NewLinksWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WithdrawnLinks:
        "Withdraw unused links."
        return cast(
            "m.WithdrawnLinks",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/links/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_open_form(
        self, *, language: str | None = None, form_link: str | None = None
    ) -> m.OpenForm:
        "Read the form of a link."
        return cast(
            "m.OpenForm",
            await self.call(
                "GET",
                f"/api/v1/open-form",
                query={"language": language},
                headers={"Form-Link": form_link},
            ),
        )

    async def answer_open_form(
        self, body: m.NewForm, *, form_link: str | None = None
    ) -> m.TakenForm:
        "Answer the form of a link."
        return cast(
            "m.TakenForm",
            await self.call(
                "POST", f"/api/v1/open-form", body=body, headers={"Form-Link": form_link}
            ),
        )

    async def list_sample_decisions(self, survey_id: str, wave: int) -> m.SampleDecisions:
        "List decisions about samples."
        return cast(
            "m.SampleDecisions",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions",
            ),
        )

    async def propose_sample_decision(
        self,
        survey_id: str,
        wave: int,
        body: m.NewSampleDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedDecision:
        "Propose a decision about samples."
        return cast(
            "m.RecordedDecision",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_sample_decision(
        self,
        survey_id: str,
        wave: int,
        decision_no: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedDecision:
        "Confirm a decision about samples."
        return cast(
            "m.RecordedDecision",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/sample-decisions/{self.part(decision_no)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def read_screens(self, survey_id: str, wave: int) -> m.WaveScreens:
        "Read what the screens of a wave found."
        return cast(
            "m.WaveScreens",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screens"
            ),
        )

    async def list_screen_decisions(self, survey_id: str, wave: int) -> m.ScreenDecisions:
        "List decisions about findings."
        return cast(
            "m.ScreenDecisions",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions",
            ),
        )

    async def propose_screen_decision(
        self,
        survey_id: str,
        wave: int,
        body: m.NewScreenDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedScreenDecision:
        "Propose a decision about findings."
        return cast(
            "m.RecordedScreenDecision",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_screen_decision(
        self,
        survey_id: str,
        wave: int,
        decision_no: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordedScreenDecision:
        "Confirm a decision about findings."
        return cast(
            "m.RecordedScreenDecision",
            await self.call(
                "POST",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/screen-decisions/{self.part(decision_no)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def read_satisfaction(
        self, cycle_id: str, *, id_scheme: str | None = None
    ) -> m.CycleSatisfaction:
        "Read satisfaction."
        return cast(
            "m.CycleSatisfaction",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/satisfaction",
                query={"id_scheme": id_scheme},
            ),
        )

    async def read_estimates(
        self, survey_id: str, wave: int, *, unit: list[str] | None = None
    ) -> m.WaveEstimates:
        "Read the estimates."
        return cast(
            "m.WaveEstimates",
            await self.call(
                "GET",
                f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/estimates",
                query={"unit": unit},
            ),
        )

    async def read_weighting(self, survey_id: str, wave: int) -> m.WaveWeighting:
        "Read the weighting."
        return cast(
            "m.WaveWeighting",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/weighting"
            ),
        )

    async def read_estimates_over_waves(self, cycle_id: str) -> m.CycleEstimates:
        "Read the estimates over waves."
        return cast(
            "m.CycleEstimates",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/estimates"),
        )

    async def read_wave_tables(self, survey_id: str, wave: int) -> m.WaveTables:
        "Read the answers of a closed wave."
        return cast(
            "m.WaveTables",
            await self.call(
                "GET", f"/api/v1/surveys/{self.part(survey_id)}/waves/{self.part(wave)}/tables"
            ),
        )

    async def list_survey_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of surveys."
        return cast(
            "m.Tasks", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/survey")
        )

    async def read_survey_progress(self, cycle_id: str) -> m.SurveyProgress:
        "Read how far the surveys are."
        return cast(
            "m.SurveyProgress",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/survey-progress"),
        )

    async def read_survey_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of survey."
        return cast(
            "m.PageJournalEntry",
            await self.call(
                "GET",
                f"/api/v1/journals/survey/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_survey_chain(
        self, chain: str, *, limit: int | None = None
    ) -> AsyncIterator[m.JournalEntry]:
        "Read a journal of survey: every item of every page."
        return cast(
            "AsyncIterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/survey/chains/{self.part(chain)}", {"limit": limit}),
        )

    async def verify_survey_chain(self, chain: str) -> m.Verification:
        "Verify a journal of survey."
        return cast(
            "m.Verification",
            await self.call(
                "GET", f"/api/v1/journals/survey/chains/{self.part(chain)}/verification"
            ),
        )

    async def read_survey_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of survey have come."
        return cast(
            "m.PageChainHead",
            await self.call(
                "GET", f"/api/v1/journals/survey/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_survey_heads(self, *, limit: int | None = None) -> AsyncIterator[m.ChainHead]:
        "Read how far the journals of survey have come: every item of every page."
        return cast(
            "AsyncIterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/survey/heads", {"limit": limit}),
        )

    async def check_survey_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of survey."
        return cast(
            "m.Receipt",
            await self.call("GET", f"/api/v1/journals/survey/receipts/{self.part(hash)}"),
        )

    async def list_vetoes(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReported:
        "List vetoes."
        return cast(
            "m.PageReported",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                query={
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_vetoes(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Reported]:
        "List vetoes: every item of every page."
        return cast(
            "AsyncIterator[m.Reported]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                {
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    async def report_veto(
        self,
        cycle_id: str,
        body: m.NewVeto,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Report a veto."
        return cast(
            "m.VetoReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_demotions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReported:
        "List demotions."
        return cast(
            "m.PageReported",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                query={
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_demotions(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        code: str | None = None,
        state: list[Literal["reported", "confirmed", "refused", "lifting", "lifted"]] | None = None,
        id_scheme: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Reported]:
        "List demotions: every item of every page."
        return cast(
            "AsyncIterator[m.Reported]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                {
                    "unit": unit,
                    "code": code,
                    "state": state,
                    "id_scheme": id_scheme,
                    "limit": limit,
                },
            ),
        )

    async def report_demotion(
        self,
        cycle_id: str,
        body: m.NewDemotion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Report a demotion."
        return cast(
            "m.DemotionReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_veto(
        self,
        cycle_id: str,
        number: int,
        body: m.RankingNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Confirm a veto."
        return cast(
            "m.VetoReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes/{self.part(number)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def lift_veto(
        self,
        cycle_id: str,
        number: int,
        body: m.NewLifting,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.VetoReported:
        "Lift a veto."
        return cast(
            "m.VetoReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/vetoes/{self.part(number)}/lifting",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_demotion(
        self,
        cycle_id: str,
        number: int,
        body: m.RankingNewConfirmation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Confirm a demotion."
        return cast(
            "m.DemotionReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions/{self.part(number)}/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def lift_demotion(
        self,
        cycle_id: str,
        number: int,
        body: m.NewLifting,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DemotionReported:
        "Lift a demotion."
        return cast(
            "m.DemotionReported",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/demotions/{self.part(number)}/lifting",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def count_vetoes(self, cycle_id: str) -> m.VetoCounts:
        "Count the vetoes."
        return cast(
            "m.VetoCounts",
            await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/veto-counts"),
        )

    async def list_rankings(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        state: list[
            Literal[
                "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
            ]
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageRankingSummary:
        "List the rankings."
        return cast(
            "m.PageRankingSummary",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                query={"category": category, "state": state, "limit": limit, "after": after},
            ),
        )

    def iter_rankings(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        state: list[
            Literal[
                "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
            ]
        ]
        | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.RankingSummary]:
        "List the rankings: every item of every page."
        return cast(
            "AsyncIterator[m.RankingSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                {"category": category, "state": state, "limit": limit},
            ),
        )

    async def compute_ranking(
        self,
        cycle_id: str,
        body: m.NewRanking,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RankingComputed:
        "Compute a ranking."
        return cast(
            "m.RankingComputed",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_ranking(
        self, cycle_id: str, edition: int, *, id_scheme: str | None = None
    ) -> m.Ranking:
        "Read a ranking."
        return cast(
            "m.Ranking",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}",
                query={"id_scheme": id_scheme},
            ),
        )

    async def read_survey_errors(self, cycle_id: str, edition: int) -> m.SurveyErrors:
        "Read the errors of the surveys in a ranking."
        return cast(
            "m.SurveyErrors",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/survey-errors",
            ),
        )

    async def read_uncertainty(
        self,
        cycle_id: str,
        edition: int,
        *,
        seed: int | None = None,
        replications: int | None = None,
        weights_by: int | None = None,
        vary: Literal["blocks", "indicators"] | None = None,
        earlier_cycle: str | None = None,
    ) -> m.Uncertainty:
        "Read how firm a ranking is."
        return cast(
            "m.Uncertainty",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/uncertainty",
                query={
                    "seed": seed,
                    "replications": replications,
                    "weights_by": weights_by,
                    "vary": vary,
                    "earlier_cycle": earlier_cycle,
                },
            ),
        )

    async def simulate_ranking(self, cycle_id: str, body: m.NewSimulation) -> m.Simulation:
        "Simulate a ranking."
        return cast(
            "m.Simulation",
            await self.call("POST", f"/api/v1/cycles/{self.part(cycle_id)}/simulations", body=body),
        )

    async def merge_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Merge a ranking."
        return cast(
            "m.StepTaken",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/merge",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def review_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Review a ranking."
        return cast(
            "m.StepTaken",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/review",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def decide_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Decide on a ranking."
        return cast(
            "m.StepTaken",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def read_ranking_steps(self, cycle_id: str, edition: int) -> m.ChainOfEdition:
        "Read the approval chain of a ranking."
        return cast(
            "m.ChainOfEdition",
            await self.call(
                "GET", f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/steps"
            ),
        )

    async def take_ranking_step(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewChainStep,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.StepTaken:
        "Take a step of the approval chain."
        return cast(
            "m.StepTaken",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/steps",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_delegations(
        self, cycle_id: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageDelegationGiven:
        "List the delegations."
        return cast(
            "m.PageDelegationGiven",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/delegations",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_delegations(
        self, cycle_id: str, *, limit: int | None = None
    ) -> AsyncIterator[m.DelegationGiven]:
        "List the delegations: every item of every page."
        return cast(
            "AsyncIterator[m.DelegationGiven]",
            self.pages(f"/api/v1/cycles/{self.part(cycle_id)}/delegations", {"limit": limit}),
        )

    async def delegate_signature(
        self,
        cycle_id: str,
        body: m.NewDelegation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DelegationRecorded:
        "Delegate a signature."
        return cast(
            "m.DelegationRecorded",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/delegations",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def publish_ranking(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewRelease,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.RankingPublished:
        "Publish a ranking."
        return cast(
            "m.RankingPublished",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/publication",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def list_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageReleaseSummary:
        "List the releases."
        return cast(
            "m.PageReleaseSummary",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases",
                query={
                    "category": category,
                    "changed_since": changed_since,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        changed_since: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.ReleaseSummary]:
        "List the releases: every item of every page."
        return cast(
            "AsyncIterator[m.ReleaseSummary]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/releases",
                {"category": category, "changed_since": changed_since, "limit": limit},
            ),
        )

    async def read_release(
        self, cycle_id: str, release: int, *, id_scheme: str | None = None
    ) -> m.Release:
        "Read a release."
        return cast(
            "m.Release",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}",
                query={"id_scheme": id_scheme},
            ),
        )

    async def open_notice(
        self,
        cycle_id: str,
        edition: int,
        body: m.NewNotice,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeOpened:
        "Show everybody what is proposed."
        return cast(
            "m.NoticeOpened",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/notice",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_notices(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageNoticeSummary:
        "List notices."
        return cast(
            "m.PageNoticeSummary",
            await self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices",
                query={"category": category, "limit": limit, "after": after},
            ),
        )

    def iter_notices(
        self, cycle_id: str, *, category: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.NoticeSummary]:
        "List notices: every item of every page."
        return cast(
            "AsyncIterator[m.NoticeSummary]",
            self.pages(
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices",
                {"category": category, "limit": limit},
            ),
        )

    async def read_notice(self, cycle_id: str, notice: int) -> m.Notice:
        "Read a notice."
        return cast(
            "m.Notice",
            await self.call(
                "GET", f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}"
            ),
        )

    async def list_notice_objections(
        self,
        cycle_id: str,
        notice: int,
        *,
        answered: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageNoticeObjection:
        "List objections to a notice."
        return cast(
            "m.PageNoticeObjection",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                query={"answered": answered, "limit": limit, "after": after},
            ),
        )

    def iter_notice_objections(
        self, cycle_id: str, notice: int, *, answered: bool | None = None, limit: int | None = None
    ) -> AsyncIterator[m.NoticeObjection]:
        "List objections to a notice: every item of every page."
        return cast(
            "AsyncIterator[m.NoticeObjection]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                {"answered": answered, "limit": limit},
            ),
        )

    async def object_to_notice(
        self,
        cycle_id: str,
        notice: int,
        body: m.NewNoticeObjection,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeObjectionMade:
        "Object to a notice as a unit."
        return cast(
            "m.NoticeObjectionMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def answer_notice_objections(
        self,
        cycle_id: str,
        notice: int,
        body: m.NewNoticeAnswers,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeAnswersMade:
        "Answer objections to a notice."
        return cast(
            "m.NoticeAnswersMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/answers",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def object_in_public(
        self, cycle_id: str, notice: int, body: m.NewPublicObjection
    ) -> m.FiledNoticeObjection:
        "Object to a notice without an account."
        return cast(
            "m.FiledNoticeObjection",
            await self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections",
                body=body,
            ),
        )

    async def follow_notice_objection(
        self, cycle_id: str, notice: int, reference: str, *, objection_token: str | None = None
    ) -> m.NoticeObjection:
        "Follow an objection by its number."
        return cast(
            "m.NoticeObjection",
            await self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}",
                headers={"Objection-Token": objection_token},
            ),
        )

    async def withdraw_notice_objection(
        self,
        cycle_id: str,
        notice: int,
        reference: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NoticeObjectionMade:
        "Take an objection of the unit back."
        return cast(
            "m.NoticeObjectionMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/withdrawal",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_in_public(
        self, cycle_id: str, notice: int, reference: str, *, objection_token: str | None = None
    ) -> m.NoticeObjection:
        "Take an objection back by its number."
        return cast(
            "m.NoticeObjection",
            await self.call(
                "POST",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/withdrawal",
                headers={"Objection-Token": objection_token},
            ),
        )

    async def read_notice_contact(
        self,
        cycle_id: str,
        notice: int,
        reference: str,
        body: m.NewNoticeContactReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ReadNoticeContact:
        "Read how somebody who objected is reached."
        return cast(
            "m.ReadNoticeContact",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notices/{self.part(notice)}/objections/{self.part(reference)}/contact-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def erase_notice_contacts(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedNoticeContacts:
        "Erase contacts of those who objected."
        return cast(
            "m.ErasedNoticeContacts",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/notice-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def move_embargo(
        self,
        cycle_id: str,
        release: int,
        body: m.NewInstant,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.InstantMoved:
        "Move an embargo."
        return cast(
            "m.InstantMoved",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/embargo",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def compare_rankings(
        self, cycle_id: str, edition: int, *, against: int
    ) -> m.RankingDifferences:
        "Compare two rankings."
        return cast(
            "m.RankingDifferences",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/differences",
                query={"against": against},
            ),
        )

    async def compare_releases(
        self, cycle_id: str, release: int, *, against: int
    ) -> m.RankingDifferences:
        "Compare two releases."
        return cast(
            "m.RankingDifferences",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/differences",
                query={"against": against},
            ),
        )

    async def propose_consequences(
        self,
        cycle_id: str,
        release: int,
        body: m.NewConsequences,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequencesProposed:
        "Propose what grades lead to."
        return cast(
            "m.ConsequencesProposed",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/consequences",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_consequences(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "commendation",
            "fault_notice",
            "public_criticism",
            "admonition_talk",
            "rectification_report",
            "award_ban",
            "title",
            "bonus_coefficient",
            "headcount_quota",
            "negative_case",
        ]
        | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageConsequence:
        "List what results lead to."
        return cast(
            "m.PageConsequence",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                query={"unit": unit, "kind": kind, "limit": limit, "after": after},
            ),
        )

    def iter_consequences(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        kind: Literal[
            "commendation",
            "fault_notice",
            "public_criticism",
            "admonition_talk",
            "rectification_report",
            "award_ban",
            "title",
            "bonus_coefficient",
            "headcount_quota",
            "negative_case",
        ]
        | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Consequence]:
        "List what results lead to: every item of every page."
        return cast(
            "AsyncIterator[m.Consequence]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                {"unit": unit, "kind": kind, "limit": limit},
            ),
        )

    async def propose_consequence(
        self,
        cycle_id: str,
        body: m.NewConsequence,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Propose a consequence of a unit."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewConsequenceDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Decide on a consequence."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def hear_unit(
        self,
        cycle_id: str,
        number: int,
        body: m.NewHearing,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say what a unit says of a negative case."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/hearing",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def complete_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewCompletion,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say that a consequence was carried out."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/completion",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def revoke_consequence(
        self,
        cycle_id: str,
        number: int,
        body: m.NewConsequenceRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Ask to revoke a consequence."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def record_recovery(
        self,
        cycle_id: str,
        number: int,
        body: m.NewRecovery,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConsequenceMade:
        "Say that a bonus came back."
        return cast(
            "m.ConsequenceMade",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/{self.part(number)}/recovery",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def follow_reports(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.FollowedReports:
        "Follow the items of rectification reports."
        return cast(
            "m.FollowedReports",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/consequences/reports",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def compute_distribution(self, cycle_id: str, body: m.NewDistribution) -> m.Distribution:
        "Share out a budget and places."
        return cast(
            "m.Distribution",
            await self.call(
                "POST", f"/api/v1/cycles/{self.part(cycle_id)}/distributions", body=body
            ),
        )

    async def enter_linked_result(
        self,
        cycle_id: str,
        body: m.NewLinkedResult,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedResultStored:
        "Enter a result of a team or a person."
        return cast(
            "m.LinkedResultStored",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-results",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def decide_linked_result(
        self,
        cycle_id: str,
        result_id: str,
        body: m.NewLinkedDecision,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedResultStored:
        "Type a result the second time."
        return cast(
            "m.LinkedResultStored",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-results/{self.part(result_id)}/decision",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def erase_linked_results(
        self,
        cycle_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ErasedResults:
        "Erase linked results of persons."
        return cast(
            "m.ErasedResults",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-erasures",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_linked_readings(
        self,
        cycle_id: str,
        *,
        unit: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageLoggedReading:
        "List readings of linked results."
        return cast(
            "m.PageLoggedReading",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                query={"unit": unit, "limit": limit, "after": after},
            ),
        )

    def iter_linked_readings(
        self, cycle_id: str, *, unit: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.LoggedReading]:
        "List readings of linked results: every item of every page."
        return cast(
            "AsyncIterator[m.LoggedReading]",
            self.pages(
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                {"unit": unit, "limit": limit},
            ),
        )

    async def read_linked_results(
        self,
        cycle_id: str,
        body: m.NewLinkedReading,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.LinkedReading:
        "Read linked results."
        return cast(
            "m.LinkedReading",
            await self.call(
                "POST",
                f"/api/v1/cycles/{self.part(cycle_id)}/linked-readings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def compare_years(
        self, cycle_id: str, release: int, *, years: int | None = None
    ) -> m.YearsCompared:
        "Compare a release with earlier years."
        return cast(
            "m.YearsCompared",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/comparison",
                query={"years": years},
            ),
        )

    async def print_ranking(
        self,
        cycle_id: str,
        release: int,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the list of a release."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/list",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    async def download_print_ranking(
        self,
        cycle_id: str,
        release: int,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the list of a release: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/list",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    async def print_notice(
        self,
        cycle_id: str,
        release: int,
        *,
        issued_by: str,
        document_no: str | None = None,
        addressed_to: str | None = None,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the notice of a release."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/notice",
                query={
                    "issued_by": issued_by,
                    "document_no": document_no,
                    "addressed_to": addressed_to,
                    "format": format,
                    "language": language,
                },
                raw=True,
            ),
        )

    async def download_print_notice(
        self,
        cycle_id: str,
        release: int,
        file: Path,
        *,
        issued_by: str,
        document_no: str | None = None,
        addressed_to: str | None = None,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the notice of a release: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/notice",
            query={
                "issued_by": issued_by,
                "document_no": document_no,
                "addressed_to": addressed_to,
                "format": format or file.suffix[1:],
                "language": language,
            },
            file=file,
        )

    async def print_score_sheet(
        self,
        cycle_id: str,
        release: int,
        unit: str,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print a unit's score sheet."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/units/{self.part(unit)}/score-sheet",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    async def download_print_score_sheet(
        self,
        cycle_id: str,
        release: int,
        unit: str,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print a unit's score sheet: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/units/{self.part(unit)}/score-sheet",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    async def print_committee_paper(
        self,
        cycle_id: str,
        edition: int,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> bytes:
        "Print the committee's paper."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/committee-paper",
                query={"format": format, "language": language},
                raw=True,
            ),
        )

    async def download_print_committee_paper(
        self,
        cycle_id: str,
        edition: int,
        file: Path,
        *,
        format: Literal["pdf", "docx", "xlsx"] | None = None,
        language: Literal["zh", "en"] | None = None,
    ) -> None:
        "Print the committee's paper: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/rankings/{self.part(edition)}/committee-paper",
            query={"format": format or file.suffix[1:], "language": language},
            file=file,
        )

    async def read_package(self, cycle_id: str, release: int) -> bytes:
        "Get the package that verifies a release."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/package",
                raw=True,
            ),
        )

    async def download_package(self, cycle_id: str, release: int, file: Path) -> None:
        "Get the package that verifies a release: into a file."
        await self.call(
            "GET",
            f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/package",
            query={},
            file=file,
        )

    async def read_cross_category_list(
        self, cycle_id: str, list_code: str
    ) -> m.CrossCategoryDocument:
        "Read a list across categories."
        return cast(
            "m.CrossCategoryDocument",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/cross-category-lists/{self.part(list_code)}",
            ),
        )

    async def read_published_list(self, cycle_id: str, list_code: str) -> m.CrossCategoryDocument:
        "Read a list across categories as it is published."
        return cast(
            "m.CrossCategoryDocument",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/cross-category-lists/{self.part(list_code)}/published",
            ),
        )

    async def read_published(self, cycle_id: str, release: int) -> m.PublishedRelease:
        "Read what is shown of a release."
        return cast(
            "m.PublishedRelease",
            await self.call(
                "GET",
                f"/api/v1/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/published",
            ),
        )

    async def list_public_cycles(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PagePublicCycle:
        "List the years of which everybody reads something."
        return cast(
            "m.PagePublicCycle",
            await self.call(
                "GET", f"/api/v1/public/cycles", query={"limit": limit, "after": after}
            ),
        )

    def iter_public_cycles(self, *, limit: int | None = None) -> AsyncIterator[m.PublicCycle]:
        "List the years of which everybody reads something: every item of every page."
        return cast(
            "AsyncIterator[m.PublicCycle]", self.pages(f"/api/v1/public/cycles", {"limit": limit})
        )

    async def list_inferior_cycles(
        self, *, jurisdiction: str | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageInferiorCycle:
        "List the years of jurisdictions below."
        return cast(
            "m.PageInferiorCycle",
            await self.call(
                "GET",
                f"/api/v1/inferior-cycles",
                query={"jurisdiction": jurisdiction, "limit": limit, "after": after},
            ),
        )

    def iter_inferior_cycles(
        self, *, jurisdiction: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.InferiorCycle]:
        "List the years of jurisdictions below: every item of every page."
        return cast(
            "AsyncIterator[m.InferiorCycle]",
            self.pages(f"/api/v1/inferior-cycles", {"jurisdiction": jurisdiction, "limit": limit}),
        )

    async def list_public_releases(
        self,
        cycle_id: str,
        *,
        category: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PagePublicSummary:
        "List the releases that everybody reads."
        return cast(
            "m.PagePublicSummary",
            await self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases",
                query={"category": category, "limit": limit, "after": after},
            ),
        )

    def iter_public_releases(
        self, cycle_id: str, *, category: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.PublicSummary]:
        "List the releases that everybody reads: every item of every page."
        return cast(
            "AsyncIterator[m.PublicSummary]",
            self.pages(
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases",
                {"category": category, "limit": limit},
            ),
        )

    async def read_public_release(self, cycle_id: str, release: int) -> m.PublishedRelease:
        "Read what everybody is shown of a release."
        return cast(
            "m.PublishedRelease",
            await self.call(
                "GET", f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}"
            ),
        )

    async def read_open_data(self, cycle_id: str, release: int) -> bytes:
        "Download a release as open data."
        return cast(
            "bytes",
            await self.call(
                "GET",
                f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/open-data",
                raw=True,
            ),
        )

    async def download_open_data(self, cycle_id: str, release: int, file: Path) -> None:
        "Download a release as open data: into a file."
        await self.call(
            "GET",
            f"/api/v1/public/cycles/{self.part(cycle_id)}/releases/{self.part(release)}/open-data",
            query={},
            file=file,
        )

    async def list_ranking_tasks(self, cycle_id: str) -> m.Tasks:
        "List tasks of rankings and reports."
        return cast(
            "m.Tasks", await self.call("GET", f"/api/v1/cycles/{self.part(cycle_id)}/tasks/ranking")
        )

    async def read_ranking_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of ranking."
        return cast(
            "m.PageJournalEntry",
            await self.call(
                "GET",
                f"/api/v1/journals/ranking/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_ranking_chain(
        self, chain: str, *, limit: int | None = None
    ) -> AsyncIterator[m.JournalEntry]:
        "Read a journal of ranking: every item of every page."
        return cast(
            "AsyncIterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/ranking/chains/{self.part(chain)}", {"limit": limit}),
        )

    async def verify_ranking_chain(self, chain: str) -> m.Verification:
        "Verify a journal of ranking."
        return cast(
            "m.Verification",
            await self.call(
                "GET", f"/api/v1/journals/ranking/chains/{self.part(chain)}/verification"
            ),
        )

    async def read_ranking_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of ranking have come."
        return cast(
            "m.PageChainHead",
            await self.call(
                "GET", f"/api/v1/journals/ranking/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_ranking_heads(self, *, limit: int | None = None) -> AsyncIterator[m.ChainHead]:
        "Read how far the journals of ranking have come: every item of every page."
        return cast(
            "AsyncIterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/ranking/heads", {"limit": limit}),
        )

    async def check_ranking_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of ranking."
        return cast(
            "m.Receipt",
            await self.call("GET", f"/api/v1/journals/ranking/receipts/{self.part(hash)}"),
        )

    async def publish_keys(self) -> m.Keys:
        "Read the keys that check tokens."
        return cast("m.Keys", await self.call("GET", f"/.well-known/jwks.json"))

    async def read_session(self) -> m.BrowserSession:
        "Read the browser's session."
        return cast("m.BrowserSession", await self.call("GET", f"/api/v1/session"))

    async def open_session(self, body: m.NewBrowserSession) -> m.BrowserSession:
        "Sign in by a browser."
        return cast("m.BrowserSession", await self.call("POST", f"/api/v1/session", body=body))

    async def list_sign_in_ways(self) -> m.SignInWays:
        "List the ways of signing in by a browser."
        return cast("m.SignInWays", await self.call("GET", f"/api/v1/session/ways"))

    async def end_session(self) -> m.SignedOut:
        "Sign out of a browser."
        return cast("m.SignedOut", await self.call("POST", f"/api/v1/session/end"))

    async def list_accounts(
        self,
        *,
        role: str | None = None,
        unit: str | None = None,
        state: Literal["effective", "pending", "disabled", "expired"] | None = None,
        q: str | None = None,
        unit_registered: bool | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageAccount:
        "List the accounts."
        return cast(
            "m.PageAccount",
            await self.call(
                "GET",
                f"/api/v1/accounts",
                query={
                    "role": role,
                    "unit": unit,
                    "state": state,
                    "q": q,
                    "unit_registered": unit_registered,
                    "limit": limit,
                    "after": after,
                },
            ),
        )

    def iter_accounts(
        self,
        *,
        role: str | None = None,
        unit: str | None = None,
        state: Literal["effective", "pending", "disabled", "expired"] | None = None,
        q: str | None = None,
        unit_registered: bool | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Account]:
        "List the accounts: every item of every page."
        return cast(
            "AsyncIterator[m.Account]",
            self.pages(
                f"/api/v1/accounts",
                {
                    "role": role,
                    "unit": unit,
                    "state": state,
                    "q": q,
                    "unit_registered": unit_registered,
                    "limit": limit,
                },
            ),
        )

    async def create_accounts(
        self,
        body: m.NewAccounts,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.CreatedAccounts:
        "Create accounts."
        return cast(
            "m.CreatedAccounts",
            await self.call(
                "POST",
                f"/api/v1/accounts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_me(self) -> m.Me:
        "Read who the caller is."
        return cast("m.Me", await self.call("GET", f"/api/v1/me"))

    async def list_own_tasks(
        self, *, limit: int | None = None, cycle_id: str | None = None
    ) -> m.OwnTasks:
        "List what is expected of the caller."
        return cast(
            "m.OwnTasks",
            await self.call(
                "GET", f"/api/v1/me/tasks", query={"limit": limit, "cycle_id": cycle_id}
            ),
        )

    async def change_own_password(
        self,
        body: m.NewPassword,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedPassword:
        "Change one's own password."
        return cast(
            "m.ChangedPassword",
            await self.call(
                "POST",
                f"/api/v1/me/password",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_own_second_factor(self) -> m.OwnSecondFactor:
        "Read one's own second factor."
        return cast("m.OwnSecondFactor", await self.call("GET", f"/api/v1/me/second-factor"))

    async def ask_for_second_factor(
        self,
        body: m.NewSecondFactor,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.GivenSecondFactor:
        "Ask for a second factor."
        return cast(
            "m.GivenSecondFactor",
            await self.call(
                "POST",
                f"/api/v1/me/second-factor",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_own_second_factor(
        self,
        body: m.FirstCode,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EnrolledSecondFactor:
        "Enrol a second factor."
        return cast(
            "m.EnrolledSecondFactor",
            await self.call(
                "POST",
                f"/api/v1/me/second-factor/confirmation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_own_sessions(self) -> m.OwnSessions:
        "List where one is signed in."
        return cast("m.OwnSessions", await self.call("GET", f"/api/v1/me/sessions"))

    async def end_own_session(
        self,
        session_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EndedSession:
        "End a session of one's own."
        return cast(
            "m.EndedSession",
            await self.call(
                "POST",
                f"/api/v1/me/sessions/{self.part(session_id)}/end",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def revoke_token(self) -> m.SignedOut:
        "Sign out."
        return cast("m.SignedOut", await self.call("POST", f"/oauth/revoke"))

    async def read_events(
        self,
        *,
        after: str | None = None,
        types: list[str] | None = None,
        cycle_id: str | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> m.EventsRead:
        "Read what happened."
        return cast(
            "m.EventsRead",
            await self.call(
                "GET",
                f"/api/v1/events",
                query={
                    "after": after,
                    "types": types,
                    "cycle_id": cycle_id,
                    "limit": limit,
                    "wait": wait,
                },
            ),
        )

    async def list_message_keys(self, subject: str) -> m.MessageKeys:
        "List the message keys of an account."
        return cast(
            "m.MessageKeys",
            await self.call("GET", f"/api/v1/accounts/{self.part(subject)}/message-keys"),
        )

    async def add_message_key(
        self,
        subject: str,
        body: m.NewMessageKey,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Add a message key."
        return cast(
            "m.ChangedMessageKey",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_message_key(
        self,
        subject: str,
        key_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Confirm a message key."
        return cast(
            "m.ChangedMessageKey",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys/{self.part(key_id)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_message_key(
        self,
        subject: str,
        key_id: str,
        body: m.MessageKeyWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedMessageKey:
        "Withdraw a message key."
        return cast(
            "m.ChangedMessageKey",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/message-keys/{self.part(key_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_messages(
        self, *, subject: str | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageArchivedMessage:
        "List signed messages."
        return cast(
            "m.PageArchivedMessage",
            await self.call(
                "GET",
                f"/api/v1/messages",
                query={"subject": subject, "limit": limit, "after": after},
            ),
        )

    def iter_messages(
        self, *, subject: str | None = None, limit: int | None = None
    ) -> AsyncIterator[m.ArchivedMessage]:
        "List signed messages: every item of every page."
        return cast(
            "AsyncIterator[m.ArchivedMessage]",
            self.pages(f"/api/v1/messages", {"subject": subject, "limit": limit}),
        )

    async def read_message(self, message_id: str) -> m.WholeMessage:
        "Read a signed message."
        return cast(
            "m.WholeMessage", await self.call("GET", f"/api/v1/messages/{self.part(message_id)}")
        )

    async def read_account(self, subject: str) -> m.Account:
        "Read an account."
        return cast("m.Account", await self.call("GET", f"/api/v1/accounts/{self.part(subject)}"))

    async def list_account_changes(self, subject: str) -> m.AccountChanges:
        "List the changes of an account."
        return cast(
            "m.AccountChanges",
            await self.call("GET", f"/api/v1/accounts/{self.part(subject)}/changes"),
        )

    async def change_account(
        self,
        subject: str,
        body: m.NewChange,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> m.ChangedAccount:
        "Change an account."
        return cast(
            "m.ChangedAccount",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
                if_match=if_match,
            ),
        )

    async def confirm_account_change(
        self,
        subject: str,
        version: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ConfirmedChange:
        "Confirm a change of an account."
        return cast(
            "m.ConfirmedChange",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes/{self.part(version)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_secrets(self, subject: str) -> m.AccountSecrets:
        "List the secrets of an account."
        return cast(
            "m.AccountSecrets",
            await self.call("GET", f"/api/v1/accounts/{self.part(subject)}/secrets"),
        )

    async def make_secret(
        self,
        subject: str,
        body: m.NewSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Make a secret."
        return cast(
            "m.MadeSecret",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_secret(
        self,
        subject: str,
        number: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Confirm a secret."
        return cast(
            "m.MadeSecret",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets/{self.part(number)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def revoke_secret(
        self,
        subject: str,
        number: int,
        body: m.NewRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedSecret:
        "Revoke a secret."
        return cast(
            "m.ChangedSecret",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/secrets/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_own_secrets(self) -> m.AccountSecrets:
        "List one's own secrets."
        return cast("m.AccountSecrets", await self.call("GET", f"/api/v1/me/secrets"))

    async def make_own_secret(
        self,
        body: m.NewOwnSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.MadeSecret:
        "Make a secret of one's own."
        return cast(
            "m.MadeSecret",
            await self.call(
                "POST",
                f"/api/v1/me/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def revoke_own_secret(
        self,
        number: int,
        body: m.NewRevocation,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedSecret:
        "Revoke a secret of one's own."
        return cast(
            "m.ChangedSecret",
            await self.call(
                "POST",
                f"/api/v1/me/secrets/{self.part(number)}/revocation",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_account_resets(self, subject: str) -> m.AccountResets:
        "List the resets of an account."
        return cast(
            "m.AccountResets",
            await self.call("GET", f"/api/v1/accounts/{self.part(subject)}/resets"),
        )

    async def propose_account_reset(
        self,
        subject: str,
        body: m.NewReset,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DoneReset:
        "Propose a reset."
        return cast(
            "m.DoneReset",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/resets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_account_reset(
        self,
        subject: str,
        number: int,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.DoneReset:
        "Confirm a reset."
        return cast(
            "m.DoneReset",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/resets/{self.part(number)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def unlock_account(
        self,
        subject: str,
        body: m.NewUnlock,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.UnlockedAccount:
        "Unlock an account."
        return cast(
            "m.UnlockedAccount",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/unlock",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def end_account_sessions(
        self,
        subject: str,
        body: m.NewSigningOut,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.SignedOutAccount:
        "Sign an account out."
        return cast(
            "m.SignedOutAccount",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/sessions/end",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_account_name(self, *, subject: str) -> m.AccountName:
        "Read whom an account is of."
        return cast(
            "m.AccountName",
            await self.call("GET", f"/api/v1/account-names", query={"subject": subject}),
        )

    async def confirm_account(
        self,
        subject: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Confirmed:
        "Confirm an account."
        return cast(
            "m.Confirmed",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def refuse_account(
        self,
        subject: str,
        body: m.NewRefusal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RefusedProposal:
        "Decline or withdraw an account."
        return cast(
            "m.RefusedProposal",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/refusal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def refuse_account_change(
        self,
        subject: str,
        version: int,
        body: m.NewRefusal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.RefusedProposal:
        "Decline or withdraw a change of an account."
        return cast(
            "m.RefusedProposal",
            await self.call(
                "POST",
                f"/api/v1/accounts/{self.part(subject)}/changes/{self.part(version)}/refusal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_emergency_grants(
        self, *, reviewed: bool | None = None, limit: int | None = None, after: str | None = None
    ) -> m.PageEmergencyGrant:
        "List the emergency grants."
        return cast(
            "m.PageEmergencyGrant",
            await self.call(
                "GET",
                f"/api/v1/emergency-grants",
                query={"reviewed": reviewed, "limit": limit, "after": after},
            ),
        )

    def iter_emergency_grants(
        self, *, reviewed: bool | None = None, limit: int | None = None
    ) -> AsyncIterator[m.EmergencyGrant]:
        "List the emergency grants: every item of every page."
        return cast(
            "AsyncIterator[m.EmergencyGrant]",
            self.pages(f"/api/v1/emergency-grants", {"reviewed": reviewed, "limit": limit}),
        )

    async def take_emergency_right(
        self,
        body: m.NewEmergencyGrant,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "Take a right in an emergency."
        return cast(
            "m.ChangedEmergencyGrant",
            await self.call(
                "POST",
                f"/api/v1/emergency-grants",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_emergency_grant(
        self, grant_id: str, *, after_seq: int | None = None
    ) -> m.ReadEmergencyGrant:
        "Read an emergency grant."
        return cast(
            "m.ReadEmergencyGrant",
            await self.call(
                "GET",
                f"/api/v1/emergency-grants/{self.part(grant_id)}",
                query={"after_seq": after_seq},
            ),
        )

    async def issue_emergency_token(
        self,
        grant_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.EmergencyToken:
        "Get a token for an emergency grant."
        return cast(
            "m.EmergencyToken",
            await self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/token",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def end_emergency_grant(
        self,
        grant_id: str,
        body: m.NewEmergencyEnd,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "End an emergency grant."
        return cast(
            "m.ChangedEmergencyGrant",
            await self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/end",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def review_emergency_grant(
        self,
        grant_id: str,
        body: m.NewEmergencyReview,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedEmergencyGrant:
        "Review an emergency grant."
        return cast(
            "m.ChangedEmergencyGrant",
            await self.call(
                "POST",
                f"/api/v1/emergency-grants/{self.part(grant_id)}/review",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_jurisdiction_closings(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJurisdictionClosing:
        "List what is closed."
        return cast(
            "m.PageJurisdictionClosing",
            await self.call(
                "GET", f"/api/v1/jurisdiction-closings", query={"limit": limit, "after": after}
            ),
        )

    def iter_jurisdiction_closings(
        self, *, limit: int | None = None
    ) -> AsyncIterator[m.JurisdictionClosing]:
        "List what is closed: every item of every page."
        return cast(
            "AsyncIterator[m.JurisdictionClosing]",
            self.pages(f"/api/v1/jurisdiction-closings", {"limit": limit}),
        )

    async def propose_jurisdiction_closing(
        self,
        body: m.NewJurisdictionClosing,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedJurisdictionClosing:
        "Propose to close a jurisdiction."
        return cast(
            "m.ChangedJurisdictionClosing",
            await self.call(
                "POST",
                f"/api/v1/jurisdiction-closings",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_jurisdiction_closing(
        self,
        jurisdiction: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedJurisdictionClosing:
        "Close a jurisdiction."
        return cast(
            "m.ChangedJurisdictionClosing",
            await self.call(
                "POST",
                f"/api/v1/jurisdiction-closings/{self.part(jurisdiction)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def list_checkpoints(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageCheckpointSummary:
        "List the checkpoints."
        return cast(
            "m.PageCheckpointSummary",
            await self.call("GET", f"/api/v1/checkpoints", query={"limit": limit, "after": after}),
        )

    def iter_checkpoints(self, *, limit: int | None = None) -> AsyncIterator[m.CheckpointSummary]:
        "List the checkpoints: every item of every page."
        return cast(
            "AsyncIterator[m.CheckpointSummary]",
            self.pages(f"/api/v1/checkpoints", {"limit": limit}),
        )

    async def make_checkpoint(self) -> m.CheckpointSummary:
        "Make a checkpoint."
        return cast("m.CheckpointSummary", await self.call("POST", f"/api/v1/checkpoints"))

    async def read_latest_checkpoint(self) -> m.LatestCheckpoint:
        "Read the newest checkpoint."
        return cast("m.LatestCheckpoint", await self.call("GET", f"/api/v1/checkpoints/latest"))

    async def read_checkpoint(self, number: int) -> m.WholeCheckpoint:
        "Read a checkpoint."
        return cast(
            "m.WholeCheckpoint", await self.call("GET", f"/api/v1/checkpoints/{self.part(number)}")
        )

    async def list_webhook_hosts(
        self,
        *,
        state: Literal["effective", "pending", "withdrawn"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageWebhookHost:
        "List the hosts of webhooks."
        return cast(
            "m.PageWebhookHost",
            await self.call(
                "GET",
                f"/api/v1/webhook-hosts",
                query={"state": state, "limit": limit, "after": after},
            ),
        )

    def iter_webhook_hosts(
        self,
        *,
        state: Literal["effective", "pending", "withdrawn"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.WebhookHost]:
        "List the hosts of webhooks: every item of every page."
        return cast(
            "AsyncIterator[m.WebhookHost]",
            self.pages(f"/api/v1/webhook-hosts", {"state": state, "limit": limit}),
        )

    async def approve_webhook_host(
        self,
        body: m.NewWebhookHost,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Approve a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            await self.call(
                "POST",
                f"/api/v1/webhook-hosts",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def confirm_webhook_host(
        self,
        host_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Confirm a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            await self.call(
                "POST",
                f"/api/v1/webhook-hosts/{self.part(host_id)}/confirmation",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def withdraw_webhook_host(
        self,
        host_id: str,
        body: m.HostWithdrawal,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhookHost:
        "Withdraw a host of webhooks."
        return cast(
            "m.ChangedWebhookHost",
            await self.call(
                "POST",
                f"/api/v1/webhook-hosts/{self.part(host_id)}/withdrawal",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_webhooks(
        self,
        *,
        state: Literal["active", "paused", "disabled", "ended"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageWebhook:
        "List the webhooks."
        return cast(
            "m.PageWebhook",
            await self.call(
                "GET", f"/api/v1/webhooks", query={"state": state, "limit": limit, "after": after}
            ),
        )

    def iter_webhooks(
        self,
        *,
        state: Literal["active", "paused", "disabled", "ended"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Webhook]:
        "List the webhooks: every item of every page."
        return cast(
            "AsyncIterator[m.Webhook]",
            self.pages(f"/api/v1/webhooks", {"state": state, "limit": limit}),
        )

    async def create_webhook(
        self,
        body: m.NewWebhook,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NewlySigned:
        "Make a webhook."
        return cast(
            "m.NewlySigned",
            await self.call(
                "POST",
                f"/api/v1/webhooks",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def read_webhook(self, webhook_id: str) -> m.Webhook:
        "Read a webhook."
        return cast(
            "m.Webhook", await self.call("GET", f"/api/v1/webhooks/{self.part(webhook_id)}")
        )

    async def pause_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "Pause a webhook."
        return cast(
            "m.ChangedWebhook",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/pause",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def resume_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "Resume a webhook."
        return cast(
            "m.ChangedWebhook",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/resumption",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def end_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.ChangedWebhook:
        "End a webhook."
        return cast(
            "m.ChangedWebhook",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/ending",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def rotate_webhook_secret(
        self,
        webhook_id: str,
        body: m.NewWebhookSecret,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.NewlySigned:
        "Change the secret of a webhook."
        return cast(
            "m.NewlySigned",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/secrets",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def list_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        state: Literal["pending", "delivered", "dead"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> m.PageDelivery:
        "List the deliveries of a webhook."
        return cast(
            "m.PageDelivery",
            await self.call(
                "GET",
                f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries",
                query={"state": state, "limit": limit, "after": after},
            ),
        )

    def iter_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        state: Literal["pending", "delivered", "dead"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[m.Delivery]:
        "List the deliveries of a webhook: every item of every page."
        return cast(
            "AsyncIterator[m.Delivery]",
            self.pages(
                f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries",
                {"state": state, "limit": limit},
            ),
        )

    async def read_webhook_delivery(self, webhook_id: str, position: int) -> m.DeliveryInFull:
        "Read a delivery."
        return cast(
            "m.DeliveryInFull",
            await self.call(
                "GET", f"/api/v1/webhooks/{self.part(webhook_id)}/deliveries/{self.part(position)}"
            ),
        )

    async def redeliver(
        self,
        webhook_id: str,
        body: m.NewRedelivery,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Redelivery:
        "Send deliveries again."
        return cast(
            "m.Redelivery",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/redeliveries",
                query={"mode": mode},
                body=body,
                key=self.key(idempotency_key),
            ),
        )

    async def test_webhook(
        self,
        webhook_id: str,
        *,
        mode: Literal["all", "check"] | None = None,
        idempotency_key: str | None = None,
    ) -> m.TestedWebhook:
        "Test a webhook."
        return cast(
            "m.TestedWebhook",
            await self.call(
                "POST",
                f"/api/v1/webhooks/{self.part(webhook_id)}/test",
                query={"mode": mode},
                key=self.key(idempotency_key),
            ),
        )

    async def read_reference(self) -> dict[str, Any]:
        "Read this document."
        return cast("dict[str, Any]", await self.call("GET", f"/api/v1/openapi.json"))

    async def read_gateway_chain(
        self, chain: str, *, limit: int | None = None, after: str | None = None
    ) -> m.PageJournalEntry:
        "Read a journal of the gateway."
        return cast(
            "m.PageJournalEntry",
            await self.call(
                "GET",
                f"/api/v1/journals/gateway/chains/{self.part(chain)}",
                query={"limit": limit, "after": after},
            ),
        )

    def iter_gateway_chain(
        self, chain: str, *, limit: int | None = None
    ) -> AsyncIterator[m.JournalEntry]:
        "Read a journal of the gateway: every item of every page."
        return cast(
            "AsyncIterator[m.JournalEntry]",
            self.pages(f"/api/v1/journals/gateway/chains/{self.part(chain)}", {"limit": limit}),
        )

    async def verify_gateway_chain(self, chain: str) -> m.Verification:
        "Verify a journal of the gateway."
        return cast(
            "m.Verification",
            await self.call(
                "GET", f"/api/v1/journals/gateway/chains/{self.part(chain)}/verification"
            ),
        )

    async def read_gateway_heads(
        self, *, limit: int | None = None, after: str | None = None
    ) -> m.PageChainHead:
        "Read how far the journals of the gateway have come."
        return cast(
            "m.PageChainHead",
            await self.call(
                "GET", f"/api/v1/journals/gateway/heads", query={"limit": limit, "after": after}
            ),
        )

    def iter_gateway_heads(self, *, limit: int | None = None) -> AsyncIterator[m.ChainHead]:
        "Read how far the journals of the gateway have come: every item of every page."
        return cast(
            "AsyncIterator[m.ChainHead]",
            self.pages(f"/api/v1/journals/gateway/heads", {"limit": limit}),
        )

    async def check_gateway_receipt(self, hash: str) -> m.Receipt:
        "Check a receipt of the gateway."
        return cast(
            "m.Receipt",
            await self.call("GET", f"/api/v1/journals/gateway/receipts/{self.part(hash)}"),
        )
