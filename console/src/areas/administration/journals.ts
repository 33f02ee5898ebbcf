// The journals of the five parts, and how each is asked.
import type { ChainHead, JournalEntry, Verification } from "kaoping-client"
import type { Client } from "@/api"

export interface Journal {
  code: string
  heads: (client: Client, signal: AbortSignal) => AsyncGenerator<ChainHead>
  verify: (client: Client, chain: string) => Promise<Verification>
  read: (client: Client, chain: string) => Promise<{ items: JournalEntry[] }>
}

const MOST = 200

export const JOURNALS: Journal[] = [
  { code: "gateway", heads: (a, signal) => a.iterGatewayHeads({ limit: 200 }, { signal }), verify: (a, chain) => a.verifyGatewayChain({ chain }), read: (a, chain) => a.readGatewayChain({ chain, limit: MOST }) },
  { code: "indicators", heads: (a, signal) => a.iterIndicatorsHeads({ limit: 200 }, { signal }), verify: (a, chain) => a.verifyIndicatorsChain({ chain }), read: (a, chain) => a.readIndicatorsChain({ chain, limit: MOST }) },
  { code: "scoring", heads: (a, signal) => a.iterScoringHeads({ limit: 200 }, { signal }), verify: (a, chain) => a.verifyScoringChain({ chain }), read: (a, chain) => a.readScoringChain({ chain, limit: MOST }) },
  { code: "survey", heads: (a, signal) => a.iterSurveyHeads({ limit: 200 }, { signal }), verify: (a, chain) => a.verifySurveyChain({ chain }), read: (a, chain) => a.readSurveyChain({ chain, limit: MOST }) },
  { code: "ranking", heads: (a, signal) => a.iterRankingHeads({ limit: 200 }, { signal }), verify: (a, chain) => a.verifyRankingChain({ chain }), read: (a, chain) => a.readRankingChain({ chain, limit: MOST }) },
]
