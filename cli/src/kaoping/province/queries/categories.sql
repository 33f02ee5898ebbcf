-- Each category over cities and years: how many units, and how far apart they are.
-- 各类别跨地区、跨年度：单位数、均值、最高、最低、极差（百万分之一分）
select
  category, assessment_year, jurisdiction,
  count(final_total) as units,
  cast((2 * sum(final_total) + count(final_total) - mod(2 * sum(final_total) + count(final_total), 2 * count(final_total)))
    / (2 * count(final_total)) as bigint) as mean_total,
  min(final_total) as least, max(final_total) as greatest,
  max(final_total) - min(final_total) as apart,
  count(distinct final_total) as different
from unit_result
where final_total is not null
group by category, assessment_year, jurisdiction
order by category, assessment_year, jurisdiction
