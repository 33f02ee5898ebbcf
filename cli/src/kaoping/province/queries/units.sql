-- Each unit of each city and year beside the mean of its category there, and beside its own year before.
-- 各市各年度每个单位的得分：与本地同类均值之差，与上年之差（百万分之一分）
with among as (
  select
    jurisdiction, category, unit, assessment_year, name, final_total, rank_no, grade,
    count(final_total) over (partition by jurisdiction, assessment_year, category) as units,
    sum(final_total) over (partition by jurisdiction, assessment_year, category) as together,
    lag(final_total) over (partition by jurisdiction, category, unit order by assessment_year) as before_total,
    lag(rank_no) over (partition by jurisdiction, category, unit order by assessment_year) as before_rank,
    lag(assessment_year) over (partition by jurisdiction, category, unit order by assessment_year) as before_year
  from unit_result
),
beside as (
  select
    jurisdiction, category, unit, assessment_year, name, final_total, rank_no, grade, units,
    case when units = 0 then null else
      cast((2 * together + units - mod(2 * together + units, 2 * units)) / (2 * units) as bigint)
    end as mean_total,
    case when before_year = assessment_year - 1 then before_total end as before_total,
    case when before_year = assessment_year - 1 then before_rank end as before_rank
  from among
)
select
  jurisdiction, category, unit, assessment_year, name, final_total, rank_no, grade, units, mean_total,
  final_total - mean_total as above_mean,
  final_total - before_total as gained,
  before_rank - rank_no as places_gained
from beside
order by jurisdiction, category, assessment_year, unit
