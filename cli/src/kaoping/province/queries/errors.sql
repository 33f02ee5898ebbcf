-- How firm surveys are: standard errors and design effects of each city's surveys by year.
-- 调查误差：各地各年度各项调查的单位数、不提供的单位数、标准误均值和最大值、最大设计效应
select
  survey, assessment_year, jurisdiction,
  count(*) as units,
  sum(case when value is null then 1 else 0 end) as withheld,
  case when count(standard_error) = 0 then null else
    cast((2 * sum(standard_error) + count(standard_error)
      - mod(2 * sum(standard_error) + count(standard_error), 2 * count(standard_error)))
      / (2 * count(standard_error)) as bigint)
  end as mean_error,
  max(standard_error) as largest_error,
  max(design_effect) as largest_effect,
  sum(sample) as answers
from survey_estimate
group by survey, assessment_year, jurisdiction
order by survey, assessment_year, jurisdiction
