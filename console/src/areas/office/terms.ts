// Words for the codes that the office's pages show beside those of `@/words/terms`.
import type {
  CheckFinding, Claim, ClaimBeside, ClaimProposal, Deadline, LikelyDuplicate, NewAward, OwedDuty, Ranking, Reported, UnitProgress,
} from "kaoping-client"
import { language } from "@/language"
import { BECAME } from "@/words/said"
import { type Terms, type TermsOf, vocabulariesOf } from "@/words/vocabulary"


const vocabularies = {
  dutyLight: {
    none: ["正常", "on time", "plain"],
    warning: ["预警", "warning", "warn"],
    yellow_card: ["黄牌", "yellow card", "warn"],
    red_card: ["红牌", "red card", "bad"],
  },
  progressLight: {
    green: ["绿灯", "green", "good"],
    yellow: ["黄灯", "yellow", "warn"],
    red: ["红灯", "red", "bad"],
  },
  keptAlone: {
    "not-assessed": ["该单位不参评", "the unit is not assessed"],
    "not-taken": ["所定指标不收此类事件", "its indicator takes no such event"],
    "period-closed": ["该期间已关账", "its period is closed"],
    "zero-report-contradicted": ["已有零报告", "a zero report says otherwise"],
    "not-applicable": ["该指标不适用于该单位", "the indicator does not apply to the unit"],
  },
  deadline: {
    date: ["", ""],
    opens: ["开始", "opens"],
    closes: ["截止", "ends"],
    due: ["到期", "due"],
  },
  level: {
    national: ["国家级", "national"],
    provincial: ["省级", "provincial"],
    provincial_department: ["省直部门", "department of the province"],
    municipal: ["市级", "municipal"],
    city: ["市级", "municipal"],
    special_points: ["专项目标得分", "special target, points"],
    special_grade: ["专项目标评定等次", "special target, grade"],
    instruction: ["领导批示肯定", "praised in a leader's instruction"],
    county: ["县级", "county"],
  },
  holder: {
    unit: ["单位本身", "the unit"],
    subordinate: ["下属单位", "a body below it"],
    person: ["个人", "a person"],
  },
  likeness: {
    same_document: ["同一文件", "the same document", "warn"],
    same_number: ["文号相同而日期不同", "the same number, another date", "calm"],
    same_authority_and_date: ["机关与日期相同", "the same authority and day", "calm"],
  },
  award: {
    sole: ["独有", "its own alone"],
    joint: ["共同获奖", "the award of several"],
    another_award: ["同一文件的另一奖项", "another one in the same document"],
    same: ["同一奖项，只计一次", "the same, which counts once"],
    listed: ["文件名单列名，各自计入", "named in the document's list"],
    as_filed: ["按共同申报内容", "as the units propose"],
  },
  duplicate: {
    same_subject: ["内容相同", "about the same"],
    same_document: ["文件相同", "the same document"],
  },
  decision: BECAME,
  veto: {
    reported: ["已报送，待确认", "reported", "calm"],
    confirmed: ["已确认", "confirmed", "bad"],
    refused: ["不予确认", "refused", "plain"],
    lifting: ["解除待确认", "to be lifted", "calm"],
    lifted: ["已解除", "lifted", "plain"],
  },
  ranking: {
    ranked: ["已排名", "ranked"],
    merged: ["已汇总", "merged"],
    reviewed: ["已审核", "reviewed"],
    in_approval: ["审批中", "in approval"],
    approved: ["已审定", "approved"],
    embargoed: ["待公开", "waiting for its instant"],
    published: ["已公布", "published"],
  },
} satisfies Record<string, Terms> & {
  dutyLight: TermsOf<OwedDuty["light"]>
  progressLight: TermsOf<UnitProgress["light"]>
  keptAlone: TermsOf<CheckFinding["kept_alone"]>
  deadline: TermsOf<Deadline["what"]>
  holder: TermsOf<Claim["holder_kind"]>
  likeness: TermsOf<ClaimBeside["likeness"]>
  award: TermsOf<NewAward["kind"]>
  duplicate: TermsOf<LikelyDuplicate["by"]>
  decision: TermsOf<ClaimProposal["decision"]>
  veto: TermsOf<Reported["state"]>
  ranking: TermsOf<Ranking["state"]>
}

export const { word, tag: mark, codes } = vocabulariesOf(vocabularies)

/** Several names one after the other. */
export function several(names: readonly (string | null | undefined)[]): string {
  return names.filter(Boolean).join(language.value === "zh" ? "、" : ", ") || "—"
}
