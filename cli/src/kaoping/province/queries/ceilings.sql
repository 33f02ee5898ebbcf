-- Indicators that tell units apart no more: how many units have full points in each city and year.
-- 天花板效应：各地各年度每项指标得满分的单位数和比例（百万分之一）、不同得分的个数
select
  indicator, assessment_year, jurisdiction, category,
  count(score) as units,
  sum(case when score >= points then 1 else 0 end) as at_full,
  cast((1000000 * sum(case when score >= points then 1 else 0 end)
    - mod(1000000 * sum(case when score >= points then 1 else 0 end), count(score))) / count(score) as bigint) as share,
  count(distinct score) as different,
  min(score) as least, max(score) as greatest
from indicator_score
where leaf = 1 and points > 0 and score is not null
group by indicator, assessment_year, jurisdiction, category
order by indicator, assessment_year, jurisdiction, category
