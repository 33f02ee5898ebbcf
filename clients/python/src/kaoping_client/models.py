"""What is sent and answered. Written by `make contracts` (tests/contracts/clients.py) from the API document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

CyclePhase = Literal["draft", "open"]
ItemState = Literal["open", "replied", "accepted", "returned"]
ItemStep = Literal["replied", "accepted", "returned"]
OpinionState = Literal["quarantined", "proposed", "accepted", "rejected", "merged", "void"]
OpinionVerdict = Literal["accept", "reject", "merge"]
Outcome = Literal[
    "completed",
    "partial",
    "refused",
    "no_contact",
    "other",
    "unknown_household",
    "unknown_eligibility",
    "ineligible",
]
ReleaseDecision = Literal["confirm", "refuse"]
ReplyVerdict = Literal["accept", "return"]
ScreenVerdict = Literal["keep", "void_interviewer"]
StageReaders = Literal["own_unit", "category", "everybody"]
SurveyStanding = Literal["unfinished", "settled", "below_minimum", "not_rated"]
Treatment = Literal["counted", "other_waves", "pooled", "category_mean", "not_rated"]
Verdict = Literal["attested", "objected"]
VoidReason = Literal["more_returned_than_issued", "quorum_not_reached"]
VoidingDecision = Literal["confirm", "refuse"]
WaveState = Literal["planned", "open", "stopped", "closed", "voided"]


class AcceptedAsSeen(TypedDict):
    reason: str


class AcceptedOutdated(TypedDict):
    count: int
    reason: str


class AcceptedUnscored(TypedDict):
    count: int
    reason: str


class Account(TypedDict):
    subject: str
    jurisdiction: str | None
    person: str
    state: Literal["effective", "pending", "disabled", "expired"]
    kind: Literal["person", "client"]
    name: str
    unit: str | None
    roles: list[str]
    version: int
    pending_version: int | None
    expires_on: str | None
    scope: str | None
    created_by: str | None
    created_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class AccountChange(TypedDict):
    version: int
    name: str
    unit: str | None
    roles: list[str]
    enabled: bool
    expires_on: str | None
    scope: str | None
    reason: str
    awaits_confirmation: bool
    changed_by: str
    changed_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class AccountChanges(TypedDict):
    subject: str
    changes: list[AccountChange]
    ended: list[EndedProposal]


class AccountName(TypedDict):
    subject: str
    name: str | None


class AccountReset(TypedDict):
    number: int
    what: list[Literal["password", "second-factor"]]
    state: Literal["pending", "effective", "overtaken", "lapsed"]
    reason: str
    proposed_by: str
    proposed_at: str
    confirmed_by: str | None
    effected_at: str | None


class AccountResets(TypedDict):
    subject: str
    resets: list[AccountReset]


class AccountSecret(TypedDict):
    number: int
    state: Literal["effective", "one-time", "pending", "expired", "revoked", "replaced"]
    made_by: str | None
    made_at: str
    expires_on: str | None
    confirmed_by: str | None
    confirmed_at: str | None
    revoked_by: str | None
    revoked_at: str | None
    last_used_at: str | None


class AccountSecrets(TypedDict):
    subject: str
    last_used_at: str | None
    secrets: list[AccountSecret]


class AddedEvidence(TypedDict):
    evidence_id: str
    kind: str
    size: int
    digest: str
    receipt: Receipt | None


class AdjustmentPlace(TypedDict):
    into: str


class AdjustmentsInput(TypedDict):
    window: Window
    carry_over: Literal["once", "none"]
    bonus: BonusPolicyInput
    deductions: DeductionPolicyInput


class AdjustmentsOutput(TypedDict):
    window: Window
    carry_over: Literal["once", "none"]
    bonus: BonusPolicyOutput
    deductions: DeductionPolicyOutput


class AdoptedEntry(TypedDict):
    entry_id: str
    from_cycle_id: str
    from_entry_id: str
    digest: str
    state: Literal[
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
    evidence: int
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class Adoption(TypedDict):
    adopted_by: str
    level: str
    document_no: str


class AgreedPlan(TypedDict):
    indicator: str
    item: str | None
    version: int
    combine: Literal["sum", "last"]
    months: list[PlannedShare]
    persons: list[PlannedShare]
    measures: list[PlannedMeasure]


class AgreedTarget(TypedDict):
    indicator: str
    name: str
    points: str
    measure: str | None
    item: str | None
    target: str | None
    baseline: str | None
    pledge: str | None
    version: int


class AnnouncedDay(TypedDict):
    day: str
    kind: Literal["working", "resting"]
    name_zh: str
    name_en: str


class AnswerOutcome(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]


class AppliedNode(TypedDict):
    apply: Literal[
        "+",
        "-",
        "*",
        "/",
        "**",
        "negative",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
        "min",
        "max",
        "abs",
        "round",
        "ln",
        "sqrt",
        "if",
    ]
    to: list[NumberNode | NameNode | AppliedNode]


class Approval(TypedDict):
    step: str
    subject: str
    taken_at: str
    word: NotRequired[Literal["approved", "sent_back", "entered"] | None]
    sent_back_to: NotRequired[str | None]
    reason: NotRequired[str | None]
    behind: NotRequired[str | None]
    basis: NotRequired[dict[str, Any] | None]


class ApprovalMemberInput(TypedDict):
    code: str
    name: NotRequired[str | None]
    unit: NotRequired[str | None]


class ApprovalMemberOutput(TypedDict):
    code: str
    name: str | None
    unit: str | None


class ApprovalPolicyInput(TypedDict):
    steps: list[ApprovalStepInput]


class ApprovalPolicyOutput(TypedDict):
    steps: list[ApprovalStepOutput]


class ApprovalStepInput(TypedDict):
    code: str
    role: Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
    name: NotRequired[str | None]
    kind: NotRequired[Literal["single", "meeting"]]
    members: NotRequired[list[ApprovalMemberInput]]
    quorum: NotRequired[Literal["over_half", "two_thirds", "all"]]
    at_least: NotRequired[int | None]
    majority: NotRequired[Literal["over_half", "two_thirds", "all"]]
    send_back_to: NotRequired[list[str]]
    needs: NotRequired[Literal["none", "document", "minutes", "hand_in"]]
    delegates: NotRequired[bool]
    instead: NotRequired[Literal["committee", "standing_committee", "second_body"] | None]


class ApprovalStepOutput(TypedDict):
    code: str
    role: Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
    name: str | None
    kind: Literal["single", "meeting"]
    members: list[ApprovalMemberOutput]
    quorum: Literal["over_half", "two_thirds", "all"]
    at_least: int | None
    majority: Literal["over_half", "two_thirds", "all"]
    send_back_to: list[str]
    needs: Literal["none", "document", "minutes", "hand_in"]
    delegates: bool
    instead: Literal["committee", "standing_committee", "second_body"] | None


class ArchivedMessage(TypedDict):
    message_id: str
    subject: str
    key_id: str
    method: Literal["POST", "PUT", "PATCH", "DELETE"]
    target: str
    received_at: str
    status: int | None
    answered_at: str | None
    receipt: str | None


class Arrivals(TypedDict):
    arrived: list[ArrivedClaim]
    waiting: list[WaitingClaim]
    receipt: Receipt | None


class ArrivedClaim(TypedDict):
    claim_id: str
    claim_no: str
    unit: str
    from_cycle_id: str
    from_claim_id: str


class AskedIf(TypedDict):
    question: str
    options: list[str]


class AskedQuestion(TypedDict):
    code: str
    name: str
    weight: str
    options: list[Option]
    satisfied: list[str]
    asked_if: QuestionSkip | None
    screens: list[str]


class AssignedItems(TypedDict):
    items: list[RectificationItem]
    receipt: Receipt | None


class Attestation(TypedDict):
    body: str
    stop_no: int
    content_digest: str
    verdict: Verdict
    reason: str
    given_by: str
    given_at: str
    holds: bool


class AwardHolder(TypedDict):
    unit: str
    holder_name: str
    holder_kind: NotRequired[Literal["unit", "subordinate", "person"]]


class AwardsByAuthority(TypedDict):
    cycle_id: str
    items: list[AwardsOfUnit]


class AwardsByUnit(TypedDict):
    cycle_id: str
    items: list[AwardsOfLevel]


class AwardsGiven(TypedDict):
    authority: str
    waiting: int
    counting: int


class AwardsOfLevel(TypedDict):
    unit: str
    level: str
    confirmed: int
    waiting: int
    titles: int
    outside: int
    claimed_besides: int


class AwardsOfUnit(TypedDict):
    unit: str
    rule: str
    limit: int | None
    waiting: int
    counting: int
    over_limit: int
    given: list[AwardsGiven]
    not_named: int


class BallotPaper(TypedDict):
    survey_id: str
    wave: int
    name: str
    seat: str
    cast: bool
    units: list[str]
    questions: list[AskedQuestion]


class BannedAward(TypedDict):
    unit: str
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
    until: str | None


class BaselineOrigin(TypedDict):
    cycle_id: str
    entries: list[str]


class BaselineTarget(TypedDict):
    unit: str
    indicator: str
    item: str | None
    target: str | None
    baseline: str
    pledge: str | None
    baseline_from: ScoringBaselineSource


class BaselineTerm(TypedDict):
    unit: str
    indicator: str
    share: str
    value: str
    entry: str


class Baselines(TypedDict):
    cycle_id: str
    previous: str
    assessment_year: int
    targets: list[BaselineTarget]
    computed: list[ComputedBaseline]
    open: list[UnsetBaseline]


class Batch(TypedDict):
    batch_no: str
    accepted: int | None
    digest: str
    withdrawal: Withdrawal | None


class BegunCycle(TypedDict):
    cycle_id: str
    name: str
    jurisdiction: str
    assessment_year: int
    phase: CyclePhase
    scheme_version: int | None
    created_at: str
    receipt: Receipt | None


class BlockInput(TypedDict):
    code: str
    name: str
    points: str
    indicators: list[IndicatorInput]


class BlockOutput(TypedDict):
    code: str
    name: str
    points: str
    indicators: list[IndicatorOutput]


class BodyIssueToken(TypedDict):
    grant_type: NotRequired[str]
    username: NotRequired[str]
    password: NotRequired[str]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    refresh_token: NotRequired[str]
    otp: NotRequired[str]
    scope: NotRequired[str]


class BodyRevokeToken(TypedDict):
    token: NotRequired[str]
    token_type_hint: NotRequired[str]


class BonusAmount(TypedDict):
    unit: str
    base: str
    months: int
    coefficient: str
    amount: str


class BonusDistribution(TypedDict):
    amounts: list[BonusAmount]
    unscaled: str
    total: str
    scaled: bool
    spread: str | None
    flat_below: str
    flat: bool


class BonusPolicyInput(TypedDict):
    rules: list[BonusRuleInput]
    same_event: Literal["highest", "sum"]
    cap_total: NotRequired[str | None]
    requires: NotRequired[
        list[Literal["holder_match", "indicator_link", "document", "evidence", "not_scored"]]
    ]
    families: NotRequired[list[FamilyInput]]
    order: NotRequired[Literal["highest_then_caps", "caps_then_highest"]]
    holders: NotRequired[dict[str, str]]
    joint: NotRequired[Literal["split", "full", "lead_only"]]
    across_years: NotRequired[Literal["each_year", "once", "excess"]]


class BonusPolicyOutput(TypedDict):
    rules: list[BonusRuleOutput]
    same_event: Literal["highest", "sum"]
    cap_total: str | None
    requires: list[Literal["holder_match", "indicator_link", "document", "evidence", "not_scored"]]
    families: NotRequired[list[FamilyOutput]]
    order: NotRequired[Literal["highest_then_caps", "caps_then_highest"]]
    holders: NotRequired[dict[str, str]]
    joint: NotRequired[Literal["split", "full", "lead_only"]]
    across_years: NotRequired[Literal["each_year", "once", "excess"]]


class BonusRuleInput(TypedDict):
    code: str
    level: str
    points: str
    authorities: list[str]
    by_place: NotRequired[dict[str, str]]
    cap: NotRequired[str | None]
    family: NotRequired[str | None]
    limit: NotRequired[int | None]
    special: NotRequired[SpecialInput | None]


class BonusRuleOutput(TypedDict):
    code: str
    level: str
    points: str
    authorities: list[str]
    by_place: NotRequired[dict[str, str]]
    cap: NotRequired[str | None]
    family: NotRequired[str | None]
    limit: NotRequired[int | None]
    special: NotRequired[SpecialOutput | None]


class BrowserSession(TypedDict):
    session_id: str
    subject: str
    opened_at: str
    idle_until: str
    expires_at: str


class BurdenReport(TypedDict):
    cycle_id: str
    version: int
    units: list[UnitBurden]
    indicators: list[IndicatorBurden]


class CalendarDay(TypedDict):
    day: str
    kind: Literal["working", "resting"]
    name_zh: str
    name_en: str
    revision: int


class CalendarYear(TypedDict):
    year: int
    announced: bool
    revision: int
    document_no: str | None
    recorded_at: str | None
    days: list[CalendarDay]


class Called(TypedDict):
    zh: str
    en: str | None


class CardPolicy(TypedDict):
    indicator: str
    yellow: str
    red: str


class CarriedFrom(TypedDict):
    cycle_id: str
    claim_id: str


class CascadedTarget(TypedDict):
    unit: str
    indicator: str
    target: str | None
    baseline: str | None
    pledge: str | None
    version: int
    state: Literal[
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


class CastBallot(TypedDict):
    seat: str
    receipt: Receipt | None


class CategoryDiagnostics(TypedDict):
    category: str
    units: int
    complete: int
    variance: str | None
    indicators: list[IndicatorDiagnostics]
    adjustment_share: str | None
    scorers: list[ScorerDiagnostics]


class CategoryDifference(TypedDict):
    category: str
    total_before: str | None
    total_after: str | None
    units_added: list[str]
    units_removed: list[str]
    units_reclassed: list[Reclassed]
    policies: list[str]
    changes: list[Change]


class CategoryForms(TypedDict):
    category: str
    name: str
    name_en: str | None
    organiser: str
    indicators: list[IndicatorForm]


class CategoryInput(TypedDict):
    code: str
    name: str
    organiser: str
    total: str
    units: list[str]
    blocks: list[BlockInput]
    name_en: NotRequired[str | None]
    composition: NotRequired[CompositionInput | None]
    adjustments: NotRequired[AdjustmentsInput | None]
    grades: NotRequired[GradePolicyInput | None]
    ranking: NotRequired[RankingPolicyInput | None]
    subcategories: NotRequired[list[SubcategoryInput]]


class CategoryOutput(TypedDict):
    code: str
    name: str
    organiser: str
    total: str
    units: list[str]
    blocks: list[BlockOutput]
    name_en: str | None
    composition: CompositionOutput | None
    adjustments: AdjustmentsOutput | None
    grades: GradePolicyOutput | None
    ranking: RankingPolicyOutput | None
    subcategories: list[SubcategoryOutput]


class CauseOfLoss(TypedDict):
    unit: str
    points: str


class CellWeights(TypedDict):
    stratum: str | None
    group: str | None
    completed: int
    weight: str


class ChainFault(TypedDict):
    code: Literal["entry", "entries-missing", "head-missing", "head-behind", "head"]
    en: str
    zh: str


class ChainHead(TypedDict):
    chain: str
    seq: int
    hash: str


class ChainOfEdition(TypedDict):
    edition: int
    category: str
    state: Literal[
        "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
    ]
    position: ChainPosition
    chain: list[ShownStep]
    said: list[Approval]


class ChainPosition(TypedDict):
    round: int
    held: list[str]
    next: str | None


class Chance(TypedDict):
    indicator: str
    name: str
    points: str
    score: str | None
    open_periods: list[str]
    to_win: str
    to_lose: str
    missing: list[ExplainedReason]


class Change(TypedDict):
    indicator: str
    name: str
    kind: Literal["added", "removed", "moved", "changed"]
    field: str | None
    before: str | None
    after: str | None
    points_change: str


class ChangedAccount(TypedDict):
    account: Account
    change: AccountChange
    unit_registered: bool | None
    receipt: Receipt | None


class ChangedCode(TypedDict):
    succeeded_by: str
    effective_on: str
    document_no: str
    state: Literal["proposed", "confirmed"]


class ChangedEmergencyGrant(TypedDict):
    grant: EmergencyGrant
    receipt: Receipt | None


class ChangedJurisdictionClosing(TypedDict):
    closing: JurisdictionClosing
    receipt: Receipt | None


class ChangedMessageKey(TypedDict):
    key: MessageKey
    receipt: Receipt | None


class ChangedPassword(TypedDict):
    subject: str
    receipt: Receipt | None


class ChangedSecret(TypedDict):
    subject: str
    kept: AccountSecret
    receipt: Receipt | None


class ChangedWebhook(TypedDict):
    webhook: Webhook
    receipt: Receipt | None


class ChangedWebhookHost(TypedDict):
    host: WebhookHost
    receipt: Receipt | None


class ChargedShare(TypedDict):
    indicator: str
    unit: str
    role: Literal["lead", "support"] | None
    points: str
    lost: str
    caused: str
    open: str


class CheckFinding(TypedDict):
    finding_id: str
    check: str
    unit: str
    entry_id: str
    verdict: Literal["right", "differs"]
    value: str | None
    word: str | None
    text: str
    evidence_ids: list[str]
    found_by: str
    found_at: str
    answer_by: str
    state: Literal["reported", "signed", "objected", "upheld", "dismissed"]
    restated_by: str | None
    overstated_as: str | None
    kept_alone: (
        Literal[
            "not-assessed",
            "not-taken",
            "period-closed",
            "zero-report-contradicted",
            "not-applicable",
        ]
        | None
    )
    steps: list[FindingStep]
    fraud: Fraud | None
    second: SecondMark | None


class CheckInput(TypedDict):
    code: str
    name: str
    kind: Literal["recheck", "spot_check"]
    of: list[CheckedUnitsInput]
    entries: NotRequired[int | None]
    readers: NotRequired[Literal["office", "units"]]
    overstatement: NotRequired[OverstatementInput | None]
    fraud: NotRequired[FraudRuleInput | None]
    second_marking: NotRequired[SecondMarkingInput | None]


class CheckList(TypedDict):
    name: str
    category: str
    unit: str | None
    draws: int
    digest: str


class CheckOutput(TypedDict):
    code: str
    name: str
    kind: Literal["recheck", "spot_check"]
    of: list[CheckedUnitsOutput]
    entries: int | None
    readers: Literal["office", "units"]
    overstatement: NotRequired[OverstatementOutput | None]
    fraud: NotRequired[FraudRuleOutput | None]
    second_marking: NotRequired[SecondMarkingOutput | None]


class CheckTeam(TypedDict):
    unit: str
    chosen_by: Literal["seed", "office"]
    members: list[TeamMember]
    reason: str | None
    named_by: str | None
    named_at: str | None


class CheckTeams(TypedDict):
    check: str
    pool: str | None
    members: int | None
    teams: list[CheckTeam]


class CheckedEntry(TypedDict):
    entry_id: str
    indicator: str
    indicator_name: str
    clause: str | None
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    document_no: str | None
    document_date: str | None
    authority: str | None
    author_unit: str
    state: Literal[
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
    evidence: list[NamedFile]
    look_for: list[
        Literal[
            "self_reported",
            "no_evidence",
            "shared_evidence",
            "entered_late",
            "restated",
            "not_counted",
        ]
    ]


class CheckedScheme(TypedDict):
    without_effect: list[WithoutEffect]
    without_effect_count: int
    cycle_id: str
    digest: str
    scheme: SchemeOutput
    compiled_digest: str
    compiled: CompiledScheme


class CheckedUnitsInput(TypedDict):
    category: str
    share: NotRequired[str | None]
    number: NotRequired[int | None]


class CheckedUnitsOutput(TypedDict):
    category: str
    share: str | None
    number: int | None


class CheckpointSummary(TypedDict):
    number: int
    kind: Literal["checkpoint", "restoration"]
    made_at: str
    digest: str
    previous: str | None
    missing: list[str]
    restored: list[str]
    back_to: int | None
    reason: str | None
    by: list[str]


class Claim(TypedDict):
    claim_id: str
    claim_no: str
    unit: str
    unit_in_scheme: NotRequired[str | None]
    kind: Literal["bonus", "deduction"]
    level: str | None
    authority: str | None
    holder_name: str | None
    document_no: str | None
    document_date: str | None
    work_year: int | None
    event_key: str
    linked_indicator: str | None
    rule: str | None
    place: str | None
    holder_kind: Literal["unit", "subordinate", "person"]
    revokes: str | None
    author: str
    handed_in_at: str
    state: Literal["handed_in", "confirmed", "rejected", "withdrawn"]
    confirmation: ScoringConfirmation | None
    held: bool
    held_reason: ClaimReason | None
    same_document: list[ClaimBeside]
    similar: list[ClaimBeside]
    not_shown: int
    evidence: list[NamedFile]
    carried_from: CarriedFrom | None
    filed_together: list[FiledTogether]
    proposal: ClaimProposal
    changed_at: NotRequired[str]


class ClaimBeside(TypedDict):
    cycle_id: str
    claim_id: str
    claim_no: str
    unit: str
    unit_in_scheme: NotRequired[str | None]
    state: Literal["handed_in", "confirmed", "rejected", "withdrawn"]
    share: str | None
    item: str | None
    likeness: Literal["same_document", "same_number", "same_authority_and_date"]


class ClaimOnAward(TypedDict):
    claim_id: str
    claim_no: str
    unit: str


class ClaimProposal(TypedDict):
    decision: Literal[
        "accepted",
        "accepted_carried_over",
        "accepted_capped",
        "accepted_in_part",
        "accepted_against_proposal",
        "accepted_by_correction",
        "carried_to_next_year",
        "superseded_same_event",
        "unconfirmed",
        "withdrawn",
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
    points: str
    reason: ClaimReason
    against: list[ClaimReason]


class ClaimReason(TypedDict):
    code: str
    params: dict[str, str]
    en: str
    zh: str


class CloseUnits(TypedDict):
    first: str
    second: str
    difference: str
    error: Literal["estimated", "at_most"] | None
    se: str | None
    adjusted_p: str


class ClosedPeriod(TypedDict):
    period: str
    closed_at: str
    undecided: dict[str, int]
    missing: int
    owed: list[MissingEntries]
    owed_more: int
    receipt: Receipt | None


class CloudEvent(TypedDict):
    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: Literal["application/json"]
    data: dict[str, Any]


class CodeChanged(TypedDict):
    succeeded_by: str
    effective_on: str
    document_no: str
    state: Literal["proposed", "confirmed"]
    receipt: Receipt | None


class ColumnMeaning(TypedDict):
    column: str
    words: dict[str, str] | None


class CommentOutcome(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    comment_id: str | None


class CommentsAnswered(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[AnswerOutcome]


class CommentsSaid(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[CommentOutcome]


class ComparedBlock(TypedDict):
    block: str
    share: str | None
    earlier_share: str | None
    change: str | None


class ComparedUnit(TypedDict):
    unit: str
    name: str
    rank: int | None
    grade: str | None
    earlier: list[PlaceOfYear]


class ComparedYear(TypedDict):
    cycle_id: str
    assessment_year: int
    release: int | None


class Comparison(TypedDict):
    category: str
    pairs: int
    not_distinguishable: list[CloseUnits]


class CompiledCategory(TypedDict):
    category: str
    order: list[str]
    indicators: list[CompiledIndicator]


class CompiledIndicator(TypedDict):
    indicator: str
    line: list[str]
    receiver: str | None
    takes: EntryForm | None
    takes_of_unit: dict[str, EntryForm | None]
    reads: Reads
    missing_below: Literal[
        "refuse", "zero", "skip", "category_mean", "subcategory_mean", "carry_over"
    ]


class CompiledScheme(TypedDict):
    format: int
    formulas: dict[str, NumberNode | NameNode | AppliedNode]
    categories: list[CompiledCategory]


class Complaint(TypedDict):
    complaint_id: str
    reference: str
    source_ref: str | None
    channel: Literal["public", "office"]
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    text: str
    about_office: bool
    about: list[str]
    units: list[ComplaintUnit]
    raised_at: str
    state: Literal[
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
    step: int
    due: str | None
    light: Literal["none", "yellow", "red"]
    changed_at: str


class ComplaintEvent(TypedDict):
    what: Literal["overdue", "redone", "returned", "upheld"]
    step: int
    unit: str
    due: str | None
    shown_on: str
    entry_id: str | None
    kept_alone: (
        Literal[
            "not-assessed",
            "not-taken",
            "period-closed",
            "zero-report-contradicted",
            "not-applicable",
            "costs-nothing",
            "ledger-sealed",
        ]
        | None
    )


class ComplaintEventsInput(TypedDict):
    indicator: str
    overdue: NotRequired[str | None]
    redone: NotRequired[str | None]
    returned: NotRequired[str | None]
    upheld: NotRequired[str | None]


class ComplaintEventsOutput(TypedDict):
    indicator: str
    overdue: str | None
    redone: str | None
    returned: str | None
    upheld: NotRequired[str | None]


class ComplaintHistory(TypedDict):
    complaint_id: str
    reference: str
    source_ref: str | None
    channel: Literal["public", "office"]
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    text: str
    about_office: bool
    about: list[str]
    units: list[ComplaintUnit]
    raised_at: str
    state: Literal[
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
    step: int
    due: str | None
    light: Literal["none", "yellow", "red"]
    changed_at: str
    moves: list[MadeComplaintMove]
    events: list[ComplaintEvent]


class ComplaintLimitsInput(TypedDict):
    accept: int
    finish: int
    extension: int
    days: NotRequired[Literal["working", "calendar"]]


class ComplaintLimitsOutput(TypedDict):
    accept: int
    finish: int
    extension: int
    days: Literal["working", "calendar"]


class ComplaintPolicyInput(TypedDict):
    body: str
    efficiency_complaint: NotRequired[ComplaintLimitsInput]
    petition: NotRequired[ComplaintLimitsInput]
    online_message: NotRequired[ComplaintLimitsInput]
    hotline: NotRequired[ComplaintLimitsInput]
    events: NotRequired[ComplaintEventsInput | None]
    least: NotRequired[int]
    rates: NotRequired[ComplaintRatesInput | None]


class ComplaintPolicyOutput(TypedDict):
    body: str
    efficiency_complaint: ComplaintLimitsOutput
    petition: ComplaintLimitsOutput
    online_message: ComplaintLimitsOutput
    hotline: ComplaintLimitsOutput
    events: NotRequired[ComplaintEventsOutput | None]
    least: NotRequired[int]
    rates: NotRequired[ComplaintRatesOutput | None]


class ComplaintRatesInput(TypedDict):
    satisfaction: NotRequired[str | None]
    timely: NotRequired[str | None]
    returned: NotRequired[str | None]
    redone: NotRequired[str | None]


class ComplaintRatesOutput(TypedDict):
    satisfaction: str | None
    timely: str | None
    returned: str | None
    redone: str | None


class ComplaintRatings(TypedDict):
    month: str
    least: int
    units: list[UnitRating]
    red: list[list[str]]
    black: list[list[str]]
    raised: RaisedInMonth | None


class ComplaintUnit(TypedDict):
    unit: str
    role: Literal["lead", "support"]


class ComplaintUnitNamed(TypedDict):
    unit: str
    role: Literal["lead", "support"]


class Completeness(TypedDict):
    cycle_id: str
    category: str
    organiser: str | None
    entries: dict[str, int]
    waiting: list[LeftEntry]
    waiting_more: int
    missing: list[MissingOfUnit]
    missing_more: int
    parked: int | None
    hand_in: HandIn | None


class CompositionInput(TypedDict):
    parts: list[str]
    bonus: bool
    deductions: bool
    max_total: NotRequired[str | None]
    shown: NotRequired[list[str]]
    by_part: NotRequired[list[PartOfTotalInput]]
    adjustment: NotRequired[AdjustmentPlace | None]
    rounding: NotRequired[Literal["at_end", "each_part"]]
    lacking: NotRequired[Literal["refused", "nothing", "scaled_up"]]


class CompositionOutput(TypedDict):
    parts: list[str]
    bonus: bool
    deductions: bool
    max_total: str | None
    shown: list[str]
    by_part: NotRequired[list[PartOfTotalOutput]]
    adjustment: NotRequired[AdjustmentPlace | None]
    rounding: NotRequired[Literal["at_end", "each_part"]]
    lacking: NotRequired[Literal["refused", "nothing", "scaled_up"]]


class ComputedBaseline(TypedDict):
    unit: str
    indicator: str
    item: str | None
    baseline: str
    in_force: str | None
    agrees: bool
    terms: list[BaselineTerm]


class ComputedScoreSheet(TypedDict):
    edition: int
    categories: list[str]
    inputs: SheetInputs
    ledger_phase: Literal["open", "sealed"]
    phase: Literal["computed", "fed_back"]
    digest: str
    missing: int
    receipt: Receipt | None


class Condition(TypedDict):
    role: str
    relation: GatewayNamed | None
    phases: list[GatewayNamed]


class Confirmed(TypedDict):
    account: Account
    secret: str | None
    receipt: Receipt | None


class ConfirmedChange(TypedDict):
    account: Account
    change: AccountChange
    receipt: Receipt | None
    secret: str | None


class ConfirmedReviews(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[RowOutcome]


class ConflictingTarget(TypedDict):
    indicator: str
    name: str
    data_source_unit: str
    measure: str | None
    target: str | None
    baseline: str | None
    pledge: str | None
    version: int
    state: Literal[
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
    in_force: bool


class Consequence(TypedDict):
    number: int
    unit: str
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
    cause: Literal["release", "veto", "indicator", "objection", "item", "other"]
    cause_ref: str | None
    document_no: str | None
    reason: str | None
    from_on: str
    until_on: str | None
    name: str | None
    amount: str | None
    proposed_at: str
    state: Literal["proposed", "heard", "refused", "decided", "carried_out", "revoking", "revoked"]
    steps: list[ConsequenceStep]
    recovery: NotRequired[ConsequenceRecovery | None]


class ConsequenceMade(TypedDict):
    consequence: Consequence
    receipt: Receipt | None


class ConsequencePolicyInput(TypedDict):
    by_grade: NotRequired[list[GradeConsequenceInput]]
    flat_below: NotRequired[str]


class ConsequencePolicyOutput(TypedDict):
    by_grade: list[GradeConsequenceOutput]
    flat_below: str


class ConsequenceRecovery(TypedDict):
    paid: str
    recovered: str
    open: str


class ConsequenceStep(TypedDict):
    state: Literal["proposed", "heard", "refused", "decided", "carried_out", "revoking", "revoked"]
    reason: str | None
    document_no: str | None
    item_id: str | None
    item_cycle_id: NotRequired[str | None]
    item_state: NotRequired[str | None]
    money: NotRequired[str | None]
    taken_at: str


class ConsequencesProposed(TypedDict):
    proposed: list[Consequence]
    unchanged: int
    banned: list[BannedAward]
    revoking: list[int]
    outdated: list[int]
    receipt: Receipt | None


class Consultation(TypedDict):
    cycle_id: str
    version: int
    about: str
    closes_on: str
    open: bool
    comments: int
    unanswered: int
    opened_by: str
    opened_at: str


class ControlTotals(TypedDict):
    count: int
    sums: NotRequired[dict[str, Any] | None]
    digest: NotRequired[str | None]


class CorrectedDay(TypedDict):
    day: str
    kind: Literal["working", "resting", "plain"]
    name_zh: NotRequired[str | None]
    name_en: NotRequired[str | None]


class CorrectedEntry(TypedDict):
    entry_id: str
    replaces: str
    state: Literal[
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
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class CorrectedUnit(TypedDict):
    unit: str
    before: PublishedStanding | None
    after: PublishedStanding | None


class Correction(TypedDict):
    entry: NewLedgerEntry
    state: NotRequired[Literal["draft", "submitted"]]


class CorrectionDecision(TypedDict):
    decision: Literal["approved", "refused", "withdrawn"]
    text: str | None
    kept_alone: Literal["not-assessed", "not-taken", "no-scorer"] | None
    decided_by: str
    decided_at: str


class CorrectionNote(TypedDict):
    zh: str
    en: str | None


class CorrectionPolicyInput(TypedDict):
    may_fall: NotRequired[bool]
    overturned: NotRequired[Overturned | None]


class CorrectionPolicyOutput(TypedDict):
    may_fall: bool
    overturned: NotRequired[Overturned | None]


class CountStanding(TypedDict):
    count_no: str
    group: str | None
    entitled: int
    issued: int
    returned: int
    spoiled: int
    state: Literal["counted", "confirmed", "withdrawn"]
    void: list[VoidReason]
    counted_by: str
    counted_at: str
    confirmed_by: str | None
    withdrawn_because: str | None


class CountedEarlier(TypedDict):
    counted: bool
    reason: str


class CountedVeto(TypedDict):
    code: str
    basis: str | None
    scope: Literal["all", "block", "title"]
    block: NotRequired[str | None]
    hidden: bool
    units: int


class CreatedAccount(TypedDict):
    subject: str
    state: Literal["effective", "pending"]
    secret: str | None
    unit_registered: bool | None


class CreatedAccounts(TypedDict):
    accounts: list[CreatedAccount]
    receipt: Receipt | None


class CreatedSurvey(TypedDict):
    survey_id: str
    cycle_id: str
    code: str
    name: str
    mode: Literal[
        "phone_survey",
        "questionnaire",
        "online_form",
        "meeting_count",
        "leader_evaluation",
        "peer_review",
    ]
    collector: str
    scheme_version: int
    scheme_digest: str
    questions: list[AskedQuestion]
    measure: Literal["mean", "satisfaction_rate"]
    groups: list[RespondentGroup]
    group_weights: list[GroupWeights]
    empty_group: Literal["rescale", "zero", "void"]
    combine: Literal["mean", "weighted", "pooled"]
    wave_weights: list[str]
    min_valid: int | None
    below_min: Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]
    attested_by: list[str]
    quorum: str | None
    abstain: Literal["unscored", "void"]
    units: list[str]
    waves: list[Wave]
    receipt: Receipt | None


class Criterion(TypedDict):
    category: str
    indicator: str
    name: str
    clause: str | None
    points: str
    method: str
    frequency: str
    units: int


class CrossCategoryDocument(TypedDict):
    cycle_id: str
    code: str
    name: str
    use: str
    ranking_of_record: Literal[False]
    note: ListNote
    scale: ListScale
    groups: NotRequired[list[ListedGroup] | None]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    tie_break: list[str]
    rankings: list[ListedRanking]
    units: list[ListedUnit]
    digest: str


class CrossCategoryListInput(TypedDict):
    code: str
    name: str
    use: str
    categories: list[str]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    tie_break: NotRequired[list[str]]


class CrossCategoryListOutput(TypedDict):
    code: str
    name: str
    use: str
    categories: list[str]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    tie_break: list[str]


class Cycle(TypedDict):
    cycle_id: str
    name: str
    jurisdiction: str
    assessment_year: int
    phase: CyclePhase
    scheme_version: int | None
    created_at: str


class CycleEstimates(TypedDict):
    cycle_id: str
    digest: str
    confidence: str
    surveys: list[SurveyOverWaves]


class CycleNames(TypedDict):
    cycle_id: str
    as_of: str
    version: int | None
    units: list[NamedUnit]
    categories: list[NamedCategory]
    surveys: list[NamedCode]
    vetoes: list[NamedCode]


class CyclePeriods(TypedDict):
    periods: list[Period]


class CycleSatisfaction(TypedDict):
    cycle_id: str
    digest: str
    surveys: list[SurveySatisfaction]


class CycleSurveys(TypedDict):
    cycle_id: str
    surveys: list[Survey]


class CycleTargets(TypedDict):
    cycle_id: str
    digest: str
    targets: list[TargetVersion]


class Deadline(TypedDict):
    step: str
    name: str
    what: Literal["date", "opens", "closes", "due"]
    on: str
    days: int


class DecidedClaim(TypedDict):
    claim_id: str
    claim_no: str
    unit: str
    unit_in_scheme: NotRequired[str | None]
    kind: Literal["bonus", "deduction"]
    decision: Literal[
        "accepted",
        "accepted_carried_over",
        "accepted_capped",
        "accepted_in_part",
        "accepted_against_proposal",
        "accepted_by_correction",
        "carried_to_next_year",
        "superseded_same_event",
        "unconfirmed",
        "withdrawn",
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
    points: str
    reason: ClaimReason


class DecidedFinding(TypedDict):
    screen: str
    about: Literal["unit", "interviewer"]
    subject: str
    observed: str
    of: int
    sentence: str
    sentence_zh: str


class DecidedVoiding(TypedDict):
    decision: VoidingDecision
    reason: str | None
    decided_by: str
    decided_at: str


class DecomposedBlock(TypedDict):
    block: str
    points: str
    units: int


class DecomposedCycle(TypedDict):
    cycle_id: str
    scheme_version: int
    in_force: int | None
    drift: list[SuperiorDrift] | None


class DecomposedIndicator(TypedDict):
    code: str
    name: str
    block: str
    points: str
    unowned: str | None


class DecompositionChange(TypedDict):
    indicator: str | None
    unit: str | None
    field: Literal["superior", "points", "name", "block", "unowned", "role", "contact"]
    before: str | None
    after: str | None


class DecompositionHandedUp(TypedDict):
    version: int
    superior_cycle: str
    unit: str
    receipt: Receipt | None


class DecompositionSet(TypedDict):
    version: int
    receipt: Receipt | None


class DecompositionSummary(TypedDict):
    version: int
    superior: str
    document_no: str
    document_date: str
    points: str
    set_by: str
    set_at: str


class DecompositionVersion(TypedDict):
    cycle_id: str
    version: int
    superior: str
    document_no: str
    document_date: str
    superior_cycle: DecomposedCycle | None
    handed_up: HandingUp | None
    points: str
    indicators: list[DecomposedIndicator]
    shares: list[UnitShare]
    units: list[ExposedUnit]
    blocks: list[DecomposedBlock]
    changes: list[DecompositionChange]
    set_by: str
    set_at: str


class DeductionPolicyInput(TypedDict):
    rules: list[DeductionRuleInput]
    same_event: Literal["highest", "sum"]
    cap_total: NotRequired[str | None]
    families: NotRequired[list[FamilyInput]]
    order: NotRequired[Literal["highest_then_caps", "caps_then_highest"]]
    across_years: NotRequired[Literal["each_year", "once", "excess"]]


class DeductionPolicyOutput(TypedDict):
    rules: list[DeductionRuleOutput]
    same_event: Literal["highest", "sum"]
    cap_total: str | None
    families: NotRequired[list[FamilyOutput]]
    order: NotRequired[Literal["highest_then_caps", "caps_then_highest"]]
    across_years: NotRequired[Literal["each_year", "once", "excess"]]


class DeductionRuleInput(TypedDict):
    code: str
    name: str
    points: str
    by_place: NotRequired[dict[str, str]]
    cap: NotRequired[str | None]
    family: NotRequired[str | None]
    limit: NotRequired[int | None]


class DeductionRuleOutput(TypedDict):
    code: str
    name: str
    points: str
    by_place: NotRequired[dict[str, str]]
    cap: NotRequired[str | None]
    family: NotRequired[str | None]
    limit: NotRequired[int | None]


class DelegationGiven(TypedDict):
    number: int
    giver: str
    role: Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
    delegate: str
    steps: list[str]
    until: str
    document_no: str
    given_at: str


class DelegationRecorded(TypedDict):
    delegation: DelegationGiven
    receipt: Receipt | None


class Delivery(TypedDict):
    position: int
    event_id: str
    event_type: str
    state: Literal["pending", "delivered", "dead"]
    has_payload: bool
    frozen_at: str
    tries: int
    tried_at: str | None
    status: int | None
    reason: str | None


class DeliveryAttempt(TypedDict):
    number: int
    redelivery: int
    outcome: Literal["taken", "failed", "given-up"]
    status: int | None
    reason: str | None
    milliseconds: int
    at: str


class DeliveryInFull(TypedDict):
    delivery: Delivery
    attempts: list[DeliveryAttempt]


class DemotionInput(TypedDict):
    code: str
    effect: Literal["not_excellent", "down_one_grade"]
    indicators: NotRequired[list[str]]
    score_ratio_below: NotRequired[str | None]
    event: NotRequired[str | None]
    responsible_units: NotRequired[list[str]]
    name: NotRequired[str | None]
    categories: NotRequired[list[str]]
    superior_rank: NotRequired[SuperiorRankInput | None]
    at_least: NotRequired[int]


class DemotionOutput(TypedDict):
    code: str
    effect: Literal["not_excellent", "down_one_grade"]
    indicators: list[str]
    score_ratio_below: str | None
    event: str | None
    responsible_units: list[str]
    name: str | None
    categories: list[str]
    superior_rank: SuperiorRankOutput | None
    at_least: int


class DemotionReported(TypedDict):
    demotion: Reported
    receipt: Receipt | None


class Desk(TypedDict):
    is_open: bool
    receipt: Receipt | None


class DeskNow(TypedDict):
    is_open: bool
    since: str | None


class DifferenceCause(TypedDict):
    what: Literal[
        "entry_added",
        "entry_removed",
        "entry_of_another_unit",
        "target",
        "satisfaction",
        "score_of_another_indicator",
        "category",
        "rule",
        "claim",
        "record",
    ]
    name: str
    name_zh: str
    before: str | None
    after: str | None
    entry: str | None


class DifferenceOfUnit(TypedDict):
    unit: str
    category: str
    before: str | None
    after: str | None
    change: str | None
    parts: list[PartOfDifference]


class Differences(TypedDict):
    cycle_id: str
    version: int
    previous: int | None
    reason: str | None
    categories: list[CategoryDifference]
    sections: list[str]


class DifferingEntry(TypedDict):
    entry_id: str
    unit: str
    indicator: str
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    author_unit: str


class Digests(TypedDict):
    scheme: str
    score_sheet: str
    vetoes: str
    demotions: str
    previous_release: NotRequired[str | None]
    previous_vetoes: NotRequired[str | None]
    successions: NotRequired[str | None]
    survey_errors: NotRequired[str | None]
    normalised: NotRequired[str | None]


class DiscardedRows(TypedDict):
    count: int
    receipt: Receipt | None


class DispatchedItems(TypedDict):
    items: list[MovedItem]
    receipt: Receipt | None


class Distribution(TypedDict):
    bonus: BonusDistribution | None
    places: list[UnitPlaces] | None


class DocumentDifference(TypedDict):
    document: str
    before: str
    after: str


class DoneReset(TypedDict):
    subject: str
    reset: AccountReset
    secret: str | None
    receipt: Receipt | None


class DrawnCheck(TypedDict):
    check: str
    draw: str
    drawn_units: list[str]
    receipt: Receipt | None


class DrawnLetter(TypedDict):
    unit: str
    version: int
    digest: str
    outcome: Literal["drawn_up", "unchanged"]


class DrawnLinks(TypedDict):
    survey_id: str
    wave: int
    draw_no: int
    links: list[str] | None
    receipt: Receipt | None


class DutyCard(TypedDict):
    key: str
    unit: str
    indicator: str
    period: str
    light: Literal["warning", "yellow_card", "red_card"]
    due: str
    shown_on: str
    written_at: str
    entry_id: str | None
    kept_alone: (
        Literal[
            "not-assessed",
            "not-taken",
            "period-closed",
            "zero-report-contradicted",
            "not-applicable",
        ]
        | None
    )


class DutyCompleteness(TypedDict):
    duties: int
    done: int
    lights: dict[str, int]
    expected: int
    handed_in: int
    on_time: int
    cycle_id: str
    at: str
    as_of: str
    by: Literal["unit", "indicator", "period", "day", "light"]
    items: list[DutyPart]
    next: str | None


class DutyPart(TypedDict):
    duties: int
    done: int
    lights: dict[str, int]
    expected: int
    handed_in: int
    on_time: int
    key: str
    name: str | None


class DutyPerson(TypedDict):
    assignment_id: str
    unit: str
    indicator: str | None
    lead: str
    deputy: str
    from_day: str
    assigned_by: str
    assigned_at: str


class DutyPolicyInput(TypedDict):
    monthly_within: NotRequired[int]
    quarterly_within: NotRequired[int]
    half_yearly_by: NotRequired[int]
    yearly_by: NotRequired[str | None]
    warned_before: NotRequired[int]
    red_after: NotRequired[int]
    returned_within: NotRequired[int]
    first_due: NotRequired[str | None]
    exempt: NotRequired[list[str]]
    cards: NotRequired[CardPolicy | None]
    signed_off: NotRequired[bool]
    signed_off_for: NotRequired[list[str]]


class DutyPolicyOutput(TypedDict):
    monthly_within: int
    quarterly_within: int
    half_yearly_by: int
    yearly_by: str | None
    warned_before: int
    red_after: int
    returned_within: int
    first_due: NotRequired[str | None]
    exempt: list[str]
    cards: CardPolicy | None
    signed_off: bool
    signed_off_for: list[str]


class EarlierPlace(TypedDict):
    period: str
    rank: str
    listed: int
    published_value: str | None
    places_won: str
    value_change: str | None


class EarlierValue(TypedDict):
    unit: str
    indicator: str
    key: str | None
    item: str | None
    value: str
    entry: str


class EarlierWeights(TypedDict):
    moved: int
    most: int
    ranks: dict[str, int]
    cycle_id: str
    scheme_digest: str
    points: dict[str, str]
    blocks_unknown: list[str]


class Embargo(TypedDict):
    release: int
    public_from: str


class EmergencyGrant(TypedDict):
    grant_id: str
    right: str
    role: str
    state: Literal["going", "over", "reviewed"]
    subject: str
    reason: str
    taken_at: str
    ends_at: str
    ended_by: str | None
    ended_at: str | None
    finding: Literal["justified", "unjustified"] | None
    remark: str | None
    reviewed_by: str | None
    reviewed_at: str | None


class EmergencyRequest(TypedDict):
    seq: int
    route: str
    asked: str
    refused: bool
    recorded_at: str


class EmergencyToken(TypedDict):
    access_token: str | None
    token_type: Literal["Bearer"]
    expires_in: int
    right: str
    receipt: Receipt | None


class EndedProposal(TypedDict):
    version: int
    how: Literal["declined", "withdrawn"]
    reason: str
    ended_by: str
    ended_at: str


class EndedSession(TypedDict):
    session_id: str
    receipt: Receipt | None


class Engine(TypedDict):
    version: str
    rules: str


class EnrolledSecondFactor(TypedDict):
    number: int
    recovery_codes: list[str] | None
    receipt: Receipt | None


class EnteredPlan(TypedDict):
    survey_id: str
    wave: int
    version: int
    aim: str | None
    confidence: str
    rows: list[PlannedRow]
    units: list[PlannedUnit]
    entered_by: str
    entered_at: str
    receipt: Receipt | None


class EnteredQuestionnaire(TypedDict):
    survey_id: str
    version: int
    digest: str
    entered_by: str
    entered_at: str
    receipt: Receipt | None


class EntryAdoption(TypedDict):
    entry_id: str
    unit: str
    indicator: str
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    state: Literal[
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
    author_unit: str
    from_cycle_id: str
    from_entry_id: str
    digest: str
    outdated: bool
    adopted_at: str


class EntryForm(TypedDict):
    kind: Literal[
        "measured_value",
        "event",
        "milestone",
        "grade",
        "panel_mark",
        "superior_rank",
        "external_result",
    ]
    keys: list[str]
    items: list[str]
    any_item: bool
    words: list[str]
    endings: list[str]
    endings_of_key: dict[str, list[str]]
    dated: str | None
    low: str | None
    high: str | None
    whole: bool
    instead: str | None
    valued: bool
    noted: bool
    comment_low: str | None
    comment_high: str | None
    nodes: list[NodeForm]
    by_day: bool
    panel: str | None
    excludes_own_unit: bool
    rubric: list[FormStep]
    only_steps: bool
    distinct: bool
    late: Literal["missing", "last_year", "carry_over"] | None
    opens: str | None
    closes: str | None
    ranked: bool


class EntryForms(TypedDict):
    cycle_id: str
    version: int
    digest: str
    compiled_digest: str
    categories: list[CategoryForms]


class EntrySchema(TypedDict):
    cycle_id: str
    version: int
    digest: str
    compiled_digest: str
    indicator: str
    unit: str | None
    entry: dict[str, Any]


class EntrySignature(TypedDict):
    entry_id: str
    unit: str
    indicator: str
    indicator_name: str | None
    period: str
    kind: Literal[
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
    key: str | None
    item: str | None
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    evidence: int
    state: Literal[
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
    author_unit: str
    author: str
    signer: str | None
    signed_at: str | None


class EntryState(TypedDict):
    step: int
    state: Literal[
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
    entered_at: str
    actor: str
    reason: str | None


class EntryUse(TypedDict):
    cycle_id: str
    entry_id: str
    is_source: bool
    outdated: bool
    unit: str
    indicator: str
    indicator_name: str | None
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    state: Literal[
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
    effect: UseEffect | None


class EntryUses(TypedDict):
    uses: list[EntryUse]


class EntryVersion(TypedDict):
    entry_id: str
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    listed: int | None
    published_value: str | None
    document_no: str | None
    document_date: str | None
    authority: str | None
    about_from: str | None
    about_until: str | None
    state: Literal[
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
    author: str
    verified_by: str | None
    counted_from: str | None
    counted_until: str | None


class EntryWithHistory(TypedDict):
    entry_id: str
    unit: str
    unit_in_scheme: NotRequired[str | None]
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    listed: int | None
    published_value: str | None
    document_no: str | None
    document_date: str | None
    authority: str | None
    about_from: str | None
    about_until: str | None
    state: Literal[
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
    author: str
    author_unit: str
    source_ref: str | None
    reverses: str | None
    replaces: str | None
    restates: str | None
    entered_at: str
    state_reason: str | None
    state_by: str | None
    changed_at: str
    late: bool | None
    late_by_working_days: int | None
    handed_in_on: str | None
    due_on: str | None
    history: list[EntryState] | None
    evidence: list[NamedFile]


class ErasedContacts(TypedDict):
    erased: int
    receipt: Receipt | None


class ErasedNoticeContacts(TypedDict):
    erased: int
    receipt: Receipt | None


class ErasedResults(TypedDict):
    erased: int
    receipt: Receipt | None


class Estimated(TypedDict):
    value: str | None
    sample: int | None
    withheld: Literal["fewer_than_30", "leads_to_few"] | None
    error: Literal["estimated", "at_most"] | None
    se: str | None
    low: str | None
    high: str | None
    deff: str | None
    effective: str | None


class EventsRead(TypedDict):
    events: list[CloudEvent]
    cursor: str
    silent: list[str]


class Evidence(TypedDict):
    evidence_id: str
    name: str
    kind: str
    size: int
    digest: str
    width: int | None
    height: int | None
    taken_at: str | None
    author: str
    author_unit: str | None
    added_at: str
    served: Literal["original", "copy"]


class EvidenceDuplicates(TypedDict):
    pairs: list[EvidencePair]
    pairs_more: int


class EvidencePair(TypedDict):
    likeness: Literal["same_file", "same_picture"]
    apart: int
    is_of_two_units: bool
    earlier: EvidencePlace
    later: EvidencePlace


class EvidencePlace(TypedDict):
    evidence_id: str
    name: str
    author: str
    author_unit: str | None
    added_at: str
    used_by: list[EvidenceUse]
    uses_more: int


class EvidenceUse(TypedDict):
    entry_id: str | None
    claim_id: str | None
    highlight_id: str | None
    unit: str
    indicator: str | None


class ExplainedInput(TypedDict):
    name: str
    value: str
    source: Literal["ledger", "target", "survey", "score", "scheme", "group"]
    entries: list[str]
    version: int | None
    state: str | None
    set_by: str | None


class ExplainedNode(TypedDict):
    kind: Literal[
        "total",
        "part",
        "block",
        "shown_block",
        "vetoed_block",
        "component",
        "adjustment",
        "indicator",
        "claim",
        "excess",
    ]
    code: str
    name: str
    points: str | None
    score: str | None
    method: (
        Literal[
            "ratio_to_target",
            "baseline_growth",
            "pledge",
            "all_or_nothing",
            "stepped_deduction",
            "steps_from",
            "tiers",
            "rank_points",
            "relative_to_best",
            "efficacy_linear",
            "efficacy_exp",
            "min_max",
            "z_score",
            "percentile_rank",
            "share_of_sum",
            "deduct_events",
            "base_plus_minus",
            "count_points",
            "milestone",
            "grade_map",
            "qualitative_panel",
            "survey_score",
            "items_weighted",
            "external_result",
            "superior_rank",
            "expression",
            "inherit_superior",
            "blend",
            "periodic_weighted",
            "sum_children",
            "mean_children",
            "accepted",
            "accepted_carried_over",
            "accepted_capped",
            "accepted_in_part",
            "accepted_against_proposal",
            "accepted_by_correction",
            "carried_to_next_year",
            "superseded_same_event",
            "unconfirmed",
            "withdrawn",
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
        | None
    )
    clause: str | None
    rule: str | None
    formula: str | None
    rounding: ExplainedRounding | None
    excess: str
    inputs: list[ExplainedInput]
    missing: list[ExplainedReason]
    decisions: list[PolicyDecision]
    claim_id: str | None
    reason: ExplainedReason | None
    children: list[ExplainedNode]


class ExplainedReason(TypedDict):
    en: str
    zh: str


class ExplainedRounding(TypedDict):
    exact: str
    places: int
    rounded: str


class Explanation(TypedDict):
    cycle_id: str
    edition: int
    phase: Literal["computed", "fed_back"]
    unit: str
    digest: str | None
    tree: ExplainedNode
    tag_totals: list[TagTotal]
    in_chinese: dict[str, str]
    progress_reports: list[OwnWords]


class ExportMappings(TypedDict):
    survey_id: str
    mappings: list[MappingVersion]


class ExposedUnit(TypedDict):
    unit: str
    kind: Literal["assessed", "body"]
    contact: str
    points: str
    leads: int
    supports: int


class FactWindowInput(TypedDict):
    opens: str
    closes: str
    carry_over: NotRequired[bool]


class FactWindowOutput(TypedDict):
    opens: str
    closes: str
    carry_over: bool


class FamilyInput(TypedDict):
    code: str
    name: str
    cap: str


class FamilyOutput(TypedDict):
    code: str
    name: str
    cap: str


class FedBackScoreSheet(TypedDict):
    edition: int
    phase: Literal["computed", "fed_back"]
    receipt: Receipt | None


class FiledNoticeObjection(TypedDict):
    reference: str
    token: str
    filed_at: str


class FiledTogether(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    claim_id: str
    holder_name: str | None
    share: str | None
    leads: bool
    agrees: bool | None
    reason: str | None


class FindingStep(TypedDict):
    step: int
    state: Literal["reported", "signed", "objected", "upheld", "dismissed"]
    text: str | None
    actor: str
    entered_at: str


class FirstCode(TypedDict):
    code: str


class FixedCheck(TypedDict):
    check: str
    commitment: str
    empty: list[str]
    receipt: Receipt | None


class FixedReviewers(TypedDict):
    check: str
    pool: str
    receipt: Receipt | None


class FollowedComplaint(TypedDict):
    reference: str
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    text: str
    state: Literal[
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
    due: str | None
    word: Literal["satisfied", "dissatisfied", "not_reached"] | None
    moves: list[FollowedMove]


class FollowedMove(TypedDict):
    state: Literal[
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
    text: str | None
    made_at: str


class FollowedReports(TypedDict):
    moved: list[Consequence]
    without_item: list[int]
    receipt: Receipt | None


class FormStep(TypedDict):
    low: str
    high: str
    text: str


class Fraud(TypedDict):
    state: Literal["alleged", "heard", "fraud", "not_fraud"]
    heard_by: str
    document_no: str | None
    marked_as: str | None
    voids: bool | None
    grade_cap: str | None
    steps: list[FraudStep]


class FraudRuleInput(TypedDict):
    grade_cap: str
    indicator: NotRequired[Literal["void", "kept"]]
    hearing_days: NotRequired[int]


class FraudRuleOutput(TypedDict):
    grade_cap: str
    indicator: Literal["void", "kept"]
    hearing_days: int


class FraudStep(TypedDict):
    step: int
    state: Literal["alleged", "heard", "fraud", "not_fraud"]
    text: str
    actor: str
    entered_at: str


class FrozenStage(TypedDict):
    stage_no: int
    cut_off: str
    as_of: str
    ledger_phase: Literal["open", "sealed"]
    digest: str
    inputs: SheetInputs
    receipt: Receipt | None


class GatewayNamed(TypedDict):
    code: str
    zh: str
    en: str


class GivenSecondFactor(TypedDict):
    number: int
    key: str | None
    uri: str | None
    qr_code: str | None
    receipt: Receipt | None


class GoneDrawnEntry(TypedDict):
    check: str
    unit: str
    entry_id: str


class GradeCap(TypedDict):
    grade: str
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    check: str


class GradeConsequenceInput(TypedDict):
    grade: str
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
    ]
    name: NotRequired[str | None]
    months: NotRequired[int | None]
    amount: NotRequired[str | None]


class GradeConsequenceOutput(TypedDict):
    grade: str
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
    ]
    name: str | None
    months: int | None
    amount: str | None


class GradeLevelInput(TypedDict):
    grade: str
    min_score: str
    rate: NotRequired[str | None]
    rounding: NotRequired[Literal["floor", "half_up", "ceiling"] | None]
    min_count: NotRequired[int]
    count: NotRequired[int | None]


class GradeLevelOutput(TypedDict):
    grade: str
    min_score: str
    rate: str | None
    rounding: Literal["floor", "half_up", "ceiling"] | None
    min_count: int
    count: int | None


class GradePolicyInput(TypedDict):
    order: list[str]
    levels: list[GradeLevelInput]
    unqualified_below: str
    vacancy: Literal["backfill", "leave"]
    names: NotRequired[dict[str, str]]
    outside_quota: NotRequired[list[str]]
    scope: NotRequired[Literal["category", "subcategory"]]
    tie_at_line: NotRequired[Literal["none", "all", "tie_break"]]
    quota_base: NotRequired[Literal["all", "eligible"]]
    raised: NotRequired[list[GradeRaiseInput]]
    last_place: NotRequired[LastPlaceInput | None]


class GradePolicyOutput(TypedDict):
    order: list[str]
    levels: list[GradeLevelOutput]
    unqualified_below: str
    vacancy: Literal["backfill", "leave"]
    names: dict[str, str]
    outside_quota: list[str]
    scope: Literal["category", "subcategory"]
    tie_at_line: Literal["none", "all", "tie_break"]
    quota_base: Literal["all", "eligible"]
    raised: NotRequired[list[GradeRaiseOutput]]
    last_place: NotRequired[LastPlaceOutput | None]


class GradeRaiseInput(TypedDict):
    grade: str
    of: str
    count: NotRequired[int | None]
    rate: NotRequired[str | None]
    rounding: NotRequired[Literal["floor", "half_up", "ceiling"] | None]
    within: NotRequired[Literal["category", "subcategory"]]


class GradeRaiseOutput(TypedDict):
    grade: str
    of: str
    count: int | None
    rate: str | None
    rounding: Literal["floor", "half_up", "ceiling"] | None
    within: Literal["category", "subcategory"]


class GrantedPermission(TypedDict):
    permission_no: int
    valid_until: str
    receipt: Receipt | None


class GroupEstimates(TypedDict):
    code: str
    completed: int
    questions: list[QuestionEstimates]
    response: ResponseRates


class GroupResponse(TypedDict):
    code: str
    response: ResponseRates


class GroupWeights(TypedDict):
    category: str
    groups: list[RespondentGroup]


class HandIn(TypedDict):
    state: Literal["handed_in", "withdrawn"]
    unit: str
    handed_in_by: str
    handed_in_at: str
    reason: str | None
    missing: int
    waiting: int


class HandedIn(TypedDict):
    category: str
    state: Literal["handed_in", "withdrawn"]
    missing: int
    waiting: int
    receipt: Receipt | None


class HandedInSelfEvaluation(TypedDict):
    until: str
    late: bool
    unanswered: list[str]
    receipt: Receipt | None


class HandedUp(TypedDict):
    unit: str
    jurisdiction: str
    inferior_cycle: str
    version: int
    scheme_version: int
    document_no: str
    document_date: str
    handed_up_at: str


class HandedUpDecomposition(TypedDict):
    unit: str
    jurisdiction: str
    inferior_cycle: str
    version: int
    scheme_version: int
    document_no: str
    document_date: str
    handed_up_at: str
    points: str
    indicators: list[DecomposedIndicator]
    shares: list[HandedUpShare]


class HandedUpShare(TypedDict):
    indicator: str
    unit: str
    unit_name: str
    role: Literal["lead", "support"]
    points: str


class HandingUp(TypedDict):
    document_no: str
    document_date: str
    handed_up_by: str
    handed_up_at: str


class Highlight(TypedDict):
    highlight_id: str
    unit: str
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None
    evidence_ids: list[str]
    author: str
    reported_at: str
    state: Literal["reported", "accepted", "not_accepted", "taken_back"]
    publish: bool
    reason: str | None
    changed_by: str
    changed_at: str


class HighlightPage(TypedDict):
    items: list[Highlight]
    fewest: int
    most: int
    lacking: list[LackingHighlights]
    next: str | None


class HolderOfAward(TypedDict):
    unit: str
    holder_name: str
    holder_kind: Literal["unit", "subordinate", "person"]


class HostWithdrawal(TypedDict):
    reason: str


class IdScheme(TypedDict):
    id_scheme: str
    name_zh: str
    name_en: str
    system: str | None
    units: bool
    indicators: bool
    registered_at: str | None


class IdSchemeCodes(TypedDict):
    cycle_id: str
    as_of: str
    id_scheme: str
    units: bool
    indicators: bool
    unit_codes: list[UnitCode]
    indicator_codes: list[IndicatorCode]


class IndicatorBurden(TypedDict):
    unit: str
    indicator: str
    about: int
    times: int
    fields: int
    uploads: int


class IndicatorCode(TypedDict):
    code: str
    indicator: str
    valid_from: str | None
    valid_to: str | None


class IndicatorDiagnostics(TypedDict):
    indicator: str
    name: str
    points: str
    scored: int
    mean: str | None
    lowest: str | None
    highest: str | None
    full_marks: int
    full_marks_share: str | None
    weight: str | None
    effective_weight: str | None
    variance_share: str | None


class IndicatorForm(TypedDict):
    indicator: str
    name: str
    name_en: str | None
    measure: str | None
    data_source_unit: str
    reviewed_by: str | None
    evidence_for: list[str]
    frequency: Literal["monthly", "quarterly", "half_yearly", "twice_a_year", "yearly", "per_event"]
    combine: Literal["last", "sum", "mean"] | None
    combine_requires: Literal["all"] | None
    findings_by: list[str]
    window: FactWindowOutput | None
    may_be_not_applicable: bool
    tags: list[str]
    kind_names: KindNames | None
    form: EntryForm | None
    form_of_unit: dict[str, EntryForm | None]


class IndicatorInput(TypedDict):
    code: str
    name: str
    points: str
    method: Literal[
        "ratio_to_target",
        "stepped_deduction",
        "tiers",
        "all_or_nothing",
        "baseline_growth",
        "pledge",
        "rank_points",
        "relative_to_best",
        "efficacy_linear",
        "efficacy_exp",
        "min_max",
        "z_score",
        "percentile_rank",
        "steps_from",
        "share_of_sum",
        "milestone",
        "count_points",
        "deduct_events",
        "base_plus_minus",
        "items_weighted",
        "qualitative_panel",
        "grade_map",
        "survey_score",
        "inherit_superior",
        "external_result",
        "superior_rank",
        "blend",
        "periodic_weighted",
        "expression",
        "sum_children",
        "mean_children",
    ]
    params: dict[str, Any]
    data_source_unit: str
    frequency: Literal["monthly", "quarterly", "half_yearly", "twice_a_year", "yearly", "per_event"]
    name_en: NotRequired[str | None]
    reviewed_by: NotRequired[str | None]
    measure: NotRequired[str | None]
    allow_exceed: NotRequired[bool]
    may_be_not_applicable: NotRequired[bool]
    redistribute_to: NotRequired[str | None]
    external_result: NotRequired[bool]
    veto_link: NotRequired[str | None]
    children: NotRequired[list[IndicatorInput]]
    clause: NotRequired[str | None]
    missing: NotRequired[
        Literal["refuse", "zero", "skip", "category_mean", "subcategory_mean", "carry_over"]
    ]
    precision: NotRequired[int | None]
    per_unit_params: NotRequired[dict[str, dict[str, Any]]]
    period_params: NotRequired[dict[str, dict[str, Any]]]
    must_differentiate: NotRequired[bool]
    tags: NotRequired[list[str]]
    compare_within: NotRequired[Literal["category", "subcategory"]]
    matter: NotRequired[str | None]
    succeeds: NotRequired[list[PredecessorInput] | None]
    aggregate: NotRequired[Literal["none", "sum", "mean"]]
    evidence_for: NotRequired[list[str]]
    progress_plan: NotRequired[dict[str, str]]
    combine: NotRequired[Literal["last", "sum", "mean"] | None]
    combine_requires: NotRequired[Literal["all"] | None]
    findings_by: NotRequired[list[str]]
    window: NotRequired[FactWindowInput | None]


class IndicatorMapping(TypedDict):
    mapping_id: str
    code: str
    valid_from: str
    valid_to: str | None
    state: Literal["proposed", "confirmed", "refused", "ended"]
    reason: str | None
    proposed_by: str
    proposed_at: str
    decided: MappingStep | None
    ended: MappingStep | None
    changed_at: NotRequired[str]
    indicator: str
    indicator_name: str | None


class IndicatorOfYear(TypedDict):
    indicator: str
    name: str
    measure: str | None
    succeeded_by: str | None
    share: str


class IndicatorOutput(TypedDict):
    code: str
    name: str
    points: str
    method: Literal[
        "ratio_to_target",
        "stepped_deduction",
        "tiers",
        "all_or_nothing",
        "baseline_growth",
        "pledge",
        "rank_points",
        "relative_to_best",
        "efficacy_linear",
        "efficacy_exp",
        "min_max",
        "z_score",
        "percentile_rank",
        "steps_from",
        "share_of_sum",
        "milestone",
        "count_points",
        "deduct_events",
        "base_plus_minus",
        "items_weighted",
        "qualitative_panel",
        "grade_map",
        "survey_score",
        "inherit_superior",
        "external_result",
        "superior_rank",
        "blend",
        "periodic_weighted",
        "expression",
        "sum_children",
        "mean_children",
    ]
    params: dict[str, Any]
    data_source_unit: str
    frequency: Literal["monthly", "quarterly", "half_yearly", "twice_a_year", "yearly", "per_event"]
    name_en: str | None
    reviewed_by: str | None
    measure: str | None
    allow_exceed: bool
    may_be_not_applicable: bool
    redistribute_to: str | None
    external_result: bool
    veto_link: str | None
    children: list[IndicatorOutput]
    clause: str | None
    missing: Literal["refuse", "zero", "skip", "category_mean", "subcategory_mean", "carry_over"]
    precision: int | None
    per_unit_params: dict[str, dict[str, Any]]
    period_params: dict[str, dict[str, Any]]
    must_differentiate: bool
    tags: list[str]
    compare_within: Literal["category", "subcategory"]
    matter: str | None
    succeeds: list[PredecessorOutput] | None
    aggregate: Literal["none", "sum", "mean"]
    evidence_for: list[str]
    progress_plan: dict[str, str]
    combine: NotRequired[Literal["last", "sum", "mean"] | None]
    combine_requires: NotRequired[Literal["all"] | None]
    findings_by: NotRequired[list[str]]
    window: NotRequired[FactWindowOutput | None]


class IndicatorScore(TypedDict):
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    block: str
    points: str
    score: str | None
    excess: str
    children: list[IndicatorScore]


class IndicatorSoFar(TypedDict):
    indicator: str
    name: str
    block: str
    data_source_unit: str | None
    points: str
    score: str | None
    earned: str | None
    open: str | None
    unreachable: str | None
    open_periods: list[str]
    withheld: bool


class IndicatorStanding(TypedDict):
    indicator: str
    name: str
    block: str
    points: str
    lead: str | None
    unowned: str | None
    state: Literal["known", "outdated", "missing"]
    as_of: str | None
    won: str | None
    lost: str | None
    open: str | None
    basis: str | None
    causes: list[CauseOfLoss]
    reported_by: str | None
    reported_at: str | None


class IndicatorsBaselineSource(TypedDict):
    cycle_id: str
    entries: list[str]


class IndicatorsNamed(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]


class IndicatorsNewConfirmation(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]
    version: int
    decision: Literal["confirm", "refuse"]
    reason: NotRequired[str | None]


class IndicatorsNewDecision(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]
    version: int
    decision: Literal["approve", "return"]
    reason: NotRequired[str | None]


class InferiorCategory(TypedDict):
    category: str
    release: int
    digest: str
    names: NotRequired[ReleaseNames | None]


class InferiorCycle(TypedDict):
    cycle_id: str
    jurisdiction: str
    categories: list[InferiorCategory]


class InspectionOutcome(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]


class InspectionPolicyInput(TypedDict):
    most_in_month: NotRequired[int | None]
    most_in_year: NotRequired[int | None]
    priorities: NotRequired[list[SpecialPriority]]


class InspectionPolicyOutput(TypedDict):
    most_in_month: int | None
    most_in_year: int | None
    priorities: list[SpecialPriority]


class InspectionVersion(TypedDict):
    inspection: str
    version: int
    name: str
    kind: Literal[
        "tracking_evaluation", "on_site_verification", "unannounced_visit", "statutory", "emergency"
    ]
    body: str
    units: list[str]
    starts_on: str
    ends_on: str
    indicators: list[str]
    priority: str | None
    basis: str | None
    cancelled_because: str | None
    set_at: str


class Inspections(TypedDict):
    cycle_id: str
    inspections: list[InspectionVersion]


class InspectionsSet(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[InspectionOutcome]


class InstantMoved(TypedDict):
    release: int
    public_from: str
    receipt: Receipt | None


class ItemEvent(TypedDict):
    key: str
    item_id: str
    what: Literal["due_soon", "overdue", "redone", "returned"]
    step: int
    unit: str
    share: int
    due: str | None
    shown_on: str
    entry_id: str | None
    kept_alone: (
        Literal[
            "not-assessed",
            "not-taken",
            "period-closed",
            "zero-report-contradicted",
            "not-applicable",
            "costs-nothing",
            "ledger-sealed",
        ]
        | None
    )
    written_at: str


class ItemOfReport(TypedDict):
    number: int
    cycle_id: str
    item_id: str
    step: int
    state: Literal[
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
    due: str | None
    changed_at: str


class ItemOrigin(TypedDict):
    kind: Literal["opinion"]
    id: str


class ItemPolicyInput(TypedDict):
    indicator: str
    overdue: NotRequired[str | None]
    redone: NotRequired[str | None]
    returned: NotRequired[str | None]


class ItemPolicyOutput(TypedDict):
    indicator: str
    overdue: str | None
    redone: str | None
    returned: str | None


class ItemReport(TypedDict):
    cycle_id: str
    number: int


class ItemShare(TypedDict):
    unit: str
    role: Literal["lead", "support"]
    share: int


class ItemStepTaken(TypedDict):
    step: ItemStep
    text: str | None
    taken_by: str
    taken_at: str


class ItemUnit(TypedDict):
    unit: str
    role: Literal["lead", "support"]
    share: int


class ItemsOfReports(TypedDict):
    items: list[ItemOfReport]


class JournalEntry(TypedDict):
    seq: int
    recorded_at: str
    subject: str
    unit: str
    event: str
    body: str
    rows: str | None
    previous: str
    hash: str


class Jurisdiction(TypedDict):
    code: str
    name_zh: str
    name_en: str
    superior: str | None
    founded_on: str
    state: Literal["proposed", "confirmed"]
    changed_code: ChangedCode | None
    registered_by: str | None
    confirmed_by: str | None


class JurisdictionClosing(TypedDict):
    jurisdiction: str
    state: Literal["proposed", "closed"]
    reason: str
    proposed_by: str
    proposed_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class Keys(TypedDict):
    keys: list[dict[str, Any]]


class KindNames(TypedDict):
    zh: str
    en: str


class LackingHighlights(TypedDict):
    unit: str
    short: int


class LastPlaceInput(TypedDict):
    count: int
    measure: str
    unless_all_at_least: NotRequired[str | None]


class LastPlaceOutput(TypedDict):
    count: int
    measure: str
    unless_all_at_least: str | None


class LatestCheckpoint(TypedDict):
    number: int | None
    made_at: str | None
    digest: str | None
    keys: list[dict[str, Any]]


class Ledger(TypedDict):
    cycle_id: str
    phase: Literal["open", "sealed"]
    sealed_at: str | None
    entries: dict[str, int] | None


class LedgerEntry(TypedDict):
    entry_id: str
    unit: str
    unit_in_scheme: NotRequired[str | None]
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    listed: int | None
    published_value: str | None
    document_no: str | None
    document_date: str | None
    authority: str | None
    about_from: str | None
    about_until: str | None
    state: Literal[
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
    author: str
    author_unit: str
    source_ref: str | None
    reverses: str | None
    replaces: str | None
    restates: str | None
    entered_at: str
    state_reason: str | None
    state_by: str | None
    changed_at: str
    late: NotRequired[bool | None]
    late_by_working_days: NotRequired[int | None]


class LedgerPolicy(TypedDict):
    zero_report_required: bool


class LedgerProgress(TypedDict):
    expected: int
    due: int
    received: int
    verified: int
    returned: int
    overdue: int
    cycle_id: str
    by: list[Literal["category", "unit", "indicator", "period", "data_source_unit"]]
    as_of: str
    deadlines: list[Deadline]
    items: list[PartProgress]
    next: str | None


class LeftClaim(TypedDict):
    claim_no: str
    unit: str
    kind: Literal["bonus", "deduction"]


class LeftEntry(TypedDict):
    entry_id: str
    unit: str
    indicator: str
    kind: Literal[
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
    item: str | None
    period: str
    state: Literal[
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


class LeftParkedRow(TypedDict):
    parked_row_id: str
    author_unit: str
    id_scheme: str
    unit: str
    indicator: str


class LetterContent(TypedDict):
    cycle_id: str
    unit: str
    name: str
    version: int
    assessment_year: int
    scheme_version: int
    scheme_digest: str
    deadline: str
    targets: list[AgreedTarget]
    plans: NotRequired[list[AgreedPlan]]


class LetterList(TypedDict):
    cycle_id: str
    letters: list[LetterSummary]
    without_letter: list[str]
    without_target: list[str]


class LetterSignature(TypedDict):
    side: Literal["office", "unit"]
    digest: str
    signed_by: str
    signed_at: str


class LetterSummary(TypedDict):
    unit: str
    version: int
    digest: str
    state: Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"]
    outdated: bool
    outdated_by: list[Literal["targets", "indicators", "deadline", "plans"]]
    drawn_by: str
    drawn_at: str
    signatures: list[LetterSignature]


class LetterVersion(TypedDict):
    content: LetterContent
    digest: str
    state: Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"]
    superseded: bool
    outdated: bool
    outdated_by: list[Literal["targets", "indicators", "deadline", "plans"]]
    drawn_by: str
    drawn_at: str
    signatures: list[LetterSignature]


class LetterVersions(TypedDict):
    cycle_id: str
    unit: str
    versions: list[LetterVersion]


class LettersDrawn(TypedDict):
    letters: list[DrawnLetter]
    without_target: list[str]
    not_decided: list[str]
    receipt: Receipt | None


class LettersSigned(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[SignedLetter]


class LightCounts(TypedDict):
    green: int
    yellow: int
    red: int
    unlit: int


class LikelyDuplicate(TypedDict):
    by: Literal["same_subject", "same_document"]
    document: str | None
    entry_id: str | None
    position: int | None


class LikelyPair(TypedDict):
    key: str
    by: Literal["same_subject", "same_document"]
    document: str | None
    entry: LedgerEntry
    like: LedgerEntry


class Lineage(TypedDict):
    cycle_id: str
    unit: str
    indicator: str
    years: list[YearOfLineage]


class LinkedAssessmentInput(TypedDict):
    kind: Literal["cadre", "clean_government"]
    bodies: list[str]
    weight: NotRequired[str]


class LinkedAssessmentOutput(TypedDict):
    kind: Literal["cadre", "clean_government"]
    bodies: list[str]
    weight: str


class LinkedPerson(TypedDict):
    person_code: str
    name: str | None
    grade: str | None
    missing: list[str]


class LinkedPolicyInput(TypedDict):
    unit_weight: str
    assessments: list[LinkedAssessmentInput]
    team_levels: list[TeamLevelInput]
    person_grades: list[str]
    by_unit_grade: list[LinkedUnitGradeInput]
    vetoes: NotRequired[list[LinkedVetoInput]]
    kept_months: NotRequired[int]


class LinkedPolicyOutput(TypedDict):
    unit_weight: str
    assessments: list[LinkedAssessmentOutput]
    team_levels: list[TeamLevelOutput]
    person_grades: list[str]
    by_unit_grade: list[LinkedUnitGradeOutput]
    vetoes: list[LinkedVetoOutput]
    kept_months: int


class LinkedReading(TypedDict):
    unit: str
    number: int
    results: list[ReadResult] | None
    together: LinkedTogether | None
    receipt: Receipt | None


class LinkedResultStored(TypedDict):
    result_id: str
    unit: str
    kind: Literal["cadre", "clean_government"]
    state: Literal["entered", "confirmed", "refused"]
    receipt: Receipt | None


class LinkedTeam(TypedDict):
    mean: str | None
    grade: str | None
    capped_by: list[str]
    missing: list[str]


class LinkedTogether(TypedDict):
    release: int | None
    unit_grade: str | None
    team: LinkedTeam
    people: list[LinkedPerson]
    first: int
    most_first: int | None


class LinkedUnitGradeInput(TypedDict):
    grade: str
    points: str
    best_team: str
    first_share: str


class LinkedUnitGradeOutput(TypedDict):
    grade: str
    points: str
    best_team: str
    first_share: str


class LinkedVetoInput(TypedDict):
    veto: str
    best_team: str
    first_share: NotRequired[str]


class LinkedVetoOutput(TypedDict):
    veto: str
    best_team: str
    first_share: str


class LinksOfUnit(TypedDict):
    unit: str
    completed: int
    drawn: int | None
    used: int | None
    withdrawn: int | None


class ListNote(TypedDict):
    en: str
    zh: str


class ListScale(TypedDict):
    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: list[str]
    clamp: list[str]
    smallest_group: int
    mean: str | None
    deviation: str | None


class ListedConflict(TypedDict):
    unit: str
    matter: str
    item: str | None
    targets: list[ConflictingTarget]
    settled: bool
    settlements: list[SettlementVersion]


class ListedEvidence(TypedDict):
    evidence_id: str
    name: str
    kind: str
    size: int
    digest: str
    width: int | None
    height: int | None
    taken_at: str | None
    author: str
    author_unit: str | None
    added_at: str
    served: Literal["original", "copy"]
    is_used: bool


class ListedGroup(TypedDict):
    indicator: str
    category: str
    group: str
    marks: int
    mean: str
    coefficient: str | None
    kept: bool


class ListedPlace(TypedDict):
    indicator: str
    indicator_name: str
    entry_id: str
    period: str
    rank: str
    listed: int
    published_value: str | None
    document_no: str
    document_date: str
    published_on: str


class ListedRanking(TypedDict):
    category: str
    edition: int
    digest: str
    scheme: str
    score_sheet_edition: int
    release: NotRequired[int | None]


class ListedUnit(TypedDict):
    place: int | None
    unit: str
    name: str
    category: str
    base_total: str | None
    adjustment: str
    final_total: str | None
    rank_in_category: int | None
    reasons: NotRequired[list[RankedReason] | None]


class LoggedReading(TypedDict):
    number: int
    unit: str
    kinds: list[Literal["cadre", "clean_government"]]
    combined: bool
    results: list[str]
    reason: str
    subject: str
    organisation: str | None
    read_at: str


class Loss(TypedDict):
    kind: Literal["indicator", "claim", "excess"]
    code: str
    name: str
    points: str | None
    score: str
    lost: str
    formula: str | None
    reason: ExplainedReason


class MadeComplaintMove(TypedDict):
    step: int
    move: Literal[
        "raise",
        "accept",
        "refuse",
        "link",
        "call_malicious",
        "confirm_malice",
        "clear",
        "assign",
        "urge",
        "grant_extension",
        "refuse_extension",
        "revisit",
        "close",
        "redo",
        "return",
        "answer",
        "ask_extension",
        "rate",
    ]
    state: Literal[
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
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    due: str | None
    late: bool
    text: str | None
    word: Literal["satisfied", "dissatisfied", "not_reached", "upheld", "unfounded"] | None
    first: str | None
    actor: str
    unit: str | None
    made_at: str


class MadeMove(TypedDict):
    step: int
    move: Literal[
        "register",
        "dispatch",
        "withdraw",
        "sign",
        "return",
        "dispute",
        "report",
        "reply",
        "ask_extension",
        "call_off",
        "urge",
        "suspend",
        "resume",
        "insist",
        "reassign",
        "grant_extension",
        "refuse_extension",
        "close",
        "redo",
        "accept_part",
        "reopen",
    ]
    state: Literal[
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
    due: str | None
    completion: int
    text: str | None
    asked: str | None
    units: list[ItemUnit]
    evidence_ids: list[str]
    actor: str
    unit: str | None
    source_ref: str | None
    made_at: str


class MadeObjectionMove(TypedDict):
    step: int
    move: Literal["file", "appeal", "withdraw", "uphold", "uphold_part", "reject", "carry_out"]
    state: Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]
    level: int
    due: str | None
    text: str
    stands: str | None
    carried_out_by: str | None
    evidence: list[ObjectionFile]
    actor: str
    made_at: str


class MadeSecret(TypedDict):
    subject: str
    secret: str | None
    kept: AccountSecret
    receipt: Receipt | None


class Manifest(TypedDict):
    cycle_id: str
    release: int
    predecessor: int | None
    category: str
    edition: int
    inputs: Digests
    ranking_digest: str
    document_digest: str
    approvals: list[Approval]
    published_at: str
    highlights: NotRequired[list[PublishedHighlight] | None]
    negative_cases: NotRequired[list[PublishedCase] | None]
    coefficients: NotRequired[list[PublishedCoefficient] | None]
    uncertainty: NotRequired[PublishedUncertainty | None]
    correction: NotRequired[CorrectionNote | None]
    publication: NotRequired[ReleasePolicy | None]
    engine: NotRequired[Engine | None]
    checkpoint: NotRequired[NamedCheckpoint | None]
    names: NotRequired[ReleaseNames | None]


class MappingDecision(TypedDict):
    mapping_ids: list[str]
    decision: Literal["confirm", "refuse"]
    reason: NotRequired[str | None]


class MappingEnd(TypedDict):
    mapping_ids: list[str]
    valid_to: str
    reason: str


class MappingStep(TypedDict):
    by: str
    reason: str | None
    at: str


class MappingVersion(TypedDict):
    name: str
    version: int
    saved_by: str
    saved_at: str


class MappingsMoved(TypedDict):
    mapping_ids: list[str]
    receipt: Receipt | None


class MarkedStep(TypedDict):
    low: str
    high: str
    text: str | None
    marks: int


class MarkerAgreement(TypedDict):
    marker: str
    pairs: int
    mean_gap: str | None
    within: str | None


class MatterToDecide(TypedDict):
    pointer: str
    code: str
    en: str
    zh: str


class Matters(TypedDict):
    cycle_id: str
    unit: str
    as_of: str
    matters: list[OpenMatter]
    open_matters: int


class Me(TypedDict):
    subject: str
    person: str
    name: str | None
    unit: str | None
    unit_name: str | None
    jurisdiction: str | None
    roles: list[GatewayNamed]
    scope: str | None
    operations: list[OwnOperation]


class MeasuringIndicator(TypedDict):
    indicator: str
    name: str
    points: str
    method: str
    frequency: str
    data_source_unit: str


class MeetingCounts(TypedDict):
    survey_id: str
    wave: int
    counts: list[CountStanding]


class MessageKey(TypedDict):
    subject: str
    key_id: str
    kty: str
    crv: str
    x: str
    y: str | None
    state: Literal["effective", "pending", "withdrawn"]
    reason: str
    added_by: str
    added_at: str
    confirmed_by: str | None
    confirmed_at: str | None
    withdrawn_by: str | None
    withdrawn_at: str | None


class MessageKeyWithdrawal(TypedDict):
    reason: str


class MessageKeys(TypedDict):
    keys: list[MessageKey]


class Methods(TypedDict):
    errors: Literal["taylor_linearisation"]
    means: Literal["student_t"]
    rates: Literal["wilson_on_effective_number"]
    comparisons: Literal["student_t_with_covariance_holm"]


class MissingEntries(TypedDict):
    unit: str
    indicator: str
    period: str
    expected: int
    missing: int
    missing_units: list[str]


class MissingOfUnit(TypedDict):
    unit: str
    indicator: str
    periods: list[str]
    reason: str
    reason_zh: str


class MissingScore(TypedDict):
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    reason: str
    reason_zh: str


class MissingSoFar(TypedDict):
    indicator: str
    reason: str
    reason_zh: str


class MissingTargetValue(TypedDict):
    unit: str
    indicator: str
    name: str
    item: str | None
    value: Literal["target", "baseline", "pledge"]


class MissingTargets(TypedDict):
    cycle_id: str
    missing: list[MissingTargetValue]
    unused: list[UnusedTargetValue]


class MovedAward(TypedDict):
    award_id: str
    state: Literal["registered", "confirmed", "rejected", "taken_back"]
    receipt: Receipt | None


class MovedClaim(TypedDict):
    claim_id: str
    claim_no: str
    state: Literal["handed_in", "confirmed", "rejected", "withdrawn"]
    award: Literal["joint", "another_award", "same", "sole", "listed"] | None
    share: str | None


class MovedClaims(TypedDict):
    claims: list[MovedClaim]
    receipt: Receipt | None


class MovedComplaint(TypedDict):
    complaint_id: str
    step: int
    state: Literal[
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
    due: str | None
    receipt: Receipt | None


class MovedCorrection(TypedDict):
    correction: SealedCorrection
    receipt: Receipt | None


class MovedEntries(TypedDict):
    state: Literal[
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
    count: int
    left: dict[str, int]
    own_cards: int
    unchecked: dict[str, int]
    unsupported: dict[str, int]
    unsigned: dict[str, int]
    outdated: dict[str, int]
    receipt: Receipt | None


class MovedFinding(TypedDict):
    finding: CheckFinding
    receipt: Receipt | None


class MovedHighlight(TypedDict):
    highlight_id: str
    state: Literal["reported", "accepted", "not_accepted", "taken_back"]
    publish: bool
    receipt: Receipt | None


class MovedItem(TypedDict):
    item_id: str
    step: int
    state: Literal[
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
    due: str | None
    ledger_sealed: bool
    receipt: Receipt | None


class MovedObjection(TypedDict):
    objection_id: str
    objection_no: int
    step: int
    state: Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]
    level: int
    due: str | None
    receipt: Receipt | None


class MovedProject(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    version: int | None


class MovedSettlement(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    version: int | None


class MovedStage(TypedDict):
    stage_no: int
    phase: Literal["frozen", "release_proposed", "released"]
    release: StageRelease | None
    receipt: Receipt | None


class MovedTarget(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    version: int | None
    state: (
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
        | None
    )


class MovedUnit(TypedDict):
    unit: str
    before: RankedStanding | None
    after: RankedStanding | None


class MovedWorkPlan(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    version: int | None


class NameNode(TypedDict):
    name: str


class NamedCategory(TypedDict):
    code: str
    name: str
    name_en: str | None
    subcategories: list[NamedCode]
    blocks: list[NamedCode]
    indicators: list[NamedCode]


class NamedCheckpoint(TypedDict):
    number: int
    made_at: str
    digest: str


class NamedCode(TypedDict):
    code: str
    name: str
    name_en: str | None


class NamedDutyPerson(TypedDict):
    assignment_id: str
    receipt: Receipt | None


class NamedEvidence(TypedDict):
    added: int
    total: int
    receipt: Receipt | None


class NamedFile(TypedDict):
    evidence_id: str
    kind: str
    name: str
    size: int


class NamedFinding(TypedDict):
    screen: str
    about: Literal["unit", "interviewer"]
    subject: str


class NamedTeam(TypedDict):
    check: str
    team: CheckTeam
    receipt: Receipt | None


class NamedUnit(TypedDict):
    code: str
    name: str


class NewAccount(TypedDict):
    subject: str
    jurisdiction: NotRequired[str | None]
    person: NotRequired[str | None]
    kind: Literal["person", "client"]
    name: str
    unit: NotRequired[str | None]
    roles: list[str]
    scope: NotRequired[str | None]
    secret: NotRequired[str | None]


class NewAccounts(TypedDict):
    accounts: list[NewAccount]


class NewAnnouncement(TypedDict):
    document_no: str
    days: list[AnnouncedDay]
    reason: NotRequired[str | None]


class NewAnswer(TypedDict):
    claim_id: str
    agrees: bool
    reason: NotRequired[str | None]


class NewAnswers(TypedDict):
    answers: list[NewAnswer]


class NewAssessedPerson(TypedDict):
    code: str
    name: str


class NewAttestation(TypedDict):
    verdict: Verdict
    content_digest: str
    reason: str


class NewAward(TypedDict):
    kind: Literal["joint", "another_award", "same", "sole", "listed", "as_filed"]
    item: NotRequired[str | None]
    shares: NotRequired[list[NewShare]]
    counts: NotRequired[str | None]


class NewAwardConfirmation(TypedDict):
    award_id: str
    decision: Literal["confirmed", "rejected"]
    reason: NotRequired[str | None]


class NewAwardWithdrawal(TypedDict):
    award_id: str
    reason: str


class NewBallot(TypedDict):
    judgements: list[NewJudgement]
    blinding: str


class NewBatch(TypedDict):
    batch_no: str
    questionnaire_version: NotRequired[int | None]
    control_totals: ControlTotals
    rows: list[Response]


class NewBonus(TypedDict):
    budget: str
    claimants: list[NewClaimant]


class NewBrowserSession(TypedDict):
    username: str
    password: str
    otp: NotRequired[str]


class NewCalendarCorrection(TypedDict):
    days: list[CorrectedDay]
    reason: str
    document_no: NotRequired[str | None]


class NewCause(TypedDict):
    unit: str
    points: str


class NewChainStep(TypedDict):
    step: str
    word: NotRequired[Literal["approved", "sent_back"]]
    sent_back_to: NotRequired[str | None]
    reason: NotRequired[str | None]
    minutes_no: NotRequired[str | None]
    document_nos: NotRequired[list[str]]
    meeting: NotRequired[NewMeeting | None]
    recused: NotRequired[list[NewRecusal]]
    delegation: NotRequired[int | None]
    anew: NotRequired[bool]
    note: NotRequired[str | None]


class NewChange(TypedDict):
    name: NotRequired[str | None]
    unit: NotRequired[str | None]
    roles: NotRequired[list[str] | None]
    enabled: NotRequired[bool | None]
    expires_on: NotRequired[str | None]
    scope: NotRequired[str | None]
    reason: str


class NewClaim(TypedDict):
    claim_no: str
    unit: str
    kind: Literal["bonus", "deduction"]
    level: NotRequired[str | None]
    authority: NotRequired[str | None]
    holder_name: NotRequired[str | None]
    document_no: NotRequired[str | None]
    document_date: NotRequired[str | None]
    work_year: NotRequired[int | None]
    event_key: str
    linked_indicator: NotRequired[str | None]
    rule: NotRequired[str | None]
    place: NotRequired[str | None]
    holder_kind: NotRequired[Literal["unit", "subordinate", "person"]]
    revokes: NotRequired[str | None]
    evidence_ids: NotRequired[list[str]]
    jointly_with: NotRequired[list[NewPartner]]
    share: NotRequired[str | None]


class NewClaimWithdrawal(TypedDict):
    claim_ids: list[str]
    reason: str
    document_no: NotRequired[str | None]


class NewClaimant(TypedDict):
    unit: str
    base: str
    months: NotRequired[int]


class NewClaims(TypedDict):
    claims: list[NewClaim]


class NewClosing(TypedDict):
    below_minimum_because: NotRequired[str | None]
    undecided_findings_because: NotRequired[str | None]


class NewCommentAnswer(TypedDict):
    comment_id: str
    outcome: Literal["adopted", "partly_adopted", "not_adopted"]
    reason: str


class NewCommentAnswers(TypedDict):
    answers: list[NewCommentAnswer]


class NewCommitment(TypedDict):
    seed_source: str
    seed_form: str
    seed_on: str


class NewComplaint(TypedDict):
    source_ref: NotRequired[str | None]
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    text: str
    about_office: NotRequired[bool]


class NewComplaintAnswer(TypedDict):
    step: int
    move: Literal["answer", "return", "ask_extension"]
    text: NotRequired[str | None]


class NewComplaintDirection(TypedDict):
    step: int
    move: Literal[
        "accept",
        "refuse",
        "link",
        "call_malicious",
        "confirm_malice",
        "clear",
        "assign",
        "urge",
        "grant_extension",
        "refuse_extension",
        "revisit",
        "close",
        "redo",
    ]
    text: NotRequired[str | None]
    kind: NotRequired[
        Literal["efficiency_complaint", "petition", "online_message", "hotline"] | None
    ]
    about: NotRequired[list[str]]
    units: NotRequired[list[ComplaintUnitNamed]]
    first: NotRequired[str | None]
    word: NotRequired[
        Literal["satisfied", "dissatisfied", "not_reached", "upheld", "unfounded"] | None
    ]


class NewComplaints(TypedDict):
    complaints: list[NewComplaint]


class NewCompletion(TypedDict):
    document_no: str
    item_id: NotRequired[str | None]
    item_cycle_id: NotRequired[str | None]
    paid: NotRequired[str | None]


class NewConfirmations(TypedDict):
    decisions: list[IndicatorsNewConfirmation]


class NewConsequence(TypedDict):
    unit: str
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
    cause: Literal["veto", "indicator", "objection", "item", "other"]
    cause_ref: NotRequired[str | None]
    document_no: str
    reason: str
    from_on: str
    until_on: NotRequired[str | None]
    name: NotRequired[str | None]
    amount: NotRequired[str | None]


class NewConsequenceDecision(TypedDict):
    decision: Literal["confirm", "refuse"]
    reason: NotRequired[str | None]
    document_no: NotRequired[str | None]


class NewConsequenceRevocation(TypedDict):
    reason: str


class NewConsequences(TypedDict):
    from_on: str


class NewConsultation(TypedDict):
    about: str
    closes_on: str


class NewContact(TypedDict):
    unit: str
    contact: str


class NewContactReading(TypedDict):
    reason: str


class NewCorrection(TypedDict):
    origin: Literal["court", "audit", "superior", "objection"]
    objection_id: NotRequired[str | None]
    issuer: str
    document_no: str
    document_date: str
    reason: str
    what: Literal["replaces", "removes", "adds"]
    corrects: NotRequired[str | None]
    claim_id: NotRequired[str | None]
    unit: NotRequired[str | None]
    indicator: NotRequired[str | None]
    kind: NotRequired[
        Literal[
            "measured_value",
            "event",
            "milestone",
            "grade",
            "inspection_finding",
            "target",
            "baseline",
            "pledge",
            "satisfaction",
        ]
        | None
    ]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    occurred_on: NotRequired[str | None]


class NewCorrectionDecision(TypedDict):
    decision: Literal["approved", "refused"]
    text: NotRequired[str | None]


class NewCorrectionNote(TypedDict):
    zh: str
    en: NotRequired[str | None]


class NewCorrectionWithdrawal(TypedDict):
    text: str


class NewCount(TypedDict):
    group: NotRequired[str | None]
    entitled: int
    issued: int
    returned: int
    spoiled: int
    votes: list[NewVotes]


class NewCycle(TypedDict):
    name: str
    jurisdiction: str
    assessment_year: int


class NewDecisions(TypedDict):
    decisions: list[IndicatorsNewDecision]


class NewDecomposition(TypedDict):
    superior: str
    document_no: str
    document_date: str
    superior_cycle: NotRequired[NewSuperiorCycle | None]
    points: str
    indicators: list[NewSuperiorIndicator]
    shares: list[NewPart]
    contacts: list[NewContact]


class NewDelegation(TypedDict):
    delegate: str
    role: Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
    steps: list[str]
    until: str
    document_no: str


class NewDemotion(TypedDict):
    unit: str
    code: str
    document_no: str
    decided_on: str
    note: NotRequired[str | None]
    place: NotRequired[NewPlace | None]


class NewDesk(TypedDict):
    is_open: bool


class NewDistribution(TypedDict):
    on: NotRequired[str | None]
    bonus: NotRequired[NewBonus | None]
    places: NotRequired[list[NewPlaces] | None]


class NewDutyPerson(TypedDict):
    unit: str
    indicator: NotRequired[str | None]
    lead: str
    deputy: str
    from_day: str


class NewEmergencyEnd(TypedDict):
    reason: str


class NewEmergencyGrant(TypedDict):
    right: str
    minutes: int
    reason: str


class NewEmergencyReview(TypedDict):
    finding: Literal["justified", "unjustified"]
    remark: str


class NewEntryAdoption(TypedDict):
    from_cycle_id: str
    entry_id: str
    indicator: NotRequired[str | None]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    state: NotRequired[Literal["draft", "submitted"]]


class NewEntryWithdrawal(TypedDict):
    reason: NotRequired[str | None]


class NewExamination(TypedDict):
    highlight_id: str
    decision: Literal["accepted", "not_accepted"]
    publish: NotRequired[bool]
    reason: NotRequired[str | None]


class NewExportMapping(TypedDict):
    respondent_token: NewMappedColumn
    unit: NewMappedColumn
    outcome: NewMappedColumn
    aapor: NotRequired[bool]
    group: NotRequired[NewMappedColumn | None]
    stratum: NotRequired[NewMappedColumn | None]
    cluster: NotRequired[NewMappedColumn | None]
    interviewer: NotRequired[NewMappedColumn | None]
    attempt: NotRequired[NewMappedColumn | None]
    started_at: NotRequired[NewMappedColumn | None]
    ended_at: NotRequired[NewMappedColumn | None]
    opinion: NotRequired[NewMappedColumn | None]
    questions: dict[str, Any]
    ignored: NotRequired[list[str]]
    blank: NotRequired[list[str]]
    id_scheme: NotRequired[str]
    charset: NotRequired[Literal["utf-8", "gb18030"]]
    time_format: NotRequired[Literal["dashes", "slashes", "digits"]]
    time_zone: NotRequired[str | None]
    answers_otherwise: NotRequired[Literal["refused", "left_out"]]


class NewFinding(TypedDict):
    unit: str
    entry_id: str
    verdict: Literal["right", "differs"]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    text: str
    evidence_ids: NotRequired[list[str]]


class NewFindingAnswer(TypedDict):
    answer: Literal["signed", "objected"]
    text: NotRequired[str | None]


class NewFindingDecision(TypedDict):
    decision: Literal["upheld", "dismissed"]
    text: NotRequired[str | None]


class NewForm(TypedDict):
    judgements: list[NewJudgement]


class NewFraud(TypedDict):
    text: str
    evidence_ids: NotRequired[list[str]]


class NewFraudDecision(TypedDict):
    decision: Literal["fraud", "not_fraud"]
    document_no: str
    text: str


class NewFraudStatement(TypedDict):
    text: str


class NewHandIn(TypedDict):
    reason: NotRequired[str | None]


class NewHandingUp(TypedDict):
    version: int
    document_no: str
    document_date: str


class NewHearing(TypedDict):
    text: str
    document_no: NotRequired[str | None]


class NewHighlight(TypedDict):
    title: str
    text: str
    adoption: NotRequired[Adoption | None]
    evidence_ids: list[str]


class NewIdScheme(TypedDict):
    id_scheme: str
    name_zh: str
    name_en: str
    system: str
    units: NotRequired[bool]
    indicators: NotRequired[bool]


class NewIndicatorMapping(TypedDict):
    code: str
    valid_from: str
    valid_to: NotRequired[str | None]
    indicator: str


class NewIndicatorMappings(TypedDict):
    mappings: list[NewIndicatorMapping]
    reason: NotRequired[str | None]


class NewInspection(TypedDict):
    inspection: str
    name: str
    kind: Literal[
        "tracking_evaluation", "on_site_verification", "unannounced_visit", "statutory", "emergency"
    ]
    body: str
    units: list[str]
    starts_on: str
    ends_on: str
    indicators: NotRequired[list[str]]
    priority: NotRequired[str | None]
    basis: NotRequired[str | None]
    cancelled_because: NotRequired[str | None]


class NewInspections(TypedDict):
    inspections: list[NewInspection]


class NewInstant(TypedDict):
    publish_at: NotRequired[str | None]
    reason: str


class NewItemAnswer(TypedDict):
    step: int
    move: Literal["sign", "return", "dispute", "report", "reply", "ask_extension"]
    text: NotRequired[str | None]
    completion: NotRequired[int | None]
    until: NotRequired[str | None]
    within: NotRequired[int | None]
    evidence_ids: NotRequired[list[str]]
    source_ref: NotRequired[str | None]


class NewItemDirection(TypedDict):
    step: int
    move: Literal[
        "call_off",
        "urge",
        "suspend",
        "resume",
        "insist",
        "reassign",
        "grant_extension",
        "refuse_extension",
        "close",
        "redo",
        "accept_part",
        "reopen",
    ]
    text: NotRequired[str | None]
    units: NotRequired[list[ItemShare] | None]
    until: NotRequired[str | None]
    within: NotRequired[int | None]


class NewItemDispatch(TypedDict):
    item_ids: list[str]


class NewItemOrigin(TypedDict):
    kind: Literal["opinion"]
    id: str


class NewItemRuling(TypedDict):
    step: int
    move: Literal["insist", "reassign"]
    text: NotRequired[str | None]
    units: NotRequired[list[ItemShare] | None]
    until: NotRequired[str | None]
    within: NotRequired[int | None]


class NewItems(TypedDict):
    origin: NewItemOrigin
    units: list[str]
    deadline: str
    request: str


class NewJudgement(TypedDict):
    unit: str
    answer: NotRequired[str | None]
    answers: NotRequired[dict[str, Any] | None]


class NewJurisdiction(TypedDict):
    code: str
    name_zh: str
    name_en: str
    superior: NotRequired[str | None]
    founded_on: str


class NewJurisdictionClosing(TypedDict):
    jurisdiction: str
    reason: str


class NewKind(TypedDict):
    kind: Literal["assessed", "body"]
    reason: str


class NewLedgerEntries(TypedDict):
    entries: list[NewLedgerEntry]
    state: NotRequired[Literal["draft", "submitted"]]
    for_cycle: NotRequired[str | None]
    scheme_digest: NotRequired[str | None]


class NewLedgerEntry(TypedDict):
    unit: str
    indicator: str
    kind: Literal[
        "measured_value",
        "event",
        "milestone",
        "grade",
        "panel_mark",
        "superior_rank",
        "external_result",
        "not_applicable",
        "progress_report",
        "inspection_finding",
    ]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    occurred_on: NotRequired[str | None]
    note: NotRequired[str | None]
    listed: NotRequired[int | None]
    published_value: NotRequired[str | None]
    document_no: NotRequired[str | None]
    document_date: NotRequired[str | None]
    authority: NotRequired[str | None]
    about_from: NotRequired[str | None]
    about_until: NotRequired[str | None]
    source_ref: NotRequired[str | None]
    entry_id: NotRequired[str | None]
    state: NotRequired[
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
        | None
    ]
    unit_name: NotRequired[str | None]
    indicator_name: NotRequired[str | None]
    evidence_ids: NotRequired[list[str]]


class NewLetterSignature(TypedDict):
    unit: str
    version: int
    digest: str
    side: Literal["office", "unit"]


class NewLetterSignatures(TypedDict):
    signatures: list[NewLetterSignature]


class NewLetters(TypedDict):
    units: list[str] | None


class NewLifting(TypedDict):
    reason: str
    document_no: str


class NewLinkedDecision(TypedDict):
    decision: Literal["confirm", "refuse"]
    typed: NotRequired[NewTypedResult | None]
    reason: NotRequired[str | None]


class NewLinkedDocument(TypedDict):
    issuer: str
    number: str
    day: str
    digest: str


class NewLinkedReading(TypedDict):
    unit: str
    reason: str


class NewLinkedResult(TypedDict):
    person: NotRequired[NewAssessedPerson | None]
    score: NotRequired[str | None]
    grade: NotRequired[str | None]
    document: NewLinkedDocument
    unit: str
    kind: Literal["cadre", "clean_government"]
    corrects: NotRequired[str | None]
    reason: NotRequired[str | None]


class NewLinks(TypedDict):
    units: dict[str, Any]
    group: NotRequired[str | None]
    stratum: NotRequired[str | None]
    count: int


class NewLinksWithdrawal(TypedDict):
    draw_no: NotRequired[int | None]
    reason: str


class NewMappedColumn(TypedDict):
    column: str
    words: NotRequired[dict[str, str] | None]


class NewMeasure(TypedDict):
    action: str
    person: str
    due: str


class NewMeeting(TypedDict):
    held_on: str
    present: list[str]
    recused: NotRequired[list[NewRecusal]]
    votes_for: int
    votes_against: int
    votes_abstained: int


class NewMember(TypedDict):
    person: str
    unit: NotRequired[str | None]


class NewMessageKey(TypedDict):
    jwk: PublicKey
    reason: str


class NewMonth(TypedDict):
    month: str
    value: str


class NewName(TypedDict):
    name: str
    kind: Literal["legal", "alias"]
    valid_from: str
    valid_to: NotRequired[str | None]


class NewNaming(TypedDict):
    evidence_ids: list[str]


class NewNode(TypedDict):
    item: str
    due: str


class NewNotice(TypedDict):
    text: NotRequired[str | None]
    unchanged_because: NotRequired[str | None]


class NewNoticeAnswers(TypedDict):
    references: list[str]
    outcome: Literal["upheld", "rejected"]
    text: str
    corrections: NotRequired[list[str]]


class NewNoticeContactReading(TypedDict):
    reason: str


class NewNoticeObjection(TypedDict):
    text: str
    about: NotRequired[str | None]


class NewNumberedCount(TypedDict):
    group: NotRequired[str | None]
    entitled: int
    issued: int
    returned: int
    spoiled: int
    votes: list[NewVotes]
    count_no: str


class NewObjection(TypedDict):
    about: Literal["mark", "claim", "entry", "card", "wave"]
    indicator: NotRequired[str | None]
    claim_id: NotRequired[str | None]
    entry_id: NotRequired[str | None]
    period: NotRequired[str | None]
    card_light: NotRequired[Literal["warning", "yellow_card", "red_card"] | None]
    survey: NotRequired[str | None]
    wave: NotRequired[int | None]
    form: NotRequired[Literal["objection", "remark"]]
    asks: str
    text: str
    evidence: NotRequired[list[NewObjectionFile]]


class NewObjectionAnswer(TypedDict):
    step: int
    move: Literal["appeal", "withdraw"]
    text: str
    evidence: NotRequired[list[NewObjectionFile]]


class NewObjectionDecision(TypedDict):
    step: int
    move: Literal["uphold", "uphold_part", "reject", "carry_out"]
    text: str
    stands: NotRequired[str | None]
    carried_out_by: NotRequired[str | None]


class NewObjectionFile(TypedDict):
    evidence_id: str
    existed_on: str


class NewOpinion(TypedDict):
    unit: str
    text: str
    group: NotRequired[str | None]
    channel: NotRequired[str | None]


class NewOpinions(TypedDict):
    batch_no: str
    rows: list[NewOpinion]


class NewOwnSecret(TypedDict):
    current: str
    expires_on: NotRequired[str | None]


class NewOwnSimulation(TypedDict):
    values: list[NewOwnValue]


class NewOwnValue(TypedDict):
    indicator: str
    kind: Literal[
        "measured_value",
        "event",
        "milestone",
        "grade",
        "panel_mark",
        "superior_rank",
        "external_result",
        "not_applicable",
        "progress_report",
        "inspection_finding",
    ]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    listed: NotRequired[int | None]


class NewPart(TypedDict):
    indicator: str
    unit: str
    role: Literal["lead", "support"]
    points: str


class NewPartner(TypedDict):
    unit: str
    holder_name: str
    share: NotRequired[str | None]
    linked_indicator: NotRequired[str | None]


class NewPassword(TypedDict):
    current: str
    new: str


class NewPeriodPermission(TypedDict):
    period: str
    unit: str
    indicator: NotRequired[str | None]
    until: str
    reason: str
    document_no: str


class NewPerson(TypedDict):
    person: str
    value: str


class NewPlace(TypedDict):
    rank: int
    of: int


class NewPlaces(TypedDict):
    unit: str
    parts: list[NewUnitPart]


class NewPlan(TypedDict):
    rows: list[NewPlannedCell]
    aim: NotRequired[str | None]


class NewPlannedCell(TypedDict):
    unit: str
    quota: int
    stratum: NotRequired[str | None]
    group: NotRequired[str | None]
    population: NotRequired[int | None]
    attempts: NotRequired[int | None]
    clusters: NotRequired[int | None]


class NewPoints(TypedDict):
    points: str


class NewPredecessors(TypedDict):
    predecessors: list[str]
    effective_on: str
    document_no: str


class NewProject(TypedDict):
    project: str
    name: str
    leader: str
    lead_unit: str
    units: NotRequired[list[str]]
    indicator: str
    starts_on: str
    completes_on: str
    nodes: list[NewNode]


class NewProjects(TypedDict):
    projects: list[NewProject]


class NewProposals(TypedDict):
    targets: list[NewTarget]


class NewPublicComplaint(TypedDict):
    kind: Literal["efficiency_complaint", "petition", "online_message", "hotline"]
    text: str
    about_office: NotRequired[bool]
    contact: NotRequired[str | None]


class NewPublicObjection(TypedDict):
    text: str
    about: NotRequired[str | None]
    contact: NotRequired[str | None]


class NewQuestion(TypedDict):
    code: str
    text: str
    options: dict[str, str]


class NewQuestionnaire(TypedDict):
    languages: list[NewWording]


class NewRanking(TypedDict):
    category: str
    score_sheet_edition: NotRequired[int | None]


class NewRecovery(TypedDict):
    amount: str
    document_no: str


class NewRecusal(TypedDict):
    member: str
    reason: str


class NewRedelivery(TypedDict):
    event_id: NotRequired[str | None]
    first: NotRequired[int | None]
    last: NotRequired[int | None]


class NewRefusal(TypedDict):
    reason: str


class NewRegisteredAward(TypedDict):
    kind: NotRequired[Literal["award", "title"]]
    name: str
    level: str
    authority: str
    granted_by: NotRequired[str | None]
    document_no: str
    document_date: str
    awarded_on: str
    in_own_name: NotRequired[bool]
    priority: NotRequired[str | None]
    holders: list[AwardHolder]


class NewRelease(TypedDict):
    note: NotRequired[str | None]
    despite_objections: NotRequired[bool]
    publish_at: NotRequired[str | None]
    correction: NotRequired[NewCorrectionNote | None]


class NewReleaseDecision(TypedDict):
    decision: ReleaseDecision
    reason: NotRequired[str | None]


class NewReopening(TypedDict):
    reason: str


class NewReply(TypedDict):
    text: str


class NewReplyDecision(TypedDict):
    decision: ReplyVerdict
    reason: NotRequired[str | None]


class NewReportItems(TypedDict):
    anew: NotRequired[list[NewReportReference]]


class NewReportReference(TypedDict):
    cycle_id: str
    number: int


class NewRequestDecision(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]
    version: int
    decision: Literal["support", "accept", "refuse"]
    reason: NotRequired[str | None]
    approved_by: NotRequired[str | None]


class NewRequestDecisions(TypedDict):
    decisions: list[NewRequestDecision]


class NewRequestWithdrawals(TypedDict):
    targets: list[TakenBack]
    reason: NotRequired[str | None]


class NewReset(TypedDict):
    what: list[Literal["password", "second-factor"]]
    reason: str


class NewRestatement(TypedDict):
    reason: str
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    occurred_on: NotRequired[str | None]
    note: NotRequired[str | None]
    listed: NotRequired[int | None]
    published_value: NotRequired[str | None]
    document_no: NotRequired[str | None]
    document_date: NotRequired[str | None]
    authority: NotRequired[str | None]
    about_from: NotRequired[str | None]
    about_until: NotRequired[str | None]
    evidence_ids: NotRequired[list[str]]


class NewRestorationProposal(TypedDict):
    digest: str
    reason: str


class NewReview(TypedDict):
    opinion_id: str
    verdict: OpinionVerdict
    wording: NotRequired[str | None]
    reason: NotRequired[str | None]
    into: NotRequired[str | None]


class NewReviewConfirmation(TypedDict):
    opinion_id: str
    review_no: int


class NewReviewConfirmations(TypedDict):
    rows: list[NewReviewConfirmation]


class NewReviewer(TypedDict):
    person: str
    unit: NotRequired[str | None]
    conflicts: NotRequired[list[str]]


class NewReviewers(TypedDict):
    members: int
    reviewers: list[NewReviewer]


class NewReviews(TypedDict):
    rows: list[NewReview]


class NewRevisionRequests(TypedDict):
    targets: list[NewTarget]
    reason: str
    document_no: str


class NewRevisions(TypedDict):
    targets: list[NewTarget]
    reason: str
    document_no: str
    approved_by: str
    caused_by: NotRequired[Literal["superior"] | None]


class NewRevocation(TypedDict):
    reason: str


class NewSampleDecision(TypedDict):
    units: list[str]
    treatment: Treatment
    reason: str
    document_no: str


class NewSchemeCheck(TypedDict):
    scheme: SchemeInput


class NewSchemeComment(TypedDict):
    category: NotRequired[str | None]
    indicator: NotRequired[str | None]
    text: str


class NewSchemeComments(TypedDict):
    comments: list[NewSchemeComment]


class NewSchemeVersion(TypedDict):
    scheme: SchemeInput
    reason: NotRequired[str | None]


class NewScoreSheet(TypedDict):
    categories: NotRequired[list[str] | None]


class NewScoreSimulation(TypedDict):
    categories: NotRequired[list[str] | None]
    scheme: NotRequired[dict[str, Any] | None]
    values: NotRequired[list[ScoringNewSimulatedValue]]


class NewScreenDecision(TypedDict):
    verdict: ScreenVerdict
    findings: list[NamedFinding]
    interviewer: NotRequired[str | None]
    units: NotRequired[list[str]]
    reason: str
    document_no: str


class NewSeal(TypedDict):
    leaves: NotRequired[dict[str, int]]
    seen: NotRequired[str | None]
    unscored: NotRequired[dict[str, AcceptedUnscored]]
    accept_unscored: NotRequired[AcceptedAsSeen | None]
    outdated: NotRequired[AcceptedOutdated | None]


class NewSeat(TypedDict):
    seat: str
    account: str
    unit: NotRequired[str | None]
    group: NotRequired[str | None]


class NewSeatReplacement(TypedDict):
    account: str
    reason: str


class NewSeats(TypedDict):
    seats: list[NewSeat]


class NewSecondFactor(TypedDict):
    current: str
    otp: NotRequired[str | None]


class NewSecondMark(TypedDict):
    unit: str
    entry_id: str
    verdict: Literal["right", "differs"]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    text: str


class NewSecret(TypedDict):
    expires_on: NotRequired[str | None]
    reason: str


class NewSeed(TypedDict):
    seed: str
    found_in: str


class NewSelfMark(TypedDict):
    indicator: str
    mark: str
    text: str
    evidence_ids: NotRequired[list[str]]


class NewSelfMarks(TypedDict):
    marks: list[NewSelfMark]


class NewSettlement(TypedDict):
    unit: str
    matter: str
    item: NotRequired[str | None]
    targets: list[SettledTarget]


class NewSettlementDecision(TypedDict):
    unit: str
    matter: str
    item: NotRequired[str | None]
    version: int
    decision: Literal["confirm", "refuse"]
    reason: NotRequired[str | None]


class NewSettlementDecisions(TypedDict):
    decisions: list[NewSettlementDecision]


class NewSettlements(TypedDict):
    settlements: list[NewSettlement]
    reason: str
    document_no: str


class NewShare(TypedDict):
    claim_id: str
    share: str


class NewSignatures(TypedDict):
    entry_ids: list[str]


class NewSigningOut(TypedDict):
    reason: str


class NewSimulation(TypedDict):
    category: str
    scheme: NotRequired[dict[str, Any] | None]
    values: NotRequired[list[RankingNewSimulatedValue]]


class NewStage(TypedDict):
    label: str
    cut_off: str


class NewStageRelease(TypedDict):
    readers: StageReaders
    document_no: str
    reason: NotRequired[str | None]


class NewStanding(TypedDict):
    indicator: str
    as_of: str
    won: str
    lost: str
    basis: str
    causes: NotRequired[list[NewCause] | None]


class NewStandings(TypedDict):
    standings: list[NewStanding]


class NewStep(TypedDict):
    note: NotRequired[str | None]


class NewSuccession(TypedDict):
    succeeded_by: str
    effective_on: str
    document_no: str


class NewSuperiorCycle(TypedDict):
    cycle_id: str
    scheme_version: int


class NewSuperiorIndicator(TypedDict):
    code: str
    name: str
    block: str
    points: str
    unowned: NotRequired[str | None]


class NewSupervisedItem(TypedDict):
    source_ref: NotRequired[str | None]
    kind: Literal[
        "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
    ]
    title: str
    text: str
    document_no: NotRequired[str | None]
    document_date: NotRequired[str | None]
    meeting: NotRequired[str | None]
    confidential: NotRequired[bool]
    units: list[ItemShare]
    readers: NotRequired[list[str]]
    until: NotRequired[str | None]
    within: NotRequired[int | None]
    report_every: NotRequired[Literal["monthly", "quarterly"] | None]


class NewSupervisedItems(TypedDict):
    items: list[NewSupervisedItem]


class NewSurvey(TypedDict):
    code: str


class NewTakingBack(TypedDict):
    highlight_id: str
    reason: str


class NewTarget(TypedDict):
    target: NotRequired[str | None]
    baseline: NotRequired[str | None]
    pledge: NotRequired[str | None]
    unit: str
    indicator: str
    item: NotRequired[str | None]
    baseline_from: NotRequired[IndicatorsBaselineSource | None]


class NewTargets(TypedDict):
    targets: list[NewTarget]
    reason: NotRequired[str | None]


class NewTeam(TypedDict):
    members: list[NewMember]
    reason: str


class NewTypedResult(TypedDict):
    person: NotRequired[NewAssessedPerson | None]
    score: NotRequired[str | None]
    grade: NotRequired[str | None]
    document: NewLinkedDocument


class NewUnit(TypedDict):
    code: str
    name: str
    kind: Literal["assessed", "body"]
    uscc: NotRequired[str | None]
    valid_from: str


class NewUnitMapping(TypedDict):
    code: str
    valid_from: str
    valid_to: NotRequired[str | None]
    unit: str


class NewUnitMappings(TypedDict):
    mappings: list[NewUnitMapping]
    reason: NotRequired[str | None]


class NewUnitPart(TypedDict):
    name: str
    heads: int
    won: str
    lost: NotRequired[str]


class NewUnits(TypedDict):
    units: list[NewUnit]


class NewUnlock(TypedDict):
    reason: str


class NewUrn(TypedDict):
    public_key: str


class NewUrnOpening(TypedDict):
    private_key: str


class NewVerdict(TypedDict):
    word: Literal["satisfied", "dissatisfied"]
    text: NotRequired[str | None]


class NewVerification(TypedDict):
    entry_ids: NotRequired[list[str] | None]
    all_submitted: NotRequired[Literal[True] | None]


class NewVeto(TypedDict):
    unit: str
    code: str
    document_no: str
    decided_on: str
    note: NotRequired[str | None]
    decided_by: NotRequired[str | None]
    expires_on: NotRequired[str | None]
    late_reason: NotRequired[str | None]


class NewVoiding(TypedDict):
    reason: str
    document_no: str


class NewVoidingDecision(TypedDict):
    decision: VoidingDecision
    reason: NotRequired[str | None]


class NewVotes(TypedDict):
    unit: str
    question: NotRequired[str]
    options: dict[str, int]
    blank: int


class NewWebhook(TypedDict):
    url: str
    types: NotRequired[list[str] | None]
    cycle_id: NotRequired[str | None]
    start: NotRequired[Literal["now", "first"]]


class NewWebhookHost(TypedDict):
    host: str
    port: NotRequired[int]
    reason: str


class NewWebhookSecret(TypedDict):
    overlap_hours: NotRequired[int]


class NewWithdrawal(TypedDict):
    reason: str


class NewWithdrawals(TypedDict):
    targets: list[IndicatorsNamed]
    reason: str
    document_no: str


class NewWording(TypedDict):
    language: str
    title: str
    questions: list[NewQuestion]


class NewWorkPlan(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]
    combine: NotRequired[Literal["sum", "last"]]
    months: NotRequired[list[NewMonth]]
    persons: NotRequired[list[NewPerson]]
    measures: NotRequired[list[NewMeasure]]


class NewWorkPlans(TypedDict):
    plans: list[NewWorkPlan]


class NewlySigned(TypedDict):
    webhook: Webhook
    secret: str | None
    receipt: Receipt | None


class NextScheme(TypedDict):
    cycle_id: str
    version: int
    digest: str
    scheme: SchemeOutput
    to_decide: list[ToDecide]
    to_decide_count: int


class NextSchemeDiagnosed(TypedDict):
    cycle_id: str
    edition: int
    scheme_digest: str
    same_scheme: bool
    scheme: dict[str, Any]
    to_decide: list[MatterToDecide]
    to_decide_count: int
    diagnosis: list[WeightDiagnosis]


class NodeForm(TypedDict):
    item: str
    name: str
    due: str | None
    opens: str | None
    closes: str | None
    noted: bool


class NodeStanding(TypedDict):
    item: str
    due: str
    state: Literal["reached", "not_reached", "handed_in", "overdue", "open"] | None
    entry_id: str | None
    entry_state: (
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
        | None
    )
    word: str | None
    occurred_on: str | None


class NormalisationInput(TypedDict):
    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: list[str]
    clamp: NotRequired[list[str]]
    smallest_group: NotRequired[int]
    mean: NotRequired[str | None]
    deviation: NotRequired[str | None]


class NormalisationOutput(TypedDict):
    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: list[str]
    clamp: list[str]
    smallest_group: int
    mean: str | None
    deviation: str | None


class NormalisedMarks(TypedDict):
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    category: str
    group: str
    marks: int
    mean: str
    coefficient: str | None
    kept: bool


class Notice(TypedDict):
    cycle_id: str
    notice: int
    edition: int
    category: str
    opened_on: str
    closes_on: str
    shows: Literal["grades", "grades_and_ranks", "grades_ranks_and_totals"]
    text: str | None
    unchanged_because: NotRequired[str | None]
    names: NotRequired[NoticeNames | None]
    lists: list[NoticedGrade]
    state: Literal["running", "ended", "replaced"]
    digest: str


class NoticeAnswer(TypedDict):
    outcome: Literal["upheld", "rejected"]
    text: str
    corrections: list[str]
    answered_at: str


class NoticeAnswersMade(TypedDict):
    objections: list[NoticeObjection]
    receipt: Receipt | None


class NoticeNames(TypedDict):
    assessment_year: int
    category: Called


class NoticeObjection(TypedDict):
    reference: str
    notice: int
    unit: str | None
    about: str | None
    text: str
    filed_at: str
    answer: NoticeAnswer | None
    withdrawn_at: NotRequired[str | None]


class NoticeObjectionMade(TypedDict):
    objection: NoticeObjection
    receipt: Receipt | None


class NoticeOpened(TypedDict):
    notice: Notice
    receipt: Receipt | None


class NoticePolicyInput(TypedDict):
    after: NotRequired[str]
    working_days: NotRequired[int]
    shows: NotRequired[Literal["grades", "grades_and_ranks", "grades_ranks_and_totals"]]


class NoticePolicyOutput(TypedDict):
    after: str
    working_days: int
    shows: Literal["grades", "grades_and_ranks", "grades_ranks_and_totals"]


class NoticeSummary(TypedDict):
    notice: int
    category: str
    opened_on: str
    closes_on: str
    digest: str


class NoticedGrade(TypedDict):
    grade: str | None
    grade_name: str | None
    units: list[NoticedUnit]


class NoticedUnit(TypedDict):
    unit: str
    name: str
    rank: NotRequired[int | None]
    final_total: NotRequired[str | None]


class NumberNode(TypedDict):
    number: str


class Objection(TypedDict):
    objection_id: str
    objection_no: int
    unit: str
    form: Literal["objection", "remark"]
    edition: int | None
    put_to: str | None
    about: Literal["mark", "claim", "entry", "card", "wave"]
    indicator: str | None
    claim_id: str | None
    entry_id: str | None
    period: str | None
    card_light: str | None
    survey: str | None
    wave: int | None
    score: str | None
    asks: str
    author: str
    filed_at: str
    state: Literal["pending", "upheld", "partly_upheld", "rejected", "withdrawn"]
    step: int
    level: int
    decided_by: str
    due: str | None
    light: Literal["none", "yellow", "red"]
    to_carry_out: bool
    moves: list[MadeObjectionMove]


class ObjectionFile(TypedDict):
    evidence_id: str
    existed_on: str


class ObjectionPolicyInput(TypedDict):
    file_within: NotRequired[int]
    decide_within: NotRequired[int]
    levels: NotRequired[list[str]]
    remarks: NotRequired[RemarkPolicyInput | None]


class ObjectionPolicyOutput(TypedDict):
    file_within: int
    decide_within: int
    levels: list[str]
    remarks: NotRequired[RemarkPolicyOutput | None]


class ObligationsInCycle(TypedDict):
    cycle_id: str
    jurisdiction: str
    assessment_year: int
    category: str | None
    category_name: str | None
    indicators: list[MeasuringIndicator]
    owed: list[OwedDuty]
    open: int
    listed: list[ListedPlace]
    shared: list[EntryAdoption]
    shared_more: bool


class OpenCategory(TypedDict):
    category: str
    organiser: str | None
    withdrawn: bool


class OpenForm(TypedDict):
    title: str
    language: str | None
    languages: list[str]
    units: dict[str, str]
    questions: list[OpenFormQuestion]


class OpenFormQuestion(TypedDict):
    code: str
    text: str
    options: dict[str, str]
    asked_if: QuestionSkip | None


class OpenItemLeft(TypedDict):
    item_id: str
    title: str
    state: Literal[
        "registered",
        "dispatched",
        "handling",
        "returned",
        "disputed",
        "suspended",
        "extension_asked",
        "replied",
    ]
    due: str | None


class OpenMatter(TypedDict):
    what: Literal[
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
    indicator: str | None
    period: str | None
    unit: str | None
    count: int
    due: str | None
    working_days_left: int | None
    rule: str | None
    points: str | None
    lead: str | None
    deputy: str | None


class OpenObjectionLeft(TypedDict):
    objection_id: str
    unit: str
    objection_no: int
    state: Literal["pending", "upheld", "partly_upheld"]


class OpenedConsultation(TypedDict):
    cycle_id: str
    version: int
    about: str
    closes_on: str
    open: bool
    comments: int
    unanswered: int
    opened_by: str
    opened_at: str
    receipt: Receipt | None


class OpenedReport(TypedDict):
    report: ItemReport
    item_id: str
    unit: str
    until: str


class OpinionPublication(TypedDict):
    survey_id: str
    wave: int
    published: int
    receipt: Receipt | None


class OpinionReview(TypedDict):
    review_no: int
    verdict: OpinionVerdict
    wording: str | None
    reason: str | None
    into: str | None
    proposed_by: str
    proposed_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class Option(TypedDict):
    code: str
    name: str
    score: str | None


class OptionAnswers(TypedDict):
    option: str
    answers: int | None


class OtherOrder(TypedDict):
    moved: int
    most: int
    ranks: dict[str, int]


class Outlook(TypedDict):
    cycle_id: str
    edition: int
    phase: Literal["computed", "fed_back"]
    unit: str
    category: str
    as_of: str
    points: str | None
    total: str | None
    standing: ScoringStanding | None
    lost: str
    to_win: str
    to_lose: str
    losses: list[Loss]
    chances: list[Chance]
    matters: list[OpenMatter]
    open_matters: int
    deadlines: list[Deadline]


class OverstatementInput(TypedDict):
    indicator: str
    event: str
    tolerance: NotRequired[str]
    lower_is_better: NotRequired[list[str]]


class OverstatementOutput(TypedDict):
    indicator: str
    event: str
    tolerance: str
    lower_is_better: list[str]


class Overturned(TypedDict):
    indicator: str
    event: str


class OwedDuties(TypedDict):
    cycle_id: str
    at: str
    as_of: str
    items: list[OwedDuty]
    next: str | None


class OwedDuty(TypedDict):
    key: str
    unit: str
    unit_name: str | None
    indicator: str
    indicator_name: str
    period: str
    due: str
    warned_from: str
    red_after: str
    light: Literal["none", "warning", "yellow_card", "red_card"]
    expected: int
    missing: int
    missing_units: list[str]
    handed_in_on: str | None
    late_by: int
    returned_on: str | None
    due_again: str | None
    provisional: bool
    unannounced: list[int]
    lead: str | None
    deputy: str | None


class OwnMarks(TypedDict):
    cycle_id: str
    indicators: list[SeatMarks]


class OwnOperation(TypedDict):
    operation_id: str | None
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    conditions: list[Condition]


class OwnSecondFactor(TypedDict):
    is_needed: bool
    confirmed_at: str | None
    recovery_codes_left: int


class OwnSession(TypedDict):
    session_id: str
    kind: Literal["bearer", "browser"]
    is_this_one: bool
    opened_at: str
    refreshed_at: str | None
    expires_at: str
    address: str
    device: str


class OwnSessions(TypedDict):
    sessions: list[OwnSession]


class OwnSimulation(TypedDict):
    cycle_id: str
    unit: str
    scheme_digest: str
    as_of: str
    ledger_phase: Literal["open", "sealed"]
    before: UnitSoFar
    after: UnitSoFar
    change: str


class OwnTask(TypedDict):
    service: str
    cycle_id: str | None
    cycle_name: str | None
    kind: str
    zh: str
    en: str
    count: int
    deadline: str | None
    about: dict[str, str]
    operation_id: str | None
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    listed_at: str | None


class OwnTasks(TypedDict):
    tasks: list[OwnTask]
    more: int
    parts: list[TaskPart]
    cycles_left: int


class OwnWords(TypedDict):
    entry_id: str
    indicator: str
    period: str
    note: str


class PageAccount(TypedDict):
    items: list[Account]
    next: str | None


class PageArchivedMessage(TypedDict):
    items: list[ArchivedMessage]
    next: str | None


class PageBatch(TypedDict):
    items: list[Batch]
    next: str | None


class PageChainHead(TypedDict):
    items: list[ChainHead]
    next: str | None


class PageCheckFinding(TypedDict):
    items: list[CheckFinding]
    next: str | None


class PageCheckedEntry(TypedDict):
    items: list[CheckedEntry]
    next: str | None


class PageCheckpointSummary(TypedDict):
    items: list[CheckpointSummary]
    next: str | None


class PageClaim(TypedDict):
    items: list[Claim]
    next: str | None


class PageComplaint(TypedDict):
    items: list[Complaint]
    next: str | None


class PageConsequence(TypedDict):
    items: list[Consequence]
    next: str | None


class PageConsultation(TypedDict):
    items: list[Consultation]
    next: str | None


class PageCycle(TypedDict):
    items: list[Cycle]
    next: str | None


class PageDecompositionSummary(TypedDict):
    items: list[DecompositionSummary]
    next: str | None


class PageDelegationGiven(TypedDict):
    items: list[DelegationGiven]
    next: str | None


class PageDelivery(TypedDict):
    items: list[Delivery]
    next: str | None


class PageDutyCard(TypedDict):
    items: list[DutyCard]
    next: str | None


class PageDutyPerson(TypedDict):
    items: list[DutyPerson]
    next: str | None


class PageEmergencyGrant(TypedDict):
    items: list[EmergencyGrant]
    next: str | None


class PageEntryAdoption(TypedDict):
    items: list[EntryAdoption]
    next: str | None


class PageEntrySignature(TypedDict):
    items: list[EntrySignature]
    next: str | None


class PageHandedUp(TypedDict):
    items: list[HandedUp]
    next: str | None


class PageIdScheme(TypedDict):
    items: list[IdScheme]
    next: str | None


class PageIndicatorMapping(TypedDict):
    items: list[IndicatorMapping]
    next: str | None


class PageInferiorCycle(TypedDict):
    items: list[InferiorCycle]
    next: str | None


class PageItemEvent(TypedDict):
    items: list[ItemEvent]
    next: str | None


class PageJournalEntry(TypedDict):
    items: list[JournalEntry]
    next: str | None


class PageJurisdiction(TypedDict):
    items: list[Jurisdiction]
    next: str | None


class PageJurisdictionClosing(TypedDict):
    items: list[JurisdictionClosing]
    next: str | None


class PageLedgerEntry(TypedDict):
    items: list[LedgerEntry]
    next: str | None


class PageLikelyPair(TypedDict):
    items: list[LikelyPair]
    next: str | None


class PageListedEvidence(TypedDict):
    items: list[ListedEvidence]
    next: str | None


class PageLoggedReading(TypedDict):
    items: list[LoggedReading]
    next: str | None


class PageNoticeObjection(TypedDict):
    items: list[NoticeObjection]
    next: str | None


class PageNoticeSummary(TypedDict):
    items: list[NoticeSummary]
    next: str | None


class PageObjection(TypedDict):
    items: list[Objection]
    next: str | None


class PagePublicCycle(TypedDict):
    items: list[PublicCycle]
    next: str | None


class PagePublicSummary(TypedDict):
    items: list[PublicSummary]
    next: str | None


class PagePublishedOpinion(TypedDict):
    items: list[PublishedOpinion]
    next: str | None


class PageQuarantinedOpinion(TypedDict):
    items: list[QuarantinedOpinion]
    next: str | None


class PageQuestionnaireVersion(TypedDict):
    items: list[QuestionnaireVersion]
    next: str | None


class PageRankingSummary(TypedDict):
    items: list[RankingSummary]
    next: str | None


class PageRectificationItem(TypedDict):
    items: list[RectificationItem]
    next: str | None


class PageRegisteredAward(TypedDict):
    items: list[RegisteredAward]
    next: str | None


class PageReleaseSummary(TypedDict):
    items: list[ReleaseSummary]
    next: str | None


class PageReported(TypedDict):
    items: list[Reported]
    next: str | None


class PageRestorationProposal(TypedDict):
    items: list[RestorationProposal]
    next: str | None


class PageSchemeComment(TypedDict):
    items: list[SchemeComment]
    next: str | None


class PageSchemeVersion(TypedDict):
    items: list[SchemeVersion]
    next: str | None


class PageScoreSheetSummary(TypedDict):
    items: list[ScoreSheetSummary]
    next: str | None


class PageShownParkedRow(TypedDict):
    items: list[ShownParkedRow]
    next: str | None


class PageStage(TypedDict):
    items: list[Stage]
    next: str | None


class PageSuperiorCycle(TypedDict):
    items: list[SuperiorCycle]
    next: str | None


class PageSupervisedItem(TypedDict):
    items: list[SupervisedItem]
    next: str | None


class PageUnit(TypedDict):
    items: list[Unit]
    next: str | None


class PageUnitInSuperiorLists(TypedDict):
    items: list[UnitInSuperiorLists]
    next: str | None


class PageUnitMapping(TypedDict):
    items: list[UnitMapping]
    next: str | None


class PageUnscoredItem(TypedDict):
    items: list[UnscoredItem]
    next: str | None


class PageWebhook(TypedDict):
    items: list[Webhook]
    next: str | None


class PageWebhookHost(TypedDict):
    items: list[WebhookHost]
    next: str | None


class PageYearWarning(TypedDict):
    items: list[YearWarning]
    next: str | None


class PanelInput(TypedDict):
    code: str
    name: str
    seats: list[SeatInput]
    name_en: NotRequired[str | None]


class PanelOutput(TypedDict):
    code: str
    name: str
    seats: list[SeatOutput]
    name_en: str | None


class ParkedRowDiscard(TypedDict):
    parked_row_ids: list[str]
    reason: str


class ParkedRowReplay(TypedDict):
    parked_row_ids: NotRequired[list[str] | None]
    all_known: NotRequired[Literal[True] | None]


class PartOfDifference(TypedDict):
    kind: Literal["indicator", "claim", "excess"]
    code: str
    name: str
    before: str | None
    after: str | None
    change: str | None
    causes: list[DifferenceCause]


class PartOfTotalInput(TypedDict):
    block: str
    scale: NotRequired[str | None]
    points: NotRequired[str | None]
    weight: NotRequired[str | None]
    cap: NotRequired[str | None]


class PartOfTotalOutput(TypedDict):
    block: str
    scale: str | None
    points: str | None
    weight: str | None
    cap: str | None


class PartPlaces(TypedDict):
    name: str
    heads: int
    contribution: str
    places: int


class PartProgress(TypedDict):
    expected: int
    due: int
    received: int
    verified: int
    returned: int
    overdue: int
    key: str
    codes: dict[str, str]
    codes_in_scheme: NotRequired[dict[str, str | None]]
    names: dict[str, str]


class PartScore(TypedDict):
    block: str
    worth: str
    score: str | None


class PartsShown(TypedDict):
    grades: bool
    first_places: int | None
    ranks: bool
    scores: bool
    blocks: bool
    reasons: bool
    highlights: bool
    negative_cases: NotRequired[bool]
    coefficients: NotRequired[bool]
    uncertainty: NotRequired[bool]


class Period(TypedDict):
    period: str
    state: Literal["open", "closed"]
    by: str | None
    closed_at: str | None


class PeriodPermission(TypedDict):
    permission_no: int
    period: str
    unit: str
    indicator: str | None
    until: str
    reason: str
    document_no: str
    granted_by: str
    granted_at: str
    late_entries: list[str]


class PeriodPermissions(TypedDict):
    items: list[PeriodPermission]


class PlaceOfYear(TypedDict):
    assessment_year: int
    comparable: Literal["same", "goes_on", "merged", "split", "other_category", "not_there"]
    of_units: list[str]
    rank: int | None
    ranked: int | None
    grade: str | None
    grade_name: str | None
    rank_change: int | None
    blocks: list[ComparedBlock]


class PlacesByPointsInput(TypedDict):
    from_points: str
    places: int


class PlacesByPointsOutput(TypedDict):
    from_points: str
    places: int


class Plan(TypedDict):
    survey_id: str
    wave: int
    version: int
    aim: str | None
    confidence: str
    rows: list[PlannedRow]
    units: list[PlannedUnit]
    entered_by: str
    entered_at: str


class PlannedMeasure(TypedDict):
    action: str
    person: str
    due: str


class PlannedRow(TypedDict):
    unit: str
    stratum: str | None
    group: str | None
    quota: int
    population: int | None
    attempts: int | None
    clusters: int | None


class PlannedShare(TypedDict):
    whose: str
    value: str


class PlannedUnit(TypedDict):
    unit: str
    quota: int
    population: int | None
    margin_of_error: str | None
    needed: int | None


class PolicyDecision(TypedDict):
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    what: Literal[
        "zero",
        "skipped",
        "category_mean",
        "subcategory_mean",
        "carried_over",
        "not_applicable",
        "short_sample",
        "voided",
    ]
    effect: str | None
    en: str
    zh: str


class PostedBatch(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    batch_no: str
    rows: list[RowOutcome]


class PostedClaim(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    claim_id: str | None
    claim_no: str | None


class PostedClaims(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[PostedClaim]


class PostedEntries(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[PostedEntry]


class PostedEntry(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    entry_id: str | None
    parked_row_id: str | None
    likely_duplicates: list[LikelyDuplicate]


class PostedFile(TypedDict):
    batch_no: str
    mapping: str | None
    mapping_version: int | None
    content_digest: str
    mode: Literal["all", "partial", "check"]
    sent: int
    stored: int
    unchanged: int
    refused: int
    answers_left_out: int
    refused_rows: list[RefusedRow]
    receipt: Receipt | None


class PostedOpinions(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    batch_no: str
    rows: list[RowOutcome]


class PredecessorInput(TypedDict):
    code: str
    assessment_year: int
    share: NotRequired[str]


class PredecessorOutput(TypedDict):
    code: str
    assessment_year: int
    share: str


class Problem(TypedDict):
    type: str
    title: str
    status: int
    detail: NotRequired[str]
    remedy: NotRequired[str]
    instance: NotRequired[str]
    request_id: NotRequired[str]
    errors: NotRequired[list[ProblemFault]]
    more: NotRequired[int]


class ProblemFault(TypedDict):
    pointer: str
    code: str
    detail: str


class ProgressLights(TypedDict):
    cycle_id: str
    at: str
    as_of: str
    counts: LightCounts
    items: list[UnitProgress]
    next: str | None


class ProjectNode(TypedDict):
    item: str
    due: str


class ProjectStanding(TypedDict):
    project: str
    version: int
    name: str
    leader: str
    lead_unit: str
    units: list[str]
    indicator: str
    starts_on: str
    completes_on: str
    state: Literal["complete", "overdue", "under_way", "not_begun"] | None
    reached: int | None
    nodes: list[NodeStanding]


class ProjectStandings(TypedDict):
    cycle_id: str
    as_of: str
    projects: list[ProjectStanding]


class ProjectVersion(TypedDict):
    project: str
    version: int
    name: str
    leader: str
    lead_unit: str
    units: list[str]
    indicator: str
    starts_on: str
    completes_on: str
    nodes: list[ProjectNode]
    entries_at: str
    set_by: str
    set_at: str


class Projects(TypedDict):
    cycle_id: str
    projects: list[ProjectVersion]


class ProjectsMoved(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[MovedProject]


class ProposedMapping(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    mapping_id: str | None


class ProposedMappings(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[ProposedMapping]


class ProposedRestoration(TypedDict):
    proposal_no: int
    digest: str
    reason: str
    proposed_by: str
    proposed_at: str
    receipt: Receipt | None


class ProposedReviews(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[RowOutcome]


class PublicCategory(TypedDict):
    category: str
    release: int | None
    notice: int | None
    names: NotRequired[NoticeNames | None]


class PublicCycle(TypedDict):
    cycle_id: str
    assessment_year: int | None
    categories: list[PublicCategory]


class PublicKey(TypedDict):
    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256", "SM2"]
    x: str
    y: NotRequired[str | None]


class PublicSummary(TypedDict):
    release: int
    predecessor: int | None
    category: str
    published_at: str
    digest: str
    public_from: NotRequired[str | None]
    corrected_by: NotRequired[int | None]


class Publication(TypedDict):
    without_effect: list[WithoutEffect]
    without_effect_count: int
    cycle_id: str
    version: int
    digest: str
    compiled_digest: str
    published_at: str
    receipt: Receipt | None


class PublicationPolicyInput(TypedDict):
    public: NotRequired[ShownPartsInput | None]
    units: NotRequired[ShownPartsInput | None]
    organisers: NotRequired[ShownPartsInput | None]


class PublicationPolicyOutput(TypedDict):
    public: ShownPartsOutput | None
    units: ShownPartsOutput | None
    organisers: ShownPartsOutput | None


class PublishedCase(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    title: str
    text: str
    document_no: str


class PublishedCoefficient(TypedDict):
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    group: str
    marks: int
    coefficient: str | None
    kept: bool


class PublishedHighlight(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None


class PublishedItem(TypedDict):
    unit: str
    state: ItemState
    reply: str | None


class PublishedOpinion(TypedDict):
    opinion_id: str
    survey: str
    wave: int
    unit: str
    wording: str | None
    stands_for: int
    is_void: bool
    rectification: list[PublishedItem]


class PublishedRange(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    rank: int
    best: int
    worst: int


class PublishedRelease(TypedDict):
    cycle_id: str
    release: int
    predecessor: int | None
    category: str
    published_at: str
    shown: list[str]
    units: list[PublishedUnit]
    highlights: NotRequired[list[PublishedHighlight] | None]
    negative_cases: NotRequired[list[PublishedCase] | None]
    coefficients: NotRequired[list[PublishedCoefficient] | None]
    uncertainty: NotRequired[PublishedUncertainty | None]
    correction: NotRequired[CorrectionNote | None]
    checkpoint: NotRequired[NamedCheckpoint | None]
    names: NotRequired[ReleaseNames | None]
    digest: str
    public_from: NotRequired[str | None]
    corrected_by: NotRequired[int | None]
    corrections: NotRequired[list[CorrectedUnit] | None]
    own: NotRequired[RankedUnit | None]


class PublishedScheme(TypedDict):
    cycle_id: str
    version: int
    digest: str
    published_at: str
    scheme: SchemeOutput
    compiled_digest: str
    compiled: CompiledScheme


class PublishedStanding(TypedDict):
    rank: NotRequired[int | None]
    rank_in_subcategory: NotRequired[int | None]
    grade: NotRequired[str | None]
    base_total: NotRequired[str | None]
    adjustment: NotRequired[str | None]
    final_total: NotRequired[str | None]
    blocks: NotRequired[dict[str, str] | None]


class PublishedUncertainty(TypedDict):
    generator: str
    seed: int
    replications: int
    weights_by: int
    confidence: str
    survey_errors: str | None
    units: list[PublishedRange]


class PublishedUnit(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    name: str
    rank: NotRequired[int | None]
    grade: NotRequired[str | None]
    grade_name: NotRequired[str | None]
    blocks: NotRequired[dict[str, str] | None]
    base_total: NotRequired[str | None]
    adjustment: NotRequired[str | None]
    final_total: NotRequired[str | None]
    reasons: NotRequired[list[RankedReason] | None]
    demoted_by: NotRequired[list[str] | None]
    subcategory: NotRequired[str | None]
    rank_in_subcategory: NotRequired[int | None]
    vetoes: NotRequired[list[RankedVeto] | None]
    vetoes_in_term: NotRequired[list[VetoInTerm] | None]


class QuarantinedOpinion(TypedDict):
    opinion_id: str
    unit: str
    text: str
    group: str | None
    channel: str | None
    state: OpinionState
    review: OpinionReview | None


class QuestionEstimates(TypedDict):
    question: str
    mean: Estimated | None
    rate: Estimated | None


class QuestionInput(TypedDict):
    code: str
    name: str
    weight: str | Literal["rest"]
    preset: NotRequired[
        Literal["five_steps", "one_to_ten", "yes_no", "zero_to_hundred", "zero_to_hundred_by_half"]
        | None
    ]
    options: NotRequired[dict[str, str]]
    option_names: NotRequired[dict[str, str]]
    unscored: NotRequired[list[str]]
    satisfied: NotRequired[list[str]]
    asked_if: NotRequired[AskedIf | None]
    screens: NotRequired[list[str]]


class QuestionOutput(TypedDict):
    code: str
    name: str
    weight: str | Literal["rest"]
    preset: (
        Literal["five_steps", "one_to_ten", "yes_no", "zero_to_hundred", "zero_to_hundred_by_half"]
        | None
    )
    options: dict[str, str]
    option_names: dict[str, str]
    unscored: list[str]
    satisfied: list[str]
    asked_if: AskedIf | None
    screens: list[str]


class QuestionSkip(TypedDict):
    question: str
    options: list[str]


class QuestionTable(TypedDict):
    question: str
    group: str | None
    answers: int | None
    options: list[OptionAnswers]
    mean: str | None
    satisfaction_rate: str | None


class Questionnaire(TypedDict):
    survey_id: str
    version: int
    digest: str
    entered_by: str
    entered_at: str
    languages: list[QuestionnaireWording]


class QuestionnaireQuestion(TypedDict):
    code: str
    text: str
    options: dict[str, str]


class QuestionnaireVersion(TypedDict):
    survey_id: str
    version: int
    digest: str
    entered_by: str
    entered_at: str


class QuestionnaireWording(TypedDict):
    language: str
    title: str
    questions: list[QuestionnaireQuestion]


class RaisedComplaint(TypedDict):
    reference: str
    token: str
    raised_at: str


class RaisedInMonth(TypedDict):
    raised: int
    accepted: int
    given: int
    answered: int
    put_aside: int


class RankedReason(TypedDict):
    code: str
    params: dict[str, str | list[str]]
    en: str
    zh: str


class RankedStanding(TypedDict):
    final_total: str | None
    rank: int | None
    grade: str | None


class RankedUnit(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    name: str
    blocks: dict[str, str]
    base_total: str | None
    adjustment: str
    final_total: str | None
    rank: int | None
    grade: str | None
    grade_name: str | None
    reasons: list[RankedReason]
    demoted_by: list[str]
    subcategory: NotRequired[str | None]
    rank_in_subcategory: NotRequired[int | None]
    vetoes: NotRequired[list[RankedVeto] | None]
    vetoes_in_term: NotRequired[list[VetoInTerm] | None]


class RankedUnitError(TypedDict):
    unit: str
    rank: int | None
    final_total: str | None
    se: str | None
    error: Literal["estimated", "at_most"] | None
    not_distinguishable: list[str]


class RankedVeto(TypedDict):
    code: str
    scope: Literal["all", "block", "title"]
    year: int
    block: NotRequired[str | None]
    title: str | None
    next_year: bool
    expires_on: str | None
    of_unit: NotRequired[str | None]


class Ranking(TypedDict):
    cycle_id: str
    category: str
    score_sheet_edition: int
    digests: Digests
    units: list[RankedUnit]
    voided_waves: NotRequired[dict[str, int] | None]
    edition: int
    state: Literal[
        "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
    ]
    digest: str
    chain: NotRequired[ChainPosition | None]


class RankingComputed(TypedDict):
    ranking: Ranking
    receipt: Receipt | None
    without_effect: NotRequired[list[VetoWithoutEffect] | None]


class RankingDifferences(TypedDict):
    category: str
    against: int
    same: int
    units: list[MovedUnit]


class RankingNewConfirmation(TypedDict):
    of: Literal["report", "lifting"]
    decision: Literal["confirm", "refuse"]
    reason: NotRequired[str | None]


class RankingNewSimulatedValue(TypedDict):
    unit: str
    indicator: str
    kind: str
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    listed: NotRequired[int | None]


class RankingPolicyInput(TypedDict):
    tie_break: list[str | TieBreakKeyInput]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    incomplete: NotRequired[Literal["refuse", "leave_out"]]
    within: NotRequired[Literal["category", "subcategory"]]
    previous_cycle: NotRequired[str | None]


class RankingPolicyOutput(TypedDict):
    tie_break: list[str | TieBreakKeyOutput]
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    incomplete: Literal["refuse", "leave_out"]
    within: Literal["category", "subcategory"]
    previous_cycle: str | None


class RankingPublished(TypedDict):
    manifest: Manifest
    digest: str
    public_from: NotRequired[str | None]
    receipt: Receipt | None


class RankingSummary(TypedDict):
    edition: int
    category: str
    state: Literal[
        "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
    ]
    score_sheet_edition: int
    digest: str
    ranked_by: str
    ranked_at: str
    embargo: NotRequired[Embargo | None]


class ReachedChain(TypedDict):
    journal: str
    chain: str
    seq: int
    hash: str


class ReadContact(TypedDict):
    complaint_id: str
    contact: str | None
    receipt: Receipt | None


class ReadEmergencyGrant(TypedDict):
    grant: EmergencyGrant
    requests_count: int
    requests: list[EmergencyRequest]


class ReadNoticeContact(TypedDict):
    reference: str
    contact: str | None
    receipt: Receipt | None


class ReadResult(TypedDict):
    result_id: str
    kind: Literal["cadre", "clean_government"]
    state: Literal["entered", "confirmed", "refused"]
    person_code: str | None
    name: str | None
    score: str | None
    grade: str | None
    issuer: str | None
    document_no: str | None
    document_day: str | None
    document_digest: str | None
    corrects: str | None
    corrected_by: str | None
    reason: str | None


class Reads(TypedDict):
    compares: bool
    surveys: list[str]
    entries: list[str]
    scores: list[str]
    ranks: list[str]


class Receipt(TypedDict):
    journal: str
    chain: str
    seq: int
    hash: str
    recorded_at: str


class Reclassed(TypedDict):
    unit: str
    before: str | None
    after: str | None


class ReconciledBatch(TypedDict):
    sent: int
    stored: int
    unchanged: int
    refused: int
    withdrawn: int
    batch_no: str
    digest: str
    is_withdrawn: bool
    opinions: int | None


class ReconciledCounts(TypedDict):
    sent: int
    stored: int
    unchanged: int
    refused: int
    withdrawn: int
    unit: str | None
    outcome: Outcome | None


class Reconciliation(TypedDict):
    sent: int
    stored: int
    unchanged: int
    refused: int
    withdrawn: int
    survey_id: str
    cycle_id: str
    code: str
    wave: int
    state: WaveState
    completed_only: bool
    batches: list[ReconciledBatch]
    counts: list[ReconciledCounts]


class RecordedAttestation(TypedDict):
    body: str
    stop_no: int
    content_digest: str
    verdict: Verdict
    reason: str
    given_by: str
    given_at: str
    holds: bool
    receipt: Receipt | None


class RecordedCalendar(TypedDict):
    year: int
    announced: bool
    revision: int
    document_no: str | None
    recorded_at: str | None
    days: list[CalendarDay]
    receipt: Receipt | None


class RecordedCount(TypedDict):
    count_no: str
    group: str | None
    entitled: int
    issued: int
    returned: int
    spoiled: int
    state: Literal["counted", "confirmed", "withdrawn"]
    void: list[VoidReason]
    counted_by: str
    counted_at: str
    confirmed_by: str | None
    withdrawn_because: str | None
    receipt: Receipt | None


class RecordedDecision(TypedDict):
    decision_no: int
    units: list[str]
    treatment: Treatment
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    confirmation: SurveyConfirmation | None
    receipt: Receipt | None


class RecordedItem(TypedDict):
    item_id: str
    origin: ItemOrigin
    unit: str
    wording: str | None
    request: str
    deadline: str
    state: ItemState
    is_overdue: bool
    is_void: bool
    assigned_at: str
    steps: list[ItemStepTaken]
    receipt: Receipt | None


class RecordedMapping(TypedDict):
    name: str
    version: int
    saved_by: str
    saved_at: str
    survey_id: str
    fields: dict[str, ColumnMeaning]
    questions: dict[str, ColumnMeaning]
    ignored: list[str]
    blank: list[str]
    aapor: bool
    id_scheme: str
    charset: Literal["utf-8", "gb18030"]
    time_format: Literal["dashes", "slashes", "digits"]
    time_zone: str | None
    answers_otherwise: Literal["refused", "left_out"]
    receipt: Receipt | None


class RecordedScreenDecision(TypedDict):
    decision_no: int
    verdict: ScreenVerdict
    findings: list[DecidedFinding]
    interviewer: str | None
    units: list[str]
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    confirmation: SurveyConfirmation | None
    receipt: Receipt | None


class RecordedSeats(TypedDict):
    survey_id: str
    wave: int
    seats: list[SeatStanding]
    urn: bool
    opened_at: str | None
    receipt: Receipt | None


class RecordedVoiding(TypedDict):
    voiding_no: int
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    decided: DecidedVoiding | None
    receipt: Receipt | None


class RectificationItem(TypedDict):
    item_id: str
    origin: ItemOrigin
    unit: str
    wording: str | None
    request: str
    deadline: str
    state: ItemState
    is_overdue: bool
    is_void: bool
    assigned_at: str
    steps: list[ItemStepTaken]


class Recusal(TypedDict):
    unit: str
    body: str


class Redelivery(TypedDict):
    number: int
    first: int
    last: int
    receipt: Receipt | None


class RefusedProposal(TypedDict):
    subject: str
    ended: EndedProposal
    receipt: Receipt | None


class RefusedRow(TypedDict):
    position: int
    errors: list[RowFault]


class RegisteredAward(TypedDict):
    award_id: str
    kind: Literal["award", "title"]
    name: str
    level: str
    authority: str
    granted_by: str | None
    document_no: str
    document_date: str
    awarded_on: str
    in_own_name: bool
    priority: str | None
    outside: bool
    holders: list[HolderOfAward]
    claims: list[ClaimOnAward]
    author: str
    registered_at: str
    state: Literal["registered", "confirmed", "rejected", "taken_back"]
    reason: str | None
    changed_by: str
    changed_at: str


class RegisteredComplaint(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    complaint_id: str | None
    source_ref: str | None


class RegisteredComplaints(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[RegisteredComplaint]


class RegisteredIdScheme(TypedDict):
    id_scheme: str
    name_zh: str
    name_en: str
    system: str | None
    units: bool
    indicators: bool
    registered_at: str | None
    receipt: Receipt | None


class RegisteredItem(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    item_id: str | None
    source_ref: str | None


class RegisteredItems(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[RegisteredItem]


class RegisteredJurisdiction(TypedDict):
    code: str
    name_zh: str
    name_en: str
    superior: str | None
    founded_on: str
    state: Literal["proposed", "confirmed"]
    changed_code: ChangedCode | None
    registered_by: str | None
    confirmed_by: str | None
    receipt: Receipt | None


class RegisteredUnit(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    code: str | None


class RegisteredUnits(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[RegisteredUnit]


class Release(TypedDict):
    manifest: Manifest
    digest: str
    document: Ranking


class ReleaseNames(TypedDict):
    assessment_year: int
    category: Called
    subcategories: NotRequired[dict[str, Called] | None]
    blocks: NotRequired[dict[str, Called] | None]


class ReleasePolicy(TypedDict):
    public: NotRequired[PartsShown | None]
    units: NotRequired[PartsShown | None]
    organisers: NotRequired[PartsShown | None]
    digests: dict[str, str]


class ReleaseSummary(TypedDict):
    release: int
    predecessor: int | None
    category: str
    edition: int
    digest: str
    published_at: str
    public_from: NotRequired[str | None]
    changed_at: NotRequired[str]


class RemarkPolicyInput(TypedDict):
    answer_within: NotRequired[int]
    levels: NotRequired[list[str]]


class RemarkPolicyOutput(TypedDict):
    answer_within: int
    levels: list[str]


class RenamedUnit(TypedDict):
    code: str
    name: str
    kind: Literal["assessed", "body"]
    uscc: str | None
    names: list[UnitName]
    succeeds: list[UnitSuccession]
    changed_at: NotRequired[str]
    receipt: Receipt | None


class Reopening(TypedDict):
    stop_no: int
    reason: str
    reopened_by: str
    reopened_at: str


class ReplayedRow(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    parked_row_id: str
    entry_id: str | None
    likely_duplicates: list[LikelyDuplicate]


class ReplayedRows(TypedDict):
    stored: int
    unchanged: int
    parked: int
    refused: int
    more: int
    rows: list[ReplayedRow]
    receipt: Receipt | None


class ReportItems(TypedDict):
    opened: list[OpenedReport]
    withdrawn: list[OpenedReport]
    waiting: list[WaitingReport]
    receipt: Receipt | None


class ReportStep(TypedDict):
    state: Literal["reported", "confirmed", "refused", "lifting", "lifted"]
    reason: str | None
    document_no: str | None
    subject: str
    taken_at: str


class Reported(TypedDict):
    number: int
    unit: str
    unit_in_scheme: NotRequired[str | None]
    code: str
    document_no: str
    decided_on: str
    note: str | None
    place: ReportedPlace | None
    reported_by: str
    reported_at: str
    state: Literal["reported", "confirmed", "refused", "lifting", "lifted"]
    steps: list[ReportStep]
    decided_by: NotRequired[str | None]
    expires_on: NotRequired[str | None]
    late_reason: NotRequired[str | None]


class ReportedPlace(TypedDict):
    rank: int
    of: int


class RespondentGroup(TypedDict):
    code: str
    weight: str


class Response(TypedDict):
    unit: str
    respondent_token: str
    outcome: Literal[
        "completed",
        "partial",
        "refused",
        "no_contact",
        "other",
        "unknown_household",
        "unknown_eligibility",
        "ineligible",
    ]
    answer: NotRequired[str | None]
    answers: NotRequired[dict[str, str] | None]
    group: NotRequired[str | None]
    attempt: NotRequired[int | None]
    stratum: NotRequired[str | None]
    cluster: NotRequired[str | None]
    interviewer: NotRequired[str | None]
    started_at: NotRequired[str | None]
    ended_at: NotRequired[str | None]
    opinion: NotRequired[str | None]


class ResponseRates(TypedDict):
    dispositions: dict[str, int]
    given_up: int | None
    eligible_share: str | None
    rates: dict[str, str | None]


class RestatedEntry(TypedDict):
    entry_id: str
    restates: str
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class Restatement(TypedDict):
    unit: str
    indicator: str
    kind: Literal[
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
    key: str | None
    item: str | None
    period: str
    author_unit: str
    reason: str
    former: EntryVersion
    restated: EntryVersion


class Restatements(TypedDict):
    items: list[Restatement]
    next: str | None
    by_source: dict[str, int]


class RestorationProposal(TypedDict):
    proposal_no: int
    digest: str
    reason: str
    proposed_by: str
    proposed_at: str


class RestoredArchive(TypedDict):
    archived_cycle: str
    proposed_by: str
    rows: dict[str, int]
    contents: int
    receipt: Receipt | None


class Return(TypedDict):
    entry_ids: list[str]
    reason: str


class Reversal(TypedDict):
    reason: str


class ReversedEntry(TypedDict):
    entry_id: str
    reverses: str
    receipt: Receipt | None


class RoundingInput(TypedDict):
    places: int
    mode: NotRequired[Literal["half_up"]]
    by_points: NotRequired[list[PlacesByPointsInput]]


class RoundingOutput(TypedDict):
    places: int
    mode: Literal["half_up"]
    by_points: list[PlacesByPointsOutput]


class RowDifference(TypedDict):
    position: int | None
    table: str
    what: Literal["changed", "missing", "added", "contradicted"]
    key: str | None
    en: str
    zh: str


class RowFault(TypedDict):
    pointer: str
    code: str
    detail: str


class RowOutcome(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]


class SampleDecision(TypedDict):
    decision_no: int
    units: list[str]
    treatment: Treatment
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    confirmation: SurveyConfirmation | None


class SampleDecisions(TypedDict):
    survey_id: str
    wave: int
    decisions: list[SampleDecision]


class SavedMapping(TypedDict):
    name: str
    version: int
    saved_by: str
    saved_at: str
    survey_id: str
    fields: dict[str, ColumnMeaning]
    questions: dict[str, ColumnMeaning]
    ignored: list[str]
    blank: list[str]
    aapor: bool
    id_scheme: str
    charset: Literal["utf-8", "gb18030"]
    time_format: Literal["dashes", "slashes", "digits"]
    time_zone: str | None
    answers_otherwise: Literal["refused", "left_out"]


class SavedSchemeVersion(TypedDict):
    without_effect: list[WithoutEffect]
    without_effect_count: int
    cycle_id: str
    version: int
    state: Literal["draft", "published"]
    digest: str
    reason: str | None
    saved_by: str
    saved_at: str
    published_at: str | None
    receipt: Receipt | None


class ScheduledCheck(TypedDict):
    check: str
    name: str
    kind: Literal["recheck", "spot_check"]
    state: Literal["to_commit", "committed", "drawn"]
    readers: Literal["office", "units"]
    seed_source: str | None
    seed_form: str | None
    seed_on: str | None
    commitment: str | None
    committed_by: str | None
    committed_at: str | None
    seed: str | None
    found_in: str | None
    draw: str | None
    drawn_by: str | None
    drawn_at: str | None
    lists: list[CheckList]
    drawn_units: list[str]


class ScheduledChecks(TypedDict):
    checks: list[ScheduledCheck]


class SchemeComment(TypedDict):
    comment_id: str
    unit: str
    category: str | None
    indicator: str | None
    text: str
    said_by: str
    said_at: str
    outcome: Literal["adopted", "partly_adopted", "not_adopted"] | None
    reason: str | None
    answered_by: str | None
    answered_at: str | None


class SchemeInput(TypedDict):
    title: str
    code: str
    assessment_year: int
    rounding: RoundingInput
    categories: list[CategoryInput]
    ledger: NotRequired[LedgerPolicy]
    calendar: NotRequired[list[StepInput]]
    surveys: NotRequired[list[SurveyInput]]
    composition: NotRequired[CompositionInput]
    adjustments: NotRequired[AdjustmentsInput]
    vetoes: NotRequired[VetoPolicyInput]
    demotions: NotRequired[list[DemotionInput]]
    grades: NotRequired[GradePolicyInput]
    ranking: NotRequired[RankingPolicyInput]
    recusals: NotRequired[list[Recusal]]
    time_zone: NotRequired[str]
    tags: NotRequired[list[TagInput]]
    panels: NotRequired[list[PanelInput]]
    duties: NotRequired[DutyPolicyInput | None]
    items: NotRequired[ItemPolicyInput | None]
    checks: NotRequired[list[CheckInput]]
    complaints: NotRequired[ComplaintPolicyInput | None]
    objections: NotRequired[ObjectionPolicyInput | None]
    corrections: NotRequired[CorrectionPolicyInput | None]
    inspections: NotRequired[InspectionPolicyInput | None]
    approval: NotRequired[ApprovalPolicyInput | None]
    self_evaluations: NotRequired[SelfEvaluationPolicyInput | None]
    notice: NotRequired[NoticePolicyInput | None]
    publication: NotRequired[PublicationPolicyInput | None]
    consequences: NotRequired[ConsequencePolicyInput | None]
    normalisation: NotRequired[NormalisationInput | None]
    cross_category_lists: NotRequired[list[CrossCategoryListInput]]
    linked: NotRequired[LinkedPolicyInput | None]


class SchemeOutput(TypedDict):
    title: str
    code: str
    assessment_year: int
    rounding: RoundingOutput
    categories: list[CategoryOutput]
    ledger: LedgerPolicy
    calendar: list[StepOutput]
    surveys: list[SurveyOutput]
    composition: CompositionOutput
    adjustments: AdjustmentsOutput
    vetoes: VetoPolicyOutput
    demotions: list[DemotionOutput]
    grades: GradePolicyOutput
    ranking: RankingPolicyOutput
    recusals: list[Recusal]
    time_zone: str
    tags: list[TagOutput]
    panels: list[PanelOutput]
    duties: NotRequired[DutyPolicyOutput | None]
    items: NotRequired[ItemPolicyOutput | None]
    checks: NotRequired[list[CheckOutput]]
    complaints: NotRequired[ComplaintPolicyOutput | None]
    objections: NotRequired[ObjectionPolicyOutput | None]
    corrections: NotRequired[CorrectionPolicyOutput | None]
    inspections: NotRequired[InspectionPolicyOutput | None]
    approval: NotRequired[ApprovalPolicyOutput | None]
    self_evaluations: NotRequired[SelfEvaluationPolicyOutput | None]
    notice: NotRequired[NoticePolicyOutput | None]
    publication: NotRequired[PublicationPolicyOutput | None]
    consequences: NotRequired[ConsequencePolicyOutput | None]
    normalisation: NotRequired[NormalisationOutput | None]
    cross_category_lists: NotRequired[list[CrossCategoryListOutput]]
    linked: NotRequired[LinkedPolicyOutput | None]


class SchemeVersion(TypedDict):
    cycle_id: str
    version: int
    state: Literal["draft", "published"]
    digest: str
    reason: str | None
    saved_by: str
    saved_at: str
    published_at: str | None


class ScoreSheet(TypedDict):
    cycle_id: str
    categories: list[str]
    inputs: SheetInputs
    units: list[UnitScoreSheet]
    claims: list[DecidedClaim]
    normalised: NotRequired[list[NormalisedMarks] | None]
    edition: int
    phase: Literal["computed", "fed_back"]
    ledger_phase: Literal["open", "sealed"]
    digest: str
    explanations: dict[str, str]
    tag_totals: dict[str, list[TagTotal]]


class ScoreSheetSummary(TypedDict):
    edition: int
    categories: list[str]
    inputs: SheetInputs
    ledger_phase: Literal["open", "sealed"]
    phase: Literal["computed", "fed_back"]
    digest: str | None
    missing: int | None
    computed_by: str
    computed_at: str


class ScoreSimulation(TypedDict):
    cycle_id: str
    categories: list[str]
    scheme_digest: str
    units: list[SimulatedUnit]


class ScorerDiagnostics(TypedDict):
    kind: Literal["data_source_unit", "survey", "panel_seat"]
    scorer: str
    indicators: list[str]
    marks: int
    mean: str
    leniency: str
    spread: str


class ScorersDesk(TypedDict):
    cycle_id: str
    at: str
    as_of: str
    unit: str
    owed: list[OwedDuty]
    open: int
    criteria: list[Criterion]
    marks: list[SeatMarks]


class ScoringBaselineSource(TypedDict):
    cycle_id: str
    entries: list[str]


class ScoringConfirmation(TypedDict):
    award: Literal["joint", "another_award", "same", "sole", "listed"] | None
    item: str | None
    share: str | None
    counted_earlier: bool
    proposed: (
        Literal[
            "accepted",
            "accepted_carried_over",
            "accepted_capped",
            "accepted_in_part",
            "accepted_against_proposal",
            "accepted_by_correction",
            "carried_to_next_year",
            "superseded_same_event",
            "unconfirmed",
            "withdrawn",
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
        | None
    )
    proposed_points: str | None
    against: str | None
    earlier_points: str | None
    reason: str | None
    document_no: str | None
    decided_by: str
    decided_at: str


class ScoringNewConfirmation(TypedDict):
    decisions: list[ScoringNewDecision]


class ScoringNewDecision(TypedDict):
    claim_id: str
    decision: Literal["confirmed", "rejected"]
    reason: NotRequired[str | None]
    award: NotRequired[NewAward | None]
    counted_earlier: NotRequired[CountedEarlier | None]
    against: NotRequired[NewPoints | None]


class ScoringNewSimulatedValue(TypedDict):
    unit: str
    indicator: str
    kind: Literal[
        "measured_value",
        "event",
        "milestone",
        "grade",
        "panel_mark",
        "superior_rank",
        "external_result",
        "not_applicable",
        "progress_report",
        "inspection_finding",
    ]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    value: NotRequired[str | None]
    word: NotRequired[str | None]
    listed: NotRequired[int | None]


class ScoringStanding(TypedDict):
    compared: int
    place: int | None
    above: int
    equal: int
    to_next_above: str | None


class ScreenDecision(TypedDict):
    decision_no: int
    verdict: ScreenVerdict
    findings: list[DecidedFinding]
    interviewer: str | None
    units: list[str]
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    confirmation: SurveyConfirmation | None


class ScreenDecisions(TypedDict):
    survey_id: str
    wave: int
    decisions: list[ScreenDecision]


class ScreenFinding(TypedDict):
    screen: str
    about: Literal["unit", "interviewer"]
    subject: str
    observed: str
    of: int
    expected: str | None
    chance: str | None
    threshold: str | None
    sentence: str
    sentence_zh: str
    is_decided: bool


class SealPreview(TypedDict):
    year_not_over: str | None
    phase: Literal["open", "sealed"]
    entries: dict[str, int]
    locks: int
    leaves: dict[str, int]
    left: list[LeftEntry]
    left_more: int
    missing: list[MissingOfUnit]
    missing_more: int
    open_items: list[OpenItemLeft]
    open_items_more: int
    open_objections: list[OpenObjectionLeft]
    open_objections_more: int
    undrawn_checks: list[str]
    gone_entries: list[GoneDrawnEntry]
    gone_entries_more: int
    undecided_findings: list[UndecidedFinding]
    undecided_findings_more: int
    uncompared_rounds: list[str]
    left_open: dict[str, int]
    unread: list[LeftEntry]
    unread_more: int
    outdated: list[LeftEntry]
    outdated_more: int
    unscored: dict[str, int]
    claims: list[LeftClaim]
    claims_more: int
    to_arrive: list[WaitingClaim]
    to_arrive_more: int
    to_arrive_out_of_scope: bool
    open_before: list[str]
    not_handed_in: list[OpenCategory]
    not_handed_in_more: int
    parked: list[LeftParkedRow]
    parked_more: int
    seen: str


class SealedCorrection(TypedDict):
    correction_id: str
    origin: Literal["court", "audit", "superior", "objection"]
    issuer: str
    document_no: str
    document_date: str
    objection_id: str | None
    rests_on: str | None
    reason: str
    what: Literal["replaces", "removes", "adds"]
    corrects: str | None
    claim_id: str | None
    unit: str
    indicator: str | None
    kind: Literal[
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
        "claim",
        "target",
        "baseline",
        "pledge",
        "satisfaction",
    ]
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    occurred_on: str | None
    proposed_by: str
    proposed_at: str
    state: Literal["proposed", "approved", "refused", "withdrawn"]
    waiting_days: int | None
    decision: CorrectionDecision | None


class SealedCorrections(TypedDict):
    items: list[SealedCorrection]
    next: str | None
    digest: str | None


class SealedLedger(TypedDict):
    phase: Literal["open", "sealed"]
    locked: int
    leaves: dict[str, int]
    unconfirmed_claims: int
    unscored: dict[str, int]
    outdated: int
    left_open: dict[str, int]
    not_handed_in: int
    receipt: Receipt | None


class SeatInput(TypedDict):
    seat: str
    account: str
    unit: str
    name: NotRequired[str | None]


class SeatMarks(TypedDict):
    category: str
    indicator: str
    name: str
    panel: str
    seat: str
    marks: int
    unknown: int
    open: list[str]
    mean: str | None
    spread: str | None
    lowest: str | None
    highest: str | None
    steps: list[MarkedStep]
    beside: int
    lowest_marks: int | None
    highest_marks: int | None


class SeatOutput(TypedDict):
    seat: str
    account: str
    unit: str
    name: str | None


class SeatReplacement(TypedDict):
    account: str
    reason: str
    replaced_by: str
    replaced_at: str


class SeatStanding(TypedDict):
    seat: str
    account: str
    unit: str | None
    group: str | None
    cast: bool
    replacements: list[SeatReplacement]


class Seats(TypedDict):
    survey_id: str
    wave: int
    seats: list[SeatStanding]
    urn: bool
    opened_at: str | None


class SecondMark(TypedDict):
    verdict: Literal["right", "differs"]
    value: str | None
    word: str | None
    text: str
    gap: str
    within: bool
    marked_by: str
    marked_at: str


class SecondMarkingInput(TypedDict):
    share: str
    tolerance: NotRequired[str]


class SecondMarkingOutput(TypedDict):
    share: str
    tolerance: str


class SecondMarks(TypedDict):
    check: str
    share: str | None
    tolerance: str | None
    waiting: int
    pairs: int
    mean_gap: str | None
    within: str | None
    markers: list[MarkerAgreement]


class SelfEvaluation(TypedDict):
    round_code: str
    name: str
    until: str
    unit: str
    state: Literal["to_do", "answered", "handed_in", "compared"]
    handed_in_at: str | None
    late: bool
    compared_at: str | None
    tolerance: str | None
    marks: list[SelfMarkShown]


class SelfEvaluationCosts(TypedDict):
    compared_at: str
    units: int
    handed_in: int
    short: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


class SelfEvaluationPolicyInput(TypedDict):
    rounds: list[SelfEvaluationRoundInput]
    indicator: NotRequired[str | None]
    late: NotRequired[str | None]
    unanswered: NotRequired[str | None]
    gap: NotRequired[str | None]
    tolerance: NotRequired[str]


class SelfEvaluationPolicyOutput(TypedDict):
    rounds: list[SelfEvaluationRoundOutput]
    indicator: str | None
    late: str | None
    unanswered: str | None
    gap: str | None
    tolerance: str


class SelfEvaluationRoundInput(TypedDict):
    code: str
    name: str
    until: str
    indicators: NotRequired[list[str]]


class SelfEvaluationRoundOutput(TypedDict):
    code: str
    name: str
    until: str
    indicators: list[str]


class SelfEvaluationRoundShown(TypedDict):
    round_code: str
    name: str
    until: str
    compared_at: str | None
    units: list[UnitSelfEvaluation]


class SelfEvaluations(TypedDict):
    rounds: list[SelfEvaluationRoundShown]


class SelfMarkShown(TypedDict):
    indicator: str
    name: str
    points: str
    mark: str | None
    text: str | None
    evidence_ids: list[str]
    entered_at: str | None
    earned: str | None
    gap: str | None
    over: bool | None
    withheld: bool


class SettledTarget(TypedDict):
    target: NotRequired[str | None]
    baseline: NotRequired[str | None]
    pledge: NotRequired[str | None]
    indicator: str


class SettledValues(TypedDict):
    indicator: str
    target: str | None
    baseline: str | None
    pledge: str | None


class SettlementVersion(TypedDict):
    version: int
    state: Literal["settlement_pending", "settled", "refused"]
    targets: list[SettledValues]
    reason: str
    document_no: str
    set_by: str
    set_at: str


class SettlementsMoved(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[MovedSettlement]


class SheetDiagnostics(TypedDict):
    cycle_id: str
    edition: int
    categories: list[CategoryDiagnostics]


class SheetDifferences(TypedDict):
    cycle_id: str
    edition: int
    against: int
    documents: list[DocumentDifference]
    same: int
    units: list[DifferenceOfUnit]
    entries: list[DifferingEntry]


class SheetInputs(TypedDict):
    scheme_digest: str
    targets_digest: str | None
    satisfaction_digest: str | None
    names_digest: str
    ledger_digest: str | None
    claims_digest: str | None
    corrections_digest: NotRequired[str | None]


class ShortSample(TypedDict):
    wave: int
    valid_sample: int
    required: int
    was_voided: bool
    treatment: Treatment | None
    decision: int | None
    document_no: str | None


class ShownMember(TypedDict):
    code: str
    name: str | None
    unit: str | None


class ShownParkedRow(TypedDict):
    parked_row_id: str
    state: Literal["parked", "entered", "replaced", "discarded"]
    unknown: list[Literal["unknown-unit-code", "unknown-indicator-code"]]
    batch: str
    position: int
    id_scheme: str
    sent_on: str
    wanted: Literal["draft", "submitted"]
    unit: str
    indicator: str
    kind: Literal[
        "measured_value",
        "event",
        "milestone",
        "grade",
        "panel_mark",
        "superior_rank",
        "external_result",
        "not_applicable",
        "progress_report",
        "inspection_finding",
    ]
    key: str | None
    item: str | None
    period: str
    value: str | None
    word: str | None
    occurred_on: str | None
    note: str | None
    listed: int | None
    published_value: str | None
    document_no: str | None
    document_date: str | None
    authority: str | None
    about_from: str | None
    about_until: str | None
    source_ref: str | None
    author: str
    author_unit: str
    parked_at: str
    entry_id: str | None
    settled_by: str | None
    settled_at: str | None
    reason: str | None


class ShownPartsInput(TypedDict):
    grades: NotRequired[bool]
    first_places: NotRequired[int | None]
    ranks: NotRequired[bool]
    scores: NotRequired[bool]
    blocks: NotRequired[bool]
    reasons: NotRequired[bool]
    highlights: NotRequired[bool]
    negative_cases: NotRequired[bool]
    coefficients: NotRequired[bool]
    uncertainty: NotRequired[bool]


class ShownPartsOutput(TypedDict):
    grades: bool
    first_places: int | None
    ranks: bool
    scores: bool
    blocks: bool
    reasons: bool
    highlights: bool
    negative_cases: NotRequired[bool]
    coefficients: NotRequired[bool]
    uncertainty: NotRequired[bool]


class ShownStep(TypedDict):
    code: str
    name: str | None
    role: Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
    kind: Literal["single", "meeting"]
    members: list[ShownMember]
    quorum: Literal["over_half", "two_thirds", "all"]
    at_least: int | None
    majority: Literal["over_half", "two_thirds", "all"]
    send_back_to: list[str]
    needs: Literal["none", "document", "minutes", "hand_in"]
    delegates: bool
    instead: Literal["committee", "standing_committee", "second_body"] | None


class SignInWays(TypedDict):
    ways: list[Literal["password", "openid"]]


class SignedEntries(TypedDict):
    count: int
    receipt: Receipt | None


class SignedLetter(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]
    state: Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"] | None


class SignedOut(TypedDict):
    signed_out: Literal[True]


class SignedOutAccount(TypedDict):
    subject: str
    ended: int
    receipt: Receipt | None


class SimulatedMove(TypedDict):
    unit: str
    name: str
    before: SimulatedPlace | None
    after: SimulatedPlace | None
    total_change: str | None
    rank_change: int | None
    grade_changed: bool


class SimulatedPlace(TypedDict):
    final_total: str | None
    rank: int | None
    grade: str | None
    reasons: list[RankedReason]
    subcategory: NotRequired[str | None]
    rank_in_subcategory: NotRequired[int | None]


class SimulatedUnit(TypedDict):
    unit: str
    category: str
    before: UnitScoreSheet | None
    after: UnitScoreSheet | None
    change: str | None
    claims_before: list[DecidedClaim]
    claims_after: list[DecidedClaim]


class Simulation(TypedDict):
    cycle_id: str
    category: str
    scheme_digest: str
    units: list[SimulatedMove]


class SpecialInput(TypedDict):
    deductions: NotRequired[list[str]]
    hit_above: NotRequired[str | None]
    units_to: NotRequired[str | None]
    matching: NotRequired[bool]


class SpecialOutput(TypedDict):
    deductions: list[str]
    hit_above: str | None
    units_to: str | None
    matching: bool


class SpecialPriority(TypedDict):
    code: str
    name: str


class Stage(TypedDict):
    stage_no: int
    label: str
    cut_off: str
    as_of: str
    ledger_phase: Literal["open", "sealed"]
    phase: Literal["frozen", "release_proposed", "released"]
    digest: str | None
    frozen_by: str | None
    frozen_at: str
    restored: bool
    release: StageRelease | None


class StageRank(TypedDict):
    unit: str
    category: str
    rank: int


class StageRelease(TypedDict):
    readers: StageReaders
    document_no: str | None
    reason: str | None
    by: str | None
    at: str


class StageResult(TypedDict):
    cycle_id: str
    as_of: str
    ledger_phase: Literal["open", "sealed"]
    deadlines: list[Deadline]
    units: list[UnitSoFar]
    stage_no: int
    label: str
    cut_off: str
    phase: Literal["frozen", "release_proposed", "released"]
    restored: bool
    digest: str | None
    inputs: SheetInputs | None
    release: StageRelease | None
    ranks: list[StageRank]


class StageResults(TypedDict):
    cycle_id: str
    as_of: str
    ledger_phase: Literal["open", "sealed"]
    deadlines: list[Deadline]
    units: list[UnitSoFar]


class StandingOutcome(TypedDict):
    position: int
    outcome: Literal["stored", "unchanged", "parked", "refused"]
    errors: list[RowFault]


class StandingTotals(TypedDict):
    points: str
    won: str
    lost: str
    open: str
    unreported: str
    uncharged: str


class StandingsReported(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[StandingOutcome]


class StepInput(TypedDict):
    step: str
    name: str
    date: NotRequired[str | None]
    opens: NotRequired[str | None]
    closes: NotRequired[str | None]
    due: NotRequired[str | None]
    working_days: NotRequired[int | None]


class StepOutput(TypedDict):
    step: str
    name: str
    date: str | None
    opens: str | None
    closes: str | None
    due: str | None
    working_days: int | None


class StepTaken(TypedDict):
    edition: int
    category: str
    state: Literal[
        "ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"
    ]
    digest: str
    approvals: list[Approval]
    receipt: Receipt | None


class StoredSelfMarks(TypedDict):
    count: int
    unanswered: list[str]
    receipt: Receipt | None


class StratumEstimates(TypedDict):
    code: str
    completed: int
    questions: list[QuestionEstimates]


class SubcategoryInput(TypedDict):
    code: str
    name: str
    units: list[str]
    name_en: NotRequired[str | None]


class SubcategoryOutput(TypedDict):
    code: str
    name: str
    units: list[str]
    name_en: str | None


class Submission(TypedDict):
    entry_ids: list[str]


class SuperiorCycle(TypedDict):
    cycle_id: str
    jurisdiction: str
    name: str
    assessment_year: int
    scheme_version: int
    unit: str
    category: str
    category_name: str
    indicators: list[SuperiorIndicatorAsked]


class SuperiorDrift(TypedDict):
    indicator: str
    decomposed: str | None
    superior: str | None


class SuperiorIndicatorAsked(TypedDict):
    code: str
    name: str
    block: str
    points: str
    parent: str | None


class SuperiorPlace(TypedDict):
    entry_id: str
    period: str
    rank: str
    listed: int
    published_value: str | None
    document_no: str
    document_date: str
    published_on: str
    note: str | None
    before: EarlierPlace | None
    year_before: EarlierPlace | None


class SuperiorRankInput(TypedDict):
    list: str
    worse_than: NotRequired[int | None]
    last: NotRequired[int | None]
    indicator: NotRequired[str | None]


class SuperiorRankOutput(TypedDict):
    list: str
    worse_than: int | None
    last: int | None
    indicator: str | None


class SuperiorStandings(TypedDict):
    cycle_id: str
    version: int
    superior: str
    totals: StandingTotals | None
    indicators: list[IndicatorStanding]
    charges: list[ChargedShare]
    units: list[UnitStanding]


class SupervisedItem(TypedDict):
    item_id: str
    source_ref: str | None
    kind: Literal[
        "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
    ]
    title: str
    text: str
    document_no: str | None
    document_date: str | None
    meeting: str | None
    confidential: bool
    units: list[ItemUnit]
    readers: list[str]
    until: str | None
    within: int | None
    report_every: Literal["monthly", "quarterly"] | None
    author: str
    registered_at: str
    report: ItemReport | None
    state: Literal[
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
    step: int
    due: str | None
    days_left: int | None
    done_on: str | None
    light: Literal["none", "yellow", "red"]
    completion: int
    report_due: str | None
    changed_at: str


class SupervisedItemHistory(TypedDict):
    item_id: str
    source_ref: str | None
    kind: Literal[
        "instruction", "supervised", "plan", "summary", "self_report", "rectification_report"
    ]
    title: str
    text: str
    document_no: str | None
    document_date: str | None
    meeting: str | None
    confidential: bool
    units: list[ItemUnit]
    readers: list[str]
    until: str | None
    within: int | None
    report_every: Literal["monthly", "quarterly"] | None
    author: str
    registered_at: str
    report: ItemReport | None
    state: Literal[
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
    step: int
    due: str | None
    days_left: int | None
    done_on: str | None
    light: Literal["none", "yellow", "red"]
    completion: int
    report_due: str | None
    changed_at: str
    moves: list[MadeMove]


class Survey(TypedDict):
    survey_id: str
    cycle_id: str
    code: str
    name: str
    mode: Literal[
        "phone_survey",
        "questionnaire",
        "online_form",
        "meeting_count",
        "leader_evaluation",
        "peer_review",
    ]
    collector: str
    scheme_version: int
    scheme_digest: str
    questions: list[AskedQuestion]
    measure: Literal["mean", "satisfaction_rate"]
    groups: list[RespondentGroup]
    group_weights: list[GroupWeights]
    empty_group: Literal["rescale", "zero", "void"]
    combine: Literal["mean", "weighted", "pooled"]
    wave_weights: list[str]
    min_valid: int | None
    below_min: Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]
    attested_by: list[str]
    quorum: str | None
    abstain: Literal["unscored", "void"]
    units: list[str]
    waves: list[Wave]


class SurveyConfirmation(TypedDict):
    confirmed_by: str
    confirmed_at: str


class SurveyErrors(TypedDict):
    confidence: str
    estimates_digest: str
    units: list[RankedUnitError]


class SurveyInput(TypedDict):
    code: str
    name: str
    mode: Literal[
        "phone_survey",
        "questionnaire",
        "online_form",
        "meeting_count",
        "leader_evaluation",
        "peer_review",
    ]
    collector: str
    waves: int
    options: NotRequired[dict[str, str]]
    combine: NotRequired[Literal["mean", "weighted", "pooled"]]
    option_names: NotRequired[dict[str, str]]
    unscored: NotRequired[list[str]]
    min_valid: NotRequired[int | None]
    groups: NotRequired[dict[str, str | Literal["rest"]]]
    empty_group: NotRequired[Literal["rescale", "zero", "void"]]
    below_min: NotRequired[
        Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]
    ]
    questions: NotRequired[list[QuestionInput]]
    measure: NotRequired[Literal["mean", "satisfaction_rate"]]
    satisfied: NotRequired[list[str]]
    wave_weights: NotRequired[list[str | Literal["rest"]]]
    group_weights_by_category: NotRequired[dict[str, dict[str, str | Literal["rest"]]]]
    attested_by: NotRequired[list[str]]
    quorum: NotRequired[str | None]
    abstain: NotRequired[Literal["unscored", "void"]]


class SurveyOutput(TypedDict):
    code: str
    name: str
    mode: Literal[
        "phone_survey",
        "questionnaire",
        "online_form",
        "meeting_count",
        "leader_evaluation",
        "peer_review",
    ]
    collector: str
    waves: int
    options: dict[str, str]
    combine: Literal["mean", "weighted", "pooled"]
    option_names: dict[str, str]
    unscored: list[str]
    min_valid: int | None
    groups: dict[str, str | Literal["rest"]]
    empty_group: Literal["rescale", "zero", "void"]
    below_min: Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]
    questions: list[QuestionOutput]
    measure: Literal["mean", "satisfaction_rate"]
    satisfied: list[str]
    wave_weights: list[str | Literal["rest"]]
    group_weights_by_category: dict[str, dict[str, str | Literal["rest"]]]
    attested_by: list[str]
    quorum: str | None
    abstain: Literal["unscored", "void"]


class SurveyOverWaves(TypedDict):
    survey_id: str
    code: str
    combine: Literal["mean", "weighted", "pooled"]
    waves: list[int]
    units: list[UnitOverWaves]


class SurveyProgress(TypedDict):
    cycle_id: str
    waves: list[SurveyWaveProgress]


class SurveySatisfaction(TypedDict):
    code: str
    voided: int
    units: list[UnitSatisfaction]


class SurveyWaveProgress(TypedDict):
    survey_id: str
    code: str
    name: str
    wave: int
    state: WaveState
    required: int
    units: int
    reached: int | None
    completed: int
    expected: int | None


class TagInput(TypedDict):
    code: str
    name: str
    name_en: NotRequired[str | None]


class TagOutput(TypedDict):
    code: str
    name: str
    name_en: str | None


class TagTotal(TypedDict):
    tag: str
    name: str
    name_en: str | None
    points: str
    score: str | None
    share: str | None
    indicators: list[str]
    without_score: list[str]


class TakenBack(TypedDict):
    unit: str
    indicator: str
    item: NotRequired[str | None]
    version: int


class TakenForm(TypedDict):
    units: int


class TargetCascade(TypedDict):
    document_no: str
    matter: str | None
    indicator: str | None
    item: str | None
    asked: list[CascadedTarget]
    unmoved: list[UnmovedTarget]


class TargetCascades(TypedDict):
    cycle_id: str
    cascades: list[TargetCascade]


class TargetConflicts(TypedDict):
    cycle_id: str
    conflicts: list[ListedConflict]


class TargetHistory(TypedDict):
    cycle_id: str
    versions: list[TargetVersion]


class TargetVersion(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    indicator: str
    indicator_in_scheme: NotRequired[str | None]
    item: str | None
    target: str | None
    baseline: str | None
    pledge: str | None
    version: int
    state: Literal[
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
    lowered: bool
    reason: str | None
    document_no: str | None
    approved_by: str | None
    set_by: str
    set_at: str
    effective_from: str
    baseline_from: BaselineOrigin | None
    changed_at: NotRequired[str]


class TargetsMoved(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    pending: int
    rows: list[MovedTarget]


class Task(TypedDict):
    kind: str
    zh: str
    en: str
    count: int
    deadline: str | None
    about: dict[str, str]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    route: str
    listed_at: str | None


class TaskPart(TypedDict):
    service: str
    cycle_id: str | None
    answered: bool
    refusal: int | None


class Tasks(TypedDict):
    tasks: list[Task]


class TeamLevelInput(TypedDict):
    grade: str
    from_score: str


class TeamLevelOutput(TypedDict):
    grade: str
    from_score: str


class TeamMember(TypedDict):
    person: str
    unit: str | None


class TestedScreen(TypedDict):
    screen: str
    about: Literal["unit", "interviewer"]
    subjects: int


class TestedWebhook(TypedDict):
    outcome: Literal["taken", "failed", "not-sent"]
    status: int | None
    reason: str | None
    milliseconds: int | None
    receipt: Receipt | None


class TieBreakKeyInput(TypedDict):
    key: Literal["block", "indicator", "fewer_deductions", "last_year_rank"]
    code: NotRequired[str | None]


class TieBreakKeyOutput(TypedDict):
    key: Literal["block", "indicator", "fewer_deductions", "last_year_rank"]
    code: str | None


class ToDecide(TypedDict):
    pointer: str
    code: str
    en: str
    zh: str


class Token(TypedDict):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: NotRequired[str | None]
    purpose: NotRequired[Literal["new-password", "second-factor"] | None]
    scope: NotRequired[str | None]


class Uncertainty(TypedDict):
    cycle_id: str
    edition: int
    ranking_digest: str
    survey_errors: str | None
    generator: str
    seed: int
    replications: int
    weights_by: int
    vary: Literal["blocks", "indicators"]
    confidence: str
    units: list[UnitRange]
    without: dict[str, OtherOrder]
    earlier: EarlierWeights | None
    digest: str


class UndecidedFinding(TypedDict):
    finding_id: str
    check: str
    unit: str
    state: Literal["reported", "signed", "objected", "alleged", "heard"]
    answer_by: str


class Unit(TypedDict):
    code: str
    name: str
    kind: Literal["assessed", "body"]
    uscc: str | None
    names: list[UnitName]
    succeeds: list[UnitSuccession]
    changed_at: NotRequired[str]


class UnitBurden(TypedDict):
    unit: str
    fields: int
    uploads: int
    indicators: int
    inspections: int
    days: int


class UnitCode(TypedDict):
    code: str
    unit: str
    valid_from: str | None
    valid_to: str | None


class UnitEstimates(TypedDict):
    unit: str
    completed: int
    weighting: Literal["equal", "post_stratified", "raked"]
    clustered: bool
    index: Estimated | None
    questions: list[QuestionEstimates]
    groups: list[GroupEstimates]
    strata: list[StratumEstimates]
    response: ResponseRates


class UnitInSuperiorLists(TypedDict):
    indicator: str
    indicator_name: str
    unit: str
    unit_name: str | None
    combines: Literal["mean", "last"]
    rank: str | None
    missing: list[str]
    latest: SuperiorPlace | None
    places: list[SuperiorPlace]


class UnitMapping(TypedDict):
    mapping_id: str
    code: str
    valid_from: str
    valid_to: str | None
    state: Literal["proposed", "confirmed", "refused", "ended"]
    reason: str | None
    proposed_by: str
    proposed_at: str
    decided: MappingStep | None
    ended: MappingStep | None
    changed_at: NotRequired[str]
    unit: str
    unit_name: str


class UnitName(TypedDict):
    name: str
    kind: Literal["legal", "alias"]
    valid_from: str
    valid_to: str | None


class UnitObligations(TypedDict):
    unit: str
    cycles: list[ObligationsInCycle]
    cycles_left: int


class UnitOverWaves(TypedDict):
    unit: str
    index: Estimated | None
    waves: list[WaveIndex]
    groups: list[GroupResponse]
    response: ResponseRates


class UnitPlaces(TypedDict):
    unit: str
    rate: str
    places: int
    parts: list[PartPlaces]
    tied: list[str]


class UnitProgress(TypedDict):
    key: str
    category: str
    unit: str
    unit_name: str | None
    indicator: str
    indicator_name: str
    measure: str | None
    period: str | None
    share: str | None
    target: str | None
    planned: str | None
    value: str | None
    state: (
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
        | None
    )
    part: str | None
    light: Literal["green", "yellow", "red"] | None
    unlit: Literal["no_period_over", "no_target", "no_value"] | None


class UnitRange(TypedDict):
    unit: str
    rank: int
    best: int
    worst: int
    same: str
    se: str | None
    not_distinguishable: list[str]


class UnitRating(TypedDict):
    unit: str
    given: int
    returned: int
    timely: int
    overdue: int
    redone: int
    satisfied: int
    dissatisfied: int
    not_reached: int
    satisfaction_rate: str | None
    timely_rate: str | None
    returned_rate: str | None
    redone_rate: str | None
    mean: str | None


class UnitResponses(TypedDict):
    unit: str
    completed: int | None
    quota: int | None


class UnitSatisfaction(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    waves: list[WaveScore]
    standing: SurveyStanding
    below_minimum: list[ShortSample]
    questionnaires_differ: bool
    satisfaction: str | None
    all_counted: str | None


class UnitScoreSheet(TypedDict):
    unit: str
    unit_in_scheme: NotRequired[str | None]
    category: str
    indicator_scores: list[IndicatorScore]
    blocks: dict[str, str | None]
    base_total: str | None
    adjustment: str
    total: str | None
    missing: list[MissingScore]
    decisions: list[PolicyDecision]
    grade_caps: NotRequired[list[GradeCap] | None]
    parts: NotRequired[list[PartScore] | None]
    vetoed_totals: NotRequired[list[VetoedTotal] | None]


class UnitSelfEvaluation(TypedDict):
    unit: str
    state: Literal["to_do", "answered", "handed_in", "compared"]
    handed_in_at: str | None
    late: bool
    answered: int
    asked: int
    over: int | None
    gap: str | None


class UnitShare(TypedDict):
    indicator: str
    unit: str
    role: Literal["lead", "support"]
    points: str


class UnitSoFar(TypedDict):
    unit: str
    category: str
    rank: int | None
    earned: str
    open: str
    unreachable: str
    adjustment: str | None
    indicators: list[IndicatorSoFar]
    missing: list[MissingSoFar]


class UnitStanding(TypedDict):
    unit: str
    points: str
    lost: str
    caused: str
    open: str
    unreported: str


class UnitSuccession(TypedDict):
    predecessor: str
    effective_on: str
    document_no: str


class UnitTables(TypedDict):
    unit: str
    tables: list[QuestionTable]


class UnitWeighting(TypedDict):
    unit: str
    method: Literal["equal", "post_stratified", "raked"]
    margins: list[str]
    rounds: int
    refused: str | None
    population: int | None
    cells: list[CellWeights]


class UnlockedAccount(TypedDict):
    subject: str
    receipt: Receipt | None


class UnmovedTarget(TypedDict):
    unit: str
    indicator: str
    target: str | None
    baseline: str | None
    pledge: str | None
    version: int


class UnscoredItem(TypedDict):
    record: Literal["entry", "claim", "parked_row"]
    id: str
    claim_no: NotRequired[str | None]
    unit: str
    indicator: str | None
    kind: Literal[
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
        "bonus",
        "deduction",
    ]
    key: NotRequired[str | None]
    item: NotRequired[str | None]
    period: NotRequired[str | None]
    state: Literal[
        "draft",
        "submitted",
        "checked",
        "returned",
        "verified",
        "locked",
        "voided",
        "withdrawn",
        "replaced",
        "handed_in",
        "confirmed",
        "rejected",
        "parked",
    ]
    reason: Literal[
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
    en: str
    zh: str
    said: NotRequired[str | None]


class UnsetBaseline(TypedDict):
    unit: str
    indicator: str
    item: str | None
    code: str
    en: str
    zh: str


class UnusedTargetValue(TypedDict):
    unit: str
    indicator: str
    name: str | None
    item: str | None
    value: Literal["target", "baseline", "pledge"]


class UrnStep(TypedDict):
    survey_id: str
    wave: int
    ballots: int
    receipt: Receipt | None


class UseEffect(TypedDict):
    edition: int
    phase: Literal["computed", "fed_back"]
    points: str | None
    score: str | None
    formula: str | None


class Verification(TypedDict):
    chain: str
    length: int
    head: str
    holds: bool
    broken_at: int | None
    faults: list[ChainFault]
    rows: list[RowDifference]
    uncovered: int


class VetoCounts(TypedDict):
    limit: int | None
    kinds: int
    hidden_kinds: int
    units: int
    categories: list[str]
    vetoes: list[CountedVeto]


class VetoInTerm(TypedDict):
    year: int
    code: str
    of_unit: NotRequired[str | None]


class VetoInput(TypedDict):
    code: str
    name: str
    responsible_units: NotRequired[list[str]]
    basis: NotRequired[str | None]
    scope: NotRequired[Literal["all", "block", "title"]]
    block: NotRequired[str | None]
    title: NotRequired[str | None]
    report_by: NotRequired[str | None]
    years: NotRequired[int]
    hidden: NotRequired[bool]


class VetoOutput(TypedDict):
    code: str
    name: str
    responsible_units: list[str]
    basis: NotRequired[str | None]
    scope: NotRequired[Literal["all", "block", "title"]]
    block: NotRequired[str | None]
    title: NotRequired[str | None]
    report_by: NotRequired[str | None]
    years: NotRequired[int]
    hidden: NotRequired[bool]


class VetoPolicyInput(TypedDict):
    grade_cap: str
    items: list[VetoInput]
    limit: NotRequired[int | None]
    previous_cycle: NotRequired[str | None]
    term: NotRequired[VetoTermInput | None]


class VetoPolicyOutput(TypedDict):
    grade_cap: str
    items: list[VetoOutput]
    limit: int | None
    previous_cycle: NotRequired[str | None]
    term: NotRequired[VetoTermOutput | None]


class VetoReported(TypedDict):
    veto: Reported
    receipt: Receipt | None


class VetoTermInput(TypedDict):
    began: int
    removal_at: NotRequired[int]


class VetoTermOutput(TypedDict):
    began: int
    removal_at: int


class VetoWithoutEffect(TypedDict):
    unit: str
    veto: str
    block: str


class VetoedTotal(TypedDict):
    blocks: list[str]
    base_total: str
    total: str


class Voiding(TypedDict):
    voiding_no: int
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: str
    decided: DecidedVoiding | None


class WaitingClaim(TypedDict):
    from_cycle_id: str
    from_claim_id: str
    claim_no: str
    unit: str


class WaitingReport(TypedDict):
    report: ItemReport
    unit: str
    reason: Literal[
        "not-begun",
        "deadline-passed",
        "ledger-sealed",
        "no-next-cycle",
        "not-assessed",
        "several-successors",
        "nobody-decides",
        "opened-by-hand",
    ]
    item_id: str | None


class Wave(TypedDict):
    wave: int
    state: WaveState
    stands_for: int | None


class WaveAttestations(TypedDict):
    survey_id: str
    wave: int
    state: WaveState
    stop_no: int | None
    content_digest: str | None
    bodies: list[str]
    missing: list[str]
    objecting: list[str]
    attestations: list[Attestation]
    reopenings: list[Reopening]


class WaveChanged(TypedDict):
    survey_id: str
    wave: int
    state: WaveState
    receipt: Receipt | None


class WaveEstimates(TypedDict):
    survey_id: str
    cycle_id: str
    code: str
    wave: int
    confidence: str
    methods: Methods
    units: list[UnitEstimates]
    comparisons: list[Comparison]


class WaveIndex(TypedDict):
    wave: int
    completed: int
    counted: bool
    index: Estimated | None
    response: ResponseRates


class WaveLinks(TypedDict):
    survey_id: str
    wave: int
    state: WaveState
    units: list[LinksOfUnit]


class WaveProgress(TypedDict):
    survey_id: str
    cycle_id: str
    code: str
    wave: int
    stands_for: int | None
    questionnaire_version: int | None
    state: WaveState
    completed: int
    expected: int | None
    units: list[UnitResponses]


class WaveRepetition(TypedDict):
    survey_id: str
    wave: int
    stands_for: int
    state: WaveState
    receipt: Receipt | None


class WaveScore(TypedDict):
    wave: int
    valid_sample: int
    required: int
    score: str | None
    insufficient: bool


class WaveScreens(TypedDict):
    survey_id: str
    wave: int
    state: WaveState
    earlier_wave: int | None
    tested: list[TestedScreen]
    findings: list[ScreenFinding]


class WaveTables(TypedDict):
    survey_id: str
    cycle_id: str
    code: str
    wave: int
    least_count: int
    least_sample: int
    units: list[UnitTables]


class WaveVoidings(TypedDict):
    survey_id: str
    wave: int
    state: WaveState
    stands_for: int | None
    voidings: list[Voiding]
    repeated_by: list[int]


class WaveWeighting(TypedDict):
    survey_id: str
    wave: int
    plan_version: int | None
    units: list[UnitWeighting]


class Webhook(TypedDict):
    webhook_id: str
    subject: str
    url: str
    types: list[str] | None
    cycle_id: str | None
    created_at: str
    state: Literal["active", "paused", "disabled", "ended"]
    state_since: str
    state_reason: str | None
    position: int
    failing_since: str | None
    secrets: list[WebhookSecret]


class WebhookHost(TypedDict):
    host_id: str
    host: str
    port: int
    state: Literal["effective", "pending", "withdrawn"]
    reason: str
    approved_by: str
    approved_at: str
    confirmed_by: str | None
    confirmed_at: str | None
    withdrawn_by: str | None
    withdrawn_at: str | None
    withdrawal_reason: str | None


class WebhookSecret(TypedDict):
    number: int
    made_at: str
    ends_at: str | None


class WeightDiagnosis(TypedDict):
    indicator: str
    name: str
    points: str
    scored: int
    mean: str | None
    lowest: str | None
    highest: str | None
    full_marks: int
    full_marks_share: str | None
    weight: str | None
    effective_weight: str | None
    variance_share: str | None
    category: str
    pointer: str | None
    no_marks: int
    no_marks_share: str | None
    unscored: int
    unscored_share: str | None
    findings: list[WeightFinding]


class WeightFinding(TypedDict):
    code: str
    figure: Literal[
        "full_marks_share",
        "no_marks_share",
        "unscored_share",
        "highest",
        "effective_weight",
        "variance_share",
        "leniency",
    ]
    value: str
    scorer: str | None
    en: str
    zh: str


class WholeCheckpoint(TypedDict):
    number: int
    kind: Literal["checkpoint", "restoration"]
    made_at: str
    digest: str
    previous: str | None
    missing: list[str]
    restored: list[str]
    back_to: int | None
    reason: str | None
    by: list[str]
    chains: list[ReachedChain]
    signed: str


class WholeMessage(TypedDict):
    message_id: str
    subject: str
    key_id: str
    method: Literal["POST", "PUT", "PATCH", "DELETE"]
    target: str
    received_at: str
    status: int | None
    answered_at: str | None
    receipt: str | None
    headers: dict[str, str]
    body: str | None
    answer_headers: dict[str, str] | None
    answer_body: str | None


class WholeSchemeVersion(TypedDict):
    cycle_id: str
    version: int
    state: Literal["draft", "published"]
    digest: str
    reason: str | None
    saved_by: str
    saved_at: str
    published_at: str | None
    scheme: SchemeOutput


class Window(TypedDict):
    opens: str
    closes: str


class Withdrawal(TypedDict):
    reason: str
    withdrawn_by: str
    withdrawn_at: str


class WithdrawnBatch(TypedDict):
    batch_no: str
    accepted: int | None
    digest: str
    withdrawal: Withdrawal | None
    receipt: Receipt | None


class WithdrawnEntry(TypedDict):
    entry_id: str
    state: Literal[
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
    receipt: Receipt | None


class WithdrawnLinks(TypedDict):
    survey_id: str
    wave: int
    draws: list[int]
    receipt: Receipt | None


class WithoutEffect(TypedDict):
    pointer: str
    code: str
    en: str
    zh: str


class WorkPlanVersion(TypedDict):
    unit: str
    indicator: str
    item: str | None
    version: int
    combine: Literal["sum", "last"]
    months: list[PlannedShare]
    persons: list[PlannedShare]
    measures: list[PlannedMeasure]
    target: str | None
    agrees: bool
    set_by: str
    set_at: str


class WorkPlans(TypedDict):
    cycle_id: str
    plans: list[WorkPlanVersion]


class WorkPlansMoved(TypedDict):
    mode: Literal["all", "partial", "check"]
    stored: int
    unchanged: int
    parked: int
    refused: int
    receipt: Receipt | None
    rows: list[MovedWorkPlan]


class WrittenCards(TypedDict):
    at: str
    as_of: str
    written: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


class WrittenItemEvents(TypedDict):
    at: str
    as_of: str
    written: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


class YearOfLineage(TypedDict):
    cycle_id: str
    assessment_year: int
    indicators: list[IndicatorOfYear]
    units: list[str]
    values: list[EarlierValue]


class YearWarning(TypedDict):
    warning_id: str
    kind: Literal[
        "bulk_at_year_end",
        "last_digits",
        "jump_from_last_period",
        "jump_from_last_year",
        "scorer_apart",
        "evidence_duplicates",
        "behind_plan",
        "repeated_deductions",
    ]
    unit: str | None
    indicator: str | None
    scorer: str | None
    key: str | None
    item: str | None
    period: str | None
    measured: str
    expected: str | None
    threshold: str
    sample: int
    en: str
    zh: str


class YearsCompared(TypedDict):
    cycle_id: str
    release: int
    category: str
    assessment_year: int
    years: list[ComparedYear]
    units: list[ComparedUnit]
