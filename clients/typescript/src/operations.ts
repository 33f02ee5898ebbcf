// Written by `make contracts` (tests/contracts/clients.py) from the API document.

import { Calls, type Options, type Rows } from "./calls.js";

export type CyclePhase = "draft" | "open";
export type ItemState = "open" | "replied" | "accepted" | "returned";
export type ItemStep = "replied" | "accepted" | "returned";
export type OpinionState = "quarantined" | "proposed" | "accepted" | "rejected" | "merged" | "void";
export type OpinionVerdict = "accept" | "reject" | "merge";
export type Outcome = "completed" | "partial" | "refused" | "no_contact" | "other" | "unknown_household" | "unknown_eligibility" | "ineligible";
export type ReleaseDecision = "confirm" | "refuse";
export type ReplyVerdict = "accept" | "return";
export type ScreenVerdict = "keep" | "void_interviewer";
export type StageReaders = "own_unit" | "category" | "everybody";
export type SurveyStanding = "unfinished" | "settled" | "below_minimum" | "not_rated";
export type Treatment = "counted" | "other_waves" | "pooled" | "category_mean" | "not_rated";
export type Verdict = "attested" | "objected";
export type VoidReason = "more_returned_than_issued" | "quorum_not_reached";
export type VoidingDecision = "confirm" | "refuse";
export type WaveState = "planned" | "open" | "stopped" | "closed" | "voided";
export interface AcceptedAsSeen {
  reason: string;
}
export interface AcceptedOutdated {
  count: number;
  reason: string;
}
export interface AcceptedUnscored {
  count: number;
  reason: string;
}
export interface Account {
  subject: string;
  jurisdiction: string | null;
  person: string;
  state: "effective" | "pending" | "disabled" | "expired";
  kind: "person" | "client";
  name: string;
  unit: string | null;
  roles: Array<string>;
  version: number;
  pending_version: number | null;
  expires_on: string | null;
  scope: string | null;
  created_by: string | null;
  created_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
}
export interface AccountChange {
  version: number;
  name: string;
  unit: string | null;
  roles: Array<string>;
  enabled: boolean;
  expires_on: string | null;
  scope: string | null;
  reason: string;
  awaits_confirmation: boolean;
  changed_by: string;
  changed_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
}
export interface AccountChanges {
  subject: string;
  changes: Array<AccountChange>;
  ended: Array<EndedProposal>;
}
export interface AccountName {
  subject: string;
  name: string | null;
}
export interface AccountReset {
  number: number;
  what: Array<"password" | "second-factor">;
  state: "pending" | "effective" | "overtaken" | "lapsed";
  reason: string;
  proposed_by: string;
  proposed_at: string;
  confirmed_by: string | null;
  effected_at: string | null;
}
export interface AccountResets {
  subject: string;
  resets: Array<AccountReset>;
}
export interface AccountSecret {
  number: number;
  state: "effective" | "one-time" | "pending" | "expired" | "revoked" | "replaced";
  made_by: string | null;
  made_at: string;
  expires_on: string | null;
  confirmed_by: string | null;
  confirmed_at: string | null;
  revoked_by: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}
export interface AccountSecrets {
  subject: string;
  last_used_at: string | null;
  secrets: Array<AccountSecret>;
}
export interface AddedEvidence {
  evidence_id: string;
  kind: string;
  size: number;
  digest: string;
  receipt: Receipt | null;
}
export interface AdjustmentPlace {
  into: string;
}
export interface AdjustmentsInput {
  window: Window;
  carry_over: "once" | "none";
  bonus: BonusPolicyInput;
  deductions: DeductionPolicyInput;
}
export interface AdjustmentsOutput {
  window: Window;
  carry_over: "once" | "none";
  bonus: BonusPolicyOutput;
  deductions: DeductionPolicyOutput;
}
export interface AdoptedEntry {
  entry_id: string;
  from_cycle_id: string;
  from_entry_id: string;
  digest: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  evidence: number;
  likely_duplicates: Array<LikelyDuplicate>;
  receipt: Receipt | null;
}
export interface Adoption {
  adopted_by: string;
  level: string;
  document_no: string;
}
export interface AgreedPlan {
  indicator: string;
  item: string | null;
  version: number;
  combine: "sum" | "last";
  months: Array<PlannedShare>;
  persons: Array<PlannedShare>;
  measures: Array<PlannedMeasure>;
}
export interface AgreedTarget {
  indicator: string;
  name: string;
  points: string;
  measure: string | null;
  item: string | null;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
  version: number;
}
export interface AnnouncedDay {
  day: string;
  kind: "working" | "resting";
  name_zh: string;
  name_en: string;
}
export interface AnswerOutcome {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
}
export interface AppliedNode {
  apply: "+" | "-" | "*" | "/" | "**" | "negative" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "min" | "max" | "abs" | "round" | "ln" | "sqrt" | "if";
  to: Array<NumberNode | NameNode | AppliedNode>;
}
export interface Approval {
  step: string;
  subject: string;
  taken_at: string;
  word?: "approved" | "sent_back" | "entered" | null;
  sent_back_to?: string | null;
  reason?: string | null;
  behind?: string | null;
  basis?: Record<string, unknown> | null;
}
export interface ApprovalMemberInput {
  code: string;
  name?: string | null;
  unit?: string | null;
}
export interface ApprovalMemberOutput {
  code: string;
  name: string | null;
  unit: string | null;
}
export interface ApprovalPolicyInput {
  steps: Array<ApprovalStepInput>;
}
export interface ApprovalPolicyOutput {
  steps: Array<ApprovalStepOutput>;
}
export interface ApprovalStepInput {
  code: string;
  role: "performance_office" | "committee" | "standing_committee" | "vice_mayor";
  name?: string | null;
  kind?: "single" | "meeting";
  members?: Array<ApprovalMemberInput>;
  quorum?: "over_half" | "two_thirds" | "all";
  at_least?: number | null;
  majority?: "over_half" | "two_thirds" | "all";
  send_back_to?: Array<string>;
  needs?: "none" | "document" | "minutes" | "hand_in";
  delegates?: boolean;
  instead?: "committee" | "standing_committee" | "second_body" | null;
}
export interface ApprovalStepOutput {
  code: string;
  role: "performance_office" | "committee" | "standing_committee" | "vice_mayor";
  name: string | null;
  kind: "single" | "meeting";
  members: Array<ApprovalMemberOutput>;
  quorum: "over_half" | "two_thirds" | "all";
  at_least: number | null;
  majority: "over_half" | "two_thirds" | "all";
  send_back_to: Array<string>;
  needs: "none" | "document" | "minutes" | "hand_in";
  delegates: boolean;
  instead: "committee" | "standing_committee" | "second_body" | null;
}
export interface ArchivedMessage {
  message_id: string;
  subject: string;
  key_id: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  target: string;
  received_at: string;
  status: number | null;
  answered_at: string | null;
  receipt: string | null;
}
export interface Arrivals {
  arrived: Array<ArrivedClaim>;
  waiting: Array<WaitingClaim>;
  receipt: Receipt | null;
}
export interface ArrivedClaim {
  claim_id: string;
  claim_no: string;
  unit: string;
  from_cycle_id: string;
  from_claim_id: string;
}
export interface AskedIf {
  question: string;
  options: Array<string>;
}
export interface AskedQuestion {
  code: string;
  name: string;
  weight: string;
  options: Array<Option>;
  satisfied: Array<string>;
  asked_if: QuestionSkip | null;
  screens: Array<string>;
}
export interface AssignedItems {
  items: Array<RectificationItem>;
  receipt: Receipt | null;
}
export interface Attestation {
  body: string;
  stop_no: number;
  content_digest: string;
  verdict: Verdict;
  reason: string;
  given_by: string;
  given_at: string;
  holds: boolean;
}
export interface AwardHolder {
  unit: string;
  holder_name: string;
  holder_kind?: "unit" | "subordinate" | "person";
}
export interface AwardsByAuthority {
  cycle_id: string;
  items: Array<AwardsOfUnit>;
}
export interface AwardsByUnit {
  cycle_id: string;
  items: Array<AwardsOfLevel>;
}
export interface AwardsGiven {
  authority: string;
  waiting: number;
  counting: number;
}
export interface AwardsOfLevel {
  unit: string;
  level: string;
  confirmed: number;
  waiting: number;
  titles: number;
  outside: number;
  claimed_besides: number;
}
export interface AwardsOfUnit {
  unit: string;
  rule: string;
  limit: number | null;
  waiting: number;
  counting: number;
  over_limit: number;
  given: Array<AwardsGiven>;
  not_named: number;
}
export interface BallotPaper {
  survey_id: string;
  wave: number;
  name: string;
  seat: string;
  cast: boolean;
  units: Array<string>;
  questions: Array<AskedQuestion>;
}
export interface BannedAward {
  unit: string;
  kind: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota" | "negative_case";
  until: string | null;
}
export interface BaselineOrigin {
  cycle_id: string;
  entries: Array<string>;
}
export interface BaselineTarget {
  unit: string;
  indicator: string;
  item: string | null;
  target: string | null;
  baseline: string;
  pledge: string | null;
  baseline_from: ScoringBaselineSource;
}
export interface BaselineTerm {
  unit: string;
  indicator: string;
  share: string;
  value: string;
  entry: string;
}
export interface Baselines {
  cycle_id: string;
  previous: string;
  assessment_year: number;
  targets: Array<BaselineTarget>;
  computed: Array<ComputedBaseline>;
  open: Array<UnsetBaseline>;
}
export interface Batch {
  batch_no: string;
  accepted: number | null;
  digest: string;
  withdrawal: Withdrawal | null;
}
export interface BegunCycle {
  cycle_id: string;
  name: string;
  jurisdiction: string;
  assessment_year: number;
  phase: CyclePhase;
  scheme_version: number | null;
  created_at: string;
  receipt: Receipt | null;
}
export interface BlockInput {
  code: string;
  name: string;
  points: string;
  indicators: Array<IndicatorInput>;
}
export interface BlockOutput {
  code: string;
  name: string;
  points: string;
  indicators: Array<IndicatorOutput>;
}
export interface BodyIssueToken {
  grant_type?: string;
  username?: string;
  password?: string;
  client_id?: string;
  client_secret?: string;
  refresh_token?: string;
  otp?: string;
  scope?: string;
}
export interface BodyRevokeToken {
  token?: string;
  token_type_hint?: string;
}
export interface BonusAmount {
  unit: string;
  base: string;
  months: number;
  coefficient: string;
  amount: string;
}
export interface BonusDistribution {
  amounts: Array<BonusAmount>;
  unscaled: string;
  total: string;
  scaled: boolean;
  spread: string | null;
  flat_below: string;
  flat: boolean;
}
export interface BonusPolicyInput {
  rules: Array<BonusRuleInput>;
  same_event: "highest" | "sum";
  cap_total?: string | null;
  requires?: Array<"holder_match" | "indicator_link" | "document" | "evidence" | "not_scored">;
  families?: Array<FamilyInput>;
  order?: "highest_then_caps" | "caps_then_highest";
  holders?: Record<string, string>;
  joint?: "split" | "full" | "lead_only";
  across_years?: "each_year" | "once" | "excess";
}
export interface BonusPolicyOutput {
  rules: Array<BonusRuleOutput>;
  same_event: "highest" | "sum";
  cap_total: string | null;
  requires: Array<"holder_match" | "indicator_link" | "document" | "evidence" | "not_scored">;
  families?: Array<FamilyOutput>;
  order?: "highest_then_caps" | "caps_then_highest";
  holders?: Record<string, string>;
  joint?: "split" | "full" | "lead_only";
  across_years?: "each_year" | "once" | "excess";
}
export interface BonusRuleInput {
  code: string;
  level: string;
  points: string;
  authorities: Array<string>;
  by_place?: Record<string, string>;
  cap?: string | null;
  family?: string | null;
  limit?: number | null;
  special?: SpecialInput | null;
}
export interface BonusRuleOutput {
  code: string;
  level: string;
  points: string;
  authorities: Array<string>;
  by_place?: Record<string, string>;
  cap?: string | null;
  family?: string | null;
  limit?: number | null;
  special?: SpecialOutput | null;
}
export interface BrowserSession {
  session_id: string;
  subject: string;
  opened_at: string;
  idle_until: string;
  expires_at: string;
}
export interface BurdenReport {
  cycle_id: string;
  version: number;
  units: Array<UnitBurden>;
  indicators: Array<IndicatorBurden>;
}
export interface CalendarDay {
  day: string;
  kind: "working" | "resting";
  name_zh: string;
  name_en: string;
  revision: number;
}
export interface CalendarYear {
  year: number;
  announced: boolean;
  revision: number;
  document_no: string | null;
  recorded_at: string | null;
  days: Array<CalendarDay>;
}
export interface Called {
  zh: string;
  en: string | null;
}
export interface CardPolicy {
  indicator: string;
  yellow: string;
  red: string;
}
export interface CarriedFrom {
  cycle_id: string;
  claim_id: string;
}
export interface CascadedTarget {
  unit: string;
  indicator: string;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
  version: number;
  state: "proposed" | "returned" | "approved" | "issue_pending" | "issued" | "revision_requested" | "revision_supported" | "revision_pending" | "revised" | "withdrawal_pending" | "withdrawn" | "refused" | "request_withdrawn";
}
export interface CastBallot {
  seat: string;
  receipt: Receipt | null;
}
export interface CategoryDiagnostics {
  category: string;
  units: number;
  complete: number;
  variance: string | null;
  indicators: Array<IndicatorDiagnostics>;
  adjustment_share: string | null;
  scorers: Array<ScorerDiagnostics>;
}
export interface CategoryDifference {
  category: string;
  total_before: string | null;
  total_after: string | null;
  units_added: Array<string>;
  units_removed: Array<string>;
  units_reclassed: Array<Reclassed>;
  policies: Array<string>;
  changes: Array<Change>;
}
export interface CategoryForms {
  category: string;
  name: string;
  name_en: string | null;
  organiser: string;
  indicators: Array<IndicatorForm>;
}
export interface CategoryInput {
  code: string;
  name: string;
  organiser: string;
  total: string;
  units: Array<string>;
  blocks: Array<BlockInput>;
  name_en?: string | null;
  composition?: CompositionInput | null;
  adjustments?: AdjustmentsInput | null;
  grades?: GradePolicyInput | null;
  ranking?: RankingPolicyInput | null;
  subcategories?: Array<SubcategoryInput>;
}
export interface CategoryOutput {
  code: string;
  name: string;
  organiser: string;
  total: string;
  units: Array<string>;
  blocks: Array<BlockOutput>;
  name_en: string | null;
  composition: CompositionOutput | null;
  adjustments: AdjustmentsOutput | null;
  grades: GradePolicyOutput | null;
  ranking: RankingPolicyOutput | null;
  subcategories: Array<SubcategoryOutput>;
}
export interface CauseOfLoss {
  unit: string;
  points: string;
}
export interface CellWeights {
  stratum: string | null;
  group: string | null;
  completed: number;
  weight: string;
}
export interface ChainFault {
  code: "entry" | "entries-missing" | "head-missing" | "head-behind" | "head";
  en: string;
  zh: string;
}
export interface ChainHead {
  chain: string;
  seq: number;
  hash: string;
}
export interface ChainOfEdition {
  edition: number;
  category: string;
  state: "ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published";
  position: ChainPosition;
  chain: Array<ShownStep>;
  said: Array<Approval>;
}
export interface ChainPosition {
  round: number;
  held: Array<string>;
  next: string | null;
}
export interface Chance {
  indicator: string;
  name: string;
  points: string;
  score: string | null;
  open_periods: Array<string>;
  to_win: string;
  to_lose: string;
  missing: Array<ExplainedReason>;
}
export interface Change {
  indicator: string;
  name: string;
  kind: "added" | "removed" | "moved" | "changed";
  field: string | null;
  before: string | null;
  after: string | null;
  points_change: string;
}
export interface ChangedAccount {
  account: Account;
  change: AccountChange;
  unit_registered: boolean | null;
  receipt: Receipt | null;
}
export interface ChangedCode {
  succeeded_by: string;
  effective_on: string;
  document_no: string;
  state: "proposed" | "confirmed";
}
export interface ChangedEmergencyGrant {
  grant: EmergencyGrant;
  receipt: Receipt | null;
}
export interface ChangedJurisdictionClosing {
  closing: JurisdictionClosing;
  receipt: Receipt | null;
}
export interface ChangedMessageKey {
  key: MessageKey;
  receipt: Receipt | null;
}
export interface ChangedPassword {
  subject: string;
  receipt: Receipt | null;
}
export interface ChangedSecret {
  subject: string;
  kept: AccountSecret;
  receipt: Receipt | null;
}
export interface ChangedWebhook {
  webhook: Webhook;
  receipt: Receipt | null;
}
export interface ChangedWebhookHost {
  host: WebhookHost;
  receipt: Receipt | null;
}
export interface ChargedShare {
  indicator: string;
  unit: string;
  role: "lead" | "support" | null;
  points: string;
  lost: string;
  caused: string;
  open: string;
}
export interface CheckFinding {
  finding_id: string;
  check: string;
  unit: string;
  entry_id: string;
  verdict: "right" | "differs";
  value: string | null;
  word: string | null;
  text: string;
  evidence_ids: Array<string>;
  found_by: string;
  found_at: string;
  answer_by: string;
  state: "reported" | "signed" | "objected" | "upheld" | "dismissed";
  restated_by: string | null;
  overstated_as: string | null;
  kept_alone: "not-assessed" | "not-taken" | "period-closed" | "zero-report-contradicted" | "not-applicable" | null;
  steps: Array<FindingStep>;
  fraud: Fraud | null;
  second: SecondMark | null;
}
export interface CheckInput {
  code: string;
  name: string;
  kind: "recheck" | "spot_check";
  of: Array<CheckedUnitsInput>;
  entries?: number | null;
  readers?: "office" | "units";
  overstatement?: OverstatementInput | null;
  fraud?: FraudRuleInput | null;
  second_marking?: SecondMarkingInput | null;
}
export interface CheckList {
  name: string;
  category: string;
  unit: string | null;
  draws: number;
  digest: string;
}
export interface CheckOutput {
  code: string;
  name: string;
  kind: "recheck" | "spot_check";
  of: Array<CheckedUnitsOutput>;
  entries: number | null;
  readers: "office" | "units";
  overstatement?: OverstatementOutput | null;
  fraud?: FraudRuleOutput | null;
  second_marking?: SecondMarkingOutput | null;
}
export interface CheckTeam {
  unit: string;
  chosen_by: "seed" | "office";
  members: Array<TeamMember>;
  reason: string | null;
  named_by: string | null;
  named_at: string | null;
}
export interface CheckTeams {
  check: string;
  pool: string | null;
  members: number | null;
  teams: Array<CheckTeam>;
}
export interface CheckedEntry {
  entry_id: string;
  indicator: string;
  indicator_name: string;
  clause: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  document_no: string | null;
  document_date: string | null;
  authority: string | null;
  author_unit: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  evidence: Array<NamedFile>;
  look_for: Array<"self_reported" | "no_evidence" | "shared_evidence" | "entered_late" | "restated" | "not_counted">;
}
export interface CheckedScheme {
  without_effect: Array<WithoutEffect>;
  without_effect_count: number;
  cycle_id: string;
  digest: string;
  scheme: SchemeOutput;
  compiled_digest: string;
  compiled: CompiledScheme;
}
export interface CheckedUnitsInput {
  category: string;
  share?: string | null;
  number?: number | null;
}
export interface CheckedUnitsOutput {
  category: string;
  share: string | null;
  number: number | null;
}
export interface CheckpointSummary {
  number: number;
  kind: "checkpoint" | "restoration";
  made_at: string;
  digest: string;
  previous: string | null;
  missing: Array<string>;
  restored: Array<string>;
  back_to: number | null;
  reason: string | null;
  by: Array<string>;
}
export interface Claim {
  claim_id: string;
  claim_no: string;
  unit: string;
  unit_in_scheme?: string | null;
  kind: "bonus" | "deduction";
  level: string | null;
  authority: string | null;
  holder_name: string | null;
  document_no: string | null;
  document_date: string | null;
  work_year: number | null;
  event_key: string;
  linked_indicator: string | null;
  rule: string | null;
  place: string | null;
  holder_kind: "unit" | "subordinate" | "person";
  revokes: string | null;
  author: string;
  handed_in_at: string;
  state: "handed_in" | "confirmed" | "rejected" | "withdrawn";
  confirmation: ScoringConfirmation | null;
  held: boolean;
  held_reason: ClaimReason | null;
  same_document: Array<ClaimBeside>;
  similar: Array<ClaimBeside>;
  not_shown: number;
  evidence: Array<NamedFile>;
  carried_from: CarriedFrom | null;
  filed_together: Array<FiledTogether>;
  proposal: ClaimProposal;
  changed_at?: string;
}
export interface ClaimBeside {
  cycle_id: string;
  claim_id: string;
  claim_no: string;
  unit: string;
  unit_in_scheme?: string | null;
  state: "handed_in" | "confirmed" | "rejected" | "withdrawn";
  share: string | null;
  item: string | null;
  likeness: "same_document" | "same_number" | "same_authority_and_date";
}
export interface ClaimOnAward {
  claim_id: string;
  claim_no: string;
  unit: string;
}
export interface ClaimProposal {
  decision: "accepted" | "accepted_carried_over" | "accepted_capped" | "accepted_in_part" | "accepted_against_proposal" | "accepted_by_correction" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "withdrawn" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award";
  points: string;
  reason: ClaimReason;
  against: Array<ClaimReason>;
}
export interface ClaimReason {
  code: string;
  params: Record<string, string>;
  en: string;
  zh: string;
}
export interface CloseUnits {
  first: string;
  second: string;
  difference: string;
  error: "estimated" | "at_most" | null;
  se: string | null;
  adjusted_p: string;
}
export interface ClosedPeriod {
  period: string;
  closed_at: string;
  undecided: Record<string, number>;
  missing: number;
  owed: Array<MissingEntries>;
  owed_more: number;
  receipt: Receipt | null;
}
export interface CloudEvent {
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: "application/json";
  data: Record<string, unknown>;
}
export interface CodeChanged {
  succeeded_by: string;
  effective_on: string;
  document_no: string;
  state: "proposed" | "confirmed";
  receipt: Receipt | null;
}
export interface ColumnMeaning {
  column: string;
  words: Record<string, string> | null;
}
export interface CommentOutcome {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  comment_id: string | null;
}
export interface CommentsAnswered {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<AnswerOutcome>;
}
export interface CommentsSaid {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<CommentOutcome>;
}
export interface ComparedBlock {
  block: string;
  share: string | null;
  earlier_share: string | null;
  change: string | null;
}
export interface ComparedUnit {
  unit: string;
  name: string;
  rank: number | null;
  grade: string | null;
  earlier: Array<PlaceOfYear>;
}
export interface ComparedYear {
  cycle_id: string;
  assessment_year: number;
  release: number | null;
}
export interface Comparison {
  category: string;
  pairs: number;
  not_distinguishable: Array<CloseUnits>;
}
export interface CompiledCategory {
  category: string;
  order: Array<string>;
  indicators: Array<CompiledIndicator>;
}
export interface CompiledIndicator {
  indicator: string;
  line: Array<string>;
  receiver: string | null;
  takes: EntryForm | null;
  takes_of_unit: Record<string, EntryForm | null>;
  reads: Reads;
  missing_below: "refuse" | "zero" | "skip" | "category_mean" | "subcategory_mean" | "carry_over";
}
export interface CompiledScheme {
  format: number;
  formulas: Record<string, NumberNode | NameNode | AppliedNode>;
  categories: Array<CompiledCategory>;
}
export interface Complaint {
  complaint_id: string;
  reference: string;
  source_ref: string | null;
  channel: "public" | "office";
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  text: string;
  about_office: boolean;
  about: Array<string>;
  units: Array<ComplaintUnit>;
  raised_at: string;
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  step: number;
  due: string | null;
  light: "none" | "yellow" | "red";
  changed_at: string;
}
export interface ComplaintEvent {
  what: "overdue" | "redone" | "returned" | "upheld";
  step: number;
  unit: string;
  due: string | null;
  shown_on: string;
  entry_id: string | null;
  kept_alone: "not-assessed" | "not-taken" | "period-closed" | "zero-report-contradicted" | "not-applicable" | "costs-nothing" | "ledger-sealed" | null;
}
export interface ComplaintEventsInput {
  indicator: string;
  overdue?: string | null;
  redone?: string | null;
  returned?: string | null;
  upheld?: string | null;
}
export interface ComplaintEventsOutput {
  indicator: string;
  overdue: string | null;
  redone: string | null;
  returned: string | null;
  upheld?: string | null;
}
export interface ComplaintHistory {
  complaint_id: string;
  reference: string;
  source_ref: string | null;
  channel: "public" | "office";
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  text: string;
  about_office: boolean;
  about: Array<string>;
  units: Array<ComplaintUnit>;
  raised_at: string;
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  step: number;
  due: string | null;
  light: "none" | "yellow" | "red";
  changed_at: string;
  moves: Array<MadeComplaintMove>;
  events: Array<ComplaintEvent>;
}
export interface ComplaintLimitsInput {
  accept: number;
  finish: number;
  extension: number;
  days?: "working" | "calendar";
}
export interface ComplaintLimitsOutput {
  accept: number;
  finish: number;
  extension: number;
  days: "working" | "calendar";
}
export interface ComplaintPolicyInput {
  body: string;
  efficiency_complaint?: ComplaintLimitsInput;
  petition?: ComplaintLimitsInput;
  online_message?: ComplaintLimitsInput;
  hotline?: ComplaintLimitsInput;
  events?: ComplaintEventsInput | null;
  least?: number;
  rates?: ComplaintRatesInput | null;
}
export interface ComplaintPolicyOutput {
  body: string;
  efficiency_complaint: ComplaintLimitsOutput;
  petition: ComplaintLimitsOutput;
  online_message: ComplaintLimitsOutput;
  hotline: ComplaintLimitsOutput;
  events?: ComplaintEventsOutput | null;
  least?: number;
  rates?: ComplaintRatesOutput | null;
}
export interface ComplaintRatesInput {
  satisfaction?: string | null;
  timely?: string | null;
  returned?: string | null;
  redone?: string | null;
}
export interface ComplaintRatesOutput {
  satisfaction: string | null;
  timely: string | null;
  returned: string | null;
  redone: string | null;
}
export interface ComplaintRatings {
  month: string;
  least: number;
  units: Array<UnitRating>;
  red: Array<Array<string>>;
  black: Array<Array<string>>;
  raised: RaisedInMonth | null;
}
export interface ComplaintUnit {
  unit: string;
  role: "lead" | "support";
}
export interface ComplaintUnitNamed {
  unit: string;
  role: "lead" | "support";
}
export interface Completeness {
  cycle_id: string;
  category: string;
  organiser: string | null;
  entries: Record<string, number>;
  waiting: Array<LeftEntry>;
  waiting_more: number;
  missing: Array<MissingOfUnit>;
  missing_more: number;
  parked: number | null;
  hand_in: HandIn | null;
}
export interface CompositionInput {
  parts: Array<string>;
  bonus: boolean;
  deductions: boolean;
  max_total?: string | null;
  shown?: Array<string>;
  by_part?: Array<PartOfTotalInput>;
  adjustment?: AdjustmentPlace | null;
  rounding?: "at_end" | "each_part";
  lacking?: "refused" | "nothing" | "scaled_up";
}
export interface CompositionOutput {
  parts: Array<string>;
  bonus: boolean;
  deductions: boolean;
  max_total: string | null;
  shown: Array<string>;
  by_part?: Array<PartOfTotalOutput>;
  adjustment?: AdjustmentPlace | null;
  rounding?: "at_end" | "each_part";
  lacking?: "refused" | "nothing" | "scaled_up";
}
export interface ComputedBaseline {
  unit: string;
  indicator: string;
  item: string | null;
  baseline: string;
  in_force: string | null;
  agrees: boolean;
  terms: Array<BaselineTerm>;
}
export interface ComputedScoreSheet {
  edition: number;
  categories: Array<string>;
  inputs: SheetInputs;
  ledger_phase: "open" | "sealed";
  phase: "computed" | "fed_back";
  digest: string;
  missing: number;
  receipt: Receipt | null;
}
export interface Condition {
  role: string;
  relation: GatewayNamed | null;
  phases: Array<GatewayNamed>;
}
export interface Confirmed {
  account: Account;
  secret: string | null;
  receipt: Receipt | null;
}
export interface ConfirmedChange {
  account: Account;
  change: AccountChange;
  receipt: Receipt | null;
  secret: string | null;
}
export interface ConfirmedReviews {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<RowOutcome>;
}
export interface ConflictingTarget {
  indicator: string;
  name: string;
  data_source_unit: string;
  measure: string | null;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
  version: number;
  state: "proposed" | "returned" | "approved" | "issue_pending" | "issued" | "revision_requested" | "revision_supported" | "revision_pending" | "revised" | "withdrawal_pending" | "withdrawn" | "refused" | "request_withdrawn";
  in_force: boolean;
}
export interface Consequence {
  number: number;
  unit: string;
  kind: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota" | "negative_case";
  cause: "release" | "veto" | "indicator" | "objection" | "item" | "other";
  cause_ref: string | null;
  document_no: string | null;
  reason: string | null;
  from_on: string;
  until_on: string | null;
  name: string | null;
  amount: string | null;
  proposed_at: string;
  state: "proposed" | "heard" | "refused" | "decided" | "carried_out" | "revoking" | "revoked";
  steps: Array<ConsequenceStep>;
  recovery?: ConsequenceRecovery | null;
}
export interface ConsequenceMade {
  consequence: Consequence;
  receipt: Receipt | null;
}
export interface ConsequencePolicyInput {
  by_grade?: Array<GradeConsequenceInput>;
  flat_below?: string;
}
export interface ConsequencePolicyOutput {
  by_grade: Array<GradeConsequenceOutput>;
  flat_below: string;
}
export interface ConsequenceRecovery {
  paid: string;
  recovered: string;
  open: string;
}
export interface ConsequenceStep {
  state: "proposed" | "heard" | "refused" | "decided" | "carried_out" | "revoking" | "revoked";
  reason: string | null;
  document_no: string | null;
  item_id: string | null;
  item_cycle_id?: string | null;
  item_state?: string | null;
  money?: string | null;
  taken_at: string;
}
export interface ConsequencesProposed {
  proposed: Array<Consequence>;
  unchanged: number;
  banned: Array<BannedAward>;
  revoking: Array<number>;
  outdated: Array<number>;
  receipt: Receipt | null;
}
export interface Consultation {
  cycle_id: string;
  version: number;
  about: string;
  closes_on: string;
  open: boolean;
  comments: number;
  unanswered: number;
  opened_by: string;
  opened_at: string;
}
export interface ControlTotals {
  count: number;
  sums?: Record<string, unknown> | null;
  digest?: string | null;
}
export interface CorrectedDay {
  day: string;
  kind: "working" | "resting" | "plain";
  name_zh?: string | null;
  name_en?: string | null;
}
export interface CorrectedEntry {
  entry_id: string;
  replaces: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  likely_duplicates: Array<LikelyDuplicate>;
  receipt: Receipt | null;
}
export interface CorrectedUnit {
  unit: string;
  before: PublishedStanding | null;
  after: PublishedStanding | null;
}
export interface Correction {
  entry: NewLedgerEntry;
  state?: "draft" | "submitted";
}
export interface CorrectionDecision {
  decision: "approved" | "refused" | "withdrawn";
  text: string | null;
  kept_alone: "not-assessed" | "not-taken" | "no-scorer" | null;
  decided_by: string;
  decided_at: string;
}
export interface CorrectionNote {
  zh: string;
  en: string | null;
}
export interface CorrectionPolicyInput {
  may_fall?: boolean;
  overturned?: Overturned | null;
}
export interface CorrectionPolicyOutput {
  may_fall: boolean;
  overturned?: Overturned | null;
}
export interface CountStanding {
  count_no: string;
  group: string | null;
  entitled: number;
  issued: number;
  returned: number;
  spoiled: number;
  state: "counted" | "confirmed" | "withdrawn";
  void: Array<VoidReason>;
  counted_by: string;
  counted_at: string;
  confirmed_by: string | null;
  withdrawn_because: string | null;
}
export interface CountedEarlier {
  counted: boolean;
  reason: string;
}
export interface CountedVeto {
  code: string;
  basis: string | null;
  scope: "all" | "block" | "title";
  block?: string | null;
  hidden: boolean;
  units: number;
}
export interface CreatedAccount {
  subject: string;
  state: "effective" | "pending";
  secret: string | null;
  unit_registered: boolean | null;
}
export interface CreatedAccounts {
  accounts: Array<CreatedAccount>;
  receipt: Receipt | null;
}
export interface CreatedSurvey {
  survey_id: string;
  cycle_id: string;
  code: string;
  name: string;
  mode: "phone_survey" | "questionnaire" | "online_form" | "meeting_count" | "leader_evaluation" | "peer_review";
  collector: string;
  scheme_version: number;
  scheme_digest: string;
  questions: Array<AskedQuestion>;
  measure: "mean" | "satisfaction_rate";
  groups: Array<RespondentGroup>;
  group_weights: Array<GroupWeights>;
  empty_group: "rescale" | "zero" | "void";
  combine: "mean" | "weighted" | "pooled";
  wave_weights: Array<string>;
  min_valid: number | null;
  below_min: "decision" | "other_waves" | "pooled" | "category_mean" | "not_rated";
  attested_by: Array<string>;
  quorum: string | null;
  abstain: "unscored" | "void";
  units: Array<string>;
  waves: Array<Wave>;
  receipt: Receipt | null;
}
export interface Criterion {
  category: string;
  indicator: string;
  name: string;
  clause: string | null;
  points: string;
  method: string;
  frequency: string;
  units: number;
}
export interface CrossCategoryDocument {
  cycle_id: string;
  code: string;
  name: string;
  use: string;
  ranking_of_record: false;
  note: ListNote;
  scale: ListScale;
  groups?: Array<ListedGroup> | null;
  ties: "same_rank_skip" | "dense" | "ordinal";
  tie_break: Array<string>;
  rankings: Array<ListedRanking>;
  units: Array<ListedUnit>;
  digest: string;
}
export interface CrossCategoryListInput {
  code: string;
  name: string;
  use: string;
  categories: Array<string>;
  ties: "same_rank_skip" | "dense" | "ordinal";
  tie_break?: Array<string>;
}
export interface CrossCategoryListOutput {
  code: string;
  name: string;
  use: string;
  categories: Array<string>;
  ties: "same_rank_skip" | "dense" | "ordinal";
  tie_break: Array<string>;
}
export interface Cycle {
  cycle_id: string;
  name: string;
  jurisdiction: string;
  assessment_year: number;
  phase: CyclePhase;
  scheme_version: number | null;
  created_at: string;
}
export interface CycleEstimates {
  cycle_id: string;
  digest: string;
  confidence: string;
  surveys: Array<SurveyOverWaves>;
}
export interface CycleNames {
  cycle_id: string;
  as_of: string;
  version: number | null;
  units: Array<NamedUnit>;
  categories: Array<NamedCategory>;
  surveys: Array<NamedCode>;
  vetoes: Array<NamedCode>;
}
export interface CyclePeriods {
  periods: Array<Period>;
}
export interface CycleSatisfaction {
  cycle_id: string;
  digest: string;
  surveys: Array<SurveySatisfaction>;
}
export interface CycleSurveys {
  cycle_id: string;
  surveys: Array<Survey>;
}
export interface CycleTargets {
  cycle_id: string;
  digest: string;
  targets: Array<TargetVersion>;
}
export interface Deadline {
  step: string;
  name: string;
  what: "date" | "opens" | "closes" | "due";
  on: string;
  days: number;
}
export interface DecidedClaim {
  claim_id: string;
  claim_no: string;
  unit: string;
  unit_in_scheme?: string | null;
  kind: "bonus" | "deduction";
  decision: "accepted" | "accepted_carried_over" | "accepted_capped" | "accepted_in_part" | "accepted_against_proposal" | "accepted_by_correction" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "withdrawn" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award";
  points: string;
  reason: ClaimReason;
}
export interface DecidedFinding {
  screen: string;
  about: "unit" | "interviewer";
  subject: string;
  observed: string;
  of: number;
  sentence: string;
  sentence_zh: string;
}
export interface DecidedVoiding {
  decision: VoidingDecision;
  reason: string | null;
  decided_by: string;
  decided_at: string;
}
export interface DecomposedBlock {
  block: string;
  points: string;
  units: number;
}
export interface DecomposedCycle {
  cycle_id: string;
  scheme_version: number;
  in_force: number | null;
  drift: Array<SuperiorDrift> | null;
}
export interface DecomposedIndicator {
  code: string;
  name: string;
  block: string;
  points: string;
  unowned: string | null;
}
export interface DecompositionChange {
  indicator: string | null;
  unit: string | null;
  field: "superior" | "points" | "name" | "block" | "unowned" | "role" | "contact";
  before: string | null;
  after: string | null;
}
export interface DecompositionHandedUp {
  version: number;
  superior_cycle: string;
  unit: string;
  receipt: Receipt | null;
}
export interface DecompositionSet {
  version: number;
  receipt: Receipt | null;
}
export interface DecompositionSummary {
  version: number;
  superior: string;
  document_no: string;
  document_date: string;
  points: string;
  set_by: string;
  set_at: string;
}
export interface DecompositionVersion {
  cycle_id: string;
  version: number;
  superior: string;
  document_no: string;
  document_date: string;
  superior_cycle: DecomposedCycle | null;
  handed_up: HandingUp | null;
  points: string;
  indicators: Array<DecomposedIndicator>;
  shares: Array<UnitShare>;
  units: Array<ExposedUnit>;
  blocks: Array<DecomposedBlock>;
  changes: Array<DecompositionChange>;
  set_by: string;
  set_at: string;
}
export interface DeductionPolicyInput {
  rules: Array<DeductionRuleInput>;
  same_event: "highest" | "sum";
  cap_total?: string | null;
  families?: Array<FamilyInput>;
  order?: "highest_then_caps" | "caps_then_highest";
  across_years?: "each_year" | "once" | "excess";
}
export interface DeductionPolicyOutput {
  rules: Array<DeductionRuleOutput>;
  same_event: "highest" | "sum";
  cap_total: string | null;
  families?: Array<FamilyOutput>;
  order?: "highest_then_caps" | "caps_then_highest";
  across_years?: "each_year" | "once" | "excess";
}
export interface DeductionRuleInput {
  code: string;
  name: string;
  points: string;
  by_place?: Record<string, string>;
  cap?: string | null;
  family?: string | null;
  limit?: number | null;
}
export interface DeductionRuleOutput {
  code: string;
  name: string;
  points: string;
  by_place?: Record<string, string>;
  cap?: string | null;
  family?: string | null;
  limit?: number | null;
}
export interface DelegationGiven {
  number: number;
  giver: string;
  role: "performance_office" | "committee" | "standing_committee" | "vice_mayor";
  delegate: string;
  steps: Array<string>;
  until: string;
  document_no: string;
  given_at: string;
}
export interface DelegationRecorded {
  delegation: DelegationGiven;
  receipt: Receipt | null;
}
export interface Delivery {
  position: number;
  event_id: string;
  event_type: string;
  state: "pending" | "delivered" | "dead";
  has_payload: boolean;
  frozen_at: string;
  tries: number;
  tried_at: string | null;
  status: number | null;
  reason: string | null;
}
export interface DeliveryAttempt {
  number: number;
  redelivery: number;
  outcome: "taken" | "failed" | "given-up";
  status: number | null;
  reason: string | null;
  milliseconds: number;
  at: string;
}
export interface DeliveryInFull {
  delivery: Delivery;
  attempts: Array<DeliveryAttempt>;
}
export interface DemotionInput {
  code: string;
  effect: "not_excellent" | "down_one_grade";
  indicators?: Array<string>;
  score_ratio_below?: string | null;
  event?: string | null;
  responsible_units?: Array<string>;
  name?: string | null;
  categories?: Array<string>;
  superior_rank?: SuperiorRankInput | null;
  at_least?: number;
}
export interface DemotionOutput {
  code: string;
  effect: "not_excellent" | "down_one_grade";
  indicators: Array<string>;
  score_ratio_below: string | null;
  event: string | null;
  responsible_units: Array<string>;
  name: string | null;
  categories: Array<string>;
  superior_rank: SuperiorRankOutput | null;
  at_least: number;
}
export interface DemotionReported {
  demotion: Reported;
  receipt: Receipt | null;
}
export interface Desk {
  is_open: boolean;
  receipt: Receipt | null;
}
export interface DeskNow {
  is_open: boolean;
  since: string | null;
}
export interface DifferenceCause {
  what: "entry_added" | "entry_removed" | "entry_of_another_unit" | "target" | "satisfaction" | "score_of_another_indicator" | "category" | "rule" | "claim" | "record";
  name: string;
  name_zh: string;
  before: string | null;
  after: string | null;
  entry: string | null;
}
export interface DifferenceOfUnit {
  unit: string;
  category: string;
  before: string | null;
  after: string | null;
  change: string | null;
  parts: Array<PartOfDifference>;
}
export interface Differences {
  cycle_id: string;
  version: number;
  previous: number | null;
  reason: string | null;
  categories: Array<CategoryDifference>;
  sections: Array<string>;
}
export interface DifferingEntry {
  entry_id: string;
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  author_unit: string;
}
export interface Digests {
  scheme: string;
  score_sheet: string;
  vetoes: string;
  demotions: string;
  previous_release?: string | null;
  previous_vetoes?: string | null;
  successions?: string | null;
  survey_errors?: string | null;
  normalised?: string | null;
}
export interface DiscardedRows {
  count: number;
  receipt: Receipt | null;
}
export interface DispatchedItems {
  items: Array<MovedItem>;
  receipt: Receipt | null;
}
export interface Distribution {
  bonus: BonusDistribution | null;
  places: Array<UnitPlaces> | null;
}
export interface DocumentDifference {
  document: string;
  before: string;
  after: string;
}
export interface DoneReset {
  subject: string;
  reset: AccountReset;
  secret: string | null;
  receipt: Receipt | null;
}
export interface DrawnCheck {
  check: string;
  draw: string;
  drawn_units: Array<string>;
  receipt: Receipt | null;
}
export interface DrawnLetter {
  unit: string;
  version: number;
  digest: string;
  outcome: "drawn_up" | "unchanged";
}
export interface DrawnLinks {
  survey_id: string;
  wave: number;
  draw_no: number;
  links: Array<string> | null;
  receipt: Receipt | null;
}
export interface DutyCard {
  key: string;
  unit: string;
  indicator: string;
  period: string;
  light: "warning" | "yellow_card" | "red_card";
  due: string;
  shown_on: string;
  written_at: string;
  entry_id: string | null;
  kept_alone: "not-assessed" | "not-taken" | "period-closed" | "zero-report-contradicted" | "not-applicable" | null;
}
export interface DutyCompleteness {
  duties: number;
  done: number;
  lights: Record<string, number>;
  expected: number;
  handed_in: number;
  on_time: number;
  cycle_id: string;
  at: string;
  as_of: string;
  by: "unit" | "indicator" | "period" | "day" | "light";
  items: Array<DutyPart>;
  next: string | null;
}
export interface DutyPart {
  duties: number;
  done: number;
  lights: Record<string, number>;
  expected: number;
  handed_in: number;
  on_time: number;
  key: string;
  name: string | null;
}
export interface DutyPerson {
  assignment_id: string;
  unit: string;
  indicator: string | null;
  lead: string;
  deputy: string;
  from_day: string;
  assigned_by: string;
  assigned_at: string;
}
export interface DutyPolicyInput {
  monthly_within?: number;
  quarterly_within?: number;
  half_yearly_by?: number;
  yearly_by?: string | null;
  warned_before?: number;
  red_after?: number;
  returned_within?: number;
  first_due?: string | null;
  exempt?: Array<string>;
  cards?: CardPolicy | null;
  signed_off?: boolean;
  signed_off_for?: Array<string>;
}
export interface DutyPolicyOutput {
  monthly_within: number;
  quarterly_within: number;
  half_yearly_by: number;
  yearly_by: string | null;
  warned_before: number;
  red_after: number;
  returned_within: number;
  first_due?: string | null;
  exempt: Array<string>;
  cards: CardPolicy | null;
  signed_off: boolean;
  signed_off_for: Array<string>;
}
export interface EarlierPlace {
  period: string;
  rank: string;
  listed: number;
  published_value: string | null;
  places_won: string;
  value_change: string | null;
}
export interface EarlierValue {
  unit: string;
  indicator: string;
  key: string | null;
  item: string | null;
  value: string;
  entry: string;
}
export interface EarlierWeights {
  moved: number;
  most: number;
  ranks: Record<string, number>;
  cycle_id: string;
  scheme_digest: string;
  points: Record<string, string>;
  blocks_unknown: Array<string>;
}
export interface Embargo {
  release: number;
  public_from: string;
}
export interface EmergencyGrant {
  grant_id: string;
  right: string;
  role: string;
  state: "going" | "over" | "reviewed";
  subject: string;
  reason: string;
  taken_at: string;
  ends_at: string;
  ended_by: string | null;
  ended_at: string | null;
  finding: "justified" | "unjustified" | null;
  remark: string | null;
  reviewed_by: string | null;
  reviewed_at: string | null;
}
export interface EmergencyRequest {
  seq: number;
  route: string;
  asked: string;
  refused: boolean;
  recorded_at: string;
}
export interface EmergencyToken {
  access_token: string | null;
  token_type: "Bearer";
  expires_in: number;
  right: string;
  receipt: Receipt | null;
}
export interface EndedProposal {
  version: number;
  how: "declined" | "withdrawn";
  reason: string;
  ended_by: string;
  ended_at: string;
}
export interface EndedSession {
  session_id: string;
  receipt: Receipt | null;
}
export interface Engine {
  version: string;
  rules: string;
}
export interface EnrolledSecondFactor {
  number: number;
  recovery_codes: Array<string> | null;
  receipt: Receipt | null;
}
export interface EnteredPlan {
  survey_id: string;
  wave: number;
  version: number;
  aim: string | null;
  confidence: string;
  rows: Array<PlannedRow>;
  units: Array<PlannedUnit>;
  entered_by: string;
  entered_at: string;
  receipt: Receipt | null;
}
export interface EnteredQuestionnaire {
  survey_id: string;
  version: number;
  digest: string;
  entered_by: string;
  entered_at: string;
  receipt: Receipt | null;
}
export interface EntryAdoption {
  entry_id: string;
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  author_unit: string;
  from_cycle_id: string;
  from_entry_id: string;
  digest: string;
  outdated: boolean;
  adopted_at: string;
}
export interface EntryForm {
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result";
  keys: Array<string>;
  items: Array<string>;
  any_item: boolean;
  words: Array<string>;
  endings: Array<string>;
  endings_of_key: Record<string, Array<string>>;
  dated: string | null;
  low: string | null;
  high: string | null;
  whole: boolean;
  instead: string | null;
  valued: boolean;
  noted: boolean;
  comment_low: string | null;
  comment_high: string | null;
  nodes: Array<NodeForm>;
  by_day: boolean;
  panel: string | null;
  excludes_own_unit: boolean;
  rubric: Array<FormStep>;
  only_steps: boolean;
  distinct: boolean;
  late: "missing" | "last_year" | "carry_over" | null;
  opens: string | null;
  closes: string | null;
  ranked: boolean;
}
export interface EntryForms {
  cycle_id: string;
  version: number;
  digest: string;
  compiled_digest: string;
  categories: Array<CategoryForms>;
}
export interface EntrySchema {
  cycle_id: string;
  version: number;
  digest: string;
  compiled_digest: string;
  indicator: string;
  unit: string | null;
  entry: Record<string, unknown>;
}
export interface EntrySignature {
  entry_id: string;
  unit: string;
  indicator: string;
  indicator_name: string | null;
  period: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  evidence: number;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  author_unit: string;
  author: string;
  signer: string | null;
  signed_at: string | null;
}
export interface EntryState {
  step: number;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  entered_at: string;
  actor: string;
  reason: string | null;
}
export interface EntryUse {
  cycle_id: string;
  entry_id: string;
  is_source: boolean;
  outdated: boolean;
  unit: string;
  indicator: string;
  indicator_name: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  effect: UseEffect | null;
}
export interface EntryUses {
  uses: Array<EntryUse>;
}
export interface EntryVersion {
  entry_id: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  listed: number | null;
  published_value: string | null;
  document_no: string | null;
  document_date: string | null;
  authority: string | null;
  about_from: string | null;
  about_until: string | null;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  author: string;
  verified_by: string | null;
  counted_from: string | null;
  counted_until: string | null;
}
export interface EntryWithHistory {
  entry_id: string;
  unit: string;
  unit_in_scheme?: string | null;
  indicator: string;
  indicator_in_scheme?: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  listed: number | null;
  published_value: string | null;
  document_no: string | null;
  document_date: string | null;
  authority: string | null;
  about_from: string | null;
  about_until: string | null;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  author: string;
  author_unit: string;
  source_ref: string | null;
  reverses: string | null;
  replaces: string | null;
  restates: string | null;
  entered_at: string;
  state_reason: string | null;
  state_by: string | null;
  changed_at: string;
  late: boolean | null;
  late_by_working_days: number | null;
  handed_in_on: string | null;
  due_on: string | null;
  history: Array<EntryState> | null;
  evidence: Array<NamedFile>;
}
export interface ErasedContacts {
  erased: number;
  receipt: Receipt | null;
}
export interface ErasedNoticeContacts {
  erased: number;
  receipt: Receipt | null;
}
export interface ErasedResults {
  erased: number;
  receipt: Receipt | null;
}
export interface Estimated {
  value: string | null;
  sample: number | null;
  withheld: "fewer_than_30" | "leads_to_few" | null;
  error: "estimated" | "at_most" | null;
  se: string | null;
  low: string | null;
  high: string | null;
  deff: string | null;
  effective: string | null;
}
export interface EventsRead {
  events: Array<CloudEvent>;
  cursor: string;
  silent: Array<string>;
}
export interface Evidence {
  evidence_id: string;
  name: string;
  kind: string;
  size: number;
  digest: string;
  width: number | null;
  height: number | null;
  taken_at: string | null;
  author: string;
  author_unit: string | null;
  added_at: string;
  served: "original" | "copy";
}
export interface EvidenceDuplicates {
  pairs: Array<EvidencePair>;
  pairs_more: number;
}
export interface EvidencePair {
  likeness: "same_file" | "same_picture";
  apart: number;
  is_of_two_units: boolean;
  earlier: EvidencePlace;
  later: EvidencePlace;
}
export interface EvidencePlace {
  evidence_id: string;
  name: string;
  author: string;
  author_unit: string | null;
  added_at: string;
  used_by: Array<EvidenceUse>;
  uses_more: number;
}
export interface EvidenceUse {
  entry_id: string | null;
  claim_id: string | null;
  highlight_id: string | null;
  unit: string;
  indicator: string | null;
}
export interface ExplainedInput {
  name: string;
  value: string;
  source: "ledger" | "target" | "survey" | "score" | "scheme" | "group";
  entries: Array<string>;
  version: number | null;
  state: string | null;
  set_by: string | null;
}
export interface ExplainedNode {
  kind: "total" | "part" | "block" | "shown_block" | "vetoed_block" | "component" | "adjustment" | "indicator" | "claim" | "excess";
  code: string;
  name: string;
  points: string | null;
  score: string | null;
  method: "ratio_to_target" | "baseline_growth" | "pledge" | "all_or_nothing" | "stepped_deduction" | "steps_from" | "tiers" | "rank_points" | "relative_to_best" | "efficacy_linear" | "efficacy_exp" | "min_max" | "z_score" | "percentile_rank" | "share_of_sum" | "deduct_events" | "base_plus_minus" | "count_points" | "milestone" | "grade_map" | "qualitative_panel" | "survey_score" | "items_weighted" | "external_result" | "superior_rank" | "expression" | "inherit_superior" | "blend" | "periodic_weighted" | "sum_children" | "mean_children" | "accepted" | "accepted_carried_over" | "accepted_capped" | "accepted_in_part" | "accepted_against_proposal" | "accepted_by_correction" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "withdrawn" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award" | null;
  clause: string | null;
  rule: string | null;
  formula: string | null;
  rounding: ExplainedRounding | null;
  excess: string;
  inputs: Array<ExplainedInput>;
  missing: Array<ExplainedReason>;
  decisions: Array<PolicyDecision>;
  claim_id: string | null;
  reason: ExplainedReason | null;
  children: Array<ExplainedNode>;
}
export interface ExplainedReason {
  en: string;
  zh: string;
}
export interface ExplainedRounding {
  exact: string;
  places: number;
  rounded: string;
}
export interface Explanation {
  cycle_id: string;
  edition: number;
  phase: "computed" | "fed_back";
  unit: string;
  digest: string | null;
  tree: ExplainedNode;
  tag_totals: Array<TagTotal>;
  in_chinese: Record<string, string>;
  progress_reports: Array<OwnWords>;
}
export interface ExportMappings {
  survey_id: string;
  mappings: Array<MappingVersion>;
}
export interface ExposedUnit {
  unit: string;
  kind: "assessed" | "body";
  contact: string;
  points: string;
  leads: number;
  supports: number;
}
export interface FactWindowInput {
  opens: string;
  closes: string;
  carry_over?: boolean;
}
export interface FactWindowOutput {
  opens: string;
  closes: string;
  carry_over: boolean;
}
export interface FamilyInput {
  code: string;
  name: string;
  cap: string;
}
export interface FamilyOutput {
  code: string;
  name: string;
  cap: string;
}
export interface FedBackScoreSheet {
  edition: number;
  phase: "computed" | "fed_back";
  receipt: Receipt | null;
}
export interface FiledNoticeObjection {
  reference: string;
  token: string;
  filed_at: string;
}
export interface FiledTogether {
  unit: string;
  unit_in_scheme?: string | null;
  claim_id: string;
  holder_name: string | null;
  share: string | null;
  leads: boolean;
  agrees: boolean | null;
  reason: string | null;
}
export interface FindingStep {
  step: number;
  state: "reported" | "signed" | "objected" | "upheld" | "dismissed";
  text: string | null;
  actor: string;
  entered_at: string;
}
export interface FirstCode {
  code: string;
}
export interface FixedCheck {
  check: string;
  commitment: string;
  empty: Array<string>;
  receipt: Receipt | null;
}
export interface FixedReviewers {
  check: string;
  pool: string;
  receipt: Receipt | null;
}
export interface FollowedComplaint {
  reference: string;
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  text: string;
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  due: string | null;
  word: "satisfied" | "dissatisfied" | "not_reached" | null;
  moves: Array<FollowedMove>;
}
export interface FollowedMove {
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  text: string | null;
  made_at: string;
}
export interface FollowedReports {
  moved: Array<Consequence>;
  without_item: Array<number>;
  receipt: Receipt | null;
}
export interface FormStep {
  low: string;
  high: string;
  text: string;
}
export interface Fraud {
  state: "alleged" | "heard" | "fraud" | "not_fraud";
  heard_by: string;
  document_no: string | null;
  marked_as: string | null;
  voids: boolean | null;
  grade_cap: string | null;
  steps: Array<FraudStep>;
}
export interface FraudRuleInput {
  grade_cap: string;
  indicator?: "void" | "kept";
  hearing_days?: number;
}
export interface FraudRuleOutput {
  grade_cap: string;
  indicator: "void" | "kept";
  hearing_days: number;
}
export interface FraudStep {
  step: number;
  state: "alleged" | "heard" | "fraud" | "not_fraud";
  text: string;
  actor: string;
  entered_at: string;
}
export interface FrozenStage {
  stage_no: number;
  cut_off: string;
  as_of: string;
  ledger_phase: "open" | "sealed";
  digest: string;
  inputs: SheetInputs;
  receipt: Receipt | null;
}
export interface GatewayNamed {
  code: string;
  zh: string;
  en: string;
}
export interface GivenSecondFactor {
  number: number;
  key: string | null;
  uri: string | null;
  qr_code: string | null;
  receipt: Receipt | null;
}
export interface GoneDrawnEntry {
  check: string;
  unit: string;
  entry_id: string;
}
export interface GradeCap {
  grade: string;
  indicator: string;
  indicator_in_scheme?: string | null;
  check: string;
}
export interface GradeConsequenceInput {
  grade: string;
  kind: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota";
  name?: string | null;
  months?: number | null;
  amount?: string | null;
}
export interface GradeConsequenceOutput {
  grade: string;
  kind: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota";
  name: string | null;
  months: number | null;
  amount: string | null;
}
export interface GradeLevelInput {
  grade: string;
  min_score: string;
  rate?: string | null;
  rounding?: "floor" | "half_up" | "ceiling" | null;
  min_count?: number;
  count?: number | null;
}
export interface GradeLevelOutput {
  grade: string;
  min_score: string;
  rate: string | null;
  rounding: "floor" | "half_up" | "ceiling" | null;
  min_count: number;
  count: number | null;
}
export interface GradePolicyInput {
  order: Array<string>;
  levels: Array<GradeLevelInput>;
  unqualified_below: string;
  vacancy: "backfill" | "leave";
  names?: Record<string, string>;
  outside_quota?: Array<string>;
  scope?: "category" | "subcategory";
  tie_at_line?: "none" | "all" | "tie_break";
  quota_base?: "all" | "eligible";
  raised?: Array<GradeRaiseInput>;
  last_place?: LastPlaceInput | null;
}
export interface GradePolicyOutput {
  order: Array<string>;
  levels: Array<GradeLevelOutput>;
  unqualified_below: string;
  vacancy: "backfill" | "leave";
  names: Record<string, string>;
  outside_quota: Array<string>;
  scope: "category" | "subcategory";
  tie_at_line: "none" | "all" | "tie_break";
  quota_base: "all" | "eligible";
  raised?: Array<GradeRaiseOutput>;
  last_place?: LastPlaceOutput | null;
}
export interface GradeRaiseInput {
  grade: string;
  of: string;
  count?: number | null;
  rate?: string | null;
  rounding?: "floor" | "half_up" | "ceiling" | null;
  within?: "category" | "subcategory";
}
export interface GradeRaiseOutput {
  grade: string;
  of: string;
  count: number | null;
  rate: string | null;
  rounding: "floor" | "half_up" | "ceiling" | null;
  within: "category" | "subcategory";
}
export interface GrantedPermission {
  permission_no: number;
  valid_until: string;
  receipt: Receipt | null;
}
export interface GroupEstimates {
  code: string;
  completed: number;
  questions: Array<QuestionEstimates>;
  response: ResponseRates;
}
export interface GroupResponse {
  code: string;
  response: ResponseRates;
}
export interface GroupWeights {
  category: string;
  groups: Array<RespondentGroup>;
}
export interface HandIn {
  state: "handed_in" | "withdrawn";
  unit: string;
  handed_in_by: string;
  handed_in_at: string;
  reason: string | null;
  missing: number;
  waiting: number;
}
export interface HandedIn {
  category: string;
  state: "handed_in" | "withdrawn";
  missing: number;
  waiting: number;
  receipt: Receipt | null;
}
export interface HandedInSelfEvaluation {
  until: string;
  late: boolean;
  unanswered: Array<string>;
  receipt: Receipt | null;
}
export interface HandedUp {
  unit: string;
  jurisdiction: string;
  inferior_cycle: string;
  version: number;
  scheme_version: number;
  document_no: string;
  document_date: string;
  handed_up_at: string;
}
export interface HandedUpDecomposition {
  unit: string;
  jurisdiction: string;
  inferior_cycle: string;
  version: number;
  scheme_version: number;
  document_no: string;
  document_date: string;
  handed_up_at: string;
  points: string;
  indicators: Array<DecomposedIndicator>;
  shares: Array<HandedUpShare>;
}
export interface HandedUpShare {
  indicator: string;
  unit: string;
  unit_name: string;
  role: "lead" | "support";
  points: string;
}
export interface HandingUp {
  document_no: string;
  document_date: string;
  handed_up_by: string;
  handed_up_at: string;
}
export interface Highlight {
  highlight_id: string;
  unit: string;
  title: string;
  text: string;
  adopted_by: string | null;
  level: string | null;
  document_no: string | null;
  evidence_ids: Array<string>;
  author: string;
  reported_at: string;
  state: "reported" | "accepted" | "not_accepted" | "taken_back";
  publish: boolean;
  reason: string | null;
  changed_by: string;
  changed_at: string;
}
export interface HighlightPage {
  items: Array<Highlight>;
  fewest: number;
  most: number;
  lacking: Array<LackingHighlights>;
  next: string | null;
}
export interface HolderOfAward {
  unit: string;
  holder_name: string;
  holder_kind: "unit" | "subordinate" | "person";
}
export interface HostWithdrawal {
  reason: string;
}
export interface IdScheme {
  id_scheme: string;
  name_zh: string;
  name_en: string;
  system: string | null;
  units: boolean;
  indicators: boolean;
  registered_at: string | null;
}
export interface IdSchemeCodes {
  cycle_id: string;
  as_of: string;
  id_scheme: string;
  units: boolean;
  indicators: boolean;
  unit_codes: Array<UnitCode>;
  indicator_codes: Array<IndicatorCode>;
}
export interface IndicatorBurden {
  unit: string;
  indicator: string;
  about: number;
  times: number;
  fields: number;
  uploads: number;
}
export interface IndicatorCode {
  code: string;
  indicator: string;
  valid_from: string | null;
  valid_to: string | null;
}
export interface IndicatorDiagnostics {
  indicator: string;
  name: string;
  points: string;
  scored: number;
  mean: string | null;
  lowest: string | null;
  highest: string | null;
  full_marks: number;
  full_marks_share: string | null;
  weight: string | null;
  effective_weight: string | null;
  variance_share: string | null;
}
export interface IndicatorForm {
  indicator: string;
  name: string;
  name_en: string | null;
  measure: string | null;
  data_source_unit: string;
  reviewed_by: string | null;
  evidence_for: Array<string>;
  frequency: "monthly" | "quarterly" | "half_yearly" | "twice_a_year" | "yearly" | "per_event";
  combine: "last" | "sum" | "mean" | null;
  combine_requires: "all" | null;
  findings_by: Array<string>;
  window: FactWindowOutput | null;
  may_be_not_applicable: boolean;
  tags: Array<string>;
  kind_names: KindNames | null;
  form: EntryForm | null;
  form_of_unit: Record<string, EntryForm | null>;
}
export interface IndicatorInput {
  code: string;
  name: string;
  points: string;
  method: "ratio_to_target" | "stepped_deduction" | "tiers" | "all_or_nothing" | "baseline_growth" | "pledge" | "rank_points" | "relative_to_best" | "efficacy_linear" | "efficacy_exp" | "min_max" | "z_score" | "percentile_rank" | "steps_from" | "share_of_sum" | "milestone" | "count_points" | "deduct_events" | "base_plus_minus" | "items_weighted" | "qualitative_panel" | "grade_map" | "survey_score" | "inherit_superior" | "external_result" | "superior_rank" | "blend" | "periodic_weighted" | "expression" | "sum_children" | "mean_children";
  params: Record<string, unknown>;
  data_source_unit: string;
  frequency: "monthly" | "quarterly" | "half_yearly" | "twice_a_year" | "yearly" | "per_event";
  name_en?: string | null;
  reviewed_by?: string | null;
  measure?: string | null;
  allow_exceed?: boolean;
  may_be_not_applicable?: boolean;
  redistribute_to?: string | null;
  external_result?: boolean;
  veto_link?: string | null;
  children?: Array<IndicatorInput>;
  clause?: string | null;
  missing?: "refuse" | "zero" | "skip" | "category_mean" | "subcategory_mean" | "carry_over";
  precision?: number | null;
  per_unit_params?: Record<string, Record<string, unknown>>;
  period_params?: Record<string, Record<string, unknown>>;
  must_differentiate?: boolean;
  tags?: Array<string>;
  compare_within?: "category" | "subcategory";
  matter?: string | null;
  succeeds?: Array<PredecessorInput> | null;
  aggregate?: "none" | "sum" | "mean";
  evidence_for?: Array<string>;
  progress_plan?: Record<string, string>;
  combine?: "last" | "sum" | "mean" | null;
  combine_requires?: "all" | null;
  findings_by?: Array<string>;
  window?: FactWindowInput | null;
}
export interface IndicatorMapping {
  mapping_id: string;
  code: string;
  valid_from: string;
  valid_to: string | null;
  state: "proposed" | "confirmed" | "refused" | "ended";
  reason: string | null;
  proposed_by: string;
  proposed_at: string;
  decided: MappingStep | null;
  ended: MappingStep | null;
  changed_at?: string;
  indicator: string;
  indicator_name: string | null;
}
export interface IndicatorOfYear {
  indicator: string;
  name: string;
  measure: string | null;
  succeeded_by: string | null;
  share: string;
}
export interface IndicatorOutput {
  code: string;
  name: string;
  points: string;
  method: "ratio_to_target" | "stepped_deduction" | "tiers" | "all_or_nothing" | "baseline_growth" | "pledge" | "rank_points" | "relative_to_best" | "efficacy_linear" | "efficacy_exp" | "min_max" | "z_score" | "percentile_rank" | "steps_from" | "share_of_sum" | "milestone" | "count_points" | "deduct_events" | "base_plus_minus" | "items_weighted" | "qualitative_panel" | "grade_map" | "survey_score" | "inherit_superior" | "external_result" | "superior_rank" | "blend" | "periodic_weighted" | "expression" | "sum_children" | "mean_children";
  params: Record<string, unknown>;
  data_source_unit: string;
  frequency: "monthly" | "quarterly" | "half_yearly" | "twice_a_year" | "yearly" | "per_event";
  name_en: string | null;
  reviewed_by: string | null;
  measure: string | null;
  allow_exceed: boolean;
  may_be_not_applicable: boolean;
  redistribute_to: string | null;
  external_result: boolean;
  veto_link: string | null;
  children: Array<IndicatorOutput>;
  clause: string | null;
  missing: "refuse" | "zero" | "skip" | "category_mean" | "subcategory_mean" | "carry_over";
  precision: number | null;
  per_unit_params: Record<string, Record<string, unknown>>;
  period_params: Record<string, Record<string, unknown>>;
  must_differentiate: boolean;
  tags: Array<string>;
  compare_within: "category" | "subcategory";
  matter: string | null;
  succeeds: Array<PredecessorOutput> | null;
  aggregate: "none" | "sum" | "mean";
  evidence_for: Array<string>;
  progress_plan: Record<string, string>;
  combine?: "last" | "sum" | "mean" | null;
  combine_requires?: "all" | null;
  findings_by?: Array<string>;
  window?: FactWindowOutput | null;
}
export interface IndicatorScore {
  indicator: string;
  indicator_in_scheme?: string | null;
  block: string;
  points: string;
  score: string | null;
  excess: string;
  children: Array<IndicatorScore>;
}
export interface IndicatorSoFar {
  indicator: string;
  name: string;
  block: string;
  data_source_unit: string | null;
  points: string;
  score: string | null;
  earned: string | null;
  open: string | null;
  unreachable: string | null;
  open_periods: Array<string>;
  withheld: boolean;
}
export interface IndicatorStanding {
  indicator: string;
  name: string;
  block: string;
  points: string;
  lead: string | null;
  unowned: string | null;
  state: "known" | "outdated" | "missing";
  as_of: string | null;
  won: string | null;
  lost: string | null;
  open: string | null;
  basis: string | null;
  causes: Array<CauseOfLoss>;
  reported_by: string | null;
  reported_at: string | null;
}
export interface IndicatorsBaselineSource {
  cycle_id: string;
  entries: Array<string>;
}
export interface IndicatorsNamed {
  unit: string;
  indicator: string;
  item?: string | null;
}
export interface IndicatorsNewConfirmation {
  unit: string;
  indicator: string;
  item?: string | null;
  version: number;
  decision: "confirm" | "refuse";
  reason?: string | null;
}
export interface IndicatorsNewDecision {
  unit: string;
  indicator: string;
  item?: string | null;
  version: number;
  decision: "approve" | "return";
  reason?: string | null;
}
export interface InferiorCategory {
  category: string;
  release: number;
  digest: string;
  names?: ReleaseNames | null;
}
export interface InferiorCycle {
  cycle_id: string;
  jurisdiction: string;
  categories: Array<InferiorCategory>;
}
export interface InspectionOutcome {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
}
export interface InspectionPolicyInput {
  most_in_month?: number | null;
  most_in_year?: number | null;
  priorities?: Array<SpecialPriority>;
}
export interface InspectionPolicyOutput {
  most_in_month: number | null;
  most_in_year: number | null;
  priorities: Array<SpecialPriority>;
}
export interface InspectionVersion {
  inspection: string;
  version: number;
  name: string;
  kind: "tracking_evaluation" | "on_site_verification" | "unannounced_visit" | "statutory" | "emergency";
  body: string;
  units: Array<string>;
  starts_on: string;
  ends_on: string;
  indicators: Array<string>;
  priority: string | null;
  basis: string | null;
  cancelled_because: string | null;
  set_at: string;
}
export interface Inspections {
  cycle_id: string;
  inspections: Array<InspectionVersion>;
}
export interface InspectionsSet {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<InspectionOutcome>;
}
export interface InstantMoved {
  release: number;
  public_from: string;
  receipt: Receipt | null;
}
export interface ItemEvent {
  key: string;
  item_id: string;
  what: "due_soon" | "overdue" | "redone" | "returned";
  step: number;
  unit: string;
  share: number;
  due: string | null;
  shown_on: string;
  entry_id: string | null;
  kept_alone: "not-assessed" | "not-taken" | "period-closed" | "zero-report-contradicted" | "not-applicable" | "costs-nothing" | "ledger-sealed" | null;
  written_at: string;
}
export interface ItemOfReport {
  number: number;
  cycle_id: string;
  item_id: string;
  step: number;
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn";
  due: string | null;
  changed_at: string;
}
export interface ItemOrigin {
  kind: "opinion";
  id: string;
}
export interface ItemPolicyInput {
  indicator: string;
  overdue?: string | null;
  redone?: string | null;
  returned?: string | null;
}
export interface ItemPolicyOutput {
  indicator: string;
  overdue: string | null;
  redone: string | null;
  returned: string | null;
}
export interface ItemReport {
  cycle_id: string;
  number: number;
}
export interface ItemShare {
  unit: string;
  role: "lead" | "support";
  share: number;
}
export interface ItemStepTaken {
  step: ItemStep;
  text: string | null;
  taken_by: string;
  taken_at: string;
}
export interface ItemUnit {
  unit: string;
  role: "lead" | "support";
  share: number;
}
export interface ItemsOfReports {
  items: Array<ItemOfReport>;
}
export interface JournalEntry {
  seq: number;
  recorded_at: string;
  subject: string;
  unit: string;
  event: string;
  body: string;
  rows: string | null;
  previous: string;
  hash: string;
}
export interface Jurisdiction {
  code: string;
  name_zh: string;
  name_en: string;
  superior: string | null;
  founded_on: string;
  state: "proposed" | "confirmed";
  changed_code: ChangedCode | null;
  registered_by: string | null;
  confirmed_by: string | null;
}
export interface JurisdictionClosing {
  jurisdiction: string;
  state: "proposed" | "closed";
  reason: string;
  proposed_by: string;
  proposed_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
}
export interface Keys {
  keys: Array<Record<string, unknown>>;
}
export interface KindNames {
  zh: string;
  en: string;
}
export interface LackingHighlights {
  unit: string;
  short: number;
}
export interface LastPlaceInput {
  count: number;
  measure: string;
  unless_all_at_least?: string | null;
}
export interface LastPlaceOutput {
  count: number;
  measure: string;
  unless_all_at_least: string | null;
}
export interface LatestCheckpoint {
  number: number | null;
  made_at: string | null;
  digest: string | null;
  keys: Array<Record<string, unknown>>;
}
export interface Ledger {
  cycle_id: string;
  phase: "open" | "sealed";
  sealed_at: string | null;
  entries: Record<string, number> | null;
}
export interface LedgerEntry {
  entry_id: string;
  unit: string;
  unit_in_scheme?: string | null;
  indicator: string;
  indicator_in_scheme?: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  listed: number | null;
  published_value: string | null;
  document_no: string | null;
  document_date: string | null;
  authority: string | null;
  about_from: string | null;
  about_until: string | null;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  author: string;
  author_unit: string;
  source_ref: string | null;
  reverses: string | null;
  replaces: string | null;
  restates: string | null;
  entered_at: string;
  state_reason: string | null;
  state_by: string | null;
  changed_at: string;
  late?: boolean | null;
  late_by_working_days?: number | null;
}
export interface LedgerPolicy {
  zero_report_required: boolean;
}
export interface LedgerProgress {
  expected: number;
  due: number;
  received: number;
  verified: number;
  returned: number;
  overdue: number;
  cycle_id: string;
  by: Array<"category" | "unit" | "indicator" | "period" | "data_source_unit">;
  as_of: string;
  deadlines: Array<Deadline>;
  items: Array<PartProgress>;
  next: string | null;
}
export interface LeftClaim {
  claim_no: string;
  unit: string;
  kind: "bonus" | "deduction";
}
export interface LeftEntry {
  entry_id: string;
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  item: string | null;
  period: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
}
export interface LeftParkedRow {
  parked_row_id: string;
  author_unit: string;
  id_scheme: string;
  unit: string;
  indicator: string;
}
export interface LetterContent {
  cycle_id: string;
  unit: string;
  name: string;
  version: number;
  assessment_year: number;
  scheme_version: number;
  scheme_digest: string;
  deadline: string;
  targets: Array<AgreedTarget>;
  plans?: Array<AgreedPlan>;
}
export interface LetterList {
  cycle_id: string;
  letters: Array<LetterSummary>;
  without_letter: Array<string>;
  without_target: Array<string>;
}
export interface LetterSignature {
  side: "office" | "unit";
  digest: string;
  signed_by: string;
  signed_at: string;
}
export interface LetterSummary {
  unit: string;
  version: number;
  digest: string;
  state: "drawn_up" | "signed_by_office" | "signed_by_unit" | "signed";
  outdated: boolean;
  outdated_by: Array<"targets" | "indicators" | "deadline" | "plans">;
  drawn_by: string;
  drawn_at: string;
  signatures: Array<LetterSignature>;
}
export interface LetterVersion {
  content: LetterContent;
  digest: string;
  state: "drawn_up" | "signed_by_office" | "signed_by_unit" | "signed";
  superseded: boolean;
  outdated: boolean;
  outdated_by: Array<"targets" | "indicators" | "deadline" | "plans">;
  drawn_by: string;
  drawn_at: string;
  signatures: Array<LetterSignature>;
}
export interface LetterVersions {
  cycle_id: string;
  unit: string;
  versions: Array<LetterVersion>;
}
export interface LettersDrawn {
  letters: Array<DrawnLetter>;
  without_target: Array<string>;
  not_decided: Array<string>;
  receipt: Receipt | null;
}
export interface LettersSigned {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<SignedLetter>;
}
export interface LightCounts {
  green: number;
  yellow: number;
  red: number;
  unlit: number;
}
export interface LikelyDuplicate {
  by: "same_subject" | "same_document";
  document: string | null;
  entry_id: string | null;
  position: number | null;
}
export interface LikelyPair {
  key: string;
  by: "same_subject" | "same_document";
  document: string | null;
  entry: LedgerEntry;
  like: LedgerEntry;
}
export interface Lineage {
  cycle_id: string;
  unit: string;
  indicator: string;
  years: Array<YearOfLineage>;
}
export interface LinkedAssessmentInput {
  kind: "cadre" | "clean_government";
  bodies: Array<string>;
  weight?: string;
}
export interface LinkedAssessmentOutput {
  kind: "cadre" | "clean_government";
  bodies: Array<string>;
  weight: string;
}
export interface LinkedPerson {
  person_code: string;
  name: string | null;
  grade: string | null;
  missing: Array<string>;
}
export interface LinkedPolicyInput {
  unit_weight: string;
  assessments: Array<LinkedAssessmentInput>;
  team_levels: Array<TeamLevelInput>;
  person_grades: Array<string>;
  by_unit_grade: Array<LinkedUnitGradeInput>;
  vetoes?: Array<LinkedVetoInput>;
  kept_months?: number;
}
export interface LinkedPolicyOutput {
  unit_weight: string;
  assessments: Array<LinkedAssessmentOutput>;
  team_levels: Array<TeamLevelOutput>;
  person_grades: Array<string>;
  by_unit_grade: Array<LinkedUnitGradeOutput>;
  vetoes: Array<LinkedVetoOutput>;
  kept_months: number;
}
export interface LinkedReading {
  unit: string;
  number: number;
  results: Array<ReadResult> | null;
  together: LinkedTogether | null;
  receipt: Receipt | null;
}
export interface LinkedResultStored {
  result_id: string;
  unit: string;
  kind: "cadre" | "clean_government";
  state: "entered" | "confirmed" | "refused";
  receipt: Receipt | null;
}
export interface LinkedTeam {
  mean: string | null;
  grade: string | null;
  capped_by: Array<string>;
  missing: Array<string>;
}
export interface LinkedTogether {
  release: number | null;
  unit_grade: string | null;
  team: LinkedTeam;
  people: Array<LinkedPerson>;
  first: number;
  most_first: number | null;
}
export interface LinkedUnitGradeInput {
  grade: string;
  points: string;
  best_team: string;
  first_share: string;
}
export interface LinkedUnitGradeOutput {
  grade: string;
  points: string;
  best_team: string;
  first_share: string;
}
export interface LinkedVetoInput {
  veto: string;
  best_team: string;
  first_share?: string;
}
export interface LinkedVetoOutput {
  veto: string;
  best_team: string;
  first_share: string;
}
export interface LinksOfUnit {
  unit: string;
  completed: number;
  drawn: number | null;
  used: number | null;
  withdrawn: number | null;
}
export interface ListNote {
  en: string;
  zh: string;
}
export interface ListScale {
  method: "none" | "second_mean" | "grand_mean_ratio" | "z_score" | "rank_percentile";
  by: "organiser" | "scorer";
  of: Array<string>;
  clamp: Array<string>;
  smallest_group: number;
  mean: string | null;
  deviation: string | null;
}
export interface ListedConflict {
  unit: string;
  matter: string;
  item: string | null;
  targets: Array<ConflictingTarget>;
  settled: boolean;
  settlements: Array<SettlementVersion>;
}
export interface ListedEvidence {
  evidence_id: string;
  name: string;
  kind: string;
  size: number;
  digest: string;
  width: number | null;
  height: number | null;
  taken_at: string | null;
  author: string;
  author_unit: string | null;
  added_at: string;
  served: "original" | "copy";
  is_used: boolean;
}
export interface ListedGroup {
  indicator: string;
  category: string;
  group: string;
  marks: number;
  mean: string;
  coefficient: string | null;
  kept: boolean;
}
export interface ListedPlace {
  indicator: string;
  indicator_name: string;
  entry_id: string;
  period: string;
  rank: string;
  listed: number;
  published_value: string | null;
  document_no: string;
  document_date: string;
  published_on: string;
}
export interface ListedRanking {
  category: string;
  edition: number;
  digest: string;
  scheme: string;
  score_sheet_edition: number;
  release?: number | null;
}
export interface ListedUnit {
  place: number | null;
  unit: string;
  name: string;
  category: string;
  base_total: string | null;
  adjustment: string;
  final_total: string | null;
  rank_in_category: number | null;
  reasons?: Array<RankedReason> | null;
}
export interface LoggedReading {
  number: number;
  unit: string;
  kinds: Array<"cadre" | "clean_government">;
  combined: boolean;
  results: Array<string>;
  reason: string;
  subject: string;
  organisation: string | null;
  read_at: string;
}
export interface Loss {
  kind: "indicator" | "claim" | "excess";
  code: string;
  name: string;
  points: string | null;
  score: string;
  lost: string;
  formula: string | null;
  reason: ExplainedReason;
}
export interface MadeComplaintMove {
  step: number;
  move: "raise" | "accept" | "refuse" | "link" | "call_malicious" | "confirm_malice" | "clear" | "assign" | "urge" | "grant_extension" | "refuse_extension" | "revisit" | "close" | "redo" | "return" | "answer" | "ask_extension" | "rate";
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  due: string | null;
  late: boolean;
  text: string | null;
  word: "satisfied" | "dissatisfied" | "not_reached" | "upheld" | "unfounded" | null;
  first: string | null;
  actor: string;
  unit: string | null;
  made_at: string;
}
export interface MadeMove {
  step: number;
  move: "register" | "dispatch" | "withdraw" | "sign" | "return" | "dispute" | "report" | "reply" | "ask_extension" | "call_off" | "urge" | "suspend" | "resume" | "insist" | "reassign" | "grant_extension" | "refuse_extension" | "close" | "redo" | "accept_part" | "reopen";
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn";
  due: string | null;
  completion: number;
  text: string | null;
  asked: string | null;
  units: Array<ItemUnit>;
  evidence_ids: Array<string>;
  actor: string;
  unit: string | null;
  source_ref: string | null;
  made_at: string;
}
export interface MadeObjectionMove {
  step: number;
  move: "file" | "appeal" | "withdraw" | "uphold" | "uphold_part" | "reject" | "carry_out";
  state: "pending" | "upheld" | "partly_upheld" | "rejected" | "withdrawn";
  level: number;
  due: string | null;
  text: string;
  stands: string | null;
  carried_out_by: string | null;
  evidence: Array<ObjectionFile>;
  actor: string;
  made_at: string;
}
export interface MadeSecret {
  subject: string;
  secret: string | null;
  kept: AccountSecret;
  receipt: Receipt | null;
}
export interface Manifest {
  cycle_id: string;
  release: number;
  predecessor: number | null;
  category: string;
  edition: number;
  inputs: Digests;
  ranking_digest: string;
  document_digest: string;
  approvals: Array<Approval>;
  published_at: string;
  highlights?: Array<PublishedHighlight> | null;
  negative_cases?: Array<PublishedCase> | null;
  coefficients?: Array<PublishedCoefficient> | null;
  uncertainty?: PublishedUncertainty | null;
  correction?: CorrectionNote | null;
  publication?: ReleasePolicy | null;
  engine?: Engine | null;
  checkpoint?: NamedCheckpoint | null;
  names?: ReleaseNames | null;
}
export interface MappingDecision {
  mapping_ids: Array<string>;
  decision: "confirm" | "refuse";
  reason?: string | null;
}
export interface MappingEnd {
  mapping_ids: Array<string>;
  valid_to: string;
  reason: string;
}
export interface MappingStep {
  by: string;
  reason: string | null;
  at: string;
}
export interface MappingVersion {
  name: string;
  version: number;
  saved_by: string;
  saved_at: string;
}
export interface MappingsMoved {
  mapping_ids: Array<string>;
  receipt: Receipt | null;
}
export interface MarkedStep {
  low: string;
  high: string;
  text: string | null;
  marks: number;
}
export interface MarkerAgreement {
  marker: string;
  pairs: number;
  mean_gap: string | null;
  within: string | null;
}
export interface MatterToDecide {
  pointer: string;
  code: string;
  en: string;
  zh: string;
}
export interface Matters {
  cycle_id: string;
  unit: string;
  as_of: string;
  matters: Array<OpenMatter>;
  open_matters: number;
}
export interface Me {
  subject: string;
  person: string;
  name: string | null;
  unit: string | null;
  unit_name: string | null;
  jurisdiction: string | null;
  roles: Array<GatewayNamed>;
  scope: string | null;
  operations: Array<OwnOperation>;
}
export interface MeasuringIndicator {
  indicator: string;
  name: string;
  points: string;
  method: string;
  frequency: string;
  data_source_unit: string;
}
export interface MeetingCounts {
  survey_id: string;
  wave: number;
  counts: Array<CountStanding>;
}
export interface MessageKey {
  subject: string;
  key_id: string;
  kty: string;
  crv: string;
  x: string;
  y: string | null;
  state: "effective" | "pending" | "withdrawn";
  reason: string;
  added_by: string;
  added_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  withdrawn_by: string | null;
  withdrawn_at: string | null;
}
export interface MessageKeyWithdrawal {
  reason: string;
}
export interface MessageKeys {
  keys: Array<MessageKey>;
}
export interface Methods {
  errors: "taylor_linearisation";
  means: "student_t";
  rates: "wilson_on_effective_number";
  comparisons: "student_t_with_covariance_holm";
}
export interface MissingEntries {
  unit: string;
  indicator: string;
  period: string;
  expected: number;
  missing: number;
  missing_units: Array<string>;
}
export interface MissingOfUnit {
  unit: string;
  indicator: string;
  periods: Array<string>;
  reason: string;
  reason_zh: string;
}
export interface MissingScore {
  indicator: string;
  indicator_in_scheme?: string | null;
  reason: string;
  reason_zh: string;
}
export interface MissingSoFar {
  indicator: string;
  reason: string;
  reason_zh: string;
}
export interface MissingTargetValue {
  unit: string;
  indicator: string;
  name: string;
  item: string | null;
  value: "target" | "baseline" | "pledge";
}
export interface MissingTargets {
  cycle_id: string;
  missing: Array<MissingTargetValue>;
  unused: Array<UnusedTargetValue>;
}
export interface MovedAward {
  award_id: string;
  state: "registered" | "confirmed" | "rejected" | "taken_back";
  receipt: Receipt | null;
}
export interface MovedClaim {
  claim_id: string;
  claim_no: string;
  state: "handed_in" | "confirmed" | "rejected" | "withdrawn";
  award: "joint" | "another_award" | "same" | "sole" | "listed" | null;
  share: string | null;
}
export interface MovedClaims {
  claims: Array<MovedClaim>;
  receipt: Receipt | null;
}
export interface MovedComplaint {
  complaint_id: string;
  step: number;
  state: "raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious";
  due: string | null;
  receipt: Receipt | null;
}
export interface MovedCorrection {
  correction: SealedCorrection;
  receipt: Receipt | null;
}
export interface MovedEntries {
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  count: number;
  left: Record<string, number>;
  own_cards: number;
  unchecked: Record<string, number>;
  unsupported: Record<string, number>;
  unsigned: Record<string, number>;
  outdated: Record<string, number>;
  receipt: Receipt | null;
}
export interface MovedFinding {
  finding: CheckFinding;
  receipt: Receipt | null;
}
export interface MovedHighlight {
  highlight_id: string;
  state: "reported" | "accepted" | "not_accepted" | "taken_back";
  publish: boolean;
  receipt: Receipt | null;
}
export interface MovedItem {
  item_id: string;
  step: number;
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn";
  due: string | null;
  ledger_sealed: boolean;
  receipt: Receipt | null;
}
export interface MovedObjection {
  objection_id: string;
  objection_no: number;
  step: number;
  state: "pending" | "upheld" | "partly_upheld" | "rejected" | "withdrawn";
  level: number;
  due: string | null;
  receipt: Receipt | null;
}
export interface MovedProject {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  version: number | null;
}
export interface MovedSettlement {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  version: number | null;
}
export interface MovedStage {
  stage_no: number;
  phase: "frozen" | "release_proposed" | "released";
  release: StageRelease | null;
  receipt: Receipt | null;
}
export interface MovedTarget {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  version: number | null;
  state: "proposed" | "returned" | "approved" | "issue_pending" | "issued" | "revision_requested" | "revision_supported" | "revision_pending" | "revised" | "withdrawal_pending" | "withdrawn" | "refused" | "request_withdrawn" | null;
}
export interface MovedUnit {
  unit: string;
  before: RankedStanding | null;
  after: RankedStanding | null;
}
export interface MovedWorkPlan {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  version: number | null;
}
export interface NameNode {
  name: string;
}
export interface NamedCategory {
  code: string;
  name: string;
  name_en: string | null;
  subcategories: Array<NamedCode>;
  blocks: Array<NamedCode>;
  indicators: Array<NamedCode>;
}
export interface NamedCheckpoint {
  number: number;
  made_at: string;
  digest: string;
}
export interface NamedCode {
  code: string;
  name: string;
  name_en: string | null;
}
export interface NamedDutyPerson {
  assignment_id: string;
  receipt: Receipt | null;
}
export interface NamedEvidence {
  added: number;
  total: number;
  receipt: Receipt | null;
}
export interface NamedFile {
  evidence_id: string;
  kind: string;
  name: string;
  size: number;
}
export interface NamedFinding {
  screen: string;
  about: "unit" | "interviewer";
  subject: string;
}
export interface NamedTeam {
  check: string;
  team: CheckTeam;
  receipt: Receipt | null;
}
export interface NamedUnit {
  code: string;
  name: string;
}
export interface NewAccount {
  subject: string;
  jurisdiction?: string | null;
  person?: string | null;
  kind: "person" | "client";
  name: string;
  unit?: string | null;
  roles: Array<string>;
  scope?: string | null;
  secret?: string | null;
}
export interface NewAccounts {
  accounts: Array<NewAccount>;
}
export interface NewAnnouncement {
  document_no: string;
  days: Array<AnnouncedDay>;
  reason?: string | null;
}
export interface NewAnswer {
  claim_id: string;
  agrees: boolean;
  reason?: string | null;
}
export interface NewAnswers {
  answers: Array<NewAnswer>;
}
export interface NewAssessedPerson {
  code: string;
  name: string;
}
export interface NewAttestation {
  verdict: Verdict;
  content_digest: string;
  reason: string;
}
export interface NewAward {
  kind: "joint" | "another_award" | "same" | "sole" | "listed" | "as_filed";
  item?: string | null;
  shares?: Array<NewShare>;
  counts?: string | null;
}
export interface NewAwardConfirmation {
  award_id: string;
  decision: "confirmed" | "rejected";
  reason?: string | null;
}
export interface NewAwardWithdrawal {
  award_id: string;
  reason: string;
}
export interface NewBallot {
  judgements: Array<NewJudgement>;
  blinding: string;
}
export interface NewBatch {
  batch_no: string;
  questionnaire_version?: number | null;
  control_totals: ControlTotals;
  rows: Array<Response>;
}
export interface NewBonus {
  budget: string;
  claimants: Array<NewClaimant>;
}
export interface NewBrowserSession {
  username: string;
  password: string;
  otp?: string;
}
export interface NewCalendarCorrection {
  days: Array<CorrectedDay>;
  reason: string;
  document_no?: string | null;
}
export interface NewCause {
  unit: string;
  points: string;
}
export interface NewChainStep {
  step: string;
  word?: "approved" | "sent_back";
  sent_back_to?: string | null;
  reason?: string | null;
  minutes_no?: string | null;
  document_nos?: Array<string>;
  meeting?: NewMeeting | null;
  recused?: Array<NewRecusal>;
  delegation?: number | null;
  anew?: boolean;
  note?: string | null;
}
export interface NewChange {
  name?: string | null;
  unit?: string | null;
  roles?: Array<string> | null;
  enabled?: boolean | null;
  expires_on?: string | null;
  scope?: string | null;
  reason: string;
}
export interface NewClaim {
  claim_no: string;
  unit: string;
  kind: "bonus" | "deduction";
  level?: string | null;
  authority?: string | null;
  holder_name?: string | null;
  document_no?: string | null;
  document_date?: string | null;
  work_year?: number | null;
  event_key: string;
  linked_indicator?: string | null;
  rule?: string | null;
  place?: string | null;
  holder_kind?: "unit" | "subordinate" | "person";
  revokes?: string | null;
  evidence_ids?: Array<string>;
  jointly_with?: Array<NewPartner>;
  share?: string | null;
}
export interface NewClaimWithdrawal {
  claim_ids: Array<string>;
  reason: string;
  document_no?: string | null;
}
export interface NewClaimant {
  unit: string;
  base: string;
  months?: number;
}
export interface NewClaims {
  claims: Array<NewClaim>;
}
export interface NewClosing {
  below_minimum_because?: string | null;
  undecided_findings_because?: string | null;
}
export interface NewCommentAnswer {
  comment_id: string;
  outcome: "adopted" | "partly_adopted" | "not_adopted";
  reason: string;
}
export interface NewCommentAnswers {
  answers: Array<NewCommentAnswer>;
}
export interface NewCommitment {
  seed_source: string;
  seed_form: string;
  seed_on: string;
}
export interface NewComplaint {
  source_ref?: string | null;
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  text: string;
  about_office?: boolean;
}
export interface NewComplaintAnswer {
  step: number;
  move: "answer" | "return" | "ask_extension";
  text?: string | null;
}
export interface NewComplaintDirection {
  step: number;
  move: "accept" | "refuse" | "link" | "call_malicious" | "confirm_malice" | "clear" | "assign" | "urge" | "grant_extension" | "refuse_extension" | "revisit" | "close" | "redo";
  text?: string | null;
  kind?: "efficiency_complaint" | "petition" | "online_message" | "hotline" | null;
  about?: Array<string>;
  units?: Array<ComplaintUnitNamed>;
  first?: string | null;
  word?: "satisfied" | "dissatisfied" | "not_reached" | "upheld" | "unfounded" | null;
}
export interface NewComplaints {
  complaints: Array<NewComplaint>;
}
export interface NewCompletion {
  document_no: string;
  item_id?: string | null;
  item_cycle_id?: string | null;
  paid?: string | null;
}
export interface NewConfirmations {
  decisions: Array<IndicatorsNewConfirmation>;
}
export interface NewConsequence {
  unit: string;
  kind: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota" | "negative_case";
  cause: "veto" | "indicator" | "objection" | "item" | "other";
  cause_ref?: string | null;
  document_no: string;
  reason: string;
  from_on: string;
  until_on?: string | null;
  name?: string | null;
  amount?: string | null;
}
export interface NewConsequenceDecision {
  decision: "confirm" | "refuse";
  reason?: string | null;
  document_no?: string | null;
}
export interface NewConsequenceRevocation {
  reason: string;
}
export interface NewConsequences {
  from_on: string;
}
export interface NewConsultation {
  about: string;
  closes_on: string;
}
export interface NewContact {
  unit: string;
  contact: string;
}
export interface NewContactReading {
  reason: string;
}
export interface NewCorrection {
  origin: "court" | "audit" | "superior" | "objection";
  objection_id?: string | null;
  issuer: string;
  document_no: string;
  document_date: string;
  reason: string;
  what: "replaces" | "removes" | "adds";
  corrects?: string | null;
  claim_id?: string | null;
  unit?: string | null;
  indicator?: string | null;
  kind?: "measured_value" | "event" | "milestone" | "grade" | "inspection_finding" | "target" | "baseline" | "pledge" | "satisfaction" | null;
  key?: string | null;
  item?: string | null;
  period?: string | null;
  value?: string | null;
  word?: string | null;
  occurred_on?: string | null;
}
export interface NewCorrectionDecision {
  decision: "approved" | "refused";
  text?: string | null;
}
export interface NewCorrectionNote {
  zh: string;
  en?: string | null;
}
export interface NewCorrectionWithdrawal {
  text: string;
}
export interface NewCount {
  group?: string | null;
  entitled: number;
  issued: number;
  returned: number;
  spoiled: number;
  votes: Array<NewVotes>;
}
export interface NewCycle {
  name: string;
  jurisdiction: string;
  assessment_year: number;
}
export interface NewDecisions {
  decisions: Array<IndicatorsNewDecision>;
}
export interface NewDecomposition {
  superior: string;
  document_no: string;
  document_date: string;
  superior_cycle?: NewSuperiorCycle | null;
  points: string;
  indicators: Array<NewSuperiorIndicator>;
  shares: Array<NewPart>;
  contacts: Array<NewContact>;
}
export interface NewDelegation {
  delegate: string;
  role: "performance_office" | "committee" | "standing_committee" | "vice_mayor";
  steps: Array<string>;
  until: string;
  document_no: string;
}
export interface NewDemotion {
  unit: string;
  code: string;
  document_no: string;
  decided_on: string;
  note?: string | null;
  place?: NewPlace | null;
}
export interface NewDesk {
  is_open: boolean;
}
export interface NewDistribution {
  on?: string | null;
  bonus?: NewBonus | null;
  places?: Array<NewPlaces> | null;
}
export interface NewDutyPerson {
  unit: string;
  indicator?: string | null;
  lead: string;
  deputy: string;
  from_day: string;
}
export interface NewEmergencyEnd {
  reason: string;
}
export interface NewEmergencyGrant {
  right: string;
  minutes: number;
  reason: string;
}
export interface NewEmergencyReview {
  finding: "justified" | "unjustified";
  remark: string;
}
export interface NewEntryAdoption {
  from_cycle_id: string;
  entry_id: string;
  indicator?: string | null;
  key?: string | null;
  item?: string | null;
  period?: string | null;
  state?: "draft" | "submitted";
}
export interface NewEntryWithdrawal {
  reason?: string | null;
}
export interface NewExamination {
  highlight_id: string;
  decision: "accepted" | "not_accepted";
  publish?: boolean;
  reason?: string | null;
}
export interface NewExportMapping {
  respondent_token: NewMappedColumn;
  unit: NewMappedColumn;
  outcome: NewMappedColumn;
  aapor?: boolean;
  group?: NewMappedColumn | null;
  stratum?: NewMappedColumn | null;
  cluster?: NewMappedColumn | null;
  interviewer?: NewMappedColumn | null;
  attempt?: NewMappedColumn | null;
  started_at?: NewMappedColumn | null;
  ended_at?: NewMappedColumn | null;
  opinion?: NewMappedColumn | null;
  questions: Record<string, unknown>;
  ignored?: Array<string>;
  blank?: Array<string>;
  id_scheme?: string;
  charset?: "utf-8" | "gb18030";
  time_format?: "dashes" | "slashes" | "digits";
  time_zone?: string | null;
  answers_otherwise?: "refused" | "left_out";
}
export interface NewFinding {
  unit: string;
  entry_id: string;
  verdict: "right" | "differs";
  value?: string | null;
  word?: string | null;
  text: string;
  evidence_ids?: Array<string>;
}
export interface NewFindingAnswer {
  answer: "signed" | "objected";
  text?: string | null;
}
export interface NewFindingDecision {
  decision: "upheld" | "dismissed";
  text?: string | null;
}
export interface NewForm {
  judgements: Array<NewJudgement>;
}
export interface NewFraud {
  text: string;
  evidence_ids?: Array<string>;
}
export interface NewFraudDecision {
  decision: "fraud" | "not_fraud";
  document_no: string;
  text: string;
}
export interface NewFraudStatement {
  text: string;
}
export interface NewHandIn {
  reason?: string | null;
}
export interface NewHandingUp {
  version: number;
  document_no: string;
  document_date: string;
}
export interface NewHearing {
  text: string;
  document_no?: string | null;
}
export interface NewHighlight {
  title: string;
  text: string;
  adoption?: Adoption | null;
  evidence_ids: Array<string>;
}
export interface NewIdScheme {
  id_scheme: string;
  name_zh: string;
  name_en: string;
  system: string;
  units?: boolean;
  indicators?: boolean;
}
export interface NewIndicatorMapping {
  code: string;
  valid_from: string;
  valid_to?: string | null;
  indicator: string;
}
export interface NewIndicatorMappings {
  mappings: Array<NewIndicatorMapping>;
  reason?: string | null;
}
export interface NewInspection {
  inspection: string;
  name: string;
  kind: "tracking_evaluation" | "on_site_verification" | "unannounced_visit" | "statutory" | "emergency";
  body: string;
  units: Array<string>;
  starts_on: string;
  ends_on: string;
  indicators?: Array<string>;
  priority?: string | null;
  basis?: string | null;
  cancelled_because?: string | null;
}
export interface NewInspections {
  inspections: Array<NewInspection>;
}
export interface NewInstant {
  publish_at?: string | null;
  reason: string;
}
export interface NewItemAnswer {
  step: number;
  move: "sign" | "return" | "dispute" | "report" | "reply" | "ask_extension";
  text?: string | null;
  completion?: number | null;
  until?: string | null;
  within?: number | null;
  evidence_ids?: Array<string>;
  source_ref?: string | null;
}
export interface NewItemDirection {
  step: number;
  move: "call_off" | "urge" | "suspend" | "resume" | "insist" | "reassign" | "grant_extension" | "refuse_extension" | "close" | "redo" | "accept_part" | "reopen";
  text?: string | null;
  units?: Array<ItemShare> | null;
  until?: string | null;
  within?: number | null;
}
export interface NewItemDispatch {
  item_ids: Array<string>;
}
export interface NewItemOrigin {
  kind: "opinion";
  id: string;
}
export interface NewItemRuling {
  step: number;
  move: "insist" | "reassign";
  text?: string | null;
  units?: Array<ItemShare> | null;
  until?: string | null;
  within?: number | null;
}
export interface NewItems {
  origin: NewItemOrigin;
  units: Array<string>;
  deadline: string;
  request: string;
}
export interface NewJudgement {
  unit: string;
  answer?: string | null;
  answers?: Record<string, unknown> | null;
}
export interface NewJurisdiction {
  code: string;
  name_zh: string;
  name_en: string;
  superior?: string | null;
  founded_on: string;
}
export interface NewJurisdictionClosing {
  jurisdiction: string;
  reason: string;
}
export interface NewKind {
  kind: "assessed" | "body";
  reason: string;
}
export interface NewLedgerEntries {
  entries: Array<NewLedgerEntry>;
  state?: "draft" | "submitted";
  for_cycle?: string | null;
  scheme_digest?: string | null;
}
export interface NewLedgerEntry {
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "not_applicable" | "progress_report" | "inspection_finding";
  key?: string | null;
  item?: string | null;
  period?: string | null;
  value?: string | null;
  word?: string | null;
  occurred_on?: string | null;
  note?: string | null;
  listed?: number | null;
  published_value?: string | null;
  document_no?: string | null;
  document_date?: string | null;
  authority?: string | null;
  about_from?: string | null;
  about_until?: string | null;
  source_ref?: string | null;
  entry_id?: string | null;
  state?: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced" | null;
  unit_name?: string | null;
  indicator_name?: string | null;
  evidence_ids?: Array<string>;
}
export interface NewLetterSignature {
  unit: string;
  version: number;
  digest: string;
  side: "office" | "unit";
}
export interface NewLetterSignatures {
  signatures: Array<NewLetterSignature>;
}
export interface NewLetters {
  units: Array<string> | null;
}
export interface NewLifting {
  reason: string;
  document_no: string;
}
export interface NewLinkedDecision {
  decision: "confirm" | "refuse";
  typed?: NewTypedResult | null;
  reason?: string | null;
}
export interface NewLinkedDocument {
  issuer: string;
  number: string;
  day: string;
  digest: string;
}
export interface NewLinkedReading {
  unit: string;
  reason: string;
}
export interface NewLinkedResult {
  person?: NewAssessedPerson | null;
  score?: string | null;
  grade?: string | null;
  document: NewLinkedDocument;
  unit: string;
  kind: "cadre" | "clean_government";
  corrects?: string | null;
  reason?: string | null;
}
export interface NewLinks {
  units: Record<string, unknown>;
  group?: string | null;
  stratum?: string | null;
  count: number;
}
export interface NewLinksWithdrawal {
  draw_no?: number | null;
  reason: string;
}
export interface NewMappedColumn {
  column: string;
  words?: Record<string, string> | null;
}
export interface NewMeasure {
  action: string;
  person: string;
  due: string;
}
export interface NewMeeting {
  held_on: string;
  present: Array<string>;
  recused?: Array<NewRecusal>;
  votes_for: number;
  votes_against: number;
  votes_abstained: number;
}
export interface NewMember {
  person: string;
  unit?: string | null;
}
export interface NewMessageKey {
  jwk: PublicKey;
  reason: string;
}
export interface NewMonth {
  month: string;
  value: string;
}
export interface NewName {
  name: string;
  kind: "legal" | "alias";
  valid_from: string;
  valid_to?: string | null;
}
export interface NewNaming {
  evidence_ids: Array<string>;
}
export interface NewNode {
  item: string;
  due: string;
}
export interface NewNotice {
  text?: string | null;
  unchanged_because?: string | null;
}
export interface NewNoticeAnswers {
  references: Array<string>;
  outcome: "upheld" | "rejected";
  text: string;
  corrections?: Array<string>;
}
export interface NewNoticeContactReading {
  reason: string;
}
export interface NewNoticeObjection {
  text: string;
  about?: string | null;
}
export interface NewNumberedCount {
  group?: string | null;
  entitled: number;
  issued: number;
  returned: number;
  spoiled: number;
  votes: Array<NewVotes>;
  count_no: string;
}
export interface NewObjection {
  about: "mark" | "claim" | "entry" | "card" | "wave";
  indicator?: string | null;
  claim_id?: string | null;
  entry_id?: string | null;
  period?: string | null;
  card_light?: "warning" | "yellow_card" | "red_card" | null;
  survey?: string | null;
  wave?: number | null;
  form?: "objection" | "remark";
  asks: string;
  text: string;
  evidence?: Array<NewObjectionFile>;
}
export interface NewObjectionAnswer {
  step: number;
  move: "appeal" | "withdraw";
  text: string;
  evidence?: Array<NewObjectionFile>;
}
export interface NewObjectionDecision {
  step: number;
  move: "uphold" | "uphold_part" | "reject" | "carry_out";
  text: string;
  stands?: string | null;
  carried_out_by?: string | null;
}
export interface NewObjectionFile {
  evidence_id: string;
  existed_on: string;
}
export interface NewOpinion {
  unit: string;
  text: string;
  group?: string | null;
  channel?: string | null;
}
export interface NewOpinions {
  batch_no: string;
  rows: Array<NewOpinion>;
}
export interface NewOwnSecret {
  current: string;
  expires_on?: string | null;
}
export interface NewOwnSimulation {
  values: Array<NewOwnValue>;
}
export interface NewOwnValue {
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "not_applicable" | "progress_report" | "inspection_finding";
  key?: string | null;
  item?: string | null;
  period?: string | null;
  value?: string | null;
  word?: string | null;
  listed?: number | null;
}
export interface NewPart {
  indicator: string;
  unit: string;
  role: "lead" | "support";
  points: string;
}
export interface NewPartner {
  unit: string;
  holder_name: string;
  share?: string | null;
  linked_indicator?: string | null;
}
export interface NewPassword {
  current: string;
  new: string;
}
export interface NewPeriodPermission {
  period: string;
  unit: string;
  indicator?: string | null;
  until: string;
  reason: string;
  document_no: string;
}
export interface NewPerson {
  person: string;
  value: string;
}
export interface NewPlace {
  rank: number;
  of: number;
}
export interface NewPlaces {
  unit: string;
  parts: Array<NewUnitPart>;
}
export interface NewPlan {
  rows: Array<NewPlannedCell>;
  aim?: string | null;
}
export interface NewPlannedCell {
  unit: string;
  quota: number;
  stratum?: string | null;
  group?: string | null;
  population?: number | null;
  attempts?: number | null;
  clusters?: number | null;
}
export interface NewPoints {
  points: string;
}
export interface NewPredecessors {
  predecessors: Array<string>;
  effective_on: string;
  document_no: string;
}
export interface NewProject {
  project: string;
  name: string;
  leader: string;
  lead_unit: string;
  units?: Array<string>;
  indicator: string;
  starts_on: string;
  completes_on: string;
  nodes: Array<NewNode>;
}
export interface NewProjects {
  projects: Array<NewProject>;
}
export interface NewProposals {
  targets: Array<NewTarget>;
}
export interface NewPublicComplaint {
  kind: "efficiency_complaint" | "petition" | "online_message" | "hotline";
  text: string;
  about_office?: boolean;
  contact?: string | null;
}
export interface NewPublicObjection {
  text: string;
  about?: string | null;
  contact?: string | null;
}
export interface NewQuestion {
  code: string;
  text: string;
  options: Record<string, string>;
}
export interface NewQuestionnaire {
  languages: Array<NewWording>;
}
export interface NewRanking {
  category: string;
  score_sheet_edition?: number | null;
}
export interface NewRecovery {
  amount: string;
  document_no: string;
}
export interface NewRecusal {
  member: string;
  reason: string;
}
export interface NewRedelivery {
  event_id?: string | null;
  first?: number | null;
  last?: number | null;
}
export interface NewRefusal {
  reason: string;
}
export interface NewRegisteredAward {
  kind?: "award" | "title";
  name: string;
  level: string;
  authority: string;
  granted_by?: string | null;
  document_no: string;
  document_date: string;
  awarded_on: string;
  in_own_name?: boolean;
  priority?: string | null;
  holders: Array<AwardHolder>;
}
export interface NewRelease {
  note?: string | null;
  despite_objections?: boolean;
  publish_at?: string | null;
  correction?: NewCorrectionNote | null;
}
export interface NewReleaseDecision {
  decision: ReleaseDecision;
  reason?: string | null;
}
export interface NewReopening {
  reason: string;
}
export interface NewReply {
  text: string;
}
export interface NewReplyDecision {
  decision: ReplyVerdict;
  reason?: string | null;
}
export interface NewReportItems {
  anew?: Array<NewReportReference>;
}
export interface NewReportReference {
  cycle_id: string;
  number: number;
}
export interface NewRequestDecision {
  unit: string;
  indicator: string;
  item?: string | null;
  version: number;
  decision: "support" | "accept" | "refuse";
  reason?: string | null;
  approved_by?: string | null;
}
export interface NewRequestDecisions {
  decisions: Array<NewRequestDecision>;
}
export interface NewRequestWithdrawals {
  targets: Array<TakenBack>;
  reason?: string | null;
}
export interface NewReset {
  what: Array<"password" | "second-factor">;
  reason: string;
}
export interface NewRestatement {
  reason: string;
  value?: string | null;
  word?: string | null;
  occurred_on?: string | null;
  note?: string | null;
  listed?: number | null;
  published_value?: string | null;
  document_no?: string | null;
  document_date?: string | null;
  authority?: string | null;
  about_from?: string | null;
  about_until?: string | null;
  evidence_ids?: Array<string>;
}
export interface NewRestorationProposal {
  digest: string;
  reason: string;
}
export interface NewReview {
  opinion_id: string;
  verdict: OpinionVerdict;
  wording?: string | null;
  reason?: string | null;
  into?: string | null;
}
export interface NewReviewConfirmation {
  opinion_id: string;
  review_no: number;
}
export interface NewReviewConfirmations {
  rows: Array<NewReviewConfirmation>;
}
export interface NewReviewer {
  person: string;
  unit?: string | null;
  conflicts?: Array<string>;
}
export interface NewReviewers {
  members: number;
  reviewers: Array<NewReviewer>;
}
export interface NewReviews {
  rows: Array<NewReview>;
}
export interface NewRevisionRequests {
  targets: Array<NewTarget>;
  reason: string;
  document_no: string;
}
export interface NewRevisions {
  targets: Array<NewTarget>;
  reason: string;
  document_no: string;
  approved_by: string;
  caused_by?: "superior" | null;
}
export interface NewRevocation {
  reason: string;
}
export interface NewSampleDecision {
  units: Array<string>;
  treatment: Treatment;
  reason: string;
  document_no: string;
}
export interface NewSchemeCheck {
  scheme: SchemeInput;
}
export interface NewSchemeComment {
  category?: string | null;
  indicator?: string | null;
  text: string;
}
export interface NewSchemeComments {
  comments: Array<NewSchemeComment>;
}
export interface NewSchemeVersion {
  scheme: SchemeInput;
  reason?: string | null;
}
export interface NewScoreSheet {
  categories?: Array<string> | null;
}
export interface NewScoreSimulation {
  categories?: Array<string> | null;
  scheme?: Record<string, unknown> | null;
  values?: Array<ScoringNewSimulatedValue>;
}
export interface NewScreenDecision {
  verdict: ScreenVerdict;
  findings: Array<NamedFinding>;
  interviewer?: string | null;
  units?: Array<string>;
  reason: string;
  document_no: string;
}
export interface NewSeal {
  leaves?: Record<string, number>;
  seen?: string | null;
  unscored?: Record<string, AcceptedUnscored>;
  accept_unscored?: AcceptedAsSeen | null;
  outdated?: AcceptedOutdated | null;
}
export interface NewSeat {
  seat: string;
  account: string;
  unit?: string | null;
  group?: string | null;
}
export interface NewSeatReplacement {
  account: string;
  reason: string;
}
export interface NewSeats {
  seats: Array<NewSeat>;
}
export interface NewSecondFactor {
  current: string;
  otp?: string | null;
}
export interface NewSecondMark {
  unit: string;
  entry_id: string;
  verdict: "right" | "differs";
  value?: string | null;
  word?: string | null;
  text: string;
}
export interface NewSecret {
  expires_on?: string | null;
  reason: string;
}
export interface NewSeed {
  seed: string;
  found_in: string;
}
export interface NewSelfMark {
  indicator: string;
  mark: string;
  text: string;
  evidence_ids?: Array<string>;
}
export interface NewSelfMarks {
  marks: Array<NewSelfMark>;
}
export interface NewSettlement {
  unit: string;
  matter: string;
  item?: string | null;
  targets: Array<SettledTarget>;
}
export interface NewSettlementDecision {
  unit: string;
  matter: string;
  item?: string | null;
  version: number;
  decision: "confirm" | "refuse";
  reason?: string | null;
}
export interface NewSettlementDecisions {
  decisions: Array<NewSettlementDecision>;
}
export interface NewSettlements {
  settlements: Array<NewSettlement>;
  reason: string;
  document_no: string;
}
export interface NewShare {
  claim_id: string;
  share: string;
}
export interface NewSignatures {
  entry_ids: Array<string>;
}
export interface NewSigningOut {
  reason: string;
}
export interface NewSimulation {
  category: string;
  scheme?: Record<string, unknown> | null;
  values?: Array<RankingNewSimulatedValue>;
}
export interface NewStage {
  label: string;
  cut_off: string;
}
export interface NewStageRelease {
  readers: StageReaders;
  document_no: string;
  reason?: string | null;
}
export interface NewStanding {
  indicator: string;
  as_of: string;
  won: string;
  lost: string;
  basis: string;
  causes?: Array<NewCause> | null;
}
export interface NewStandings {
  standings: Array<NewStanding>;
}
export interface NewStep {
  note?: string | null;
}
export interface NewSuccession {
  succeeded_by: string;
  effective_on: string;
  document_no: string;
}
export interface NewSuperiorCycle {
  cycle_id: string;
  scheme_version: number;
}
export interface NewSuperiorIndicator {
  code: string;
  name: string;
  block: string;
  points: string;
  unowned?: string | null;
}
export interface NewSupervisedItem {
  source_ref?: string | null;
  kind: "instruction" | "supervised" | "plan" | "summary" | "self_report" | "rectification_report";
  title: string;
  text: string;
  document_no?: string | null;
  document_date?: string | null;
  meeting?: string | null;
  confidential?: boolean;
  units: Array<ItemShare>;
  readers?: Array<string>;
  until?: string | null;
  within?: number | null;
  report_every?: "monthly" | "quarterly" | null;
}
export interface NewSupervisedItems {
  items: Array<NewSupervisedItem>;
}
export interface NewSurvey {
  code: string;
}
export interface NewTakingBack {
  highlight_id: string;
  reason: string;
}
export interface NewTarget {
  target?: string | null;
  baseline?: string | null;
  pledge?: string | null;
  unit: string;
  indicator: string;
  item?: string | null;
  baseline_from?: IndicatorsBaselineSource | null;
}
export interface NewTargets {
  targets: Array<NewTarget>;
  reason?: string | null;
}
export interface NewTeam {
  members: Array<NewMember>;
  reason: string;
}
export interface NewTypedResult {
  person?: NewAssessedPerson | null;
  score?: string | null;
  grade?: string | null;
  document: NewLinkedDocument;
}
export interface NewUnit {
  code: string;
  name: string;
  kind: "assessed" | "body";
  uscc?: string | null;
  valid_from: string;
}
export interface NewUnitMapping {
  code: string;
  valid_from: string;
  valid_to?: string | null;
  unit: string;
}
export interface NewUnitMappings {
  mappings: Array<NewUnitMapping>;
  reason?: string | null;
}
export interface NewUnitPart {
  name: string;
  heads: number;
  won: string;
  lost?: string;
}
export interface NewUnits {
  units: Array<NewUnit>;
}
export interface NewUnlock {
  reason: string;
}
export interface NewUrn {
  public_key: string;
}
export interface NewUrnOpening {
  private_key: string;
}
export interface NewVerdict {
  word: "satisfied" | "dissatisfied";
  text?: string | null;
}
export interface NewVerification {
  entry_ids?: Array<string> | null;
  all_submitted?: true | null;
}
export interface NewVeto {
  unit: string;
  code: string;
  document_no: string;
  decided_on: string;
  note?: string | null;
  decided_by?: string | null;
  expires_on?: string | null;
  late_reason?: string | null;
}
export interface NewVoiding {
  reason: string;
  document_no: string;
}
export interface NewVoidingDecision {
  decision: VoidingDecision;
  reason?: string | null;
}
export interface NewVotes {
  unit: string;
  question?: string;
  options: Record<string, number>;
  blank: number;
}
export interface NewWebhook {
  url: string;
  types?: Array<string> | null;
  cycle_id?: string | null;
  start?: "now" | "first";
}
export interface NewWebhookHost {
  host: string;
  port?: number;
  reason: string;
}
export interface NewWebhookSecret {
  overlap_hours?: number;
}
export interface NewWithdrawal {
  reason: string;
}
export interface NewWithdrawals {
  targets: Array<IndicatorsNamed>;
  reason: string;
  document_no: string;
}
export interface NewWording {
  language: string;
  title: string;
  questions: Array<NewQuestion>;
}
export interface NewWorkPlan {
  unit: string;
  indicator: string;
  item?: string | null;
  combine?: "sum" | "last";
  months?: Array<NewMonth>;
  persons?: Array<NewPerson>;
  measures?: Array<NewMeasure>;
}
export interface NewWorkPlans {
  plans: Array<NewWorkPlan>;
}
export interface NewlySigned {
  webhook: Webhook;
  secret: string | null;
  receipt: Receipt | null;
}
export interface NextScheme {
  cycle_id: string;
  version: number;
  digest: string;
  scheme: SchemeOutput;
  to_decide: Array<ToDecide>;
  to_decide_count: number;
}
export interface NextSchemeDiagnosed {
  cycle_id: string;
  edition: number;
  scheme_digest: string;
  same_scheme: boolean;
  scheme: Record<string, unknown>;
  to_decide: Array<MatterToDecide>;
  to_decide_count: number;
  diagnosis: Array<WeightDiagnosis>;
}
export interface NodeForm {
  item: string;
  name: string;
  due: string | null;
  opens: string | null;
  closes: string | null;
  noted: boolean;
}
export interface NodeStanding {
  item: string;
  due: string;
  state: "reached" | "not_reached" | "handed_in" | "overdue" | "open" | null;
  entry_id: string | null;
  entry_state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced" | null;
  word: string | null;
  occurred_on: string | null;
}
export interface NormalisationInput {
  method: "none" | "second_mean" | "grand_mean_ratio" | "z_score" | "rank_percentile";
  by: "organiser" | "scorer";
  of: Array<string>;
  clamp?: Array<string>;
  smallest_group?: number;
  mean?: string | null;
  deviation?: string | null;
}
export interface NormalisationOutput {
  method: "none" | "second_mean" | "grand_mean_ratio" | "z_score" | "rank_percentile";
  by: "organiser" | "scorer";
  of: Array<string>;
  clamp: Array<string>;
  smallest_group: number;
  mean: string | null;
  deviation: string | null;
}
export interface NormalisedMarks {
  indicator: string;
  indicator_in_scheme?: string | null;
  category: string;
  group: string;
  marks: number;
  mean: string;
  coefficient: string | null;
  kept: boolean;
}
export interface Notice {
  cycle_id: string;
  notice: number;
  edition: number;
  category: string;
  opened_on: string;
  closes_on: string;
  shows: "grades" | "grades_and_ranks" | "grades_ranks_and_totals";
  text: string | null;
  unchanged_because?: string | null;
  names?: NoticeNames | null;
  lists: Array<NoticedGrade>;
  state: "running" | "ended" | "replaced";
  digest: string;
}
export interface NoticeAnswer {
  outcome: "upheld" | "rejected";
  text: string;
  corrections: Array<string>;
  answered_at: string;
}
export interface NoticeAnswersMade {
  objections: Array<NoticeObjection>;
  receipt: Receipt | null;
}
export interface NoticeNames {
  assessment_year: number;
  category: Called;
}
export interface NoticeObjection {
  reference: string;
  notice: number;
  unit: string | null;
  about: string | null;
  text: string;
  filed_at: string;
  answer: NoticeAnswer | null;
  withdrawn_at?: string | null;
}
export interface NoticeObjectionMade {
  objection: NoticeObjection;
  receipt: Receipt | null;
}
export interface NoticeOpened {
  notice: Notice;
  receipt: Receipt | null;
}
export interface NoticePolicyInput {
  after?: string;
  working_days?: number;
  shows?: "grades" | "grades_and_ranks" | "grades_ranks_and_totals";
}
export interface NoticePolicyOutput {
  after: string;
  working_days: number;
  shows: "grades" | "grades_and_ranks" | "grades_ranks_and_totals";
}
export interface NoticeSummary {
  notice: number;
  category: string;
  opened_on: string;
  closes_on: string;
  digest: string;
}
export interface NoticedGrade {
  grade: string | null;
  grade_name: string | null;
  units: Array<NoticedUnit>;
}
export interface NoticedUnit {
  unit: string;
  name: string;
  rank?: number | null;
  final_total?: string | null;
}
export interface NumberNode {
  number: string;
}
export interface Objection {
  objection_id: string;
  objection_no: number;
  unit: string;
  form: "objection" | "remark";
  edition: number | null;
  put_to: string | null;
  about: "mark" | "claim" | "entry" | "card" | "wave";
  indicator: string | null;
  claim_id: string | null;
  entry_id: string | null;
  period: string | null;
  card_light: string | null;
  survey: string | null;
  wave: number | null;
  score: string | null;
  asks: string;
  author: string;
  filed_at: string;
  state: "pending" | "upheld" | "partly_upheld" | "rejected" | "withdrawn";
  step: number;
  level: number;
  decided_by: string;
  due: string | null;
  light: "none" | "yellow" | "red";
  to_carry_out: boolean;
  moves: Array<MadeObjectionMove>;
}
export interface ObjectionFile {
  evidence_id: string;
  existed_on: string;
}
export interface ObjectionPolicyInput {
  file_within?: number;
  decide_within?: number;
  levels?: Array<string>;
  remarks?: RemarkPolicyInput | null;
}
export interface ObjectionPolicyOutput {
  file_within: number;
  decide_within: number;
  levels: Array<string>;
  remarks?: RemarkPolicyOutput | null;
}
export interface ObligationsInCycle {
  cycle_id: string;
  jurisdiction: string;
  assessment_year: number;
  category: string | null;
  category_name: string | null;
  indicators: Array<MeasuringIndicator>;
  owed: Array<OwedDuty>;
  open: number;
  listed: Array<ListedPlace>;
  shared: Array<EntryAdoption>;
  shared_more: boolean;
}
export interface OpenCategory {
  category: string;
  organiser: string | null;
  withdrawn: boolean;
}
export interface OpenForm {
  title: string;
  language: string | null;
  languages: Array<string>;
  units: Record<string, string>;
  questions: Array<OpenFormQuestion>;
}
export interface OpenFormQuestion {
  code: string;
  text: string;
  options: Record<string, string>;
  asked_if: QuestionSkip | null;
}
export interface OpenItemLeft {
  item_id: string;
  title: string;
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied";
  due: string | null;
}
export interface OpenMatter {
  what: "input" | "signature" | "verification" | "evidence" | "correction" | "reply" | "answer" | "confirmation" | "award" | "item";
  indicator: string | null;
  period: string | null;
  unit: string | null;
  count: number;
  due: string | null;
  working_days_left: number | null;
  rule: string | null;
  points: string | null;
  lead: string | null;
  deputy: string | null;
}
export interface OpenObjectionLeft {
  objection_id: string;
  unit: string;
  objection_no: number;
  state: "pending" | "upheld" | "partly_upheld";
}
export interface OpenedConsultation {
  cycle_id: string;
  version: number;
  about: string;
  closes_on: string;
  open: boolean;
  comments: number;
  unanswered: number;
  opened_by: string;
  opened_at: string;
  receipt: Receipt | null;
}
export interface OpenedReport {
  report: ItemReport;
  item_id: string;
  unit: string;
  until: string;
}
export interface OpinionPublication {
  survey_id: string;
  wave: number;
  published: number;
  receipt: Receipt | null;
}
export interface OpinionReview {
  review_no: number;
  verdict: OpinionVerdict;
  wording: string | null;
  reason: string | null;
  into: string | null;
  proposed_by: string;
  proposed_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
}
export interface Option {
  code: string;
  name: string;
  score: string | null;
}
export interface OptionAnswers {
  option: string;
  answers: number | null;
}
export interface OtherOrder {
  moved: number;
  most: number;
  ranks: Record<string, number>;
}
export interface Outlook {
  cycle_id: string;
  edition: number;
  phase: "computed" | "fed_back";
  unit: string;
  category: string;
  as_of: string;
  points: string | null;
  total: string | null;
  standing: ScoringStanding | null;
  lost: string;
  to_win: string;
  to_lose: string;
  losses: Array<Loss>;
  chances: Array<Chance>;
  matters: Array<OpenMatter>;
  open_matters: number;
  deadlines: Array<Deadline>;
}
export interface OverstatementInput {
  indicator: string;
  event: string;
  tolerance?: string;
  lower_is_better?: Array<string>;
}
export interface OverstatementOutput {
  indicator: string;
  event: string;
  tolerance: string;
  lower_is_better: Array<string>;
}
export interface Overturned {
  indicator: string;
  event: string;
}
export interface OwedDuties {
  cycle_id: string;
  at: string;
  as_of: string;
  items: Array<OwedDuty>;
  next: string | null;
}
export interface OwedDuty {
  key: string;
  unit: string;
  unit_name: string | null;
  indicator: string;
  indicator_name: string;
  period: string;
  due: string;
  warned_from: string;
  red_after: string;
  light: "none" | "warning" | "yellow_card" | "red_card";
  expected: number;
  missing: number;
  missing_units: Array<string>;
  handed_in_on: string | null;
  late_by: number;
  returned_on: string | null;
  due_again: string | null;
  provisional: boolean;
  unannounced: Array<number>;
  lead: string | null;
  deputy: string | null;
}
export interface OwnMarks {
  cycle_id: string;
  indicators: Array<SeatMarks>;
}
export interface OwnOperation {
  operation_id: string | null;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  conditions: Array<Condition>;
}
export interface OwnSecondFactor {
  is_needed: boolean;
  confirmed_at: string | null;
  recovery_codes_left: number;
}
export interface OwnSession {
  session_id: string;
  kind: "bearer" | "browser";
  is_this_one: boolean;
  opened_at: string;
  refreshed_at: string | null;
  expires_at: string;
  address: string;
  device: string;
}
export interface OwnSessions {
  sessions: Array<OwnSession>;
}
export interface OwnSimulation {
  cycle_id: string;
  unit: string;
  scheme_digest: string;
  as_of: string;
  ledger_phase: "open" | "sealed";
  before: UnitSoFar;
  after: UnitSoFar;
  change: string;
}
export interface OwnTask {
  service: string;
  cycle_id: string | null;
  cycle_name: string | null;
  kind: string;
  zh: string;
  en: string;
  count: number;
  deadline: string | null;
  about: Record<string, string>;
  operation_id: string | null;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  listed_at: string | null;
}
export interface OwnTasks {
  tasks: Array<OwnTask>;
  more: number;
  parts: Array<TaskPart>;
  cycles_left: number;
}
export interface OwnWords {
  entry_id: string;
  indicator: string;
  period: string;
  note: string;
}
export interface PageAccount {
  items: Array<Account>;
  next: string | null;
}
export interface PageArchivedMessage {
  items: Array<ArchivedMessage>;
  next: string | null;
}
export interface PageBatch {
  items: Array<Batch>;
  next: string | null;
}
export interface PageChainHead {
  items: Array<ChainHead>;
  next: string | null;
}
export interface PageCheckFinding {
  items: Array<CheckFinding>;
  next: string | null;
}
export interface PageCheckedEntry {
  items: Array<CheckedEntry>;
  next: string | null;
}
export interface PageCheckpointSummary {
  items: Array<CheckpointSummary>;
  next: string | null;
}
export interface PageClaim {
  items: Array<Claim>;
  next: string | null;
}
export interface PageComplaint {
  items: Array<Complaint>;
  next: string | null;
}
export interface PageConsequence {
  items: Array<Consequence>;
  next: string | null;
}
export interface PageConsultation {
  items: Array<Consultation>;
  next: string | null;
}
export interface PageCycle {
  items: Array<Cycle>;
  next: string | null;
}
export interface PageDecompositionSummary {
  items: Array<DecompositionSummary>;
  next: string | null;
}
export interface PageDelegationGiven {
  items: Array<DelegationGiven>;
  next: string | null;
}
export interface PageDelivery {
  items: Array<Delivery>;
  next: string | null;
}
export interface PageDutyCard {
  items: Array<DutyCard>;
  next: string | null;
}
export interface PageDutyPerson {
  items: Array<DutyPerson>;
  next: string | null;
}
export interface PageEmergencyGrant {
  items: Array<EmergencyGrant>;
  next: string | null;
}
export interface PageEntryAdoption {
  items: Array<EntryAdoption>;
  next: string | null;
}
export interface PageEntrySignature {
  items: Array<EntrySignature>;
  next: string | null;
}
export interface PageHandedUp {
  items: Array<HandedUp>;
  next: string | null;
}
export interface PageIdScheme {
  items: Array<IdScheme>;
  next: string | null;
}
export interface PageIndicatorMapping {
  items: Array<IndicatorMapping>;
  next: string | null;
}
export interface PageInferiorCycle {
  items: Array<InferiorCycle>;
  next: string | null;
}
export interface PageItemEvent {
  items: Array<ItemEvent>;
  next: string | null;
}
export interface PageJournalEntry {
  items: Array<JournalEntry>;
  next: string | null;
}
export interface PageJurisdiction {
  items: Array<Jurisdiction>;
  next: string | null;
}
export interface PageJurisdictionClosing {
  items: Array<JurisdictionClosing>;
  next: string | null;
}
export interface PageLedgerEntry {
  items: Array<LedgerEntry>;
  next: string | null;
}
export interface PageLikelyPair {
  items: Array<LikelyPair>;
  next: string | null;
}
export interface PageListedEvidence {
  items: Array<ListedEvidence>;
  next: string | null;
}
export interface PageLoggedReading {
  items: Array<LoggedReading>;
  next: string | null;
}
export interface PageNoticeObjection {
  items: Array<NoticeObjection>;
  next: string | null;
}
export interface PageNoticeSummary {
  items: Array<NoticeSummary>;
  next: string | null;
}
export interface PageObjection {
  items: Array<Objection>;
  next: string | null;
}
export interface PagePublicCycle {
  items: Array<PublicCycle>;
  next: string | null;
}
export interface PagePublicSummary {
  items: Array<PublicSummary>;
  next: string | null;
}
export interface PagePublishedOpinion {
  items: Array<PublishedOpinion>;
  next: string | null;
}
export interface PageQuarantinedOpinion {
  items: Array<QuarantinedOpinion>;
  next: string | null;
}
export interface PageQuestionnaireVersion {
  items: Array<QuestionnaireVersion>;
  next: string | null;
}
export interface PageRankingSummary {
  items: Array<RankingSummary>;
  next: string | null;
}
export interface PageRectificationItem {
  items: Array<RectificationItem>;
  next: string | null;
}
export interface PageRegisteredAward {
  items: Array<RegisteredAward>;
  next: string | null;
}
export interface PageReleaseSummary {
  items: Array<ReleaseSummary>;
  next: string | null;
}
export interface PageReported {
  items: Array<Reported>;
  next: string | null;
}
export interface PageRestorationProposal {
  items: Array<RestorationProposal>;
  next: string | null;
}
export interface PageSchemeComment {
  items: Array<SchemeComment>;
  next: string | null;
}
export interface PageSchemeVersion {
  items: Array<SchemeVersion>;
  next: string | null;
}
export interface PageScoreSheetSummary {
  items: Array<ScoreSheetSummary>;
  next: string | null;
}
export interface PageShownParkedRow {
  items: Array<ShownParkedRow>;
  next: string | null;
}
export interface PageStage {
  items: Array<Stage>;
  next: string | null;
}
export interface PageSuperiorCycle {
  items: Array<SuperiorCycle>;
  next: string | null;
}
export interface PageSupervisedItem {
  items: Array<SupervisedItem>;
  next: string | null;
}
export interface PageUnit {
  items: Array<Unit>;
  next: string | null;
}
export interface PageUnitInSuperiorLists {
  items: Array<UnitInSuperiorLists>;
  next: string | null;
}
export interface PageUnitMapping {
  items: Array<UnitMapping>;
  next: string | null;
}
export interface PageUnscoredItem {
  items: Array<UnscoredItem>;
  next: string | null;
}
export interface PageWebhook {
  items: Array<Webhook>;
  next: string | null;
}
export interface PageWebhookHost {
  items: Array<WebhookHost>;
  next: string | null;
}
export interface PageYearWarning {
  items: Array<YearWarning>;
  next: string | null;
}
export interface PanelInput {
  code: string;
  name: string;
  seats: Array<SeatInput>;
  name_en?: string | null;
}
export interface PanelOutput {
  code: string;
  name: string;
  seats: Array<SeatOutput>;
  name_en: string | null;
}
export interface ParkedRowDiscard {
  parked_row_ids: Array<string>;
  reason: string;
}
export interface ParkedRowReplay {
  parked_row_ids?: Array<string> | null;
  all_known?: true | null;
}
export interface PartOfDifference {
  kind: "indicator" | "claim" | "excess";
  code: string;
  name: string;
  before: string | null;
  after: string | null;
  change: string | null;
  causes: Array<DifferenceCause>;
}
export interface PartOfTotalInput {
  block: string;
  scale?: string | null;
  points?: string | null;
  weight?: string | null;
  cap?: string | null;
}
export interface PartOfTotalOutput {
  block: string;
  scale: string | null;
  points: string | null;
  weight: string | null;
  cap: string | null;
}
export interface PartPlaces {
  name: string;
  heads: number;
  contribution: string;
  places: number;
}
export interface PartProgress {
  expected: number;
  due: number;
  received: number;
  verified: number;
  returned: number;
  overdue: number;
  key: string;
  codes: Record<string, string>;
  codes_in_scheme?: Record<string, string | null>;
  names: Record<string, string>;
}
export interface PartScore {
  block: string;
  worth: string;
  score: string | null;
}
export interface PartsShown {
  grades: boolean;
  first_places: number | null;
  ranks: boolean;
  scores: boolean;
  blocks: boolean;
  reasons: boolean;
  highlights: boolean;
  negative_cases?: boolean;
  coefficients?: boolean;
  uncertainty?: boolean;
}
export interface Period {
  period: string;
  state: "open" | "closed";
  by: string | null;
  closed_at: string | null;
}
export interface PeriodPermission {
  permission_no: number;
  period: string;
  unit: string;
  indicator: string | null;
  until: string;
  reason: string;
  document_no: string;
  granted_by: string;
  granted_at: string;
  late_entries: Array<string>;
}
export interface PeriodPermissions {
  items: Array<PeriodPermission>;
}
export interface PlaceOfYear {
  assessment_year: number;
  comparable: "same" | "goes_on" | "merged" | "split" | "other_category" | "not_there";
  of_units: Array<string>;
  rank: number | null;
  ranked: number | null;
  grade: string | null;
  grade_name: string | null;
  rank_change: number | null;
  blocks: Array<ComparedBlock>;
}
export interface PlacesByPointsInput {
  from_points: string;
  places: number;
}
export interface PlacesByPointsOutput {
  from_points: string;
  places: number;
}
export interface Plan {
  survey_id: string;
  wave: number;
  version: number;
  aim: string | null;
  confidence: string;
  rows: Array<PlannedRow>;
  units: Array<PlannedUnit>;
  entered_by: string;
  entered_at: string;
}
export interface PlannedMeasure {
  action: string;
  person: string;
  due: string;
}
export interface PlannedRow {
  unit: string;
  stratum: string | null;
  group: string | null;
  quota: number;
  population: number | null;
  attempts: number | null;
  clusters: number | null;
}
export interface PlannedShare {
  whose: string;
  value: string;
}
export interface PlannedUnit {
  unit: string;
  quota: number;
  population: number | null;
  margin_of_error: string | null;
  needed: number | null;
}
export interface PolicyDecision {
  indicator: string;
  indicator_in_scheme?: string | null;
  what: "zero" | "skipped" | "category_mean" | "subcategory_mean" | "carried_over" | "not_applicable" | "short_sample" | "voided";
  effect: string | null;
  en: string;
  zh: string;
}
export interface PostedBatch {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  batch_no: string;
  rows: Array<RowOutcome>;
}
export interface PostedClaim {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  claim_id: string | null;
  claim_no: string | null;
}
export interface PostedClaims {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<PostedClaim>;
}
export interface PostedEntries {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<PostedEntry>;
}
export interface PostedEntry {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  entry_id: string | null;
  parked_row_id: string | null;
  likely_duplicates: Array<LikelyDuplicate>;
}
export interface PostedFile {
  batch_no: string;
  mapping: string | null;
  mapping_version: number | null;
  content_digest: string;
  mode: "all" | "partial" | "check";
  sent: number;
  stored: number;
  unchanged: number;
  refused: number;
  answers_left_out: number;
  refused_rows: Array<RefusedRow>;
  receipt: Receipt | null;
}
export interface PostedOpinions {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  batch_no: string;
  rows: Array<RowOutcome>;
}
export interface PredecessorInput {
  code: string;
  assessment_year: number;
  share?: string;
}
export interface PredecessorOutput {
  code: string;
  assessment_year: number;
  share: string;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  remedy?: string;
  instance?: string;
  request_id?: string;
  errors?: Array<ProblemFault>;
  more?: number;
}
export interface ProblemFault {
  pointer: string;
  code: string;
  detail: string;
}
export interface ProgressLights {
  cycle_id: string;
  at: string;
  as_of: string;
  counts: LightCounts;
  items: Array<UnitProgress>;
  next: string | null;
}
export interface ProjectNode {
  item: string;
  due: string;
}
export interface ProjectStanding {
  project: string;
  version: number;
  name: string;
  leader: string;
  lead_unit: string;
  units: Array<string>;
  indicator: string;
  starts_on: string;
  completes_on: string;
  state: "complete" | "overdue" | "under_way" | "not_begun" | null;
  reached: number | null;
  nodes: Array<NodeStanding>;
}
export interface ProjectStandings {
  cycle_id: string;
  as_of: string;
  projects: Array<ProjectStanding>;
}
export interface ProjectVersion {
  project: string;
  version: number;
  name: string;
  leader: string;
  lead_unit: string;
  units: Array<string>;
  indicator: string;
  starts_on: string;
  completes_on: string;
  nodes: Array<ProjectNode>;
  entries_at: string;
  set_by: string;
  set_at: string;
}
export interface Projects {
  cycle_id: string;
  projects: Array<ProjectVersion>;
}
export interface ProjectsMoved {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<MovedProject>;
}
export interface ProposedMapping {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  mapping_id: string | null;
}
export interface ProposedMappings {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<ProposedMapping>;
}
export interface ProposedRestoration {
  proposal_no: number;
  digest: string;
  reason: string;
  proposed_by: string;
  proposed_at: string;
  receipt: Receipt | null;
}
export interface ProposedReviews {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<RowOutcome>;
}
export interface PublicCategory {
  category: string;
  release: number | null;
  notice: number | null;
  names?: NoticeNames | null;
}
export interface PublicCycle {
  cycle_id: string;
  assessment_year: number | null;
  categories: Array<PublicCategory>;
}
export interface PublicKey {
  kty: "OKP" | "EC";
  crv: "Ed25519" | "P-256" | "SM2";
  x: string;
  y?: string | null;
}
export interface PublicSummary {
  release: number;
  predecessor: number | null;
  category: string;
  published_at: string;
  digest: string;
  public_from?: string | null;
  corrected_by?: number | null;
}
export interface Publication {
  without_effect: Array<WithoutEffect>;
  without_effect_count: number;
  cycle_id: string;
  version: number;
  digest: string;
  compiled_digest: string;
  published_at: string;
  receipt: Receipt | null;
}
export interface PublicationPolicyInput {
  public?: ShownPartsInput | null;
  units?: ShownPartsInput | null;
  organisers?: ShownPartsInput | null;
}
export interface PublicationPolicyOutput {
  public: ShownPartsOutput | null;
  units: ShownPartsOutput | null;
  organisers: ShownPartsOutput | null;
}
export interface PublishedCase {
  unit: string;
  unit_in_scheme?: string | null;
  title: string;
  text: string;
  document_no: string;
}
export interface PublishedCoefficient {
  indicator: string;
  indicator_in_scheme?: string | null;
  group: string;
  marks: number;
  coefficient: string | null;
  kept: boolean;
}
export interface PublishedHighlight {
  unit: string;
  unit_in_scheme?: string | null;
  title: string;
  text: string;
  adopted_by: string | null;
  level: string | null;
  document_no: string | null;
}
export interface PublishedItem {
  unit: string;
  state: ItemState;
  reply: string | null;
}
export interface PublishedOpinion {
  opinion_id: string;
  survey: string;
  wave: number;
  unit: string;
  wording: string | null;
  stands_for: number;
  is_void: boolean;
  rectification: Array<PublishedItem>;
}
export interface PublishedRange {
  unit: string;
  unit_in_scheme?: string | null;
  rank: number;
  best: number;
  worst: number;
}
export interface PublishedRelease {
  cycle_id: string;
  release: number;
  predecessor: number | null;
  category: string;
  published_at: string;
  shown: Array<string>;
  units: Array<PublishedUnit>;
  highlights?: Array<PublishedHighlight> | null;
  negative_cases?: Array<PublishedCase> | null;
  coefficients?: Array<PublishedCoefficient> | null;
  uncertainty?: PublishedUncertainty | null;
  correction?: CorrectionNote | null;
  checkpoint?: NamedCheckpoint | null;
  names?: ReleaseNames | null;
  digest: string;
  public_from?: string | null;
  corrected_by?: number | null;
  corrections?: Array<CorrectedUnit> | null;
  own?: RankedUnit | null;
}
export interface PublishedScheme {
  cycle_id: string;
  version: number;
  digest: string;
  published_at: string;
  scheme: SchemeOutput;
  compiled_digest: string;
  compiled: CompiledScheme;
}
export interface PublishedStanding {
  rank?: number | null;
  rank_in_subcategory?: number | null;
  grade?: string | null;
  base_total?: string | null;
  adjustment?: string | null;
  final_total?: string | null;
  blocks?: Record<string, string> | null;
}
export interface PublishedUncertainty {
  generator: string;
  seed: number;
  replications: number;
  weights_by: number;
  confidence: string;
  survey_errors: string | null;
  units: Array<PublishedRange>;
}
export interface PublishedUnit {
  unit: string;
  unit_in_scheme?: string | null;
  name: string;
  rank?: number | null;
  grade?: string | null;
  grade_name?: string | null;
  blocks?: Record<string, string> | null;
  base_total?: string | null;
  adjustment?: string | null;
  final_total?: string | null;
  reasons?: Array<RankedReason> | null;
  demoted_by?: Array<string> | null;
  subcategory?: string | null;
  rank_in_subcategory?: number | null;
  vetoes?: Array<RankedVeto> | null;
  vetoes_in_term?: Array<VetoInTerm> | null;
}
export interface QuarantinedOpinion {
  opinion_id: string;
  unit: string;
  text: string;
  group: string | null;
  channel: string | null;
  state: OpinionState;
  review: OpinionReview | null;
}
export interface QuestionEstimates {
  question: string;
  mean: Estimated | null;
  rate: Estimated | null;
}
export interface QuestionInput {
  code: string;
  name: string;
  weight: string | "rest";
  preset?: "five_steps" | "one_to_ten" | "yes_no" | "zero_to_hundred" | "zero_to_hundred_by_half" | null;
  options?: Record<string, string>;
  option_names?: Record<string, string>;
  unscored?: Array<string>;
  satisfied?: Array<string>;
  asked_if?: AskedIf | null;
  screens?: Array<string>;
}
export interface QuestionOutput {
  code: string;
  name: string;
  weight: string | "rest";
  preset: "five_steps" | "one_to_ten" | "yes_no" | "zero_to_hundred" | "zero_to_hundred_by_half" | null;
  options: Record<string, string>;
  option_names: Record<string, string>;
  unscored: Array<string>;
  satisfied: Array<string>;
  asked_if: AskedIf | null;
  screens: Array<string>;
}
export interface QuestionSkip {
  question: string;
  options: Array<string>;
}
export interface QuestionTable {
  question: string;
  group: string | null;
  answers: number | null;
  options: Array<OptionAnswers>;
  mean: string | null;
  satisfaction_rate: string | null;
}
export interface Questionnaire {
  survey_id: string;
  version: number;
  digest: string;
  entered_by: string;
  entered_at: string;
  languages: Array<QuestionnaireWording>;
}
export interface QuestionnaireQuestion {
  code: string;
  text: string;
  options: Record<string, string>;
}
export interface QuestionnaireVersion {
  survey_id: string;
  version: number;
  digest: string;
  entered_by: string;
  entered_at: string;
}
export interface QuestionnaireWording {
  language: string;
  title: string;
  questions: Array<QuestionnaireQuestion>;
}
export interface RaisedComplaint {
  reference: string;
  token: string;
  raised_at: string;
}
export interface RaisedInMonth {
  raised: number;
  accepted: number;
  given: number;
  answered: number;
  put_aside: number;
}
export interface RankedReason {
  code: string;
  params: Record<string, string | Array<string>>;
  en: string;
  zh: string;
}
export interface RankedStanding {
  final_total: string | null;
  rank: number | null;
  grade: string | null;
}
export interface RankedUnit {
  unit: string;
  unit_in_scheme?: string | null;
  name: string;
  blocks: Record<string, string>;
  base_total: string | null;
  adjustment: string;
  final_total: string | null;
  rank: number | null;
  grade: string | null;
  grade_name: string | null;
  reasons: Array<RankedReason>;
  demoted_by: Array<string>;
  subcategory?: string | null;
  rank_in_subcategory?: number | null;
  vetoes?: Array<RankedVeto> | null;
  vetoes_in_term?: Array<VetoInTerm> | null;
}
export interface RankedUnitError {
  unit: string;
  rank: number | null;
  final_total: string | null;
  se: string | null;
  error: "estimated" | "at_most" | null;
  not_distinguishable: Array<string>;
}
export interface RankedVeto {
  code: string;
  scope: "all" | "block" | "title";
  year: number;
  block?: string | null;
  title: string | null;
  next_year: boolean;
  expires_on: string | null;
  of_unit?: string | null;
}
export interface Ranking {
  cycle_id: string;
  category: string;
  score_sheet_edition: number;
  digests: Digests;
  units: Array<RankedUnit>;
  voided_waves?: Record<string, number> | null;
  edition: number;
  state: "ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published";
  digest: string;
  chain?: ChainPosition | null;
}
export interface RankingComputed {
  ranking: Ranking;
  receipt: Receipt | null;
  without_effect?: Array<VetoWithoutEffect> | null;
}
export interface RankingDifferences {
  category: string;
  against: number;
  same: number;
  units: Array<MovedUnit>;
}
export interface RankingNewConfirmation {
  of: "report" | "lifting";
  decision: "confirm" | "refuse";
  reason?: string | null;
}
export interface RankingNewSimulatedValue {
  unit: string;
  indicator: string;
  kind: string;
  key?: string | null;
  item?: string | null;
  period?: string | null;
  value?: string | null;
  word?: string | null;
  listed?: number | null;
}
export interface RankingPolicyInput {
  tie_break: Array<string | TieBreakKeyInput>;
  ties: "same_rank_skip" | "dense" | "ordinal";
  incomplete?: "refuse" | "leave_out";
  within?: "category" | "subcategory";
  previous_cycle?: string | null;
}
export interface RankingPolicyOutput {
  tie_break: Array<string | TieBreakKeyOutput>;
  ties: "same_rank_skip" | "dense" | "ordinal";
  incomplete: "refuse" | "leave_out";
  within: "category" | "subcategory";
  previous_cycle: string | null;
}
export interface RankingPublished {
  manifest: Manifest;
  digest: string;
  public_from?: string | null;
  receipt: Receipt | null;
}
export interface RankingSummary {
  edition: number;
  category: string;
  state: "ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published";
  score_sheet_edition: number;
  digest: string;
  ranked_by: string;
  ranked_at: string;
  embargo?: Embargo | null;
}
export interface ReachedChain {
  journal: string;
  chain: string;
  seq: number;
  hash: string;
}
export interface ReadContact {
  complaint_id: string;
  contact: string | null;
  receipt: Receipt | null;
}
export interface ReadEmergencyGrant {
  grant: EmergencyGrant;
  requests_count: number;
  requests: Array<EmergencyRequest>;
}
export interface ReadNoticeContact {
  reference: string;
  contact: string | null;
  receipt: Receipt | null;
}
export interface ReadResult {
  result_id: string;
  kind: "cadre" | "clean_government";
  state: "entered" | "confirmed" | "refused";
  person_code: string | null;
  name: string | null;
  score: string | null;
  grade: string | null;
  issuer: string | null;
  document_no: string | null;
  document_day: string | null;
  document_digest: string | null;
  corrects: string | null;
  corrected_by: string | null;
  reason: string | null;
}
export interface Reads {
  compares: boolean;
  surveys: Array<string>;
  entries: Array<string>;
  scores: Array<string>;
  ranks: Array<string>;
}
export interface Receipt {
  journal: string;
  chain: string;
  seq: number;
  hash: string;
  recorded_at: string;
}
export interface Reclassed {
  unit: string;
  before: string | null;
  after: string | null;
}
export interface ReconciledBatch {
  sent: number;
  stored: number;
  unchanged: number;
  refused: number;
  withdrawn: number;
  batch_no: string;
  digest: string;
  is_withdrawn: boolean;
  opinions: number | null;
}
export interface ReconciledCounts {
  sent: number;
  stored: number;
  unchanged: number;
  refused: number;
  withdrawn: number;
  unit: string | null;
  outcome: Outcome | null;
}
export interface Reconciliation {
  sent: number;
  stored: number;
  unchanged: number;
  refused: number;
  withdrawn: number;
  survey_id: string;
  cycle_id: string;
  code: string;
  wave: number;
  state: WaveState;
  completed_only: boolean;
  batches: Array<ReconciledBatch>;
  counts: Array<ReconciledCounts>;
}
export interface RecordedAttestation {
  body: string;
  stop_no: number;
  content_digest: string;
  verdict: Verdict;
  reason: string;
  given_by: string;
  given_at: string;
  holds: boolean;
  receipt: Receipt | null;
}
export interface RecordedCalendar {
  year: number;
  announced: boolean;
  revision: number;
  document_no: string | null;
  recorded_at: string | null;
  days: Array<CalendarDay>;
  receipt: Receipt | null;
}
export interface RecordedCount {
  count_no: string;
  group: string | null;
  entitled: number;
  issued: number;
  returned: number;
  spoiled: number;
  state: "counted" | "confirmed" | "withdrawn";
  void: Array<VoidReason>;
  counted_by: string;
  counted_at: string;
  confirmed_by: string | null;
  withdrawn_because: string | null;
  receipt: Receipt | null;
}
export interface RecordedDecision {
  decision_no: number;
  units: Array<string>;
  treatment: Treatment;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  confirmation: SurveyConfirmation | null;
  receipt: Receipt | null;
}
export interface RecordedItem {
  item_id: string;
  origin: ItemOrigin;
  unit: string;
  wording: string | null;
  request: string;
  deadline: string;
  state: ItemState;
  is_overdue: boolean;
  is_void: boolean;
  assigned_at: string;
  steps: Array<ItemStepTaken>;
  receipt: Receipt | null;
}
export interface RecordedMapping {
  name: string;
  version: number;
  saved_by: string;
  saved_at: string;
  survey_id: string;
  fields: Record<string, ColumnMeaning>;
  questions: Record<string, ColumnMeaning>;
  ignored: Array<string>;
  blank: Array<string>;
  aapor: boolean;
  id_scheme: string;
  charset: "utf-8" | "gb18030";
  time_format: "dashes" | "slashes" | "digits";
  time_zone: string | null;
  answers_otherwise: "refused" | "left_out";
  receipt: Receipt | null;
}
export interface RecordedScreenDecision {
  decision_no: number;
  verdict: ScreenVerdict;
  findings: Array<DecidedFinding>;
  interviewer: string | null;
  units: Array<string>;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  confirmation: SurveyConfirmation | null;
  receipt: Receipt | null;
}
export interface RecordedSeats {
  survey_id: string;
  wave: number;
  seats: Array<SeatStanding>;
  urn: boolean;
  opened_at: string | null;
  receipt: Receipt | null;
}
export interface RecordedVoiding {
  voiding_no: number;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  decided: DecidedVoiding | null;
  receipt: Receipt | null;
}
export interface RectificationItem {
  item_id: string;
  origin: ItemOrigin;
  unit: string;
  wording: string | null;
  request: string;
  deadline: string;
  state: ItemState;
  is_overdue: boolean;
  is_void: boolean;
  assigned_at: string;
  steps: Array<ItemStepTaken>;
}
export interface Recusal {
  unit: string;
  body: string;
}
export interface Redelivery {
  number: number;
  first: number;
  last: number;
  receipt: Receipt | null;
}
export interface RefusedProposal {
  subject: string;
  ended: EndedProposal;
  receipt: Receipt | null;
}
export interface RefusedRow {
  position: number;
  errors: Array<RowFault>;
}
export interface RegisteredAward {
  award_id: string;
  kind: "award" | "title";
  name: string;
  level: string;
  authority: string;
  granted_by: string | null;
  document_no: string;
  document_date: string;
  awarded_on: string;
  in_own_name: boolean;
  priority: string | null;
  outside: boolean;
  holders: Array<HolderOfAward>;
  claims: Array<ClaimOnAward>;
  author: string;
  registered_at: string;
  state: "registered" | "confirmed" | "rejected" | "taken_back";
  reason: string | null;
  changed_by: string;
  changed_at: string;
}
export interface RegisteredComplaint {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  complaint_id: string | null;
  source_ref: string | null;
}
export interface RegisteredComplaints {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<RegisteredComplaint>;
}
export interface RegisteredIdScheme {
  id_scheme: string;
  name_zh: string;
  name_en: string;
  system: string | null;
  units: boolean;
  indicators: boolean;
  registered_at: string | null;
  receipt: Receipt | null;
}
export interface RegisteredItem {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  item_id: string | null;
  source_ref: string | null;
}
export interface RegisteredItems {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<RegisteredItem>;
}
export interface RegisteredJurisdiction {
  code: string;
  name_zh: string;
  name_en: string;
  superior: string | null;
  founded_on: string;
  state: "proposed" | "confirmed";
  changed_code: ChangedCode | null;
  registered_by: string | null;
  confirmed_by: string | null;
  receipt: Receipt | null;
}
export interface RegisteredUnit {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  code: string | null;
}
export interface RegisteredUnits {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<RegisteredUnit>;
}
export interface Release {
  manifest: Manifest;
  digest: string;
  document: Ranking;
}
export interface ReleaseNames {
  assessment_year: number;
  category: Called;
  subcategories?: Record<string, Called> | null;
  blocks?: Record<string, Called> | null;
}
export interface ReleasePolicy {
  public?: PartsShown | null;
  units?: PartsShown | null;
  organisers?: PartsShown | null;
  digests: Record<string, string>;
}
export interface ReleaseSummary {
  release: number;
  predecessor: number | null;
  category: string;
  edition: number;
  digest: string;
  published_at: string;
  public_from?: string | null;
  changed_at?: string;
}
export interface RemarkPolicyInput {
  answer_within?: number;
  levels?: Array<string>;
}
export interface RemarkPolicyOutput {
  answer_within: number;
  levels: Array<string>;
}
export interface RenamedUnit {
  code: string;
  name: string;
  kind: "assessed" | "body";
  uscc: string | null;
  names: Array<UnitName>;
  succeeds: Array<UnitSuccession>;
  changed_at?: string;
  receipt: Receipt | null;
}
export interface Reopening {
  stop_no: number;
  reason: string;
  reopened_by: string;
  reopened_at: string;
}
export interface ReplayedRow {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  parked_row_id: string;
  entry_id: string | null;
  likely_duplicates: Array<LikelyDuplicate>;
}
export interface ReplayedRows {
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  more: number;
  rows: Array<ReplayedRow>;
  receipt: Receipt | null;
}
export interface ReportItems {
  opened: Array<OpenedReport>;
  withdrawn: Array<OpenedReport>;
  waiting: Array<WaitingReport>;
  receipt: Receipt | null;
}
export interface ReportStep {
  state: "reported" | "confirmed" | "refused" | "lifting" | "lifted";
  reason: string | null;
  document_no: string | null;
  subject: string;
  taken_at: string;
}
export interface Reported {
  number: number;
  unit: string;
  unit_in_scheme?: string | null;
  code: string;
  document_no: string;
  decided_on: string;
  note: string | null;
  place: ReportedPlace | null;
  reported_by: string;
  reported_at: string;
  state: "reported" | "confirmed" | "refused" | "lifting" | "lifted";
  steps: Array<ReportStep>;
  decided_by?: string | null;
  expires_on?: string | null;
  late_reason?: string | null;
}
export interface ReportedPlace {
  rank: number;
  of: number;
}
export interface RespondentGroup {
  code: string;
  weight: string;
}
export interface Response {
  unit: string;
  respondent_token: string;
  outcome: "completed" | "partial" | "refused" | "no_contact" | "other" | "unknown_household" | "unknown_eligibility" | "ineligible";
  answer?: string | null;
  answers?: Record<string, string> | null;
  group?: string | null;
  attempt?: number | null;
  stratum?: string | null;
  cluster?: string | null;
  interviewer?: string | null;
  started_at?: string | null;
  ended_at?: string | null;
  opinion?: string | null;
}
export interface ResponseRates {
  dispositions: Record<string, number>;
  given_up: number | null;
  eligible_share: string | null;
  rates: Record<string, string | null>;
}
export interface RestatedEntry {
  entry_id: string;
  restates: string;
  likely_duplicates: Array<LikelyDuplicate>;
  receipt: Receipt | null;
}
export interface Restatement {
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  author_unit: string;
  reason: string;
  former: EntryVersion;
  restated: EntryVersion;
}
export interface Restatements {
  items: Array<Restatement>;
  next: string | null;
  by_source: Record<string, number>;
}
export interface RestorationProposal {
  proposal_no: number;
  digest: string;
  reason: string;
  proposed_by: string;
  proposed_at: string;
}
export interface RestoredArchive {
  archived_cycle: string;
  proposed_by: string;
  rows: Record<string, number>;
  contents: number;
  receipt: Receipt | null;
}
export interface Return {
  entry_ids: Array<string>;
  reason: string;
}
export interface Reversal {
  reason: string;
}
export interface ReversedEntry {
  entry_id: string;
  reverses: string;
  receipt: Receipt | null;
}
export interface RoundingInput {
  places: number;
  mode?: "half_up";
  by_points?: Array<PlacesByPointsInput>;
}
export interface RoundingOutput {
  places: number;
  mode: "half_up";
  by_points: Array<PlacesByPointsOutput>;
}
export interface RowDifference {
  position: number | null;
  table: string;
  what: "changed" | "missing" | "added" | "contradicted";
  key: string | null;
  en: string;
  zh: string;
}
export interface RowFault {
  pointer: string;
  code: string;
  detail: string;
}
export interface RowOutcome {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
}
export interface SampleDecision {
  decision_no: number;
  units: Array<string>;
  treatment: Treatment;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  confirmation: SurveyConfirmation | null;
}
export interface SampleDecisions {
  survey_id: string;
  wave: number;
  decisions: Array<SampleDecision>;
}
export interface SavedMapping {
  name: string;
  version: number;
  saved_by: string;
  saved_at: string;
  survey_id: string;
  fields: Record<string, ColumnMeaning>;
  questions: Record<string, ColumnMeaning>;
  ignored: Array<string>;
  blank: Array<string>;
  aapor: boolean;
  id_scheme: string;
  charset: "utf-8" | "gb18030";
  time_format: "dashes" | "slashes" | "digits";
  time_zone: string | null;
  answers_otherwise: "refused" | "left_out";
}
export interface SavedSchemeVersion {
  without_effect: Array<WithoutEffect>;
  without_effect_count: number;
  cycle_id: string;
  version: number;
  state: "draft" | "published";
  digest: string;
  reason: string | null;
  saved_by: string;
  saved_at: string;
  published_at: string | null;
  receipt: Receipt | null;
}
export interface ScheduledCheck {
  check: string;
  name: string;
  kind: "recheck" | "spot_check";
  state: "to_commit" | "committed" | "drawn";
  readers: "office" | "units";
  seed_source: string | null;
  seed_form: string | null;
  seed_on: string | null;
  commitment: string | null;
  committed_by: string | null;
  committed_at: string | null;
  seed: string | null;
  found_in: string | null;
  draw: string | null;
  drawn_by: string | null;
  drawn_at: string | null;
  lists: Array<CheckList>;
  drawn_units: Array<string>;
}
export interface ScheduledChecks {
  checks: Array<ScheduledCheck>;
}
export interface SchemeComment {
  comment_id: string;
  unit: string;
  category: string | null;
  indicator: string | null;
  text: string;
  said_by: string;
  said_at: string;
  outcome: "adopted" | "partly_adopted" | "not_adopted" | null;
  reason: string | null;
  answered_by: string | null;
  answered_at: string | null;
}
export interface SchemeInput {
  title: string;
  code: string;
  assessment_year: number;
  rounding: RoundingInput;
  categories: Array<CategoryInput>;
  ledger?: LedgerPolicy;
  calendar?: Array<StepInput>;
  surveys?: Array<SurveyInput>;
  composition?: CompositionInput;
  adjustments?: AdjustmentsInput;
  vetoes?: VetoPolicyInput;
  demotions?: Array<DemotionInput>;
  grades?: GradePolicyInput;
  ranking?: RankingPolicyInput;
  recusals?: Array<Recusal>;
  time_zone?: string;
  tags?: Array<TagInput>;
  panels?: Array<PanelInput>;
  duties?: DutyPolicyInput | null;
  items?: ItemPolicyInput | null;
  checks?: Array<CheckInput>;
  complaints?: ComplaintPolicyInput | null;
  objections?: ObjectionPolicyInput | null;
  corrections?: CorrectionPolicyInput | null;
  inspections?: InspectionPolicyInput | null;
  approval?: ApprovalPolicyInput | null;
  self_evaluations?: SelfEvaluationPolicyInput | null;
  notice?: NoticePolicyInput | null;
  publication?: PublicationPolicyInput | null;
  consequences?: ConsequencePolicyInput | null;
  normalisation?: NormalisationInput | null;
  cross_category_lists?: Array<CrossCategoryListInput>;
  linked?: LinkedPolicyInput | null;
}
export interface SchemeOutput {
  title: string;
  code: string;
  assessment_year: number;
  rounding: RoundingOutput;
  categories: Array<CategoryOutput>;
  ledger: LedgerPolicy;
  calendar: Array<StepOutput>;
  surveys: Array<SurveyOutput>;
  composition: CompositionOutput;
  adjustments: AdjustmentsOutput;
  vetoes: VetoPolicyOutput;
  demotions: Array<DemotionOutput>;
  grades: GradePolicyOutput;
  ranking: RankingPolicyOutput;
  recusals: Array<Recusal>;
  time_zone: string;
  tags: Array<TagOutput>;
  panels: Array<PanelOutput>;
  duties?: DutyPolicyOutput | null;
  items?: ItemPolicyOutput | null;
  checks?: Array<CheckOutput>;
  complaints?: ComplaintPolicyOutput | null;
  objections?: ObjectionPolicyOutput | null;
  corrections?: CorrectionPolicyOutput | null;
  inspections?: InspectionPolicyOutput | null;
  approval?: ApprovalPolicyOutput | null;
  self_evaluations?: SelfEvaluationPolicyOutput | null;
  notice?: NoticePolicyOutput | null;
  publication?: PublicationPolicyOutput | null;
  consequences?: ConsequencePolicyOutput | null;
  normalisation?: NormalisationOutput | null;
  cross_category_lists?: Array<CrossCategoryListOutput>;
  linked?: LinkedPolicyOutput | null;
}
export interface SchemeVersion {
  cycle_id: string;
  version: number;
  state: "draft" | "published";
  digest: string;
  reason: string | null;
  saved_by: string;
  saved_at: string;
  published_at: string | null;
}
export interface ScoreSheet {
  cycle_id: string;
  categories: Array<string>;
  inputs: SheetInputs;
  units: Array<UnitScoreSheet>;
  claims: Array<DecidedClaim>;
  normalised?: Array<NormalisedMarks> | null;
  edition: number;
  phase: "computed" | "fed_back";
  ledger_phase: "open" | "sealed";
  digest: string;
  explanations: Record<string, string>;
  tag_totals: Record<string, Array<TagTotal>>;
}
export interface ScoreSheetSummary {
  edition: number;
  categories: Array<string>;
  inputs: SheetInputs;
  ledger_phase: "open" | "sealed";
  phase: "computed" | "fed_back";
  digest: string | null;
  missing: number | null;
  computed_by: string;
  computed_at: string;
}
export interface ScoreSimulation {
  cycle_id: string;
  categories: Array<string>;
  scheme_digest: string;
  units: Array<SimulatedUnit>;
}
export interface ScorerDiagnostics {
  kind: "data_source_unit" | "survey" | "panel_seat";
  scorer: string;
  indicators: Array<string>;
  marks: number;
  mean: string;
  leniency: string;
  spread: string;
}
export interface ScorersDesk {
  cycle_id: string;
  at: string;
  as_of: string;
  unit: string;
  owed: Array<OwedDuty>;
  open: number;
  criteria: Array<Criterion>;
  marks: Array<SeatMarks>;
}
export interface ScoringBaselineSource {
  cycle_id: string;
  entries: Array<string>;
}
export interface ScoringConfirmation {
  award: "joint" | "another_award" | "same" | "sole" | "listed" | null;
  item: string | null;
  share: string | null;
  counted_earlier: boolean;
  proposed: "accepted" | "accepted_carried_over" | "accepted_capped" | "accepted_in_part" | "accepted_against_proposal" | "accepted_by_correction" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "withdrawn" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award" | null;
  proposed_points: string | null;
  against: string | null;
  earlier_points: string | null;
  reason: string | null;
  document_no: string | null;
  decided_by: string;
  decided_at: string;
}
export interface ScoringNewConfirmation {
  decisions: Array<ScoringNewDecision>;
}
export interface ScoringNewDecision {
  claim_id: string;
  decision: "confirmed" | "rejected";
  reason?: string | null;
  award?: NewAward | null;
  counted_earlier?: CountedEarlier | null;
  against?: NewPoints | null;
}
export interface ScoringNewSimulatedValue {
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "not_applicable" | "progress_report" | "inspection_finding";
  key?: string | null;
  item?: string | null;
  period?: string | null;
  value?: string | null;
  word?: string | null;
  listed?: number | null;
}
export interface ScoringStanding {
  compared: number;
  place: number | null;
  above: number;
  equal: number;
  to_next_above: string | null;
}
export interface ScreenDecision {
  decision_no: number;
  verdict: ScreenVerdict;
  findings: Array<DecidedFinding>;
  interviewer: string | null;
  units: Array<string>;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  confirmation: SurveyConfirmation | null;
}
export interface ScreenDecisions {
  survey_id: string;
  wave: number;
  decisions: Array<ScreenDecision>;
}
export interface ScreenFinding {
  screen: string;
  about: "unit" | "interviewer";
  subject: string;
  observed: string;
  of: number;
  expected: string | null;
  chance: string | null;
  threshold: string | null;
  sentence: string;
  sentence_zh: string;
  is_decided: boolean;
}
export interface SealPreview {
  year_not_over: string | null;
  phase: "open" | "sealed";
  entries: Record<string, number>;
  locks: number;
  leaves: Record<string, number>;
  left: Array<LeftEntry>;
  left_more: number;
  missing: Array<MissingOfUnit>;
  missing_more: number;
  open_items: Array<OpenItemLeft>;
  open_items_more: number;
  open_objections: Array<OpenObjectionLeft>;
  open_objections_more: number;
  undrawn_checks: Array<string>;
  gone_entries: Array<GoneDrawnEntry>;
  gone_entries_more: number;
  undecided_findings: Array<UndecidedFinding>;
  undecided_findings_more: number;
  uncompared_rounds: Array<string>;
  left_open: Record<string, number>;
  unread: Array<LeftEntry>;
  unread_more: number;
  outdated: Array<LeftEntry>;
  outdated_more: number;
  unscored: Record<string, number>;
  claims: Array<LeftClaim>;
  claims_more: number;
  to_arrive: Array<WaitingClaim>;
  to_arrive_more: number;
  to_arrive_out_of_scope: boolean;
  open_before: Array<string>;
  not_handed_in: Array<OpenCategory>;
  not_handed_in_more: number;
  parked: Array<LeftParkedRow>;
  parked_more: number;
  seen: string;
}
export interface SealedCorrection {
  correction_id: string;
  origin: "court" | "audit" | "superior" | "objection";
  issuer: string;
  document_no: string;
  document_date: string;
  objection_id: string | null;
  rests_on: string | null;
  reason: string;
  what: "replaces" | "removes" | "adds";
  corrects: string | null;
  claim_id: string | null;
  unit: string;
  indicator: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding" | "claim" | "target" | "baseline" | "pledge" | "satisfaction";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  proposed_by: string;
  proposed_at: string;
  state: "proposed" | "approved" | "refused" | "withdrawn";
  waiting_days: number | null;
  decision: CorrectionDecision | null;
}
export interface SealedCorrections {
  items: Array<SealedCorrection>;
  next: string | null;
  digest: string | null;
}
export interface SealedLedger {
  phase: "open" | "sealed";
  locked: number;
  leaves: Record<string, number>;
  unconfirmed_claims: number;
  unscored: Record<string, number>;
  outdated: number;
  left_open: Record<string, number>;
  not_handed_in: number;
  receipt: Receipt | null;
}
export interface SeatInput {
  seat: string;
  account: string;
  unit: string;
  name?: string | null;
}
export interface SeatMarks {
  category: string;
  indicator: string;
  name: string;
  panel: string;
  seat: string;
  marks: number;
  unknown: number;
  open: Array<string>;
  mean: string | null;
  spread: string | null;
  lowest: string | null;
  highest: string | null;
  steps: Array<MarkedStep>;
  beside: number;
  lowest_marks: number | null;
  highest_marks: number | null;
}
export interface SeatOutput {
  seat: string;
  account: string;
  unit: string;
  name: string | null;
}
export interface SeatReplacement {
  account: string;
  reason: string;
  replaced_by: string;
  replaced_at: string;
}
export interface SeatStanding {
  seat: string;
  account: string;
  unit: string | null;
  group: string | null;
  cast: boolean;
  replacements: Array<SeatReplacement>;
}
export interface Seats {
  survey_id: string;
  wave: number;
  seats: Array<SeatStanding>;
  urn: boolean;
  opened_at: string | null;
}
export interface SecondMark {
  verdict: "right" | "differs";
  value: string | null;
  word: string | null;
  text: string;
  gap: string;
  within: boolean;
  marked_by: string;
  marked_at: string;
}
export interface SecondMarkingInput {
  share: string;
  tolerance?: string;
}
export interface SecondMarkingOutput {
  share: string;
  tolerance: string;
}
export interface SecondMarks {
  check: string;
  share: string | null;
  tolerance: string | null;
  waiting: number;
  pairs: number;
  mean_gap: string | null;
  within: string | null;
  markers: Array<MarkerAgreement>;
}
export interface SelfEvaluation {
  round_code: string;
  name: string;
  until: string;
  unit: string;
  state: "to_do" | "answered" | "handed_in" | "compared";
  handed_in_at: string | null;
  late: boolean;
  compared_at: string | null;
  tolerance: string | null;
  marks: Array<SelfMarkShown>;
}
export interface SelfEvaluationCosts {
  compared_at: string;
  units: number;
  handed_in: number;
  short: Record<string, number>;
  entered: number;
  kept_alone: Record<string, number>;
  receipt: Receipt | null;
}
export interface SelfEvaluationPolicyInput {
  rounds: Array<SelfEvaluationRoundInput>;
  indicator?: string | null;
  late?: string | null;
  unanswered?: string | null;
  gap?: string | null;
  tolerance?: string;
}
export interface SelfEvaluationPolicyOutput {
  rounds: Array<SelfEvaluationRoundOutput>;
  indicator: string | null;
  late: string | null;
  unanswered: string | null;
  gap: string | null;
  tolerance: string;
}
export interface SelfEvaluationRoundInput {
  code: string;
  name: string;
  until: string;
  indicators?: Array<string>;
}
export interface SelfEvaluationRoundOutput {
  code: string;
  name: string;
  until: string;
  indicators: Array<string>;
}
export interface SelfEvaluationRoundShown {
  round_code: string;
  name: string;
  until: string;
  compared_at: string | null;
  units: Array<UnitSelfEvaluation>;
}
export interface SelfEvaluations {
  rounds: Array<SelfEvaluationRoundShown>;
}
export interface SelfMarkShown {
  indicator: string;
  name: string;
  points: string;
  mark: string | null;
  text: string | null;
  evidence_ids: Array<string>;
  entered_at: string | null;
  earned: string | null;
  gap: string | null;
  over: boolean | null;
  withheld: boolean;
}
export interface SettledTarget {
  target?: string | null;
  baseline?: string | null;
  pledge?: string | null;
  indicator: string;
}
export interface SettledValues {
  indicator: string;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
}
export interface SettlementVersion {
  version: number;
  state: "settlement_pending" | "settled" | "refused";
  targets: Array<SettledValues>;
  reason: string;
  document_no: string;
  set_by: string;
  set_at: string;
}
export interface SettlementsMoved {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<MovedSettlement>;
}
export interface SheetDiagnostics {
  cycle_id: string;
  edition: number;
  categories: Array<CategoryDiagnostics>;
}
export interface SheetDifferences {
  cycle_id: string;
  edition: number;
  against: number;
  documents: Array<DocumentDifference>;
  same: number;
  units: Array<DifferenceOfUnit>;
  entries: Array<DifferingEntry>;
}
export interface SheetInputs {
  scheme_digest: string;
  targets_digest: string | null;
  satisfaction_digest: string | null;
  names_digest: string;
  ledger_digest: string | null;
  claims_digest: string | null;
  corrections_digest?: string | null;
}
export interface ShortSample {
  wave: number;
  valid_sample: number;
  required: number;
  was_voided: boolean;
  treatment: Treatment | null;
  decision: number | null;
  document_no: string | null;
}
export interface ShownMember {
  code: string;
  name: string | null;
  unit: string | null;
}
export interface ShownParkedRow {
  parked_row_id: string;
  state: "parked" | "entered" | "replaced" | "discarded";
  unknown: Array<"unknown-unit-code" | "unknown-indicator-code">;
  batch: string;
  position: number;
  id_scheme: string;
  sent_on: string;
  wanted: "draft" | "submitted";
  unit: string;
  indicator: string;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "not_applicable" | "progress_report" | "inspection_finding";
  key: string | null;
  item: string | null;
  period: string;
  value: string | null;
  word: string | null;
  occurred_on: string | null;
  note: string | null;
  listed: number | null;
  published_value: string | null;
  document_no: string | null;
  document_date: string | null;
  authority: string | null;
  about_from: string | null;
  about_until: string | null;
  source_ref: string | null;
  author: string;
  author_unit: string;
  parked_at: string;
  entry_id: string | null;
  settled_by: string | null;
  settled_at: string | null;
  reason: string | null;
}
export interface ShownPartsInput {
  grades?: boolean;
  first_places?: number | null;
  ranks?: boolean;
  scores?: boolean;
  blocks?: boolean;
  reasons?: boolean;
  highlights?: boolean;
  negative_cases?: boolean;
  coefficients?: boolean;
  uncertainty?: boolean;
}
export interface ShownPartsOutput {
  grades: boolean;
  first_places: number | null;
  ranks: boolean;
  scores: boolean;
  blocks: boolean;
  reasons: boolean;
  highlights: boolean;
  negative_cases?: boolean;
  coefficients?: boolean;
  uncertainty?: boolean;
}
export interface ShownStep {
  code: string;
  name: string | null;
  role: "performance_office" | "committee" | "standing_committee" | "vice_mayor";
  kind: "single" | "meeting";
  members: Array<ShownMember>;
  quorum: "over_half" | "two_thirds" | "all";
  at_least: number | null;
  majority: "over_half" | "two_thirds" | "all";
  send_back_to: Array<string>;
  needs: "none" | "document" | "minutes" | "hand_in";
  delegates: boolean;
  instead: "committee" | "standing_committee" | "second_body" | null;
}
export interface SignInWays {
  ways: Array<"password" | "openid">;
}
export interface SignedEntries {
  count: number;
  receipt: Receipt | null;
}
export interface SignedLetter {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
  state: "drawn_up" | "signed_by_office" | "signed_by_unit" | "signed" | null;
}
export interface SignedOut {
  signed_out: true;
}
export interface SignedOutAccount {
  subject: string;
  ended: number;
  receipt: Receipt | null;
}
export interface SimulatedMove {
  unit: string;
  name: string;
  before: SimulatedPlace | null;
  after: SimulatedPlace | null;
  total_change: string | null;
  rank_change: number | null;
  grade_changed: boolean;
}
export interface SimulatedPlace {
  final_total: string | null;
  rank: number | null;
  grade: string | null;
  reasons: Array<RankedReason>;
  subcategory?: string | null;
  rank_in_subcategory?: number | null;
}
export interface SimulatedUnit {
  unit: string;
  category: string;
  before: UnitScoreSheet | null;
  after: UnitScoreSheet | null;
  change: string | null;
  claims_before: Array<DecidedClaim>;
  claims_after: Array<DecidedClaim>;
}
export interface Simulation {
  cycle_id: string;
  category: string;
  scheme_digest: string;
  units: Array<SimulatedMove>;
}
export interface SpecialInput {
  deductions?: Array<string>;
  hit_above?: string | null;
  units_to?: string | null;
  matching?: boolean;
}
export interface SpecialOutput {
  deductions: Array<string>;
  hit_above: string | null;
  units_to: string | null;
  matching: boolean;
}
export interface SpecialPriority {
  code: string;
  name: string;
}
export interface Stage {
  stage_no: number;
  label: string;
  cut_off: string;
  as_of: string;
  ledger_phase: "open" | "sealed";
  phase: "frozen" | "release_proposed" | "released";
  digest: string | null;
  frozen_by: string | null;
  frozen_at: string;
  restored: boolean;
  release: StageRelease | null;
}
export interface StageRank {
  unit: string;
  category: string;
  rank: number;
}
export interface StageRelease {
  readers: StageReaders;
  document_no: string | null;
  reason: string | null;
  by: string | null;
  at: string;
}
export interface StageResult {
  cycle_id: string;
  as_of: string;
  ledger_phase: "open" | "sealed";
  deadlines: Array<Deadline>;
  units: Array<UnitSoFar>;
  stage_no: number;
  label: string;
  cut_off: string;
  phase: "frozen" | "release_proposed" | "released";
  restored: boolean;
  digest: string | null;
  inputs: SheetInputs | null;
  release: StageRelease | null;
  ranks: Array<StageRank>;
}
export interface StageResults {
  cycle_id: string;
  as_of: string;
  ledger_phase: "open" | "sealed";
  deadlines: Array<Deadline>;
  units: Array<UnitSoFar>;
}
export interface StandingOutcome {
  position: number;
  outcome: "stored" | "unchanged" | "parked" | "refused";
  errors: Array<RowFault>;
}
export interface StandingTotals {
  points: string;
  won: string;
  lost: string;
  open: string;
  unreported: string;
  uncharged: string;
}
export interface StandingsReported {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<StandingOutcome>;
}
export interface StepInput {
  step: string;
  name: string;
  date?: string | null;
  opens?: string | null;
  closes?: string | null;
  due?: string | null;
  working_days?: number | null;
}
export interface StepOutput {
  step: string;
  name: string;
  date: string | null;
  opens: string | null;
  closes: string | null;
  due: string | null;
  working_days: number | null;
}
export interface StepTaken {
  edition: number;
  category: string;
  state: "ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published";
  digest: string;
  approvals: Array<Approval>;
  receipt: Receipt | null;
}
export interface StoredSelfMarks {
  count: number;
  unanswered: Array<string>;
  receipt: Receipt | null;
}
export interface StratumEstimates {
  code: string;
  completed: number;
  questions: Array<QuestionEstimates>;
}
export interface SubcategoryInput {
  code: string;
  name: string;
  units: Array<string>;
  name_en?: string | null;
}
export interface SubcategoryOutput {
  code: string;
  name: string;
  units: Array<string>;
  name_en: string | null;
}
export interface Submission {
  entry_ids: Array<string>;
}
export interface SuperiorCycle {
  cycle_id: string;
  jurisdiction: string;
  name: string;
  assessment_year: number;
  scheme_version: number;
  unit: string;
  category: string;
  category_name: string;
  indicators: Array<SuperiorIndicatorAsked>;
}
export interface SuperiorDrift {
  indicator: string;
  decomposed: string | null;
  superior: string | null;
}
export interface SuperiorIndicatorAsked {
  code: string;
  name: string;
  block: string;
  points: string;
  parent: string | null;
}
export interface SuperiorPlace {
  entry_id: string;
  period: string;
  rank: string;
  listed: number;
  published_value: string | null;
  document_no: string;
  document_date: string;
  published_on: string;
  note: string | null;
  before: EarlierPlace | null;
  year_before: EarlierPlace | null;
}
export interface SuperiorRankInput {
  list: string;
  worse_than?: number | null;
  last?: number | null;
  indicator?: string | null;
}
export interface SuperiorRankOutput {
  list: string;
  worse_than: number | null;
  last: number | null;
  indicator: string | null;
}
export interface SuperiorStandings {
  cycle_id: string;
  version: number;
  superior: string;
  totals: StandingTotals | null;
  indicators: Array<IndicatorStanding>;
  charges: Array<ChargedShare>;
  units: Array<UnitStanding>;
}
export interface SupervisedItem {
  item_id: string;
  source_ref: string | null;
  kind: "instruction" | "supervised" | "plan" | "summary" | "self_report" | "rectification_report";
  title: string;
  text: string;
  document_no: string | null;
  document_date: string | null;
  meeting: string | null;
  confidential: boolean;
  units: Array<ItemUnit>;
  readers: Array<string>;
  until: string | null;
  within: number | null;
  report_every: "monthly" | "quarterly" | null;
  author: string;
  registered_at: string;
  report: ItemReport | null;
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn";
  step: number;
  due: string | null;
  days_left: number | null;
  done_on: string | null;
  light: "none" | "yellow" | "red";
  completion: number;
  report_due: string | null;
  changed_at: string;
}
export interface SupervisedItemHistory {
  item_id: string;
  source_ref: string | null;
  kind: "instruction" | "supervised" | "plan" | "summary" | "self_report" | "rectification_report";
  title: string;
  text: string;
  document_no: string | null;
  document_date: string | null;
  meeting: string | null;
  confidential: boolean;
  units: Array<ItemUnit>;
  readers: Array<string>;
  until: string | null;
  within: number | null;
  report_every: "monthly" | "quarterly" | null;
  author: string;
  registered_at: string;
  report: ItemReport | null;
  state: "registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn";
  step: number;
  due: string | null;
  days_left: number | null;
  done_on: string | null;
  light: "none" | "yellow" | "red";
  completion: number;
  report_due: string | null;
  changed_at: string;
  moves: Array<MadeMove>;
}
export interface Survey {
  survey_id: string;
  cycle_id: string;
  code: string;
  name: string;
  mode: "phone_survey" | "questionnaire" | "online_form" | "meeting_count" | "leader_evaluation" | "peer_review";
  collector: string;
  scheme_version: number;
  scheme_digest: string;
  questions: Array<AskedQuestion>;
  measure: "mean" | "satisfaction_rate";
  groups: Array<RespondentGroup>;
  group_weights: Array<GroupWeights>;
  empty_group: "rescale" | "zero" | "void";
  combine: "mean" | "weighted" | "pooled";
  wave_weights: Array<string>;
  min_valid: number | null;
  below_min: "decision" | "other_waves" | "pooled" | "category_mean" | "not_rated";
  attested_by: Array<string>;
  quorum: string | null;
  abstain: "unscored" | "void";
  units: Array<string>;
  waves: Array<Wave>;
}
export interface SurveyConfirmation {
  confirmed_by: string;
  confirmed_at: string;
}
export interface SurveyErrors {
  confidence: string;
  estimates_digest: string;
  units: Array<RankedUnitError>;
}
export interface SurveyInput {
  code: string;
  name: string;
  mode: "phone_survey" | "questionnaire" | "online_form" | "meeting_count" | "leader_evaluation" | "peer_review";
  collector: string;
  waves: number;
  options?: Record<string, string>;
  combine?: "mean" | "weighted" | "pooled";
  option_names?: Record<string, string>;
  unscored?: Array<string>;
  min_valid?: number | null;
  groups?: Record<string, string | "rest">;
  empty_group?: "rescale" | "zero" | "void";
  below_min?: "decision" | "other_waves" | "pooled" | "category_mean" | "not_rated";
  questions?: Array<QuestionInput>;
  measure?: "mean" | "satisfaction_rate";
  satisfied?: Array<string>;
  wave_weights?: Array<string | "rest">;
  group_weights_by_category?: Record<string, Record<string, string | "rest">>;
  attested_by?: Array<string>;
  quorum?: string | null;
  abstain?: "unscored" | "void";
}
export interface SurveyOutput {
  code: string;
  name: string;
  mode: "phone_survey" | "questionnaire" | "online_form" | "meeting_count" | "leader_evaluation" | "peer_review";
  collector: string;
  waves: number;
  options: Record<string, string>;
  combine: "mean" | "weighted" | "pooled";
  option_names: Record<string, string>;
  unscored: Array<string>;
  min_valid: number | null;
  groups: Record<string, string | "rest">;
  empty_group: "rescale" | "zero" | "void";
  below_min: "decision" | "other_waves" | "pooled" | "category_mean" | "not_rated";
  questions: Array<QuestionOutput>;
  measure: "mean" | "satisfaction_rate";
  satisfied: Array<string>;
  wave_weights: Array<string | "rest">;
  group_weights_by_category: Record<string, Record<string, string | "rest">>;
  attested_by: Array<string>;
  quorum: string | null;
  abstain: "unscored" | "void";
}
export interface SurveyOverWaves {
  survey_id: string;
  code: string;
  combine: "mean" | "weighted" | "pooled";
  waves: Array<number>;
  units: Array<UnitOverWaves>;
}
export interface SurveyProgress {
  cycle_id: string;
  waves: Array<SurveyWaveProgress>;
}
export interface SurveySatisfaction {
  code: string;
  voided: number;
  units: Array<UnitSatisfaction>;
}
export interface SurveyWaveProgress {
  survey_id: string;
  code: string;
  name: string;
  wave: number;
  state: WaveState;
  required: number;
  units: number;
  reached: number | null;
  completed: number;
  expected: number | null;
}
export interface TagInput {
  code: string;
  name: string;
  name_en?: string | null;
}
export interface TagOutput {
  code: string;
  name: string;
  name_en: string | null;
}
export interface TagTotal {
  tag: string;
  name: string;
  name_en: string | null;
  points: string;
  score: string | null;
  share: string | null;
  indicators: Array<string>;
  without_score: Array<string>;
}
export interface TakenBack {
  unit: string;
  indicator: string;
  item?: string | null;
  version: number;
}
export interface TakenForm {
  units: number;
}
export interface TargetCascade {
  document_no: string;
  matter: string | null;
  indicator: string | null;
  item: string | null;
  asked: Array<CascadedTarget>;
  unmoved: Array<UnmovedTarget>;
}
export interface TargetCascades {
  cycle_id: string;
  cascades: Array<TargetCascade>;
}
export interface TargetConflicts {
  cycle_id: string;
  conflicts: Array<ListedConflict>;
}
export interface TargetHistory {
  cycle_id: string;
  versions: Array<TargetVersion>;
}
export interface TargetVersion {
  unit: string;
  unit_in_scheme?: string | null;
  indicator: string;
  indicator_in_scheme?: string | null;
  item: string | null;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
  version: number;
  state: "proposed" | "returned" | "approved" | "issue_pending" | "issued" | "revision_requested" | "revision_supported" | "revision_pending" | "revised" | "withdrawal_pending" | "withdrawn" | "refused" | "request_withdrawn";
  lowered: boolean;
  reason: string | null;
  document_no: string | null;
  approved_by: string | null;
  set_by: string;
  set_at: string;
  effective_from: string;
  baseline_from: BaselineOrigin | null;
  changed_at?: string;
}
export interface TargetsMoved {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  pending: number;
  rows: Array<MovedTarget>;
}
export interface Task {
  kind: string;
  zh: string;
  en: string;
  count: number;
  deadline: string | null;
  about: Record<string, string>;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  route: string;
  listed_at: string | null;
}
export interface TaskPart {
  service: string;
  cycle_id: string | null;
  answered: boolean;
  refusal: number | null;
}
export interface Tasks {
  tasks: Array<Task>;
}
export interface TeamLevelInput {
  grade: string;
  from_score: string;
}
export interface TeamLevelOutput {
  grade: string;
  from_score: string;
}
export interface TeamMember {
  person: string;
  unit: string | null;
}
export interface TestedScreen {
  screen: string;
  about: "unit" | "interviewer";
  subjects: number;
}
export interface TestedWebhook {
  outcome: "taken" | "failed" | "not-sent";
  status: number | null;
  reason: string | null;
  milliseconds: number | null;
  receipt: Receipt | null;
}
export interface TieBreakKeyInput {
  key: "block" | "indicator" | "fewer_deductions" | "last_year_rank";
  code?: string | null;
}
export interface TieBreakKeyOutput {
  key: "block" | "indicator" | "fewer_deductions" | "last_year_rank";
  code: string | null;
}
export interface ToDecide {
  pointer: string;
  code: string;
  en: string;
  zh: string;
}
export interface Token {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token?: string | null;
  purpose?: "new-password" | "second-factor" | null;
  scope?: string | null;
}
export interface Uncertainty {
  cycle_id: string;
  edition: number;
  ranking_digest: string;
  survey_errors: string | null;
  generator: string;
  seed: number;
  replications: number;
  weights_by: number;
  vary: "blocks" | "indicators";
  confidence: string;
  units: Array<UnitRange>;
  without: Record<string, OtherOrder>;
  earlier: EarlierWeights | null;
  digest: string;
}
export interface UndecidedFinding {
  finding_id: string;
  check: string;
  unit: string;
  state: "reported" | "signed" | "objected" | "alleged" | "heard";
  answer_by: string;
}
export interface Unit {
  code: string;
  name: string;
  kind: "assessed" | "body";
  uscc: string | null;
  names: Array<UnitName>;
  succeeds: Array<UnitSuccession>;
  changed_at?: string;
}
export interface UnitBurden {
  unit: string;
  fields: number;
  uploads: number;
  indicators: number;
  inspections: number;
  days: number;
}
export interface UnitCode {
  code: string;
  unit: string;
  valid_from: string | null;
  valid_to: string | null;
}
export interface UnitEstimates {
  unit: string;
  completed: number;
  weighting: "equal" | "post_stratified" | "raked";
  clustered: boolean;
  index: Estimated | null;
  questions: Array<QuestionEstimates>;
  groups: Array<GroupEstimates>;
  strata: Array<StratumEstimates>;
  response: ResponseRates;
}
export interface UnitInSuperiorLists {
  indicator: string;
  indicator_name: string;
  unit: string;
  unit_name: string | null;
  combines: "mean" | "last";
  rank: string | null;
  missing: Array<string>;
  latest: SuperiorPlace | null;
  places: Array<SuperiorPlace>;
}
export interface UnitMapping {
  mapping_id: string;
  code: string;
  valid_from: string;
  valid_to: string | null;
  state: "proposed" | "confirmed" | "refused" | "ended";
  reason: string | null;
  proposed_by: string;
  proposed_at: string;
  decided: MappingStep | null;
  ended: MappingStep | null;
  changed_at?: string;
  unit: string;
  unit_name: string;
}
export interface UnitName {
  name: string;
  kind: "legal" | "alias";
  valid_from: string;
  valid_to: string | null;
}
export interface UnitObligations {
  unit: string;
  cycles: Array<ObligationsInCycle>;
  cycles_left: number;
}
export interface UnitOverWaves {
  unit: string;
  index: Estimated | null;
  waves: Array<WaveIndex>;
  groups: Array<GroupResponse>;
  response: ResponseRates;
}
export interface UnitPlaces {
  unit: string;
  rate: string;
  places: number;
  parts: Array<PartPlaces>;
  tied: Array<string>;
}
export interface UnitProgress {
  key: string;
  category: string;
  unit: string;
  unit_name: string | null;
  indicator: string;
  indicator_name: string;
  measure: string | null;
  period: string | null;
  share: string | null;
  target: string | null;
  planned: string | null;
  value: string | null;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced" | null;
  part: string | null;
  light: "green" | "yellow" | "red" | null;
  unlit: "no_period_over" | "no_target" | "no_value" | null;
}
export interface UnitRange {
  unit: string;
  rank: number;
  best: number;
  worst: number;
  same: string;
  se: string | null;
  not_distinguishable: Array<string>;
}
export interface UnitRating {
  unit: string;
  given: number;
  returned: number;
  timely: number;
  overdue: number;
  redone: number;
  satisfied: number;
  dissatisfied: number;
  not_reached: number;
  satisfaction_rate: string | null;
  timely_rate: string | null;
  returned_rate: string | null;
  redone_rate: string | null;
  mean: string | null;
}
export interface UnitResponses {
  unit: string;
  completed: number | null;
  quota: number | null;
}
export interface UnitSatisfaction {
  unit: string;
  unit_in_scheme?: string | null;
  waves: Array<WaveScore>;
  standing: SurveyStanding;
  below_minimum: Array<ShortSample>;
  questionnaires_differ: boolean;
  satisfaction: string | null;
  all_counted: string | null;
}
export interface UnitScoreSheet {
  unit: string;
  unit_in_scheme?: string | null;
  category: string;
  indicator_scores: Array<IndicatorScore>;
  blocks: Record<string, string | null>;
  base_total: string | null;
  adjustment: string;
  total: string | null;
  missing: Array<MissingScore>;
  decisions: Array<PolicyDecision>;
  grade_caps?: Array<GradeCap> | null;
  parts?: Array<PartScore> | null;
  vetoed_totals?: Array<VetoedTotal> | null;
}
export interface UnitSelfEvaluation {
  unit: string;
  state: "to_do" | "answered" | "handed_in" | "compared";
  handed_in_at: string | null;
  late: boolean;
  answered: number;
  asked: number;
  over: number | null;
  gap: string | null;
}
export interface UnitShare {
  indicator: string;
  unit: string;
  role: "lead" | "support";
  points: string;
}
export interface UnitSoFar {
  unit: string;
  category: string;
  rank: number | null;
  earned: string;
  open: string;
  unreachable: string;
  adjustment: string | null;
  indicators: Array<IndicatorSoFar>;
  missing: Array<MissingSoFar>;
}
export interface UnitStanding {
  unit: string;
  points: string;
  lost: string;
  caused: string;
  open: string;
  unreported: string;
}
export interface UnitSuccession {
  predecessor: string;
  effective_on: string;
  document_no: string;
}
export interface UnitTables {
  unit: string;
  tables: Array<QuestionTable>;
}
export interface UnitWeighting {
  unit: string;
  method: "equal" | "post_stratified" | "raked";
  margins: Array<string>;
  rounds: number;
  refused: string | null;
  population: number | null;
  cells: Array<CellWeights>;
}
export interface UnlockedAccount {
  subject: string;
  receipt: Receipt | null;
}
export interface UnmovedTarget {
  unit: string;
  indicator: string;
  target: string | null;
  baseline: string | null;
  pledge: string | null;
  version: number;
}
export interface UnscoredItem {
  record: "entry" | "claim" | "parked_row";
  id: string;
  claim_no?: string | null;
  unit: string;
  indicator: string | null;
  kind: "measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding" | "bonus" | "deduction";
  key?: string | null;
  item?: string | null;
  period?: string | null;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced" | "handed_in" | "confirmed" | "rejected" | "parked";
  reason: "draft" | "awaits_verification" | "own_words" | "returned" | "withdrawn" | "replaced" | "voided" | "unit_not_assessed" | "indicator_not_of_unit" | "not_applicable" | "kind_not_taken" | "key_not_taken" | "item_not_planned" | "period_not_scored" | "several_values" | "occurred_in_another_year" | "stood_in" | "not_read" | "parked" | "accepted_capped" | "accepted_in_part" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award";
  en: string;
  zh: string;
  said?: string | null;
}
export interface UnsetBaseline {
  unit: string;
  indicator: string;
  item: string | null;
  code: string;
  en: string;
  zh: string;
}
export interface UnusedTargetValue {
  unit: string;
  indicator: string;
  name: string | null;
  item: string | null;
  value: "target" | "baseline" | "pledge";
}
export interface UrnStep {
  survey_id: string;
  wave: number;
  ballots: number;
  receipt: Receipt | null;
}
export interface UseEffect {
  edition: number;
  phase: "computed" | "fed_back";
  points: string | null;
  score: string | null;
  formula: string | null;
}
export interface Verification {
  chain: string;
  length: number;
  head: string;
  holds: boolean;
  broken_at: number | null;
  faults: Array<ChainFault>;
  rows: Array<RowDifference>;
  uncovered: number;
}
export interface VetoCounts {
  limit: number | null;
  kinds: number;
  hidden_kinds: number;
  units: number;
  categories: Array<string>;
  vetoes: Array<CountedVeto>;
}
export interface VetoInTerm {
  year: number;
  code: string;
  of_unit?: string | null;
}
export interface VetoInput {
  code: string;
  name: string;
  responsible_units?: Array<string>;
  basis?: string | null;
  scope?: "all" | "block" | "title";
  block?: string | null;
  title?: string | null;
  report_by?: string | null;
  years?: number;
  hidden?: boolean;
}
export interface VetoOutput {
  code: string;
  name: string;
  responsible_units: Array<string>;
  basis?: string | null;
  scope?: "all" | "block" | "title";
  block?: string | null;
  title?: string | null;
  report_by?: string | null;
  years?: number;
  hidden?: boolean;
}
export interface VetoPolicyInput {
  grade_cap: string;
  items: Array<VetoInput>;
  limit?: number | null;
  previous_cycle?: string | null;
  term?: VetoTermInput | null;
}
export interface VetoPolicyOutput {
  grade_cap: string;
  items: Array<VetoOutput>;
  limit: number | null;
  previous_cycle?: string | null;
  term?: VetoTermOutput | null;
}
export interface VetoReported {
  veto: Reported;
  receipt: Receipt | null;
}
export interface VetoTermInput {
  began: number;
  removal_at?: number;
}
export interface VetoTermOutput {
  began: number;
  removal_at: number;
}
export interface VetoWithoutEffect {
  unit: string;
  veto: string;
  block: string;
}
export interface VetoedTotal {
  blocks: Array<string>;
  base_total: string;
  total: string;
}
export interface Voiding {
  voiding_no: number;
  reason: string;
  document_no: string;
  proposed_by: string;
  proposed_at: string;
  decided: DecidedVoiding | null;
}
export interface WaitingClaim {
  from_cycle_id: string;
  from_claim_id: string;
  claim_no: string;
  unit: string;
}
export interface WaitingReport {
  report: ItemReport;
  unit: string;
  reason: "not-begun" | "deadline-passed" | "ledger-sealed" | "no-next-cycle" | "not-assessed" | "several-successors" | "nobody-decides" | "opened-by-hand";
  item_id: string | null;
}
export interface Wave {
  wave: number;
  state: WaveState;
  stands_for: number | null;
}
export interface WaveAttestations {
  survey_id: string;
  wave: number;
  state: WaveState;
  stop_no: number | null;
  content_digest: string | null;
  bodies: Array<string>;
  missing: Array<string>;
  objecting: Array<string>;
  attestations: Array<Attestation>;
  reopenings: Array<Reopening>;
}
export interface WaveChanged {
  survey_id: string;
  wave: number;
  state: WaveState;
  receipt: Receipt | null;
}
export interface WaveEstimates {
  survey_id: string;
  cycle_id: string;
  code: string;
  wave: number;
  confidence: string;
  methods: Methods;
  units: Array<UnitEstimates>;
  comparisons: Array<Comparison>;
}
export interface WaveIndex {
  wave: number;
  completed: number;
  counted: boolean;
  index: Estimated | null;
  response: ResponseRates;
}
export interface WaveLinks {
  survey_id: string;
  wave: number;
  state: WaveState;
  units: Array<LinksOfUnit>;
}
export interface WaveProgress {
  survey_id: string;
  cycle_id: string;
  code: string;
  wave: number;
  stands_for: number | null;
  questionnaire_version: number | null;
  state: WaveState;
  completed: number;
  expected: number | null;
  units: Array<UnitResponses>;
}
export interface WaveRepetition {
  survey_id: string;
  wave: number;
  stands_for: number;
  state: WaveState;
  receipt: Receipt | null;
}
export interface WaveScore {
  wave: number;
  valid_sample: number;
  required: number;
  score: string | null;
  insufficient: boolean;
}
export interface WaveScreens {
  survey_id: string;
  wave: number;
  state: WaveState;
  earlier_wave: number | null;
  tested: Array<TestedScreen>;
  findings: Array<ScreenFinding>;
}
export interface WaveTables {
  survey_id: string;
  cycle_id: string;
  code: string;
  wave: number;
  least_count: number;
  least_sample: number;
  units: Array<UnitTables>;
}
export interface WaveVoidings {
  survey_id: string;
  wave: number;
  state: WaveState;
  stands_for: number | null;
  voidings: Array<Voiding>;
  repeated_by: Array<number>;
}
export interface WaveWeighting {
  survey_id: string;
  wave: number;
  plan_version: number | null;
  units: Array<UnitWeighting>;
}
export interface Webhook {
  webhook_id: string;
  subject: string;
  url: string;
  types: Array<string> | null;
  cycle_id: string | null;
  created_at: string;
  state: "active" | "paused" | "disabled" | "ended";
  state_since: string;
  state_reason: string | null;
  position: number;
  failing_since: string | null;
  secrets: Array<WebhookSecret>;
}
export interface WebhookHost {
  host_id: string;
  host: string;
  port: number;
  state: "effective" | "pending" | "withdrawn";
  reason: string;
  approved_by: string;
  approved_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  withdrawn_by: string | null;
  withdrawn_at: string | null;
  withdrawal_reason: string | null;
}
export interface WebhookSecret {
  number: number;
  made_at: string;
  ends_at: string | null;
}
export interface WeightDiagnosis {
  indicator: string;
  name: string;
  points: string;
  scored: number;
  mean: string | null;
  lowest: string | null;
  highest: string | null;
  full_marks: number;
  full_marks_share: string | null;
  weight: string | null;
  effective_weight: string | null;
  variance_share: string | null;
  category: string;
  pointer: string | null;
  no_marks: number;
  no_marks_share: string | null;
  unscored: number;
  unscored_share: string | null;
  findings: Array<WeightFinding>;
}
export interface WeightFinding {
  code: string;
  figure: "full_marks_share" | "no_marks_share" | "unscored_share" | "highest" | "effective_weight" | "variance_share" | "leniency";
  value: string;
  scorer: string | null;
  en: string;
  zh: string;
}
export interface WholeCheckpoint {
  number: number;
  kind: "checkpoint" | "restoration";
  made_at: string;
  digest: string;
  previous: string | null;
  missing: Array<string>;
  restored: Array<string>;
  back_to: number | null;
  reason: string | null;
  by: Array<string>;
  chains: Array<ReachedChain>;
  signed: string;
}
export interface WholeMessage {
  message_id: string;
  subject: string;
  key_id: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  target: string;
  received_at: string;
  status: number | null;
  answered_at: string | null;
  receipt: string | null;
  headers: Record<string, string>;
  body: string | null;
  answer_headers: Record<string, string> | null;
  answer_body: string | null;
}
export interface WholeSchemeVersion {
  cycle_id: string;
  version: number;
  state: "draft" | "published";
  digest: string;
  reason: string | null;
  saved_by: string;
  saved_at: string;
  published_at: string | null;
  scheme: SchemeOutput;
}
export interface Window {
  opens: string;
  closes: string;
}
export interface Withdrawal {
  reason: string;
  withdrawn_by: string;
  withdrawn_at: string;
}
export interface WithdrawnBatch {
  batch_no: string;
  accepted: number | null;
  digest: string;
  withdrawal: Withdrawal | null;
  receipt: Receipt | null;
}
export interface WithdrawnEntry {
  entry_id: string;
  state: "draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced";
  receipt: Receipt | null;
}
export interface WithdrawnLinks {
  survey_id: string;
  wave: number;
  draws: Array<number>;
  receipt: Receipt | null;
}
export interface WithoutEffect {
  pointer: string;
  code: string;
  en: string;
  zh: string;
}
export interface WorkPlanVersion {
  unit: string;
  indicator: string;
  item: string | null;
  version: number;
  combine: "sum" | "last";
  months: Array<PlannedShare>;
  persons: Array<PlannedShare>;
  measures: Array<PlannedMeasure>;
  target: string | null;
  agrees: boolean;
  set_by: string;
  set_at: string;
}
export interface WorkPlans {
  cycle_id: string;
  plans: Array<WorkPlanVersion>;
}
export interface WorkPlansMoved {
  mode: "all" | "partial" | "check";
  stored: number;
  unchanged: number;
  parked: number;
  refused: number;
  receipt: Receipt | null;
  rows: Array<MovedWorkPlan>;
}
export interface WrittenCards {
  at: string;
  as_of: string;
  written: Record<string, number>;
  entered: number;
  kept_alone: Record<string, number>;
  receipt: Receipt | null;
}
export interface WrittenItemEvents {
  at: string;
  as_of: string;
  written: Record<string, number>;
  entered: number;
  kept_alone: Record<string, number>;
  receipt: Receipt | null;
}
export interface YearOfLineage {
  cycle_id: string;
  assessment_year: number;
  indicators: Array<IndicatorOfYear>;
  units: Array<string>;
  values: Array<EarlierValue>;
}
export interface YearWarning {
  warning_id: string;
  kind: "bulk_at_year_end" | "last_digits" | "jump_from_last_period" | "jump_from_last_year" | "scorer_apart" | "evidence_duplicates" | "behind_plan" | "repeated_deductions";
  unit: string | null;
  indicator: string | null;
  scorer: string | null;
  key: string | null;
  item: string | null;
  period: string | null;
  measured: string;
  expected: string | null;
  threshold: string;
  sample: number;
  en: string;
  zh: string;
}
export interface YearsCompared {
  cycle_id: string;
  release: number;
  category: string;
  assessment_year: number;
  years: Array<ComparedYear>;
  units: Array<ComparedUnit>;
}

export class Operations extends Calls {
  /** List the units. */
  listUnits(asked: { kind?: "assessed" | "body" | null; q?: string | null; cycle_id?: string | null; category?: string | null; changed_since?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageUnit> {
    return this.call("GET", `/api/v1/units`, ["kind", "q", "cycle_id", "category", "changed_since", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the units: every item of every page. */
  iterUnits(asked: { kind?: "assessed" | "body" | null; q?: string | null; cycle_id?: string | null; category?: string | null; changed_since?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<Unit> {
    return this.pages(`/api/v1/units`, ["kind", "q", "cycle_id", "category", "changed_since", "limit", "after"], asked, options);
  }
  /** Register units. */
  registerUnits(asked: { mode?: "all" | "partial" | "check"; body: NewUnits }, options: Options = {}): Promise<RegisteredUnits> {
    return this.call("POST", `/api/v1/units`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Register units, from rows or a file of them. */
  registerUnitsFrom(asked: { mode?: "all" | "partial" | "check"; rows: Rows<NewUnit> }, options: Options = {}): Promise<RegisteredUnits> {
    return this.call("POST", `/api/v1/units`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a unit. */
  readUnit(asked: { unit: string }, options: Options = {}): Promise<Unit> {
    return this.call("GET", `/api/v1/units/${this.part(asked.unit)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Give a unit a name. */
  nameUnit(asked: { unit: string; mode?: "all" | "check"; body: NewName }, options: Options = {}): Promise<RenamedUnit> {
    return this.call("POST", `/api/v1/units/${this.part(asked.unit)}/names`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Say which units a unit succeeds. */
  succeedUnits(asked: { unit: string; mode?: "all" | "check"; body: NewPredecessors }, options: Options = {}): Promise<RenamedUnit> {
    return this.call("POST", `/api/v1/units/${this.part(asked.unit)}/predecessors`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Correct the kind of a unit. */
  correctUnitKind(asked: { unit: string; mode?: "all" | "check"; body: NewKind }, options: Options = {}): Promise<RenamedUnit> {
    return this.call("POST", `/api/v1/units/${this.part(asked.unit)}/kind`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the years. */
  listCycles(asked: { year?: Array<number> | null; jurisdiction?: string | null; phase?: CyclePhase | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageCycle> {
    return this.call("GET", `/api/v1/cycles`, ["year", "jurisdiction", "phase", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the years: every item of every page. */
  iterCycles(asked: { year?: Array<number> | null; jurisdiction?: string | null; phase?: CyclePhase | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<Cycle> {
    return this.pages(`/api/v1/cycles`, ["year", "jurisdiction", "phase", "limit", "after"], asked, options);
  }
  /** Begin a year. */
  beginCycle(asked: { mode?: "all" | "check"; body: NewCycle }, options: Options = {}): Promise<BegunCycle> {
    return this.call("POST", `/api/v1/cycles`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a year. */
  readCycle(asked: { cycle_id: string }, options: Options = {}): Promise<Cycle> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the versions of a scheme. */
  listSchemeVersions(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageSchemeVersion> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the versions of a scheme: every item of every page. */
  iterSchemeVersions(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<SchemeVersion> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions`, ["limit", "after"], asked, options);
  }
  /** Save a new version of the scheme. */
  saveSchemeVersion(asked: { cycle_id: string; mode?: "all" | "check"; body: NewSchemeVersion }, options: Options = {}): Promise<SavedSchemeVersion> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a version of the scheme. */
  readSchemeVersion(asked: { cycle_id: string; version: number }, options: Options = {}): Promise<WholeSchemeVersion> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Compare a version with the one before. */
  readDifferences(asked: { cycle_id: string; version: number }, options: Options = {}): Promise<Differences> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/differences`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Check a scheme. */
  checkScheme(asked: { cycle_id: string; body: NewSchemeCheck }, options: Options = {}): Promise<CheckedScheme> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-checks`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Publish a scheme. */
  publishSchemeVersion(asked: { cycle_id: string; version: number; mode?: "all" | "check" }, options: Options = {}): Promise<Publication> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/publication`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the scheme in force. */
  readScheme(asked: { cycle_id: string }, options: Options = {}): Promise<PublishedScheme> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read what is to be entered. */
  readEntryForms(asked: { cycle_id: string; category?: string | null; unit?: string | null; indicator?: string | null; tag?: string | null }, options: Options = {}): Promise<EntryForms> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/entry-forms`, ["category", "unit", "indicator", "tag"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the entry form of an indicator. */
  readEntryForm(asked: { cycle_id: string; indicator: string; unit?: string | null }, options: Options = {}): Promise<EntrySchema> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/indicators/${this.part(asked.indicator)}/entry-form`, ["unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Begin next year's scheme. */
  beginNextScheme(asked: { cycle_id: string }, options: Options = {}): Promise<NextScheme> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/next-scheme`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Ask units about a draft. */
  openConsultation(asked: { cycle_id: string; version: number; mode?: "all" | "check"; body: NewConsultation }, options: Options = {}): Promise<OpenedConsultation> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/consultation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List consultations. */
  listConsultations(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageConsultation> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/consultations`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List consultations: every item of every page. */
  iterConsultations(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Consultation> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/consultations`, ["limit", "after"], asked, options);
  }
  /** List comments on a draft. */
  listSchemeComments(asked: { cycle_id: string; version: number; answered?: boolean | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageSchemeComment> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comments`, ["answered", "indicator", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List comments on a draft: every item of every page. */
  iterSchemeComments(asked: { cycle_id: string; version: number; answered?: boolean | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<SchemeComment> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comments`, ["answered", "indicator", "limit", "after"], asked, options);
  }
  /** Comment on a draft. */
  commentOnScheme(asked: { cycle_id: string; version: number; mode?: "all" | "partial" | "check"; body: NewSchemeComments }, options: Options = {}): Promise<CommentsSaid> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comments`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Comment on a draft, from rows or a file of them. */
  commentOnSchemeFrom(asked: { cycle_id: string; version: number; mode?: "all" | "partial" | "check"; rows: Rows<NewSchemeComment> }, options: Options = {}): Promise<CommentsSaid> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comments`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Answer comments on a draft. */
  answerSchemeComments(asked: { cycle_id: string; version: number; mode?: "all" | "partial" | "check"; body: NewCommentAnswers }, options: Options = {}): Promise<CommentsAnswered> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comment-answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Answer comments on a draft, from rows or a file of them. */
  answerSchemeCommentsFrom(asked: { cycle_id: string; version: number; mode?: "all" | "partial" | "check"; rows: Rows<NewCommentAnswer> }, options: Options = {}): Promise<CommentsAnswered> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/scheme-versions/${this.part(asked.version)}/comment-answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the targets. */
  readTargets(asked: { cycle_id: string; unit?: Array<string> | null; indicator?: Array<string> | null; state?: "issued" | "revised" | null; tag?: string | null; id_scheme?: string }, options: Options = {}): Promise<CycleTargets> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/targets`, ["unit", "indicator", "state", "tag", "id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Set targets. */
  setTargets(asked: { cycle_id: string; id_scheme?: string; mode?: "all" | "partial" | "check"; body: NewTargets }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/targets`, ["id_scheme", "mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Set targets, from rows or a file of them. */
  setTargetsFrom(asked: { cycle_id: string; id_scheme?: string; mode?: "all" | "partial" | "check"; reason?: string | null; rows: Rows<NewTarget> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/targets`, ["id_scheme", "mode", "reason"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose targets. */
  proposeTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewProposals }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-proposals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose targets, from rows or a file of them. */
  proposeTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewTarget> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-proposals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Revise targets. */
  reviseTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewRevisions }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Revise targets, from rows or a file of them. */
  reviseTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; reason?: string | null; document_no?: string | null; approved_by?: string | null; caused_by?: "superior" | null; rows: Rows<NewTarget> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revisions`, ["mode", "reason", "document_no", "approved_by", "caused_by"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw targets. */
  withdrawTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewWithdrawals }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-withdrawals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw targets, from rows or a file of them. */
  withdrawTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; reason?: string | null; document_no?: string | null; rows: Rows<IndicatorsNamed> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-withdrawals`, ["mode", "reason", "document_no"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on proposed targets. */
  decideOnTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewDecisions }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on proposed targets, from rows or a file of them. */
  decideOnTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<IndicatorsNewDecision> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm revisions of targets. */
  confirmTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewConfirmations }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm revisions of targets, from rows or a file of them. */
  confirmTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<IndicatorsNewConfirmation> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List targets that are missing. */
  listMissingTargets(asked: { cycle_id: string; unit?: string | null; indicator?: string | null }, options: Options = {}): Promise<MissingTargets> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/targets/missing`, ["unit", "indicator"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the history of targets. */
  readTargetHistory(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; state?: Array<"proposed" | "returned" | "approved" | "issue_pending" | "issued" | "revision_requested" | "revision_supported" | "revision_pending" | "revised" | "withdrawal_pending" | "withdrawn" | "refused" | "request_withdrawn"> | null; q?: string | null; tag?: string | null; changed_since?: string | null; id_scheme?: string }, options: Options = {}): Promise<TargetHistory> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/targets/history`, ["unit", "indicator", "state", "q", "tag", "changed_since", "id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** List targets in conflict. */
  listTargetConflicts(asked: { cycle_id: string; unit?: string | null }, options: Options = {}): Promise<TargetConflicts> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-conflicts`, ["unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Settle targets. */
  settleTargets(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewSettlements }, options: Options = {}): Promise<SettlementsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-settlements`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Settle targets, from rows or a file of them. */
  settleTargetsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; reason?: string | null; document_no?: string | null; rows: Rows<NewSettlement> }, options: Options = {}): Promise<SettlementsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-settlements`, ["mode", "reason", "document_no"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm settlements of targets. */
  confirmSettlements(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewSettlementDecisions }, options: Options = {}): Promise<SettlementsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-settlement-confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm settlements of targets, from rows or a file of them. */
  confirmSettlementsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewSettlementDecision> }, options: Options = {}): Promise<SettlementsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-settlement-confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Ask to revise targets of the own unit. */
  requestRevisions(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewRevisionRequests }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-requests`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Ask to revise targets of the own unit, from rows or a file of them. */
  requestRevisionsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; reason?: string | null; document_no?: string | null; rows: Rows<NewTarget> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-requests`, ["mode", "reason", "document_no"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on requests to revise targets. */
  decideOnRevisionRequests(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewRequestDecisions }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-request-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on requests to revise targets, from rows or a file of them. */
  decideOnRevisionRequestsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewRequestDecision> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-request-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take back requests to revise targets. */
  takeBackRevisionRequests(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewRequestWithdrawals }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-request-withdrawals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take back requests to revise targets, from rows or a file of them. */
  takeBackRevisionRequestsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; reason?: string | null; rows: Rows<TakenBack> }, options: Options = {}): Promise<TargetsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-revision-request-withdrawals`, ["mode", "reason"], asked, { keyed: true, raw: false }, options);
  }
  /** List targets that move because of the superior. */
  listTargetCascades(asked: { cycle_id: string; document_no?: string | null }, options: Options = {}): Promise<TargetCascades> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/target-cascades`, ["document_no"], asked, { keyed: false, raw: false }, options);
  }
  /** List work plans. */
  listWorkPlans(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; former?: boolean }, options: Options = {}): Promise<WorkPlans> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/work-plans`, ["unit", "indicator", "former"], asked, { keyed: false, raw: false }, options);
  }
  /** Keep work plans. */
  setWorkPlans(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewWorkPlans }, options: Options = {}): Promise<WorkPlansMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/work-plans`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Keep work plans, from rows or a file of them. */
  setWorkPlansFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewWorkPlan> }, options: Options = {}): Promise<WorkPlansMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/work-plans`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List projects. */
  listProjects(asked: { cycle_id: string; unit?: string | null; former?: boolean }, options: Options = {}): Promise<Projects> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/projects`, ["unit", "former"], asked, { keyed: false, raw: false }, options);
  }
  /** Register projects. */
  setProjects(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewProjects }, options: Options = {}): Promise<ProjectsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/projects`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Register projects, from rows or a file of them. */
  setProjectsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewProject> }, options: Options = {}): Promise<ProjectsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/projects`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List responsibility letters. */
  listLetters(asked: { cycle_id: string; state?: Array<"drawn_up" | "signed_by_office" | "signed_by_unit" | "signed"> | null; outdated?: boolean | null }, options: Options = {}): Promise<LetterList> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/letters`, ["state", "outdated"], asked, { keyed: false, raw: false }, options);
  }
  /** Draw up responsibility letters. */
  drawUpLetters(asked: { cycle_id: string; mode?: "all" | "check"; body: NewLetters }, options: Options = {}): Promise<LettersDrawn> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/letters`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign responsibility letters. */
  signLetters(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewLetterSignatures }, options: Options = {}): Promise<LettersSigned> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/letter-signatures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign responsibility letters, from rows or a file of them. */
  signLettersFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewLetterSignature> }, options: Options = {}): Promise<LettersSigned> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/letter-signatures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a responsibility letter. */
  readLetter(asked: { cycle_id: string; unit: string }, options: Options = {}): Promise<LetterVersions> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/letters/${this.part(asked.unit)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Print a responsibility letter. */
  printLetter(asked: { cycle_id: string; unit: string; version?: number | null }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/letters/${this.part(asked.unit)}/document`, ["version"], asked, { keyed: false, raw: true }, options);
  }
  /** List the id schemes. */
  listIdSchemes(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageIdScheme> {
    return this.call("GET", `/api/v1/id-schemes`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the id schemes: every item of every page. */
  iterIdSchemes(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<IdScheme> {
    return this.pages(`/api/v1/id-schemes`, ["limit", "after"], asked, options);
  }
  /** Register an id scheme. */
  registerIdScheme(asked: { mode?: "all" | "check"; body: NewIdScheme }, options: Options = {}): Promise<RegisteredIdScheme> {
    return this.call("POST", `/api/v1/id-schemes`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read what the codes of another system mean. */
  readIdScheme(asked: { cycle_id: string; id_scheme: string }, options: Options = {}): Promise<IdSchemeCodes> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List mappings of units. */
  listUnitMappings(asked: { id_scheme: string; code?: Array<string> | null; unit?: string | null; state?: Array<"proposed" | "confirmed" | "refused" | "ended"> | null; day?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageUnitMapping> {
    return this.call("GET", `/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings`, ["code", "unit", "state", "day", "changed_since", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List mappings of units: every item of every page. */
  iterUnitMappings(asked: { id_scheme: string; code?: Array<string> | null; unit?: string | null; state?: Array<"proposed" | "confirmed" | "refused" | "ended"> | null; day?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<UnitMapping> {
    return this.pages(`/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings`, ["code", "unit", "state", "day", "changed_since", "limit", "after"], asked, options);
  }
  /** Propose mappings of units. */
  proposeUnitMappings(asked: { id_scheme: string; mode?: "all" | "partial" | "check"; body: NewUnitMappings }, options: Options = {}): Promise<ProposedMappings> {
    return this.call("POST", `/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose mappings of units, from rows or a file of them. */
  proposeUnitMappingsFrom(asked: { id_scheme: string; mode?: "all" | "partial" | "check"; reason?: string | null; rows: Rows<NewUnitMapping> }, options: Options = {}): Promise<ProposedMappings> {
    return this.call("POST", `/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings`, ["mode", "reason"], asked, { keyed: true, raw: false }, options);
  }
  /** List mappings of indicators. */
  listIndicatorMappings(asked: { cycle_id: string; id_scheme: string; code?: Array<string> | null; indicator?: string | null; state?: Array<"proposed" | "confirmed" | "refused" | "ended"> | null; day?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageIndicatorMapping> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings`, ["code", "indicator", "state", "day", "changed_since", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List mappings of indicators: every item of every page. */
  iterIndicatorMappings(asked: { cycle_id: string; id_scheme: string; code?: Array<string> | null; indicator?: string | null; state?: Array<"proposed" | "confirmed" | "refused" | "ended"> | null; day?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<IndicatorMapping> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings`, ["code", "indicator", "state", "day", "changed_since", "limit", "after"], asked, options);
  }
  /** Propose mappings of indicators. */
  proposeIndicatorMappings(asked: { cycle_id: string; id_scheme: string; mode?: "all" | "partial" | "check"; body: NewIndicatorMappings }, options: Options = {}): Promise<ProposedMappings> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose mappings of indicators, from rows or a file of them. */
  proposeIndicatorMappingsFrom(asked: { cycle_id: string; id_scheme: string; mode?: "all" | "partial" | "check"; reason?: string | null; rows: Rows<NewIndicatorMapping> }, options: Options = {}): Promise<ProposedMappings> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings`, ["mode", "reason"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm mappings of units. */
  confirmUnitMappings(asked: { id_scheme: string; mode?: "all" | "check"; body: MappingDecision }, options: Options = {}): Promise<MappingsMoved> {
    return this.call("POST", `/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm mappings of indicators. */
  confirmIndicatorMappings(asked: { cycle_id: string; id_scheme: string; mode?: "all" | "check"; body: MappingDecision }, options: Options = {}): Promise<MappingsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** End mappings of units. */
  endUnitMappings(asked: { id_scheme: string; mode?: "all" | "check"; body: MappingEnd }, options: Options = {}): Promise<MappingsMoved> {
    return this.call("POST", `/api/v1/id-schemes/${this.part(asked.id_scheme)}/unit-mappings/ending`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** End mappings of indicators. */
  endIndicatorMappings(asked: { cycle_id: string; id_scheme: string; mode?: "all" | "check"; body: MappingEnd }, options: Options = {}): Promise<MappingsMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/id-schemes/${this.part(asked.id_scheme)}/indicator-mappings/ending`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the names of codes. */
  readNames(asked: { cycle_id: string }, options: Options = {}): Promise<CycleNames> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/names`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List tasks of targets and indicator codes. */
  listTargetTasks(asked: { cycle_id: string }, options: Options = {}): Promise<Tasks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/tasks/indicators`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List tasks of unit codes. */
  listUnitTasks(options: Options = {}): Promise<Tasks> {
    return this.call("GET", `/api/v1/tasks/indicators`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read the calendar of a year. */
  readCalendar(asked: { year: number; as_of?: string | null }, options: Options = {}): Promise<CalendarYear> {
    return this.call("GET", `/api/v1/calendars/${this.part(asked.year)}`, ["as_of"], asked, { keyed: false, raw: false }, options);
  }
  /** Record the holidays of a year. */
  announceCalendar(asked: { year: number; mode?: "all" | "check"; body: NewAnnouncement }, options: Options = {}): Promise<RecordedCalendar> {
    return this.call("POST", `/api/v1/calendars/${this.part(asked.year)}/announcement`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Correct days of a calendar. */
  correctCalendar(asked: { year: number; mode?: "all" | "check"; body: NewCalendarCorrection }, options: Options = {}): Promise<RecordedCalendar> {
    return this.call("POST", `/api/v1/calendars/${this.part(asked.year)}/corrections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the decomposition. */
  readDecomposition(asked: { cycle_id: string; version?: number | null }, options: Options = {}): Promise<DecompositionVersion> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/decomposition`, ["version"], asked, { keyed: false, raw: false }, options);
  }
  /** Decompose the superior's scheme. */
  setDecomposition(asked: { cycle_id: string; mode?: "all" | "check"; body: NewDecomposition }, options: Options = {}): Promise<DecompositionSet> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/decomposition`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List versions of the decomposition. */
  listDecompositionVersions(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageDecompositionSummary> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/decomposition/versions`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List versions of the decomposition: every item of every page. */
  iterDecompositionVersions(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<DecompositionSummary> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/decomposition/versions`, ["limit", "after"], asked, options);
  }
  /** List the superior's years that assess us. */
  listSuperiorCycles(asked: { year: number; limit?: number; after?: string | null }, options: Options = {}): Promise<PageSuperiorCycle> {
    return this.call("GET", `/api/v1/superior-cycles`, ["year", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the superior's years that assess us: every item of every page. */
  iterSuperiorCycles(asked: { year: number; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<SuperiorCycle> {
    return this.pages(`/api/v1/superior-cycles`, ["year", "limit", "after"], asked, options);
  }
  /** Hand the decomposition up. */
  handUpDecomposition(asked: { cycle_id: string; mode?: "all" | "check"; body: NewHandingUp }, options: Options = {}): Promise<DecompositionHandedUp> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/decomposition/handing-up`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List what was handed up. */
  listHandedUp(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageHandedUp> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/handed-up`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List what was handed up: every item of every page. */
  iterHandedUp(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<HandedUp> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/handed-up`, ["limit", "after"], asked, options);
  }
  /** Read what a unit handed up. */
  readHandedUp(asked: { cycle_id: string; unit: string }, options: Options = {}): Promise<HandedUpDecomposition> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/handed-up/${this.part(asked.unit)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how we stand with the superior. */
  readStandings(asked: { cycle_id: string }, options: Options = {}): Promise<SuperiorStandings> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/superior-standings`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Report how we stand with the superior. */
  reportStandings(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewStandings }, options: Options = {}): Promise<StandingsReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/superior-standings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Report how we stand with the superior, from rows or a file of them. */
  reportStandingsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewStanding> }, options: Options = {}): Promise<StandingsReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/superior-standings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List inspections. */
  listInspections(asked: { cycle_id: string; unit?: string | null; kind?: "tracking_evaluation" | "on_site_verification" | "unannounced_visit" | "statutory" | "emergency" | null }, options: Options = {}): Promise<Inspections> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/inspections`, ["unit", "kind"], asked, { keyed: false, raw: false }, options);
  }
  /** Register inspections. */
  setInspections(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewInspections }, options: Options = {}): Promise<InspectionsSet> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/inspections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Register inspections, from rows or a file of them. */
  setInspectionsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewInspection> }, options: Options = {}): Promise<InspectionsSet> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/inspections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read what is asked of units. */
  readBurden(asked: { cycle_id: string }, options: Options = {}): Promise<BurdenReport> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/burden`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the jurisdictions. */
  listJurisdictions(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageJurisdiction> {
    return this.call("GET", `/api/v1/jurisdictions`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the jurisdictions: every item of every page. */
  iterJurisdictions(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<Jurisdiction> {
    return this.pages(`/api/v1/jurisdictions`, ["limit", "after"], asked, options);
  }
  /** Register a jurisdiction. */
  registerJurisdiction(asked: { mode?: "all" | "check"; body: NewJurisdiction }, options: Options = {}): Promise<RegisteredJurisdiction> {
    return this.call("POST", `/api/v1/jurisdictions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a jurisdiction. */
  confirmJurisdiction(asked: { jurisdiction: string; mode?: "all" | "check" }, options: Options = {}): Promise<RegisteredJurisdiction> {
    return this.call("POST", `/api/v1/jurisdictions/${this.part(asked.jurisdiction)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a jurisdiction. */
  readJurisdiction(asked: { jurisdiction: string }, options: Options = {}): Promise<Jurisdiction> {
    return this.call("GET", `/api/v1/jurisdictions/${this.part(asked.jurisdiction)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Propose that another code takes a jurisdiction's place. */
  proposeSuccession(asked: { jurisdiction: string; mode?: "all" | "check"; body: NewSuccession }, options: Options = {}): Promise<CodeChanged> {
    return this.call("POST", `/api/v1/jurisdictions/${this.part(asked.jurisdiction)}/succession`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm that another code takes a jurisdiction's place. */
  confirmSuccession(asked: { jurisdiction: string; mode?: "all" | "check" }, options: Options = {}): Promise<CodeChanged> {
    return this.call("POST", `/api/v1/jurisdictions/${this.part(asked.jurisdiction)}/succession/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a journal of indicators. */
  readIndicatorsChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageJournalEntry> {
    return this.call("GET", `/api/v1/journals/indicators/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of indicators: every item of every page. */
  iterIndicatorsChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<JournalEntry> {
    return this.pages(`/api/v1/journals/indicators/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, options);
  }
  /** Verify a journal of indicators. */
  verifyIndicatorsChain(asked: { chain: string }, options: Options = {}): Promise<Verification> {
    return this.call("GET", `/api/v1/journals/indicators/chains/${this.part(asked.chain)}/verification`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of indicators have come. */
  readIndicatorsHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageChainHead> {
    return this.call("GET", `/api/v1/journals/indicators/heads`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of indicators have come: every item of every page. */
  iterIndicatorsHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ChainHead> {
    return this.pages(`/api/v1/journals/indicators/heads`, ["limit", "after"], asked, options);
  }
  /** Check a receipt of indicators. */
  checkIndicatorsReceipt(asked: { hash: string }, options: Options = {}): Promise<Receipt> {
    return this.call("GET", `/api/v1/journals/indicators/receipts/${this.part(asked.hash)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the entries. */
  listEntries(asked: { cycle_id: string; changed_since?: string | null; sort?: "entered_at" | "-entered_at" | null; id_scheme?: string; limit?: number; after?: string | null; unit?: string | null; indicator?: string | null; state?: Array<"draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced"> | null; tag?: string | null; category?: string | null; author_unit?: string | null; source_ref?: string | null; kind?: Array<"measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding"> | null; period?: string | null; q?: string | null; late?: boolean | null; lacks_evidence?: boolean | null }, options: Options = {}): Promise<PageLedgerEntry> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries`, ["changed_since", "sort", "id_scheme", "limit", "after", "unit", "indicator", "state", "tag", "category", "author_unit", "source_ref", "kind", "period", "q", "late", "lacks_evidence"], asked, { keyed: false, raw: false }, options);
  }
  /** List the entries: every item of every page. */
  iterEntries(asked: { cycle_id: string; changed_since?: string | null; sort?: "entered_at" | "-entered_at" | null; id_scheme?: string; limit?: number; after?: string | null; unit?: string | null; indicator?: string | null; state?: Array<"draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced"> | null; tag?: string | null; category?: string | null; author_unit?: string | null; source_ref?: string | null; kind?: Array<"measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding"> | null; period?: string | null; q?: string | null; late?: boolean | null; lacks_evidence?: boolean | null }, options: Options = {}): AsyncGenerator<LedgerEntry> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries`, ["changed_since", "sort", "id_scheme", "limit", "after", "unit", "indicator", "state", "tag", "category", "author_unit", "source_ref", "kind", "period", "q", "late", "lacks_evidence"], asked, options);
  }
  /** Enter into the ledger. */
  postEntries(asked: { cycle_id: string; id_scheme?: string; mode?: "all" | "partial" | "check"; body: NewLedgerEntries }, options: Options = {}): Promise<PostedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries`, ["id_scheme", "mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Enter into the ledger, from rows or a file of them. */
  postEntriesFrom(asked: { cycle_id: string; id_scheme?: string; mode?: "all" | "partial" | "check"; state?: "draft" | "submitted" | null; for_cycle?: string | null; scheme_digest?: string | null; rows: Rows<NewLedgerEntry> }, options: Options = {}): Promise<PostedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries`, ["id_scheme", "mode", "state", "for_cycle", "scheme_digest"], asked, { keyed: true, raw: false }, options);
  }
  /** List likely duplicates. */
  listLikelyDuplicates(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageLikelyPair> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/likely-duplicates`, ["unit", "indicator", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List likely duplicates: every item of every page. */
  iterLikelyDuplicates(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<LikelyPair> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/likely-duplicates`, ["unit", "indicator", "limit", "after"], asked, options);
  }
  /** List the entries taken over. */
  listAdoptions(asked: { cycle_id: string; outdated?: boolean | null; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageEntryAdoption> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/adoptions`, ["outdated", "unit", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the entries taken over: every item of every page. */
  iterAdoptions(asked: { cycle_id: string; outdated?: boolean | null; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<EntryAdoption> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/adoptions`, ["outdated", "unit", "limit", "after"], asked, options);
  }
  /** Take an entry of another cycle over. */
  adoptEntry(asked: { cycle_id: string; mode?: "all" | "check"; body: NewEntryAdoption }, options: Options = {}): Promise<AdoptedEntry> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/adoptions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Tell in which cycles an entry is used. */
  readEntryUses(asked: { cycle_id: string; entry_id: string }, options: Options = {}): Promise<EntryUses> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/uses`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Export the ledger. */
  exportEntries(asked: { cycle_id: string; format?: "csv" | "ndjson" | "xlsx"; lateness?: boolean; unit?: string | null; indicator?: string | null; state?: Array<"draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced"> | null; tag?: string | null; category?: string | null; author_unit?: string | null; source_ref?: string | null; kind?: Array<"measured_value" | "event" | "milestone" | "grade" | "panel_mark" | "superior_rank" | "external_result" | "reversal" | "not_applicable" | "progress_report" | "inspection_finding"> | null; period?: string | null; q?: string | null; late?: boolean | null; lacks_evidence?: boolean | null }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/export`, ["format", "lateness", "unit", "indicator", "state", "tag", "category", "author_unit", "source_ref", "kind", "period", "q", "late", "lacks_evidence"], asked, { keyed: false, raw: true }, options);
  }
  /** Get a template to fill in. */
  readTemplate(asked: { cycle_id: string; category: string; data_source_unit?: string | null; indicator?: string | null; period?: string | null }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/template`, ["category", "data_source_unit", "indicator", "period"], asked, { keyed: false, raw: true }, options);
  }
  /** List the entries that are signed off. */
  listSignatures(asked: { cycle_id: string; unit?: string | null; signed?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageEntrySignature> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/signatures`, ["unit", "signed", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the entries that are signed off: every item of every page. */
  iterSignatures(asked: { cycle_id: string; unit?: string | null; signed?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<EntrySignature> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/signatures`, ["unit", "signed", "limit", "after"], asked, options);
  }
  /** Sign off entries of the own unit. */
  signEntries(asked: { cycle_id: string; mode?: "all" | "check"; body: NewSignatures }, options: Options = {}): Promise<SignedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/signatures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Submit drafts. */
  submitEntries(asked: { cycle_id: string; mode?: "all" | "check"; body: Submission }, options: Options = {}): Promise<MovedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/submission`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Review entries first. */
  checkEntries(asked: { cycle_id: string; mode?: "all" | "check"; body: NewVerification }, options: Options = {}): Promise<MovedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/checking`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Verify entries. */
  verifyEntries(asked: { cycle_id: string; mode?: "all" | "check"; body: NewVerification }, options: Options = {}): Promise<MovedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/verification`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Return entries. */
  returnEntries(asked: { cycle_id: string; mode?: "all" | "check"; body: Return }, options: Options = {}): Promise<MovedEntries> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/return`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Reverse an entry. */
  reverseEntry(asked: { cycle_id: string; entry_id: string; mode?: "all" | "check"; body: Reversal }, options: Options = {}): Promise<ReversedEntry> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/reversal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Restate a verified entry. */
  restateEntry(asked: { cycle_id: string; entry_id: string; mode?: "all" | "check"; body: NewRestatement }, options: Options = {}): Promise<RestatedEntry> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/restatement`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List restatements. */
  listRestatements(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; author_unit?: string | null; tag?: string | null; state?: Array<"draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced"> | null; period?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<Restatements> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/restatements`, ["unit", "indicator", "author_unit", "tag", "state", "period", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List restatements: every item of every page. */
  iterRestatements(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; author_unit?: string | null; tag?: string | null; state?: Array<"draft" | "submitted" | "checked" | "returned" | "verified" | "locked" | "voided" | "withdrawn" | "replaced"> | null; period?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Restatement> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/restatements`, ["unit", "indicator", "author_unit", "tag", "state", "period", "limit", "after"], asked, options);
  }
  /** Read an entry. */
  readEntry(asked: { cycle_id: string; entry_id: string; id_scheme?: string }, options: Options = {}): Promise<EntryWithHistory> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}`, ["id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Correct a draft or returned entry. */
  correctEntry(asked: { cycle_id: string; entry_id: string; mode?: "all" | "check"; body: Correction }, options: Options = {}): Promise<CorrectedEntry> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/correction`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw an entry. */
  withdrawEntry(asked: { cycle_id: string; entry_id: string; mode?: "all" | "check"; body: NewEntryWithdrawal }, options: Options = {}): Promise<WithdrawnEntry> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the phase of the ledger. */
  readLedger(asked: { cycle_id: string }, options: Options = {}): Promise<Ledger> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Seal the ledger. */
  sealLedger(asked: { cycle_id: string; mode?: "all" | "check"; body?: NewSeal | null }, options: Options = {}): Promise<SealedLedger | SealPreview> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger/seal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read which periods are closed. */
  readPeriods(asked: { cycle_id: string }, options: Options = {}): Promise<CyclePeriods> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/periods`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Close a period. */
  closePeriod(asked: { cycle_id: string; period: string; mode?: "all" | "check" }, options: Options = {}): Promise<ClosedPeriod> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/periods/${this.part(asked.period)}/closing`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the permissions for closed periods. */
  listPeriodPermissions(asked: { cycle_id: string }, options: Options = {}): Promise<PeriodPermissions> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/period-permissions`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Permit entries about a closed period. */
  permitEntering(asked: { cycle_id: string; mode?: "all" | "check"; body: NewPeriodPermission }, options: Options = {}): Promise<GrantedPermission> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/period-permissions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read what a category lacks. */
  readCompleteness(asked: { cycle_id: string; category: string }, options: Options = {}): Promise<Completeness> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/categories/${this.part(asked.category)}/completeness`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Hand in a category. */
  handInCategory(asked: { cycle_id: string; category: string; mode?: "all" | "check"; body?: NewHandIn | null }, options: Options = {}): Promise<HandedIn> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/categories/${this.part(asked.category)}/hand-in`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List what is in the record and counts nowhere. */
  listUnscored(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; reason?: Array<"draft" | "awaits_verification" | "own_words" | "returned" | "withdrawn" | "replaced" | "voided" | "unit_not_assessed" | "indicator_not_of_unit" | "not_applicable" | "kind_not_taken" | "key_not_taken" | "item_not_planned" | "period_not_scored" | "several_values" | "occurred_in_another_year" | "stood_in" | "not_read" | "parked" | "accepted_capped" | "accepted_in_part" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageUnscoredItem> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/unscored`, ["unit", "indicator", "reason", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List what is in the record and counts nowhere: every item of every page. */
  iterUnscored(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; reason?: Array<"draft" | "awaits_verification" | "own_words" | "returned" | "withdrawn" | "replaced" | "voided" | "unit_not_assessed" | "indicator_not_of_unit" | "not_applicable" | "kind_not_taken" | "key_not_taken" | "item_not_planned" | "period_not_scored" | "several_values" | "occurred_in_another_year" | "stood_in" | "not_read" | "parked" | "accepted_capped" | "accepted_in_part" | "carried_to_next_year" | "superseded_same_event" | "unconfirmed" | "rejected_by_confirmer" | "rejected_by_correction" | "rejected_not_in_the_total" | "rejected_no_document" | "rejected_holder_mismatch" | "rejected_authority" | "rejected_unknown_rule" | "rejected_unknown_place" | "rejected_over_limit" | "rejected_conditions_not_met" | "rejected_not_linked_to_indicator" | "rejected_scored_already" | "rejected_out_of_window" | "rejected_counted_before" | "rejected_same_award"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<UnscoredItem> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/unscored`, ["unit", "indicator", "reason", "limit", "after"], asked, options);
  }
  /** List what looks wrong. */
  listWarnings(asked: { cycle_id: string; limit?: number; after?: string | null; kind?: Array<"bulk_at_year_end" | "last_digits" | "jump_from_last_period" | "jump_from_last_year" | "scorer_apart" | "evidence_duplicates" | "behind_plan" | "repeated_deductions"> | null; unit?: string | null; indicator?: string | null; scorer?: string | null }, options: Options = {}): Promise<PageYearWarning> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/warnings`, ["limit", "after", "kind", "unit", "indicator", "scorer"], asked, { keyed: false, raw: false }, options);
  }
  /** List what looks wrong: every item of every page. */
  iterWarnings(asked: { cycle_id: string; limit?: number; after?: string | null; kind?: Array<"bulk_at_year_end" | "last_digits" | "jump_from_last_period" | "jump_from_last_year" | "scorer_apart" | "evidence_duplicates" | "behind_plan" | "repeated_deductions"> | null; unit?: string | null; indicator?: string | null; scorer?: string | null }, options: Options = {}): AsyncGenerator<YearWarning> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/warnings`, ["limit", "after", "kind", "unit", "indicator", "scorer"], asked, options);
  }
  /** Read how far the entries are. */
  readProgress(asked: { cycle_id: string; by?: Array<"category" | "unit" | "indicator" | "period" | "data_source_unit"> | null; category?: string | null; unit?: string | null; indicator?: string | null; period?: string | null; data_source_unit?: string | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): Promise<LedgerProgress> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/progress`, ["by", "category", "unit", "indicator", "period", "data_source_unit", "id_scheme", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the entries are: every item of every page. */
  iterProgress(asked: { cycle_id: string; by?: Array<"category" | "unit" | "indicator" | "period" | "data_source_unit"> | null; category?: string | null; unit?: string | null; indicator?: string | null; period?: string | null; data_source_unit?: string | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<PartProgress> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/progress`, ["by", "category", "unit", "indicator", "period", "data_source_unit", "id_scheme", "limit", "after"], asked, options);
  }
  /** List progress lights. */
  listProgressLights(asked: { cycle_id: string; at?: string | null; limit?: number; after?: string | null; category?: string | null; unit?: string | null; indicator?: string | null; light?: "green" | "yellow" | "red" | null }, options: Options = {}): Promise<ProgressLights> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/progress-lights`, ["at", "limit", "after", "category", "unit", "indicator", "light"], asked, { keyed: false, raw: false }, options);
  }
  /** List progress lights: every item of every page. */
  iterProgressLights(asked: { cycle_id: string; at?: string | null; limit?: number; after?: string | null; category?: string | null; unit?: string | null; indicator?: string | null; light?: "green" | "yellow" | "red" | null }, options: Options = {}): AsyncGenerator<UnitProgress> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/progress-lights`, ["at", "limit", "after", "category", "unit", "indicator", "light"], asked, options);
  }
  /** List who owes what by when. */
  listDuties(asked: { cycle_id: string; at?: string | null; limit?: number; after?: string | null; unit?: string | null; about?: string | null; indicator?: string | null; period?: string | null; day?: string | null; light?: Array<"none" | "warning" | "yellow_card" | "red_card"> | null; without_lead?: boolean }, options: Options = {}): Promise<OwedDuties> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/duties`, ["at", "limit", "after", "unit", "about", "indicator", "period", "day", "light", "without_lead"], asked, { keyed: false, raw: false }, options);
  }
  /** List who owes what by when: every item of every page. */
  iterDuties(asked: { cycle_id: string; at?: string | null; limit?: number; after?: string | null; unit?: string | null; about?: string | null; indicator?: string | null; period?: string | null; day?: string | null; light?: Array<"none" | "warning" | "yellow_card" | "red_card"> | null; without_lead?: boolean }, options: Options = {}): AsyncGenerator<OwedDuty> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/duties`, ["at", "limit", "after", "unit", "about", "indicator", "period", "day", "light", "without_lead"], asked, options);
  }
  /** Read how complete what is owed is. */
  readDutyCompleteness(asked: { cycle_id: string; at?: string | null; by?: "unit" | "indicator" | "period" | "day" | "light"; limit?: number; after?: string | null; unit?: string | null; about?: string | null; indicator?: string | null; period?: string | null; day?: string | null; light?: Array<"none" | "warning" | "yellow_card" | "red_card"> | null; without_lead?: boolean }, options: Options = {}): Promise<DutyCompleteness> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/duties/completeness`, ["at", "by", "limit", "after", "unit", "about", "indicator", "period", "day", "light", "without_lead"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how complete what is owed is: every item of every page. */
  iterDutyCompleteness(asked: { cycle_id: string; at?: string | null; by?: "unit" | "indicator" | "period" | "day" | "light"; limit?: number; after?: string | null; unit?: string | null; about?: string | null; indicator?: string | null; period?: string | null; day?: string | null; light?: Array<"none" | "warning" | "yellow_card" | "red_card"> | null; without_lead?: boolean }, options: Options = {}): AsyncGenerator<DutyPart> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/duties/completeness`, ["at", "by", "limit", "after", "unit", "about", "indicator", "period", "day", "light", "without_lead"], asked, options);
  }
  /** List the warnings and cards that were written. */
  listDutyCards(asked: { cycle_id: string; unit?: string | null; light?: "warning" | "yellow_card" | "red_card" | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageDutyCard> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/duty-cards`, ["unit", "light", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the warnings and cards that were written: every item of every page. */
  iterDutyCards(asked: { cycle_id: string; unit?: string | null; light?: "warning" | "yellow_card" | "red_card" | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<DutyCard> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/duty-cards`, ["unit", "light", "limit", "after"], asked, options);
  }
  /** Write the warnings and cards that are due. */
  writeDutyCards(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<WrittenCards> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/duty-cards`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List who is in charge of what. */
  listDutyPersons(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageDutyPerson> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/duty-persons`, ["unit", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List who is in charge of what: every item of every page. */
  iterDutyPersons(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<DutyPerson> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/duty-persons`, ["unit", "limit", "after"], asked, options);
  }
  /** Name who is in charge of what a unit owes. */
  nameDutyPerson(asked: { cycle_id: string; mode?: "all" | "check"; body: NewDutyPerson }, options: Options = {}): Promise<NamedDutyPerson> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/duty-persons`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the desk of a scorer. */
  readDesk(asked: { cycle_id: string }, options: Options = {}): Promise<ScorersDesk> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/duties/desk`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List tasks of the ledger and of claims. */
  listScoringTasks(asked: { cycle_id: string }, options: Options = {}): Promise<Tasks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/tasks/scoring`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the parked rows. */
  listParkedRows(asked: { cycle_id: string; author_unit?: string | null; state?: "parked" | "entered" | "replaced" | "discarded" | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageShownParkedRow> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/parked-rows`, ["author_unit", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the parked rows: every item of every page. */
  iterParkedRows(asked: { cycle_id: string; author_unit?: string | null; state?: "parked" | "entered" | "replaced" | "discarded" | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<ShownParkedRow> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/parked-rows`, ["author_unit", "state", "limit", "after"], asked, options);
  }
  /** Enter parked rows whose codes are known now. */
  replayParkedRows(asked: { cycle_id: string; mode?: "all" | "check"; body: ParkedRowReplay }, options: Options = {}): Promise<ReplayedRows> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/parked-rows/replay`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Discard parked rows. */
  discardParkedRows(asked: { cycle_id: string; mode?: "all" | "check"; body: ParkedRowDiscard }, options: Options = {}): Promise<DiscardedRows> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/parked-rows/discard`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List who got how many awards from whom. */
  listAwardsByAuthority(asked: { cycle_id: string; unit?: string | null; rule?: string | null }, options: Options = {}): Promise<AwardsByAuthority> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/by-authority`, ["unit", "rule"], asked, { keyed: false, raw: false }, options);
  }
  /** List the claims. */
  listClaims(asked: { cycle_id: string; unit?: string | null; kind?: "bonus" | "deduction" | null; state?: Array<"handed_in" | "confirmed" | "rejected" | "withdrawn"> | null; changed_since?: string | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageClaim> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims`, ["unit", "kind", "state", "changed_since", "id_scheme", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the claims: every item of every page. */
  iterClaims(asked: { cycle_id: string; unit?: string | null; kind?: "bonus" | "deduction" | null; state?: Array<"handed_in" | "confirmed" | "rejected" | "withdrawn"> | null; changed_since?: string | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Claim> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/claims`, ["unit", "kind", "state", "changed_since", "id_scheme", "limit", "after"], asked, options);
  }
  /** Post claims. */
  postClaims(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewClaims }, options: Options = {}): Promise<PostedClaims> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Post claims, from rows or a file of them. */
  postClaimsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewClaim> }, options: Options = {}): Promise<PostedClaims> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm or reject claims. */
  confirmClaims(asked: { cycle_id: string; mode?: "all" | "check"; body: ScoringNewConfirmation }, options: Options = {}): Promise<MovedClaims> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Agree or object to joint claims. */
  answerJointClaims(asked: { cycle_id: string; mode?: "all" | "check"; body: NewAnswers }, options: Options = {}): Promise<MovedClaims> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw claims. */
  withdrawClaims(asked: { cycle_id: string; mode?: "all" | "check"; body: NewClaimWithdrawal }, options: Options = {}): Promise<MovedClaims> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Receive the claims that were carried over. */
  receiveCarriedClaims(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<Arrivals> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/arrivals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List highlights. */
  listHighlights(asked: { cycle_id: string; unit?: string | null; state?: Array<"reported" | "accepted" | "not_accepted" | "taken_back"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<HighlightPage> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/highlights`, ["unit", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List highlights: every item of every page. */
  iterHighlights(asked: { cycle_id: string; unit?: string | null; state?: Array<"reported" | "accepted" | "not_accepted" | "taken_back"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Highlight> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/highlights`, ["unit", "state", "limit", "after"], asked, options);
  }
  /** Report a highlight. */
  reportHighlight(asked: { cycle_id: string; mode?: "all" | "check"; body: NewHighlight }, options: Options = {}): Promise<MovedHighlight> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/highlights`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Examine a highlight. */
  examineHighlight(asked: { cycle_id: string; mode?: "all" | "check"; body: NewExamination }, options: Options = {}): Promise<MovedHighlight> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/highlights/examination`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take a highlight back. */
  withdrawHighlight(asked: { cycle_id: string; mode?: "all" | "check"; body: NewTakingBack }, options: Options = {}): Promise<MovedHighlight> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/highlights/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List registered awards and titles. */
  listRegisteredAwards(asked: { cycle_id: string; unit?: string | null; level?: string | null; kind?: "award" | "title" | null; state?: Array<"registered" | "confirmed" | "rejected" | "taken_back"> | null; year?: number | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageRegisteredAward> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/awards`, ["unit", "level", "kind", "state", "year", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List registered awards and titles: every item of every page. */
  iterRegisteredAwards(asked: { cycle_id: string; unit?: string | null; level?: string | null; kind?: "award" | "title" | null; state?: Array<"registered" | "confirmed" | "rejected" | "taken_back"> | null; year?: number | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<RegisteredAward> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/awards`, ["unit", "level", "kind", "state", "year", "limit", "after"], asked, options);
  }
  /** Register an award or a title. */
  registerAward(asked: { cycle_id: string; mode?: "all" | "check"; body: NewRegisteredAward }, options: Options = {}): Promise<MovedAward> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/awards`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm or reject a registered award. */
  confirmAward(asked: { cycle_id: string; mode?: "all" | "check"; body: NewAwardConfirmation }, options: Options = {}): Promise<MovedAward> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/awards/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take a registered award back. */
  withdrawAward(asked: { cycle_id: string; mode?: "all" | "check"; body: NewAwardWithdrawal }, options: Options = {}): Promise<MovedAward> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/awards/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Count registered awards by unit and level. */
  countRegisteredAwards(asked: { cycle_id: string; unit?: string | null }, options: Options = {}): Promise<AwardsByUnit> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/awards/by-unit`, ["unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Get the text that binds a check. */
  exportCheckCommitment(asked: { cycle_id: string; check: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/commitment`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Fix the lists of a check. */
  fixCheckLists(asked: { cycle_id: string; check: string; mode?: "all" | "check"; body: NewCommitment }, options: Options = {}): Promise<FixedCheck> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/commitment`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Tell the seed of a check and draw it. */
  drawCheck(asked: { cycle_id: string; check: string; mode?: "all" | "check"; body: NewSeed }, options: Options = {}): Promise<DrawnCheck> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/draw`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List re-checks and spot checks. */
  listChecks(asked: { cycle_id: string }, options: Options = {}): Promise<ScheduledChecks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Get a list of a check. */
  exportCheckList(asked: { cycle_id: string; check: string; list_name: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/lists/${this.part(asked.list_name)}`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Get what was drawn of a list. */
  exportDrawn(asked: { cycle_id: string; check: string; list_name: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/lists/${this.part(asked.list_name)}/drawn`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Get who may check whom. */
  exportCheckReviewers(asked: { cycle_id: string; check: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/reviewers`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Fix the reviewers of a check. */
  fixCheckReviewers(asked: { cycle_id: string; check: string; mode?: "all" | "check"; body: NewReviewers }, options: Options = {}): Promise<FixedReviewers> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/reviewers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the teams of a check. */
  listCheckTeams(asked: { cycle_id: string; check: string }, options: Options = {}): Promise<CheckTeams> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/teams`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Name the team of a drawn unit. */
  nameCheckTeam(asked: { cycle_id: string; check: string; unit: string; mode?: "all" | "check"; body: NewTeam }, options: Options = {}): Promise<NamedTeam> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/teams/${this.part(asked.unit)}`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the sheet of a drawn unit. */
  readCheckSheet(asked: { cycle_id: string; check: string; unit: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageCheckedEntry> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/sheets/${this.part(asked.unit)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the sheet of a drawn unit: every item of every page. */
  iterCheckSheet(asked: { cycle_id: string; check: string; unit: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<CheckedEntry> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/sheets/${this.part(asked.unit)}`, ["limit", "after"], asked, options);
  }
  /** List findings of a check. */
  listCheckFindings(asked: { cycle_id: string; check: string; unit?: string | null; state?: Array<"reported" | "signed" | "objected" | "upheld" | "dismissed"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageCheckFinding> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings`, ["unit", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List findings of a check: every item of every page. */
  iterCheckFindings(asked: { cycle_id: string; check: string; unit?: string | null; state?: Array<"reported" | "signed" | "objected" | "upheld" | "dismissed"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<CheckFinding> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings`, ["unit", "state", "limit", "after"], asked, options);
  }
  /** Record a finding of a check. */
  recordCheckFinding(asked: { cycle_id: string; check: string; mode?: "all" | "check"; body: NewFinding }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign a finding or object. */
  answerCheckFinding(asked: { cycle_id: string; check: string; finding_id: string; mode?: "all" | "check"; body: NewFindingAnswer }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings/${this.part(asked.finding_id)}/answer`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on a finding. */
  decideCheckFinding(asked: { cycle_id: string; check: string; finding_id: string; mode?: "all" | "check"; body: NewFindingDecision }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings/${this.part(asked.finding_id)}/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Put a finding forward as fraud. */
  putForwardAsFraud(asked: { cycle_id: string; check: string; finding_id: string; mode?: "all" | "check"; body: NewFraud }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings/${this.part(asked.finding_id)}/fraud`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Make the unit's statement about fraud. */
  stateOnFraud(asked: { cycle_id: string; check: string; finding_id: string; mode?: "all" | "check"; body: NewFraudStatement }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings/${this.part(asked.finding_id)}/fraud/statement`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide whether it is fraud. */
  decideOnFraud(asked: { cycle_id: string; check: string; finding_id: string; mode?: "all" | "check"; body: NewFraudDecision }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/findings/${this.part(asked.finding_id)}/fraud/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read how second marks agree. */
  readSecondMarks(asked: { cycle_id: string; check: string }, options: Options = {}): Promise<SecondMarks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/second-marks`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Mark an entry a second time. */
  giveSecondMark(asked: { cycle_id: string; check: string; mode?: "all" | "check"; body: NewSecondMark }, options: Options = {}): Promise<MovedFinding> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/checks/${this.part(asked.check)}/second-marks`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Give self marks. */
  giveSelfMarks(asked: { cycle_id: string; round_code: string; mode?: "all" | "check"; body: NewSelfMarks }, options: Options = {}): Promise<StoredSelfMarks> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/self-evaluations/${this.part(asked.round_code)}/marks`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Hand in a self-evaluation. */
  handInSelfEvaluation(asked: { cycle_id: string; round_code: string; mode?: "all" | "check" }, options: Options = {}): Promise<HandedInSelfEvaluation> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/self-evaluations/${this.part(asked.round_code)}/hand-in`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Compare self-evaluations with the record. */
  compareSelfEvaluations(asked: { cycle_id: string; round_code: string; mode?: "all" | "check" }, options: Options = {}): Promise<SelfEvaluationCosts> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/self-evaluations/${this.part(asked.round_code)}/comparison`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List self-evaluations. */
  listSelfEvaluations(asked: { cycle_id: string }, options: Options = {}): Promise<SelfEvaluations> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/self-evaluations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read a unit's self-evaluation. */
  readSelfEvaluation(asked: { cycle_id: string; round_code: string; unit: string }, options: Options = {}): Promise<SelfEvaluation> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/self-evaluations/${this.part(asked.round_code)}/units/${this.part(asked.unit)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List objections. */
  listObjections(asked: { cycle_id: string; unit?: string | null; about?: "mark" | "claim" | "entry" | "card" | "wave" | null; state?: Array<"pending" | "upheld" | "partly_upheld" | "rejected" | "withdrawn"> | null; objection_id?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageObjection> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/objections`, ["unit", "about", "state", "objection_id", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List objections: every item of every page. */
  iterObjections(asked: { cycle_id: string; unit?: string | null; about?: "mark" | "claim" | "entry" | "card" | "wave" | null; state?: Array<"pending" | "upheld" | "partly_upheld" | "rejected" | "withdrawn"> | null; objection_id?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Objection> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/objections`, ["unit", "about", "state", "objection_id", "limit", "after"], asked, options);
  }
  /** Object to what was fed back. */
  fileObjection(asked: { cycle_id: string; mode?: "all" | "check"; body: NewObjection }, options: Options = {}): Promise<MovedObjection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/objections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take an objection further, or take it back. */
  answerObjection(asked: { cycle_id: string; objection_id: string; mode?: "all" | "check"; body: NewObjectionAnswer }, options: Options = {}): Promise<MovedObjection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/objections/${this.part(asked.objection_id)}/answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide about an objection. */
  decideObjection(asked: { cycle_id: string; objection_id: string; mode?: "all" | "check"; body: NewObjectionDecision }, options: Options = {}): Promise<MovedObjection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/objections/${this.part(asked.objection_id)}/decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List evidence. */
  listEvidence(asked: { cycle_id: string; unit?: string | null; name?: string | null; kind?: "jpeg" | "png" | "gif" | "webp" | "heic" | "tiff" | "pdf" | "ofd" | "docx" | "xlsx" | "pptx" | "doc" | "xls" | "ppt" | "wps" | "et" | "dps" | "mp4" | "mov" | "txt" | "csv" | null; digest?: string | null; day?: string | null; is_used?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageListedEvidence> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/evidence`, ["unit", "name", "kind", "digest", "day", "is_used", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List evidence: every item of every page. */
  iterEvidence(asked: { cycle_id: string; unit?: string | null; name?: string | null; kind?: "jpeg" | "png" | "gif" | "webp" | "heic" | "tiff" | "pdf" | "ofd" | "docx" | "xlsx" | "pptx" | "doc" | "xls" | "ppt" | "wps" | "et" | "dps" | "mp4" | "mov" | "txt" | "csv" | null; digest?: string | null; day?: string | null; is_used?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<ListedEvidence> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/evidence`, ["unit", "name", "kind", "digest", "day", "is_used", "limit", "after"], asked, options);
  }
  /** Add evidence. */
  addEvidence(asked: { cycle_id: string; name: string; mode?: "all" | "check"; content: Blob }, options: Options = {}): Promise<AddedEvidence> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/evidence`, ["name", "mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List supervised items. */
  listSupervisedItems(asked: { cycle_id: string; unit?: string | null; kind?: "instruction" | "supervised" | "plan" | "summary" | "self_report" | "rectification_report" | null; state?: Array<"registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn"> | null; source_ref?: string | null; light?: Array<"none" | "yellow" | "red"> | null; at?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageSupervisedItem> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items`, ["unit", "kind", "state", "source_ref", "light", "at", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List supervised items: every item of every page. */
  iterSupervisedItems(asked: { cycle_id: string; unit?: string | null; kind?: "instruction" | "supervised" | "plan" | "summary" | "self_report" | "rectification_report" | null; state?: Array<"registered" | "dispatched" | "handling" | "returned" | "disputed" | "suspended" | "extension_asked" | "replied" | "closed" | "called_off" | "withdrawn"> | null; source_ref?: string | null; light?: Array<"none" | "yellow" | "red"> | null; at?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<SupervisedItem> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items`, ["unit", "kind", "state", "source_ref", "light", "at", "limit", "after"], asked, options);
  }
  /** Register supervised items. */
  registerSupervisedItems(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewSupervisedItems }, options: Options = {}): Promise<RegisteredItems> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Register supervised items, from rows or a file of them. */
  registerSupervisedItemsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewSupervisedItem> }, options: Options = {}): Promise<RegisteredItems> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Open the items of rectification reports. */
  openReportItems(asked: { cycle_id: string; mode?: "all" | "check"; body?: NewReportItems | null }, options: Options = {}): Promise<ReportItems> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/reports`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the items of rectification reports. */
  listReportItems(asked: { cycle_id: string }, options: Options = {}): Promise<ItemsOfReports> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/report-items`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Dispatch supervised items. */
  dispatchSupervisedItems(asked: { cycle_id: string; mode?: "all" | "check"; body: NewItemDispatch }, options: Options = {}): Promise<DispatchedItems> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/dispatch`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign for, return, report on or reply to an item. */
  answerSupervisedItem(asked: { cycle_id: string; item_id: string; mode?: "all" | "check"; body: NewItemAnswer }, options: Options = {}): Promise<MovedItem> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/${this.part(asked.item_id)}/answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Urge, decide about, close or reopen an item. */
  directSupervisedItem(asked: { cycle_id: string; item_id: string; mode?: "all" | "check"; body: NewItemDirection }, options: Options = {}): Promise<MovedItem> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/${this.part(asked.item_id)}/directions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Rule on a disputed item. */
  ruleOnSupervisedItem(asked: { cycle_id: string; item_id: string; mode?: "all" | "check"; body: NewItemRuling }, options: Options = {}): Promise<MovedItem> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/${this.part(asked.item_id)}/ruling`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a supervised item. */
  readSupervisedItem(asked: { cycle_id: string; item_id: string; at?: string | null }, options: Options = {}): Promise<SupervisedItemHistory> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-items/${this.part(asked.item_id)}`, ["at"], asked, { keyed: false, raw: false }, options);
  }
  /** List what items have earned. */
  listSupervisedItemEvents(asked: { cycle_id: string; unit?: string | null; what?: Array<"due_soon" | "overdue" | "redone" | "returned"> | null; item_id?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageItemEvent> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-item-events`, ["unit", "what", "item_id", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List what items have earned: every item of every page. */
  iterSupervisedItemEvents(asked: { cycle_id: string; unit?: string | null; what?: Array<"due_soon" | "overdue" | "redone" | "returned"> | null; item_id?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<ItemEvent> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-item-events`, ["unit", "what", "item_id", "limit", "after"], asked, options);
  }
  /** Write what items have earned. */
  writeSupervisedItemEvents(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<WrittenItemEvents> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/supervised-item-events`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List complaints. */
  listComplaints(asked: { cycle_id: string; unit?: string | null; kind?: "efficiency_complaint" | "petition" | "online_message" | "hotline" | null; state?: Array<"raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageComplaint> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints`, ["unit", "kind", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List complaints: every item of every page. */
  iterComplaints(asked: { cycle_id: string; unit?: string | null; kind?: "efficiency_complaint" | "petition" | "online_message" | "hotline" | null; state?: Array<"raised" | "accepted" | "assigned" | "extension_asked" | "answered" | "revisited" | "closed" | "refused" | "linked" | "suspected" | "malicious"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Complaint> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/complaints`, ["unit", "kind", "state", "limit", "after"], asked, options);
  }
  /** Register complaints. */
  registerComplaints(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; body: NewComplaints }, options: Options = {}): Promise<RegisteredComplaints> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Register complaints, from rows or a file of them. */
  registerComplaintsFrom(asked: { cycle_id: string; mode?: "all" | "partial" | "check"; rows: Rows<NewComplaint> }, options: Options = {}): Promise<RegisteredComplaints> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Answer or return a complaint, or ask for more time. */
  answerComplaint(asked: { cycle_id: string; complaint_id: string; mode?: "all" | "check"; body: NewComplaintAnswer }, options: Options = {}): Promise<MovedComplaint> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.complaint_id)}/answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Accept, assign, revisit or close a complaint. */
  directComplaint(asked: { cycle_id: string; complaint_id: string; mode?: "all" | "check"; body: NewComplaintDirection }, options: Options = {}): Promise<MovedComplaint> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.complaint_id)}/directions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a complaint. */
  readComplaint(asked: { cycle_id: string; complaint_id: string }, options: Options = {}): Promise<ComplaintHistory> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.complaint_id)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read whether citizens may raise complaints. */
  readComplaintDesk(asked: { cycle_id: string }, options: Options = {}): Promise<DeskNow> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaint-desk`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Open or close the way for citizens. */
  openComplaintDesk(asked: { cycle_id: string; mode?: "all" | "check"; body: NewDesk }, options: Options = {}): Promise<Desk> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaint-desk`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read how whoever raised a complaint is reached. */
  readContact(asked: { cycle_id: string; complaint_id: string; mode?: "all" | "check"; body: NewContactReading }, options: Options = {}): Promise<ReadContact> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.complaint_id)}/contact-readings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Erase contacts whose time is over. */
  eraseContacts(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ErasedContacts> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaint-erasures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Write what complaints have earned. */
  writeComplaintEvents(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<WrittenItemEvents> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaint-events`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the monthly ratings of complaints. */
  readComplaintRatings(asked: { cycle_id: string; month: string }, options: Options = {}): Promise<ComplaintRatings> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/complaint-ratings`, ["month"], asked, { keyed: false, raw: false }, options);
  }
  /** Raise a complaint without an account. */
  raiseComplaint(asked: { cycle_id: string; body: NewPublicComplaint }, options: Options = {}): Promise<RaisedComplaint> {
    return this.call("POST", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/complaints`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Follow a complaint by its number. */
  followComplaint(asked: { cycle_id: string; reference: string; complaint_token?: string | null }, options: Options = {}): Promise<FollowedComplaint> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.reference)}`, [], asked, { keyed: false, raw: false, headers: { "Complaint-Token": asked.complaint_token } }, options);
  }
  /** Say whether the answer will do. */
  judgeAnswer(asked: { cycle_id: string; reference: string; complaint_token?: string | null; body: NewVerdict }, options: Options = {}): Promise<FollowedComplaint> {
    return this.call("POST", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/complaints/${this.part(asked.reference)}/verdict`, [], asked, { keyed: false, raw: false, headers: { "Complaint-Token": asked.complaint_token } }, options);
  }
  /** Read what is known of evidence. */
  readEvidence(asked: { cycle_id: string; evidence_id: string }, options: Options = {}): Promise<Evidence> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/evidence/${this.part(asked.evidence_id)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Download evidence. */
  exportEvidence(asked: { cycle_id: string; evidence_id: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/evidence/${this.part(asked.evidence_id)}/content`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Name evidence of an entry. */
  nameEvidenceOfEntry(asked: { cycle_id: string; entry_id: string; mode?: "all" | "check"; body: NewNaming }, options: Options = {}): Promise<NamedEvidence> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/ledger-entries/${this.part(asked.entry_id)}/evidence`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Name evidence of a claim. */
  nameEvidenceOfClaim(asked: { cycle_id: string; claim_id: string; mode?: "all" | "check"; body: NewNaming }, options: Options = {}): Promise<NamedEvidence> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/claims/${this.part(asked.claim_id)}/evidence`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read which evidence was used twice. */
  readEvidenceDuplicates(asked: { cycle_id: string; apart?: number }, options: Options = {}): Promise<EvidenceDuplicates> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/evidence-duplicates`, ["apart"], asked, { keyed: false, raw: false }, options);
  }
  /** Download the archive of a cycle. */
  exportArchive(asked: { cycle_id: string }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/archive`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Restore a year out of its archive. */
  restoreArchive(asked: { cycle_id: string; digest: string; mode?: "all" | "check"; content: Blob }, options: Options = {}): Promise<RestoredArchive> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/archive/restoration`, ["digest", "mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the archives that were proposed. */
  listRestorationProposals(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageRestorationProposal> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/archive/restoration-proposals`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the archives that were proposed: every item of every page. */
  iterRestorationProposals(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<RestorationProposal> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/archive/restoration-proposals`, ["limit", "after"], asked, options);
  }
  /** Propose to restore an archive. */
  proposeRestoration(asked: { cycle_id: string; mode?: "all" | "check"; body: NewRestorationProposal }, options: Options = {}): Promise<ProposedRestoration> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/archive/restoration-proposals`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List corrections of the sealed record. */
  listCorrections(asked: { cycle_id: string; unit?: string | null; state?: Array<"proposed" | "approved" | "refused" | "withdrawn"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<SealedCorrections> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/corrections`, ["unit", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List corrections of the sealed record: every item of every page. */
  iterCorrections(asked: { cycle_id: string; unit?: string | null; state?: Array<"proposed" | "approved" | "refused" | "withdrawn"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<SealedCorrection> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/corrections`, ["unit", "state", "limit", "after"], asked, options);
  }
  /** Propose a correction of the sealed record. */
  proposeCorrection(asked: { cycle_id: string; mode?: "all" | "check"; body: NewCorrection }, options: Options = {}): Promise<MovedCorrection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/corrections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on a correction of the sealed record. */
  decideCorrection(asked: { cycle_id: string; correction_id: string; mode?: "all" | "check"; body: NewCorrectionDecision }, options: Options = {}): Promise<MovedCorrection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/corrections/${this.part(asked.correction_id)}/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take back a proposed correction of the sealed record. */
  withdrawCorrection(asked: { cycle_id: string; correction_id: string; mode?: "all" | "check"; body: NewCorrectionWithdrawal }, options: Options = {}): Promise<MovedCorrection> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/corrections/${this.part(asked.correction_id)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the score sheets. */
  listScoreSheets(asked: { cycle_id: string; category?: string | null; phase?: "computed" | "fed_back" | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageScoreSheetSummary> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets`, ["category", "phase", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the score sheets: every item of every page. */
  iterScoreSheets(asked: { cycle_id: string; category?: string | null; phase?: "computed" | "fed_back" | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<ScoreSheetSummary> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets`, ["category", "phase", "limit", "after"], asked, options);
  }
  /** Compute a score sheet. */
  computeScoreSheet(asked: { cycle_id: string; mode?: "all" | "check"; body: NewScoreSheet }, options: Options = {}): Promise<ComputedScoreSheet> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a score sheet. */
  readScoreSheet(asked: { cycle_id: string; edition: number | "latest"; unit?: Array<string> | null; category?: Array<string> | null; id_scheme?: string }, options: Options = {}): Promise<ScoreSheet> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}`, ["unit", "category", "id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Feed back a score sheet. */
  feedBackScoreSheet(asked: { cycle_id: string; edition: number; mode?: "all" | "check" }, options: Options = {}): Promise<FedBackScoreSheet> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/feedback`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Export all marks. */
  exportMarks(asked: { cycle_id: string; edition: number | "latest"; unit?: Array<string> | null; category?: Array<string> | null; indicator?: Array<string> | null; state?: Array<"scored" | "missing" | "zero" | "skipped" | "category_mean" | "subcategory_mean" | "carried_over" | "not_applicable" | "short_sample" | "voided"> | null; id_scheme?: string; format?: "csv" | "ndjson" | "xlsx" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/marks`, ["unit", "category", "indicator", "state", "id_scheme", "format"], asked, { keyed: false, raw: true }, options);
  }
  /** Explain a unit's score. */
  explainScore(asked: { cycle_id: string; edition: number | "latest"; unit: string; vetoed?: Array<string> | null }, options: Options = {}): Promise<Explanation> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/units/${this.part(asked.unit)}/explanation`, ["vetoed"], asked, { keyed: false, raw: false }, options);
  }
  /** Compare two score sheets. */
  compareScoreSheets(asked: { cycle_id: string; edition: number | "latest"; against: number; tag?: string | null }, options: Options = {}): Promise<SheetDifferences> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/differences`, ["against", "tag"], asked, { keyed: false, raw: false }, options);
  }
  /** Diagnose a score sheet. */
  diagnoseScoreSheet(asked: { cycle_id: string; edition: number | "latest"; tag?: string | null }, options: Options = {}): Promise<SheetDiagnostics> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/diagnostics`, ["tag"], asked, { keyed: false, raw: false }, options);
  }
  /** Begin next year's scheme with a diagnosis of each weight. */
  diagnoseWeights(asked: { cycle_id: string; edition: number | "latest" }, options: Options = {}): Promise<NextSchemeDiagnosed> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/next-scheme`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read a unit's outlook. */
  readOutlook(asked: { cycle_id: string; edition: number | "latest"; unit: string; tag?: string | null }, options: Options = {}): Promise<Outlook> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-sheets/${this.part(asked.edition)}/units/${this.part(asked.unit)}/outlook`, ["tag"], asked, { keyed: false, raw: false }, options);
  }
  /** Simulate scores. */
  simulateScores(asked: { cycle_id: string; body: NewScoreSimulation }, options: Options = {}): Promise<ScoreSimulation> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/score-simulations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Simulate the own results so far. */
  simulateOwnResults(asked: { cycle_id: string; body: NewOwnSimulation }, options: Options = {}): Promise<OwnSimulation> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/own-simulations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read the results so far. */
  readStageResults(asked: { cycle_id: string; category?: string | null; unit?: string | null; at?: string | null }, options: Options = {}): Promise<StageResults> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results/current`, ["category", "unit", "at"], asked, { keyed: false, raw: false }, options);
  }
  /** Read what points still depend on. */
  readMatters(asked: { cycle_id: string; unit: string; what?: Array<"input" | "signature" | "verification" | "evidence" | "correction" | "reply" | "answer" | "confirmation" | "award" | "item"> | null; indicator?: string | null }, options: Options = {}): Promise<Matters> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results/current/units/${this.part(asked.unit)}/matters`, ["what", "indicator"], asked, { keyed: false, raw: false }, options);
  }
  /** List the stages of a cycle. */
  listStages(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageStage> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the stages of a cycle: every item of every page. */
  iterStages(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Stage> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results`, ["limit", "after"], asked, options);
  }
  /** Freeze the results so far as a stage. */
  freezeStageResults(asked: { cycle_id: string; mode?: "all" | "check"; body: NewStage }, options: Options = {}): Promise<FrozenStage> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a stage. */
  readStage(asked: { cycle_id: string; stage_no: number; category?: string | null; unit?: string | null }, options: Options = {}): Promise<StageResult> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results/${this.part(asked.stage_no)}`, ["category", "unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Propose to release the ranks of a stage. */
  proposeStageRelease(asked: { cycle_id: string; stage_no: number; mode?: "all" | "check"; body: NewStageRelease }, options: Options = {}): Promise<MovedStage> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results/${this.part(asked.stage_no)}/release`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm the release of a stage's ranks. */
  confirmStageRelease(asked: { cycle_id: string; stage_no: number; mode?: "all" | "check"; body: NewReleaseDecision }, options: Options = {}): Promise<MovedStage> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/stage-results/${this.part(asked.stage_no)}/release/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read an indicator over the years. */
  readLineage(asked: { cycle_id: string; indicator: string; unit: string; years?: number }, options: Options = {}): Promise<Lineage> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/indicators/${this.part(asked.indicator)}/lineage`, ["unit", "years"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the baselines of last year. */
  readBaselines(asked: { cycle_id: string; indicator: Array<string>; previous?: string | null }, options: Options = {}): Promise<Baselines> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/baselines`, ["indicator", "previous"], asked, { keyed: false, raw: false }, options);
  }
  /** Tell what a unit owes over its cycles. */
  readObligations(asked: { unit: string }, options: Options = {}): Promise<UnitObligations> {
    return this.call("GET", `/api/v1/units/${this.part(asked.unit)}/obligations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List how far projects are. */
  listProjectStates(asked: { cycle_id: string; unit?: string | null }, options: Options = {}): Promise<ProjectStandings> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/project-states`, ["unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the caller's own marks. */
  readOwnMarks(asked: { cycle_id: string }, options: Options = {}): Promise<OwnMarks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/panel-marks/own`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List places in the superior's lists. */
  listSuperiorRanks(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageUnitInSuperiorLists> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/superior-ranks`, ["unit", "indicator", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List places in the superior's lists: every item of every page. */
  iterSuperiorRanks(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<UnitInSuperiorLists> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/superior-ranks`, ["unit", "indicator", "limit", "after"], asked, options);
  }
  /** Export places in the superior's lists. */
  exportSuperiorRanks(asked: { cycle_id: string; unit?: string | null; indicator?: string | null; format?: "csv" | "ndjson" | "xlsx" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/superior-ranks/export`, ["unit", "indicator", "format"], asked, { keyed: false, raw: true }, options);
  }
  /** Read a journal of scoring. */
  readScoringChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageJournalEntry> {
    return this.call("GET", `/api/v1/journals/scoring/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of scoring: every item of every page. */
  iterScoringChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<JournalEntry> {
    return this.pages(`/api/v1/journals/scoring/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, options);
  }
  /** Verify a journal of scoring. */
  verifyScoringChain(asked: { chain: string }, options: Options = {}): Promise<Verification> {
    return this.call("GET", `/api/v1/journals/scoring/chains/${this.part(asked.chain)}/verification`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of scoring have come. */
  readScoringHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageChainHead> {
    return this.call("GET", `/api/v1/journals/scoring/heads`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of scoring have come: every item of every page. */
  iterScoringHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ChainHead> {
    return this.pages(`/api/v1/journals/scoring/heads`, ["limit", "after"], asked, options);
  }
  /** Check a receipt of scoring. */
  checkScoringReceipt(asked: { hash: string }, options: Options = {}): Promise<Receipt> {
    return this.call("GET", `/api/v1/journals/scoring/receipts/${this.part(asked.hash)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the surveys. */
  listSurveys(asked: { cycle_id: string; code?: Array<string> | null; state?: Array<WaveState> | null }, options: Options = {}): Promise<CycleSurveys> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/surveys`, ["code", "state"], asked, { keyed: false, raw: false }, options);
  }
  /** Create a survey. */
  createSurvey(asked: { cycle_id: string; mode?: "all" | "check"; body: NewSurvey }, options: Options = {}): Promise<CreatedSurvey> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/surveys`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the versions of a questionnaire. */
  listQuestionnaires(asked: { survey_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageQuestionnaireVersion> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/questionnaires`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the versions of a questionnaire: every item of every page. */
  iterQuestionnaires(asked: { survey_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<QuestionnaireVersion> {
    return this.pages(`/api/v1/surveys/${this.part(asked.survey_id)}/questionnaires`, ["limit", "after"], asked, options);
  }
  /** Enter a questionnaire. */
  enterQuestionnaire(asked: { survey_id: string; mode?: "all" | "check"; body: NewQuestionnaire }, options: Options = {}): Promise<EnteredQuestionnaire> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/questionnaires`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a version of a questionnaire. */
  readQuestionnaire(asked: { survey_id: string; version: number }, options: Options = {}): Promise<Questionnaire> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/questionnaires/${this.part(asked.version)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Open a wave. */
  openWave(asked: { survey_id: string; wave: number; mode?: "all" | "check" }, options: Options = {}): Promise<WaveChanged> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opening`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Close a wave. */
  closeWave(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body?: NewClosing }, options: Options = {}): Promise<WaveChanged> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/closing`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a wave. */
  readWave(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveProgress> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Enter a sample plan. */
  enterPlan(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewPlan }, options: Options = {}): Promise<EnteredPlan> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/plans`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the sample plan. */
  readPlan(asked: { survey_id: string; wave: number; version?: number | null }, options: Options = {}): Promise<Plan> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/plan`, ["version"], asked, { keyed: false, raw: false }, options);
  }
  /** Stop a wave. */
  stopWave(asked: { survey_id: string; wave: number; mode?: "all" | "check" }, options: Options = {}): Promise<WaveChanged> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/stopping`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Reopen a wave. */
  reopenWave(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewReopening }, options: Options = {}): Promise<WaveChanged> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/reopening`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the attestations of a wave. */
  listAttestations(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveAttestations> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/attestations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Attest a wave. */
  attestWave(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewAttestation }, options: Options = {}): Promise<RecordedAttestation> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/attestations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the proposals to void a wave. */
  listVoidings(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveVoidings> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/voidings`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Propose to void a wave. */
  proposeVoiding(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewVoiding }, options: Options = {}): Promise<RecordedVoiding> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/voidings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide whether a wave is void. */
  confirmVoiding(asked: { survey_id: string; wave: number; voiding_no: number; mode?: "all" | "check"; body: NewVoidingDecision }, options: Options = {}): Promise<RecordedVoiding> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/voidings/${this.part(asked.voiding_no)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Repeat a voided wave. */
  repeatWave(asked: { survey_id: string; wave: number; mode?: "all" | "check" }, options: Options = {}): Promise<WaveRepetition> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/repetition`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the batches of a wave. */
  listBatches(asked: { survey_id: string; wave: number; limit?: number; after?: string | null }, options: Options = {}): Promise<PageBatch> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the batches of a wave: every item of every page. */
  iterBatches(asked: { survey_id: string; wave: number; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Batch> {
    return this.pages(`/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches`, ["limit", "after"], asked, options);
  }
  /** Post a batch of responses. */
  postBatch(asked: { survey_id: string; wave: number; id_scheme?: string; mode?: "all" | "partial" | "check"; body: NewBatch }, options: Options = {}): Promise<PostedBatch> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches`, ["id_scheme", "mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Post a batch of responses, from rows or a file of them. */
  postBatchFrom(asked: { survey_id: string; wave: number; id_scheme?: string; mode?: "all" | "partial" | "check"; batch_no?: string | null; questionnaire_version?: number | null; "control_totals.count"?: number | null; "control_totals.digest"?: string | null; rows: Rows<Response> }, options: Options = {}): Promise<PostedBatch> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches`, ["id_scheme", "mode", "batch_no", "questionnaire_version", "control_totals.count", "control_totals.digest"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw a batch. */
  withdrawBatch(asked: { survey_id: string; wave: number; batch_no: string; mode?: "all" | "check"; body: NewWithdrawal }, options: Options = {}): Promise<WithdrawnBatch> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches/${this.part(asked.batch_no)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read opinions in quarantine. */
  listOpinions(asked: { survey_id: string; wave: number; unit?: string | null; state?: OpinionState | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageQuarantinedOpinion> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions`, ["unit", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read opinions in quarantine: every item of every page. */
  iterOpinions(asked: { survey_id: string; wave: number; unit?: string | null; state?: OpinionState | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<QuarantinedOpinion> {
    return this.pages(`/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions`, ["unit", "state", "limit", "after"], asked, options);
  }
  /** Post opinions that came without an interview. */
  postOpinions(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; body: NewOpinions }, options: Options = {}): Promise<PostedOpinions> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Post opinions that came without an interview, from rows or a file of them. */
  postOpinionsFrom(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; batch_no?: string | null; rows: Rows<NewOpinion> }, options: Options = {}): Promise<PostedOpinions> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions`, ["mode", "batch_no"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose reviews of opinions. */
  proposeReviews(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; body: NewReviews }, options: Options = {}): Promise<ProposedReviews> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions/reviews`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Propose reviews of opinions, from rows or a file of them. */
  proposeReviewsFrom(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; rows: Rows<NewReview> }, options: Options = {}): Promise<ProposedReviews> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions/reviews`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm reviews of opinions. */
  confirmReviews(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; body: NewReviewConfirmations }, options: Options = {}): Promise<ConfirmedReviews> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions/confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm reviews of opinions, from rows or a file of them. */
  confirmReviewsFrom(asked: { survey_id: string; wave: number; mode?: "all" | "partial" | "check"; rows: Rows<NewReviewConfirmation> }, options: Options = {}): Promise<ConfirmedReviews> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions/confirmations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Publish opinions. */
  publishOpinions(asked: { survey_id: string; wave: number; mode?: "all" | "check" }, options: Options = {}): Promise<OpinionPublication> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/opinions/publication`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read published opinions. */
  listPublishedOpinions(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PagePublishedOpinion> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/opinions`, ["unit", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read published opinions: every item of every page. */
  iterPublishedOpinions(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<PublishedOpinion> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/opinions`, ["unit", "limit", "after"], asked, options);
  }
  /** Read rectification items. */
  listItems(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageRectificationItem> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rectification-items`, ["unit", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read rectification items: every item of every page. */
  iterItems(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<RectificationItem> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/rectification-items`, ["unit", "limit", "after"], asked, options);
  }
  /** Assign rectification items. */
  assignItems(asked: { cycle_id: string; mode?: "all" | "check"; body: NewItems }, options: Options = {}): Promise<AssignedItems> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rectification-items`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Reply to a rectification item. */
  replyToItem(asked: { cycle_id: string; item_id: string; mode?: "all" | "check"; body: NewReply }, options: Options = {}): Promise<RecordedItem> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rectification-items/${this.part(asked.item_id)}/replies`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on the reply to a rectification item. */
  decideOnReply(asked: { cycle_id: string; item_id: string; mode?: "all" | "check"; body: NewReplyDecision }, options: Options = {}): Promise<RecordedItem> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rectification-items/${this.part(asked.item_id)}/decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read what the columns of files are. */
  readMapping(asked: { survey_id: string; name: string; version?: number | null }, options: Options = {}): Promise<SavedMapping> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/mappings/${this.part(asked.name)}`, ["version"], asked, { keyed: false, raw: false }, options);
  }
  /** Save what the columns of files are. */
  saveMapping(asked: { survey_id: string; name: string; mode?: "all" | "check"; body: NewExportMapping }, options: Options = {}): Promise<RecordedMapping> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/mappings/${this.part(asked.name)}`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List what was saved about columns of files. */
  listMappings(asked: { survey_id: string }, options: Options = {}): Promise<ExportMappings> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/mappings`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Post a file of responses, from rows or a file of them. */
  postFile(asked: { survey_id: string; wave: number; batch_no: string; mapping?: string | null; mode?: "all" | "partial" | "check"; questionnaire_version?: number | null; "control_totals.count"?: number | null; "control_totals.sums"?: Array<string> | null; "control_totals.digest"?: string | null; rows: Rows<Record<string, string>> }, options: Options = {}): Promise<PostedFile> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/files`, ["batch_no", "mapping", "mode", "questionnaire_version", "control_totals.count", "control_totals.sums", "control_totals.digest"], asked, { keyed: true, raw: false }, options);
  }
  /** Export the rows of a file that were refused. */
  exportRefusedRows(asked: { survey_id: string; wave: number; batch_no: string; format?: "csv" | "ndjson" | "xlsx" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/batches/${this.part(asked.batch_no)}/refused-rows`, ["format"], asked, { keyed: false, raw: true }, options);
  }
  /** Read what became of the rows that were sent. */
  readReconciliation(asked: { survey_id: string; wave: number; batch_no?: string | null }, options: Options = {}): Promise<Reconciliation> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/reconciliation`, ["batch_no"], asked, { keyed: false, raw: false }, options);
  }
  /** List the counts of meetings. */
  listMeetingCounts(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<MeetingCounts> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/meeting-counts`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Post the count of a meeting. */
  postMeetingCount(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewNumberedCount }, options: Options = {}): Promise<RecordedCount> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/meeting-counts`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm the count of a meeting by a second count. */
  confirmMeetingCount(asked: { survey_id: string; wave: number; count_no: string; mode?: "all" | "check"; body: NewCount }, options: Options = {}): Promise<RecordedCount> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/meeting-counts/${this.part(asked.count_no)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw the count of a meeting. */
  withdrawMeetingCount(asked: { survey_id: string; wave: number; count_no: string; mode?: "all" | "check"; body: NewWithdrawal }, options: Options = {}): Promise<RecordedCount> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/meeting-counts/${this.part(asked.count_no)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the seats of a wave. */
  listSeats(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<Seats> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/seats`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Name the seats of a wave. */
  nameSeats(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewSeats }, options: Options = {}): Promise<RecordedSeats> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/seats`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Give a seat to another account. */
  replaceSeat(asked: { survey_id: string; wave: number; seat: string; mode?: "all" | "check"; body: NewSeatReplacement }, options: Options = {}): Promise<RecordedSeats> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/seats/${this.part(asked.seat)}/replacement`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Set up the urn of a wave. */
  setUpUrn(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewUrn }, options: Options = {}): Promise<UrnStep> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/urn`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Open the urn of a wave. */
  openUrn(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewUrnOpening }, options: Options = {}): Promise<UrnStep> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/urn/opening`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the ballot paper. */
  readBallotPaper(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<BallotPaper> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/ballot`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Cast a ballot. */
  castBallot(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewBallot }, options: Options = {}): Promise<CastBallot> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/ballot`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** See how far links have been used. */
  listLinks(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveLinks> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/links`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Draw links of online forms. */
  drawLinks(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewLinks }, options: Options = {}): Promise<DrawnLinks> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/links`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw unused links. */
  withdrawLinks(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewLinksWithdrawal }, options: Options = {}): Promise<WithdrawnLinks> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/links/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the form of a link. */
  readOpenForm(asked: { language?: string | null; form_link?: string | null } = {}, options: Options = {}): Promise<OpenForm> {
    return this.call("GET", `/api/v1/open-form`, ["language"], asked, { keyed: false, raw: false, headers: { "Form-Link": asked.form_link } }, options);
  }
  /** Answer the form of a link. */
  answerOpenForm(asked: { form_link?: string | null; body: NewForm }, options: Options = {}): Promise<TakenForm> {
    return this.call("POST", `/api/v1/open-form`, [], asked, { keyed: false, raw: false, headers: { "Form-Link": asked.form_link } }, options);
  }
  /** List decisions about samples. */
  listSampleDecisions(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<SampleDecisions> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/sample-decisions`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Propose a decision about samples. */
  proposeSampleDecision(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewSampleDecision }, options: Options = {}): Promise<RecordedDecision> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/sample-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a decision about samples. */
  confirmSampleDecision(asked: { survey_id: string; wave: number; decision_no: number; mode?: "all" | "check" }, options: Options = {}): Promise<RecordedDecision> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/sample-decisions/${this.part(asked.decision_no)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read what the screens of a wave found. */
  readScreens(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveScreens> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/screens`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List decisions about findings. */
  listScreenDecisions(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<ScreenDecisions> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/screen-decisions`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Propose a decision about findings. */
  proposeScreenDecision(asked: { survey_id: string; wave: number; mode?: "all" | "check"; body: NewScreenDecision }, options: Options = {}): Promise<RecordedScreenDecision> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/screen-decisions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a decision about findings. */
  confirmScreenDecision(asked: { survey_id: string; wave: number; decision_no: number; mode?: "all" | "check" }, options: Options = {}): Promise<RecordedScreenDecision> {
    return this.call("POST", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/screen-decisions/${this.part(asked.decision_no)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read satisfaction. */
  readSatisfaction(asked: { cycle_id: string; id_scheme?: string }, options: Options = {}): Promise<CycleSatisfaction> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/satisfaction`, ["id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the estimates. */
  readEstimates(asked: { survey_id: string; wave: number; unit?: Array<string> | null }, options: Options = {}): Promise<WaveEstimates> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/estimates`, ["unit"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the weighting. */
  readWeighting(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveWeighting> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/weighting`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read the estimates over waves. */
  readEstimatesOverWaves(asked: { cycle_id: string }, options: Options = {}): Promise<CycleEstimates> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/estimates`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read the answers of a closed wave. */
  readWaveTables(asked: { survey_id: string; wave: number }, options: Options = {}): Promise<WaveTables> {
    return this.call("GET", `/api/v1/surveys/${this.part(asked.survey_id)}/waves/${this.part(asked.wave)}/tables`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List tasks of surveys. */
  listSurveyTasks(asked: { cycle_id: string }, options: Options = {}): Promise<Tasks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/tasks/survey`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the surveys are. */
  readSurveyProgress(asked: { cycle_id: string }, options: Options = {}): Promise<SurveyProgress> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/survey-progress`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of survey. */
  readSurveyChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageJournalEntry> {
    return this.call("GET", `/api/v1/journals/survey/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of survey: every item of every page. */
  iterSurveyChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<JournalEntry> {
    return this.pages(`/api/v1/journals/survey/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, options);
  }
  /** Verify a journal of survey. */
  verifySurveyChain(asked: { chain: string }, options: Options = {}): Promise<Verification> {
    return this.call("GET", `/api/v1/journals/survey/chains/${this.part(asked.chain)}/verification`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of survey have come. */
  readSurveyHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageChainHead> {
    return this.call("GET", `/api/v1/journals/survey/heads`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of survey have come: every item of every page. */
  iterSurveyHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ChainHead> {
    return this.pages(`/api/v1/journals/survey/heads`, ["limit", "after"], asked, options);
  }
  /** Check a receipt of survey. */
  checkSurveyReceipt(asked: { hash: string }, options: Options = {}): Promise<Receipt> {
    return this.call("GET", `/api/v1/journals/survey/receipts/${this.part(asked.hash)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List vetoes. */
  listVetoes(asked: { cycle_id: string; unit?: string | null; code?: string | null; state?: Array<"reported" | "confirmed" | "refused" | "lifting" | "lifted"> | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageReported> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/vetoes`, ["unit", "code", "state", "id_scheme", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List vetoes: every item of every page. */
  iterVetoes(asked: { cycle_id: string; unit?: string | null; code?: string | null; state?: Array<"reported" | "confirmed" | "refused" | "lifting" | "lifted"> | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Reported> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/vetoes`, ["unit", "code", "state", "id_scheme", "limit", "after"], asked, options);
  }
  /** Report a veto. */
  reportVeto(asked: { cycle_id: string; mode?: "all" | "check"; body: NewVeto }, options: Options = {}): Promise<VetoReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/vetoes`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List demotions. */
  listDemotions(asked: { cycle_id: string; unit?: string | null; code?: string | null; state?: Array<"reported" | "confirmed" | "refused" | "lifting" | "lifted"> | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageReported> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/demotions`, ["unit", "code", "state", "id_scheme", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List demotions: every item of every page. */
  iterDemotions(asked: { cycle_id: string; unit?: string | null; code?: string | null; state?: Array<"reported" | "confirmed" | "refused" | "lifting" | "lifted"> | null; id_scheme?: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Reported> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/demotions`, ["unit", "code", "state", "id_scheme", "limit", "after"], asked, options);
  }
  /** Report a demotion. */
  reportDemotion(asked: { cycle_id: string; mode?: "all" | "check"; body: NewDemotion }, options: Options = {}): Promise<DemotionReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/demotions`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a veto. */
  confirmVeto(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: RankingNewConfirmation }, options: Options = {}): Promise<VetoReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/vetoes/${this.part(asked.number)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Lift a veto. */
  liftVeto(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewLifting }, options: Options = {}): Promise<VetoReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/vetoes/${this.part(asked.number)}/lifting`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a demotion. */
  confirmDemotion(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: RankingNewConfirmation }, options: Options = {}): Promise<DemotionReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/demotions/${this.part(asked.number)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Lift a demotion. */
  liftDemotion(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewLifting }, options: Options = {}): Promise<DemotionReported> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/demotions/${this.part(asked.number)}/lifting`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Count the vetoes. */
  countVetoes(asked: { cycle_id: string }, options: Options = {}): Promise<VetoCounts> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/veto-counts`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the rankings. */
  listRankings(asked: { cycle_id: string; category?: string | null; state?: Array<"ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published"> | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageRankingSummary> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings`, ["category", "state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the rankings: every item of every page. */
  iterRankings(asked: { cycle_id: string; category?: string | null; state?: Array<"ranked" | "merged" | "reviewed" | "in_approval" | "approved" | "embargoed" | "published"> | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<RankingSummary> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/rankings`, ["category", "state", "limit", "after"], asked, options);
  }
  /** Compute a ranking. */
  computeRanking(asked: { cycle_id: string; mode?: "all" | "check"; body: NewRanking }, options: Options = {}): Promise<RankingComputed> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a ranking. */
  readRanking(asked: { cycle_id: string; edition: number; id_scheme?: string }, options: Options = {}): Promise<Ranking> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}`, ["id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Read the errors of the surveys in a ranking. */
  readSurveyErrors(asked: { cycle_id: string; edition: number }, options: Options = {}): Promise<SurveyErrors> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/survey-errors`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how firm a ranking is. */
  readUncertainty(asked: { cycle_id: string; edition: number; seed?: number; replications?: number; weights_by?: number; vary?: "blocks" | "indicators"; earlier_cycle?: string | null }, options: Options = {}): Promise<Uncertainty> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/uncertainty`, ["seed", "replications", "weights_by", "vary", "earlier_cycle"], asked, { keyed: false, raw: false }, options);
  }
  /** Simulate a ranking. */
  simulateRanking(asked: { cycle_id: string; body: NewSimulation }, options: Options = {}): Promise<Simulation> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/simulations`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Merge a ranking. */
  mergeRanking(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewStep }, options: Options = {}): Promise<StepTaken> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/merge`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Review a ranking. */
  reviewRanking(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewStep }, options: Options = {}): Promise<StepTaken> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/review`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on a ranking. */
  decideRanking(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewStep }, options: Options = {}): Promise<StepTaken> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read the approval chain of a ranking. */
  readRankingSteps(asked: { cycle_id: string; edition: number }, options: Options = {}): Promise<ChainOfEdition> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/steps`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Take a step of the approval chain. */
  takeRankingStep(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewChainStep }, options: Options = {}): Promise<StepTaken> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/steps`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the delegations. */
  listDelegations(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageDelegationGiven> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/delegations`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the delegations: every item of every page. */
  iterDelegations(asked: { cycle_id: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<DelegationGiven> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/delegations`, ["limit", "after"], asked, options);
  }
  /** Delegate a signature. */
  delegateSignature(asked: { cycle_id: string; mode?: "all" | "check"; body: NewDelegation }, options: Options = {}): Promise<DelegationRecorded> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/delegations`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Publish a ranking. */
  publishRanking(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewRelease }, options: Options = {}): Promise<RankingPublished> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/publication`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the releases. */
  listReleases(asked: { cycle_id: string; category?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageReleaseSummary> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases`, ["category", "changed_since", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the releases: every item of every page. */
  iterReleases(asked: { cycle_id: string; category?: string | null; changed_since?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<ReleaseSummary> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/releases`, ["category", "changed_since", "limit", "after"], asked, options);
  }
  /** Read a release. */
  readRelease(asked: { cycle_id: string; release: number; id_scheme?: string }, options: Options = {}): Promise<Release> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}`, ["id_scheme"], asked, { keyed: false, raw: false }, options);
  }
  /** Show everybody what is proposed. */
  openNotice(asked: { cycle_id: string; edition: number; mode?: "all" | "check"; body: NewNotice }, options: Options = {}): Promise<NoticeOpened> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/notice`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List notices. */
  listNotices(asked: { cycle_id: string; category?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageNoticeSummary> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices`, ["category", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List notices: every item of every page. */
  iterNotices(asked: { cycle_id: string; category?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<NoticeSummary> {
    return this.pages(`/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices`, ["category", "limit", "after"], asked, options);
  }
  /** Read a notice. */
  readNotice(asked: { cycle_id: string; notice: number }, options: Options = {}): Promise<Notice> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List objections to a notice. */
  listNoticeObjections(asked: { cycle_id: string; notice: number; answered?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageNoticeObjection> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections`, ["answered", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List objections to a notice: every item of every page. */
  iterNoticeObjections(asked: { cycle_id: string; notice: number; answered?: boolean | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<NoticeObjection> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections`, ["answered", "limit", "after"], asked, options);
  }
  /** Object to a notice as a unit. */
  objectToNotice(asked: { cycle_id: string; notice: number; mode?: "all" | "check"; body: NewNoticeObjection }, options: Options = {}): Promise<NoticeObjectionMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Answer objections to a notice. */
  answerNoticeObjections(asked: { cycle_id: string; notice: number; mode?: "all" | "check"; body: NewNoticeAnswers }, options: Options = {}): Promise<NoticeAnswersMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/answers`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Object to a notice without an account. */
  objectInPublic(asked: { cycle_id: string; notice: number; body: NewPublicObjection }, options: Options = {}): Promise<FiledNoticeObjection> {
    return this.call("POST", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Follow an objection by its number. */
  followNoticeObjection(asked: { cycle_id: string; notice: number; reference: string; objection_token?: string | null }, options: Options = {}): Promise<NoticeObjection> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections/${this.part(asked.reference)}`, [], asked, { keyed: false, raw: false, headers: { "Objection-Token": asked.objection_token } }, options);
  }
  /** Take an objection of the unit back. */
  withdrawNoticeObjection(asked: { cycle_id: string; notice: number; reference: string; mode?: "all" | "check" }, options: Options = {}): Promise<NoticeObjectionMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections/${this.part(asked.reference)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Take an objection back by its number. */
  withdrawInPublic(asked: { cycle_id: string; notice: number; reference: string; objection_token?: string | null }, options: Options = {}): Promise<NoticeObjection> {
    return this.call("POST", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections/${this.part(asked.reference)}/withdrawal`, [], asked, { keyed: false, raw: false, headers: { "Objection-Token": asked.objection_token } }, options);
  }
  /** Read how somebody who objected is reached. */
  readNoticeContact(asked: { cycle_id: string; notice: number; reference: string; mode?: "all" | "check"; body: NewNoticeContactReading }, options: Options = {}): Promise<ReadNoticeContact> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/notices/${this.part(asked.notice)}/objections/${this.part(asked.reference)}/contact-readings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Erase contacts of those who objected. */
  eraseNoticeContacts(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ErasedNoticeContacts> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/notice-erasures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Move an embargo. */
  moveEmbargo(asked: { cycle_id: string; release: number; mode?: "all" | "check"; body: NewInstant }, options: Options = {}): Promise<InstantMoved> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/embargo`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Compare two rankings. */
  compareRankings(asked: { cycle_id: string; edition: number; against: number }, options: Options = {}): Promise<RankingDifferences> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/differences`, ["against"], asked, { keyed: false, raw: false }, options);
  }
  /** Compare two releases. */
  compareReleases(asked: { cycle_id: string; release: number; against: number }, options: Options = {}): Promise<RankingDifferences> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/differences`, ["against"], asked, { keyed: false, raw: false }, options);
  }
  /** Propose what grades lead to. */
  proposeConsequences(asked: { cycle_id: string; release: number; mode?: "all" | "check"; body: NewConsequences }, options: Options = {}): Promise<ConsequencesProposed> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/consequences`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List what results lead to. */
  listConsequences(asked: { cycle_id: string; unit?: string | null; kind?: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota" | "negative_case" | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageConsequence> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences`, ["unit", "kind", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List what results lead to: every item of every page. */
  iterConsequences(asked: { cycle_id: string; unit?: string | null; kind?: "commendation" | "fault_notice" | "public_criticism" | "admonition_talk" | "rectification_report" | "award_ban" | "title" | "bonus_coefficient" | "headcount_quota" | "negative_case" | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Consequence> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/consequences`, ["unit", "kind", "limit", "after"], asked, options);
  }
  /** Propose a consequence of a unit. */
  proposeConsequence(asked: { cycle_id: string; mode?: "all" | "check"; body: NewConsequence }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decide on a consequence. */
  decideConsequence(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewConsequenceDecision }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/${this.part(asked.number)}/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Say what a unit says of a negative case. */
  hearUnit(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewHearing }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/${this.part(asked.number)}/hearing`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Say that a consequence was carried out. */
  completeConsequence(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewCompletion }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/${this.part(asked.number)}/completion`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Ask to revoke a consequence. */
  revokeConsequence(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewConsequenceRevocation }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/${this.part(asked.number)}/revocation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Say that a bonus came back. */
  recordRecovery(asked: { cycle_id: string; number: number; mode?: "all" | "check"; body: NewRecovery }, options: Options = {}): Promise<ConsequenceMade> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/${this.part(asked.number)}/recovery`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Follow the items of rectification reports. */
  followReports(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<FollowedReports> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/consequences/reports`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Share out a budget and places. */
  computeDistribution(asked: { cycle_id: string; body: NewDistribution }, options: Options = {}): Promise<Distribution> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/distributions`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Enter a result of a team or a person. */
  enterLinkedResult(asked: { cycle_id: string; mode?: "all" | "check"; body: NewLinkedResult }, options: Options = {}): Promise<LinkedResultStored> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/linked-results`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Type a result the second time. */
  decideLinkedResult(asked: { cycle_id: string; result_id: string; mode?: "all" | "check"; body: NewLinkedDecision }, options: Options = {}): Promise<LinkedResultStored> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/linked-results/${this.part(asked.result_id)}/decision`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Erase linked results of persons. */
  eraseLinkedResults(asked: { cycle_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ErasedResults> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/linked-erasures`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List readings of linked results. */
  listLinkedReadings(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageLoggedReading> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/linked-readings`, ["unit", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List readings of linked results: every item of every page. */
  iterLinkedReadings(asked: { cycle_id: string; unit?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<LoggedReading> {
    return this.pages(`/api/v1/cycles/${this.part(asked.cycle_id)}/linked-readings`, ["unit", "limit", "after"], asked, options);
  }
  /** Read linked results. */
  readLinkedResults(asked: { cycle_id: string; mode?: "all" | "check"; body: NewLinkedReading }, options: Options = {}): Promise<LinkedReading> {
    return this.call("POST", `/api/v1/cycles/${this.part(asked.cycle_id)}/linked-readings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Compare a release with earlier years. */
  compareYears(asked: { cycle_id: string; release: number; years?: number }, options: Options = {}): Promise<YearsCompared> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/comparison`, ["years"], asked, { keyed: false, raw: false }, options);
  }
  /** Print the list of a release. */
  printRanking(asked: { cycle_id: string; release: number; format?: "pdf" | "docx" | "xlsx"; language?: "zh" | "en" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/list`, ["format", "language"], asked, { keyed: false, raw: true }, options);
  }
  /** Print the notice of a release. */
  printNotice(asked: { cycle_id: string; release: number; issued_by: string; document_no?: string | null; addressed_to?: string | null; format?: "pdf" | "docx" | "xlsx"; language?: "zh" | "en" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/notice`, ["issued_by", "document_no", "addressed_to", "format", "language"], asked, { keyed: false, raw: true }, options);
  }
  /** Print a unit's score sheet. */
  printScoreSheet(asked: { cycle_id: string; release: number; unit: string; format?: "pdf" | "docx" | "xlsx"; language?: "zh" | "en" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/units/${this.part(asked.unit)}/score-sheet`, ["format", "language"], asked, { keyed: false, raw: true }, options);
  }
  /** Print the committee's paper. */
  printCommitteePaper(asked: { cycle_id: string; edition: number; format?: "pdf" | "docx" | "xlsx"; language?: "zh" | "en" }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/rankings/${this.part(asked.edition)}/committee-paper`, ["format", "language"], asked, { keyed: false, raw: true }, options);
  }
  /** Get the package that verifies a release. */
  readPackage(asked: { cycle_id: string; release: number }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/package`, [], asked, { keyed: false, raw: true }, options);
  }
  /** Read a list across categories. */
  readCrossCategoryList(asked: { cycle_id: string; list_code: string }, options: Options = {}): Promise<CrossCategoryDocument> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/cross-category-lists/${this.part(asked.list_code)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read a list across categories as it is published. */
  readPublishedList(asked: { cycle_id: string; list_code: string }, options: Options = {}): Promise<CrossCategoryDocument> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/cross-category-lists/${this.part(asked.list_code)}/published`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read what is shown of a release. */
  readPublished(asked: { cycle_id: string; release: number }, options: Options = {}): Promise<PublishedRelease> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/published`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the years of which everybody reads something. */
  listPublicCycles(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PagePublicCycle> {
    return this.call("GET", `/api/v1/public/cycles`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the years of which everybody reads something: every item of every page. */
  iterPublicCycles(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<PublicCycle> {
    return this.pages(`/api/v1/public/cycles`, ["limit", "after"], asked, options);
  }
  /** List the years of jurisdictions below. */
  listInferiorCycles(asked: { jurisdiction?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageInferiorCycle> {
    return this.call("GET", `/api/v1/inferior-cycles`, ["jurisdiction", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the years of jurisdictions below: every item of every page. */
  iterInferiorCycles(asked: { jurisdiction?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<InferiorCycle> {
    return this.pages(`/api/v1/inferior-cycles`, ["jurisdiction", "limit", "after"], asked, options);
  }
  /** List the releases that everybody reads. */
  listPublicReleases(asked: { cycle_id: string; category?: string | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PagePublicSummary> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/releases`, ["category", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the releases that everybody reads: every item of every page. */
  iterPublicReleases(asked: { cycle_id: string; category?: string | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<PublicSummary> {
    return this.pages(`/api/v1/public/cycles/${this.part(asked.cycle_id)}/releases`, ["category", "limit", "after"], asked, options);
  }
  /** Read what everybody is shown of a release. */
  readPublicRelease(asked: { cycle_id: string; release: number }, options: Options = {}): Promise<PublishedRelease> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Download a release as open data. */
  readOpenData(asked: { cycle_id: string; release: number }, options: Options = {}): Promise<Blob> {
    return this.call("GET", `/api/v1/public/cycles/${this.part(asked.cycle_id)}/releases/${this.part(asked.release)}/open-data`, [], asked, { keyed: false, raw: true }, options);
  }
  /** List tasks of rankings and reports. */
  listRankingTasks(asked: { cycle_id: string }, options: Options = {}): Promise<Tasks> {
    return this.call("GET", `/api/v1/cycles/${this.part(asked.cycle_id)}/tasks/ranking`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of ranking. */
  readRankingChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageJournalEntry> {
    return this.call("GET", `/api/v1/journals/ranking/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of ranking: every item of every page. */
  iterRankingChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<JournalEntry> {
    return this.pages(`/api/v1/journals/ranking/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, options);
  }
  /** Verify a journal of ranking. */
  verifyRankingChain(asked: { chain: string }, options: Options = {}): Promise<Verification> {
    return this.call("GET", `/api/v1/journals/ranking/chains/${this.part(asked.chain)}/verification`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of ranking have come. */
  readRankingHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageChainHead> {
    return this.call("GET", `/api/v1/journals/ranking/heads`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of ranking have come: every item of every page. */
  iterRankingHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ChainHead> {
    return this.pages(`/api/v1/journals/ranking/heads`, ["limit", "after"], asked, options);
  }
  /** Check a receipt of ranking. */
  checkRankingReceipt(asked: { hash: string }, options: Options = {}): Promise<Receipt> {
    return this.call("GET", `/api/v1/journals/ranking/receipts/${this.part(asked.hash)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read the keys that check tokens. */
  publishKeys(options: Options = {}): Promise<Keys> {
    return this.call("GET", `/.well-known/jwks.json`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read the browser's session. */
  readSession(options: Options = {}): Promise<BrowserSession> {
    return this.call("GET", `/api/v1/session`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Sign in by a browser. */
  openSession(asked: { body: NewBrowserSession }, options: Options = {}): Promise<BrowserSession> {
    return this.call("POST", `/api/v1/session`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the ways of signing in by a browser. */
  listSignInWays(options: Options = {}): Promise<SignInWays> {
    return this.call("GET", `/api/v1/session/ways`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Sign out of a browser. */
  endSession(options: Options = {}): Promise<SignedOut> {
    return this.call("POST", `/api/v1/session/end`, [], {}, { keyed: false, raw: false }, options);
  }
  /** List the accounts. */
  listAccounts(asked: { role?: string | null; unit?: string | null; state?: "effective" | "pending" | "disabled" | "expired" | null; q?: string | null; unit_registered?: boolean | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageAccount> {
    return this.call("GET", `/api/v1/accounts`, ["role", "unit", "state", "q", "unit_registered", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the accounts: every item of every page. */
  iterAccounts(asked: { role?: string | null; unit?: string | null; state?: "effective" | "pending" | "disabled" | "expired" | null; q?: string | null; unit_registered?: boolean | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<Account> {
    return this.pages(`/api/v1/accounts`, ["role", "unit", "state", "q", "unit_registered", "limit", "after"], asked, options);
  }
  /** Create accounts. */
  createAccounts(asked: { mode?: "all" | "check"; body: NewAccounts }, options: Options = {}): Promise<CreatedAccounts> {
    return this.call("POST", `/api/v1/accounts`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read who the caller is. */
  readMe(options: Options = {}): Promise<Me> {
    return this.call("GET", `/api/v1/me`, [], {}, { keyed: false, raw: false }, options);
  }
  /** List what is expected of the caller. */
  listOwnTasks(asked: { limit?: number; cycle_id?: string | null } = {}, options: Options = {}): Promise<OwnTasks> {
    return this.call("GET", `/api/v1/me/tasks`, ["limit", "cycle_id"], asked, { keyed: false, raw: false }, options);
  }
  /** Change one's own password. */
  changeOwnPassword(asked: { mode?: "all" | "check"; body: NewPassword }, options: Options = {}): Promise<ChangedPassword> {
    return this.call("POST", `/api/v1/me/password`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read one's own second factor. */
  readOwnSecondFactor(options: Options = {}): Promise<OwnSecondFactor> {
    return this.call("GET", `/api/v1/me/second-factor`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Ask for a second factor. */
  askForSecondFactor(asked: { mode?: "all" | "check"; body: NewSecondFactor }, options: Options = {}): Promise<GivenSecondFactor> {
    return this.call("POST", `/api/v1/me/second-factor`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Enrol a second factor. */
  confirmOwnSecondFactor(asked: { mode?: "all" | "check"; body: FirstCode }, options: Options = {}): Promise<EnrolledSecondFactor> {
    return this.call("POST", `/api/v1/me/second-factor/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List where one is signed in. */
  listOwnSessions(options: Options = {}): Promise<OwnSessions> {
    return this.call("GET", `/api/v1/me/sessions`, [], {}, { keyed: false, raw: false }, options);
  }
  /** End a session of one's own. */
  endOwnSession(asked: { session_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<EndedSession> {
    return this.call("POST", `/api/v1/me/sessions/${this.part(asked.session_id)}/end`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign out. */
  revokeToken(options: Options = {}): Promise<SignedOut> {
    return this.call("POST", `/oauth/revoke`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read what happened. */
  readEvents(asked: { after?: string | null; types?: Array<string> | null; cycle_id?: string | null; limit?: number; wait?: number } = {}, options: Options = {}): Promise<EventsRead> {
    return this.call("GET", `/api/v1/events`, ["after", "types", "cycle_id", "limit", "wait"], asked, { keyed: false, raw: false }, options);
  }
  /** List the message keys of an account. */
  listMessageKeys(asked: { subject: string }, options: Options = {}): Promise<MessageKeys> {
    return this.call("GET", `/api/v1/accounts/${this.part(asked.subject)}/message-keys`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Add a message key. */
  addMessageKey(asked: { subject: string; mode?: "all" | "check"; body: NewMessageKey }, options: Options = {}): Promise<ChangedMessageKey> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/message-keys`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a message key. */
  confirmMessageKey(asked: { subject: string; key_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedMessageKey> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/message-keys/${this.part(asked.key_id)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw a message key. */
  withdrawMessageKey(asked: { subject: string; key_id: string; mode?: "all" | "check"; body: MessageKeyWithdrawal }, options: Options = {}): Promise<ChangedMessageKey> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/message-keys/${this.part(asked.key_id)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List signed messages. */
  listMessages(asked: { subject?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageArchivedMessage> {
    return this.call("GET", `/api/v1/messages`, ["subject", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List signed messages: every item of every page. */
  iterMessages(asked: { subject?: string | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ArchivedMessage> {
    return this.pages(`/api/v1/messages`, ["subject", "limit", "after"], asked, options);
  }
  /** Read a signed message. */
  readMessage(asked: { message_id: string }, options: Options = {}): Promise<WholeMessage> {
    return this.call("GET", `/api/v1/messages/${this.part(asked.message_id)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read an account. */
  readAccount(asked: { subject: string }, options: Options = {}): Promise<Account> {
    return this.call("GET", `/api/v1/accounts/${this.part(asked.subject)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the changes of an account. */
  listAccountChanges(asked: { subject: string }, options: Options = {}): Promise<AccountChanges> {
    return this.call("GET", `/api/v1/accounts/${this.part(asked.subject)}/changes`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Change an account. */
  changeAccount(asked: { subject: string; mode?: "all" | "check"; body: NewChange }, options: Options = {}): Promise<ChangedAccount> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/changes`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a change of an account. */
  confirmAccountChange(asked: { subject: string; version: number; mode?: "all" | "check" }, options: Options = {}): Promise<ConfirmedChange> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/changes/${this.part(asked.version)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the secrets of an account. */
  listSecrets(asked: { subject: string }, options: Options = {}): Promise<AccountSecrets> {
    return this.call("GET", `/api/v1/accounts/${this.part(asked.subject)}/secrets`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Make a secret. */
  makeSecret(asked: { subject: string; mode?: "all" | "check"; body: NewSecret }, options: Options = {}): Promise<MadeSecret> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/secrets`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a secret. */
  confirmSecret(asked: { subject: string; number: number; mode?: "all" | "check" }, options: Options = {}): Promise<MadeSecret> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/secrets/${this.part(asked.number)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Revoke a secret. */
  revokeSecret(asked: { subject: string; number: number; mode?: "all" | "check"; body: NewRevocation }, options: Options = {}): Promise<ChangedSecret> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/secrets/${this.part(asked.number)}/revocation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List one's own secrets. */
  listOwnSecrets(options: Options = {}): Promise<AccountSecrets> {
    return this.call("GET", `/api/v1/me/secrets`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Make a secret of one's own. */
  makeOwnSecret(asked: { mode?: "all" | "check"; body: NewOwnSecret }, options: Options = {}): Promise<MadeSecret> {
    return this.call("POST", `/api/v1/me/secrets`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Revoke a secret of one's own. */
  revokeOwnSecret(asked: { number: number; mode?: "all" | "check"; body: NewRevocation }, options: Options = {}): Promise<ChangedSecret> {
    return this.call("POST", `/api/v1/me/secrets/${this.part(asked.number)}/revocation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the resets of an account. */
  listAccountResets(asked: { subject: string }, options: Options = {}): Promise<AccountResets> {
    return this.call("GET", `/api/v1/accounts/${this.part(asked.subject)}/resets`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Propose a reset. */
  proposeAccountReset(asked: { subject: string; mode?: "all" | "check"; body: NewReset }, options: Options = {}): Promise<DoneReset> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/resets`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a reset. */
  confirmAccountReset(asked: { subject: string; number: number; mode?: "all" | "check" }, options: Options = {}): Promise<DoneReset> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/resets/${this.part(asked.number)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Unlock an account. */
  unlockAccount(asked: { subject: string; mode?: "all" | "check"; body: NewUnlock }, options: Options = {}): Promise<UnlockedAccount> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/unlock`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Sign an account out. */
  endAccountSessions(asked: { subject: string; mode?: "all" | "check"; body: NewSigningOut }, options: Options = {}): Promise<SignedOutAccount> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/sessions/end`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read whom an account is of. */
  readAccountName(asked: { subject: string }, options: Options = {}): Promise<AccountName> {
    return this.call("GET", `/api/v1/account-names`, ["subject"], asked, { keyed: false, raw: false }, options);
  }
  /** Confirm an account. */
  confirmAccount(asked: { subject: string; mode?: "all" | "check" }, options: Options = {}): Promise<Confirmed> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decline or withdraw an account. */
  refuseAccount(asked: { subject: string; mode?: "all" | "check"; body: NewRefusal }, options: Options = {}): Promise<RefusedProposal> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/refusal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Decline or withdraw a change of an account. */
  refuseAccountChange(asked: { subject: string; version: number; mode?: "all" | "check"; body: NewRefusal }, options: Options = {}): Promise<RefusedProposal> {
    return this.call("POST", `/api/v1/accounts/${this.part(asked.subject)}/changes/${this.part(asked.version)}/refusal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the emergency grants. */
  listEmergencyGrants(asked: { reviewed?: boolean | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageEmergencyGrant> {
    return this.call("GET", `/api/v1/emergency-grants`, ["reviewed", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the emergency grants: every item of every page. */
  iterEmergencyGrants(asked: { reviewed?: boolean | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<EmergencyGrant> {
    return this.pages(`/api/v1/emergency-grants`, ["reviewed", "limit", "after"], asked, options);
  }
  /** Take a right in an emergency. */
  takeEmergencyRight(asked: { mode?: "all" | "check"; body: NewEmergencyGrant }, options: Options = {}): Promise<ChangedEmergencyGrant> {
    return this.call("POST", `/api/v1/emergency-grants`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read an emergency grant. */
  readEmergencyGrant(asked: { grant_id: string; after_seq?: number }, options: Options = {}): Promise<ReadEmergencyGrant> {
    return this.call("GET", `/api/v1/emergency-grants/${this.part(asked.grant_id)}`, ["after_seq"], asked, { keyed: false, raw: false }, options);
  }
  /** Get a token for an emergency grant. */
  issueEmergencyToken(asked: { grant_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<EmergencyToken> {
    return this.call("POST", `/api/v1/emergency-grants/${this.part(asked.grant_id)}/token`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** End an emergency grant. */
  endEmergencyGrant(asked: { grant_id: string; mode?: "all" | "check"; body: NewEmergencyEnd }, options: Options = {}): Promise<ChangedEmergencyGrant> {
    return this.call("POST", `/api/v1/emergency-grants/${this.part(asked.grant_id)}/end`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Review an emergency grant. */
  reviewEmergencyGrant(asked: { grant_id: string; mode?: "all" | "check"; body: NewEmergencyReview }, options: Options = {}): Promise<ChangedEmergencyGrant> {
    return this.call("POST", `/api/v1/emergency-grants/${this.part(asked.grant_id)}/review`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List what is closed. */
  listJurisdictionClosings(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageJurisdictionClosing> {
    return this.call("GET", `/api/v1/jurisdiction-closings`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List what is closed: every item of every page. */
  iterJurisdictionClosings(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<JurisdictionClosing> {
    return this.pages(`/api/v1/jurisdiction-closings`, ["limit", "after"], asked, options);
  }
  /** Propose to close a jurisdiction. */
  proposeJurisdictionClosing(asked: { mode?: "all" | "check"; body: NewJurisdictionClosing }, options: Options = {}): Promise<ChangedJurisdictionClosing> {
    return this.call("POST", `/api/v1/jurisdiction-closings`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Close a jurisdiction. */
  confirmJurisdictionClosing(asked: { jurisdiction: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedJurisdictionClosing> {
    return this.call("POST", `/api/v1/jurisdiction-closings/${this.part(asked.jurisdiction)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the checkpoints. */
  listCheckpoints(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageCheckpointSummary> {
    return this.call("GET", `/api/v1/checkpoints`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the checkpoints: every item of every page. */
  iterCheckpoints(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<CheckpointSummary> {
    return this.pages(`/api/v1/checkpoints`, ["limit", "after"], asked, options);
  }
  /** Make a checkpoint. */
  makeCheckpoint(options: Options = {}): Promise<CheckpointSummary> {
    return this.call("POST", `/api/v1/checkpoints`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read the newest checkpoint. */
  readLatestCheckpoint(options: Options = {}): Promise<LatestCheckpoint> {
    return this.call("GET", `/api/v1/checkpoints/latest`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read a checkpoint. */
  readCheckpoint(asked: { number: number }, options: Options = {}): Promise<WholeCheckpoint> {
    return this.call("GET", `/api/v1/checkpoints/${this.part(asked.number)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** List the hosts of webhooks. */
  listWebhookHosts(asked: { state?: "effective" | "pending" | "withdrawn" | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageWebhookHost> {
    return this.call("GET", `/api/v1/webhook-hosts`, ["state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the hosts of webhooks: every item of every page. */
  iterWebhookHosts(asked: { state?: "effective" | "pending" | "withdrawn" | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<WebhookHost> {
    return this.pages(`/api/v1/webhook-hosts`, ["state", "limit", "after"], asked, options);
  }
  /** Approve a host of webhooks. */
  approveWebhookHost(asked: { mode?: "all" | "check"; body: NewWebhookHost }, options: Options = {}): Promise<ChangedWebhookHost> {
    return this.call("POST", `/api/v1/webhook-hosts`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Confirm a host of webhooks. */
  confirmWebhookHost(asked: { host_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedWebhookHost> {
    return this.call("POST", `/api/v1/webhook-hosts/${this.part(asked.host_id)}/confirmation`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Withdraw a host of webhooks. */
  withdrawWebhookHost(asked: { host_id: string; mode?: "all" | "check"; body: HostWithdrawal }, options: Options = {}): Promise<ChangedWebhookHost> {
    return this.call("POST", `/api/v1/webhook-hosts/${this.part(asked.host_id)}/withdrawal`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the webhooks. */
  listWebhooks(asked: { state?: "active" | "paused" | "disabled" | "ended" | null; limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageWebhook> {
    return this.call("GET", `/api/v1/webhooks`, ["state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the webhooks: every item of every page. */
  iterWebhooks(asked: { state?: "active" | "paused" | "disabled" | "ended" | null; limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<Webhook> {
    return this.pages(`/api/v1/webhooks`, ["state", "limit", "after"], asked, options);
  }
  /** Make a webhook. */
  createWebhook(asked: { mode?: "all" | "check"; body: NewWebhook }, options: Options = {}): Promise<NewlySigned> {
    return this.call("POST", `/api/v1/webhooks`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read a webhook. */
  readWebhook(asked: { webhook_id: string }, options: Options = {}): Promise<Webhook> {
    return this.call("GET", `/api/v1/webhooks/${this.part(asked.webhook_id)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Pause a webhook. */
  pauseWebhook(asked: { webhook_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedWebhook> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/pause`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Resume a webhook. */
  resumeWebhook(asked: { webhook_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedWebhook> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/resumption`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** End a webhook. */
  endWebhook(asked: { webhook_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<ChangedWebhook> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/ending`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Change the secret of a webhook. */
  rotateWebhookSecret(asked: { webhook_id: string; mode?: "all" | "check"; body: NewWebhookSecret }, options: Options = {}): Promise<NewlySigned> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/secrets`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** List the deliveries of a webhook. */
  listWebhookDeliveries(asked: { webhook_id: string; state?: "pending" | "delivered" | "dead" | null; limit?: number; after?: string | null }, options: Options = {}): Promise<PageDelivery> {
    return this.call("GET", `/api/v1/webhooks/${this.part(asked.webhook_id)}/deliveries`, ["state", "limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** List the deliveries of a webhook: every item of every page. */
  iterWebhookDeliveries(asked: { webhook_id: string; state?: "pending" | "delivered" | "dead" | null; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<Delivery> {
    return this.pages(`/api/v1/webhooks/${this.part(asked.webhook_id)}/deliveries`, ["state", "limit", "after"], asked, options);
  }
  /** Read a delivery. */
  readWebhookDelivery(asked: { webhook_id: string; position: number }, options: Options = {}): Promise<DeliveryInFull> {
    return this.call("GET", `/api/v1/webhooks/${this.part(asked.webhook_id)}/deliveries/${this.part(asked.position)}`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Send deliveries again. */
  redeliver(asked: { webhook_id: string; mode?: "all" | "check"; body: NewRedelivery }, options: Options = {}): Promise<Redelivery> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/redeliveries`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Test a webhook. */
  testWebhook(asked: { webhook_id: string; mode?: "all" | "check" }, options: Options = {}): Promise<TestedWebhook> {
    return this.call("POST", `/api/v1/webhooks/${this.part(asked.webhook_id)}/test`, ["mode"], asked, { keyed: true, raw: false }, options);
  }
  /** Read this document. */
  readReference(options: Options = {}): Promise<Record<string, unknown>> {
    return this.call("GET", `/api/v1/openapi.json`, [], {}, { keyed: false, raw: false }, options);
  }
  /** Read a journal of the gateway. */
  readGatewayChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): Promise<PageJournalEntry> {
    return this.call("GET", `/api/v1/journals/gateway/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read a journal of the gateway: every item of every page. */
  iterGatewayChain(asked: { chain: string; limit?: number; after?: string | null }, options: Options = {}): AsyncGenerator<JournalEntry> {
    return this.pages(`/api/v1/journals/gateway/chains/${this.part(asked.chain)}`, ["limit", "after"], asked, options);
  }
  /** Verify a journal of the gateway. */
  verifyGatewayChain(asked: { chain: string }, options: Options = {}): Promise<Verification> {
    return this.call("GET", `/api/v1/journals/gateway/chains/${this.part(asked.chain)}/verification`, [], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of the gateway have come. */
  readGatewayHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): Promise<PageChainHead> {
    return this.call("GET", `/api/v1/journals/gateway/heads`, ["limit", "after"], asked, { keyed: false, raw: false }, options);
  }
  /** Read how far the journals of the gateway have come: every item of every page. */
  iterGatewayHeads(asked: { limit?: number; after?: string | null } = {}, options: Options = {}): AsyncGenerator<ChainHead> {
    return this.pages(`/api/v1/journals/gateway/heads`, ["limit", "after"], asked, options);
  }
  /** Check a receipt of the gateway. */
  checkGatewayReceipt(asked: { hash: string }, options: Options = {}): Promise<Receipt> {
    return this.call("GET", `/api/v1/journals/gateway/receipts/${this.part(asked.hash)}`, [], asked, { keyed: false, raw: false }, options);
  }
}
