// Words of a right that is in use; they come with the first page.
import { wordsOf } from "@/language"

export const t = wordsOf({
  inUse: ["正在使用应急授权：{right}", "An emergency right is in use: {right}"],
  untilWhen: ["至{moment}；每次请求均记入日志。", "until {moment}; every request is on record."],
  layDown: ["停止使用", "Lay it down"],
})
