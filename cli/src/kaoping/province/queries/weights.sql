-- What an indicator weighs in each city and year, in millionths of its category, and over all cities of a year.
-- 各地各年度同一指标在本类别中的权重（百万分之一），及当年各地的最低、最高
with weighed as (
  select
    category, indicator, assessment_year, jurisdiction, method, points,
    cast((1000000 * points - mod(1000000 * points, category_points)) / category_points as bigint) as weight
  from indicator
  where leaf = 1 and category_points > 0
)
select
  category, indicator, assessment_year, jurisdiction, method, points, weight,
  min(weight) over (partition by category, indicator, assessment_year) as lightest,
  max(weight) over (partition by category, indicator, assessment_year) as heaviest,
  count(*) over (partition by category, indicator, assessment_year) as cities
from weighed
order by category, indicator, assessment_year, jurisdiction
