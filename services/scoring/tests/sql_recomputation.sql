-- A second computation of the score sheet, in SQL, over what the services have stored.
--
-- It was written from the rules as people read them (the scheme, its clauses, the worked vectors)
-- and shares nothing with the service that scores: where both agree on every cell, neither has
-- misread a rule alone. It covers the methods that the reference scheme uses.
--
-- The stored tables of one cycle are expected in the schema `stored`, as they are in the databases
-- of indicators, survey and scoring. The result is the view `cell`: one row for every number of the
-- score sheet, by unit, what it is, and code.
--
-- Arithmetic is exact. A score is a fraction, multiplied out before it is divided once; `rounded`
-- rounds it half up in whole units of the last place, as floor(x + 1/2). Where fractions of
-- different denominators are summed, fifty places are carried, and the fortieth is rounded first,
-- so that a tie which the fifty places only come close to is a tie again.

CREATE SCHEMA recomputed;
SET search_path = recomputed;

CREATE TABLE scheme AS
SELECT version.scheme::jsonb AS document
FROM stored.scheme_version AS version
JOIN stored.scheme_publication USING (version)
ORDER BY version DESC
LIMIT 1;

-- "leaf_score_places: 4, mode: half_up": every leaf, component, period and wave.
CREATE TABLE rounding AS
SELECT (document #>> '{rounding,places}')::int AS places, 50 AS carried, 40 AS trusted
FROM scheme;

CREATE FUNCTION rounded(numerator numeric, denominator numeric) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT round(
    sign(numerator) * div(2 * abs(numerator) * 10::numeric ^ places + denominator, 2 * denominator)
      / 10::numeric ^ places,
    places)
  FROM recomputed.rounding
$$;

CREATE FUNCTION quotient(numerator numeric, denominator numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT numerator::numeric(200, 50) / denominator
$$;

CREATE FUNCTION rounded_sum(carried numeric) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT recomputed.rounded(round($1, trusted), 1) FROM recomputed.rounding
$$;

-- Who is assessed by what ---------------------------------------------------------------------

CREATE TABLE assessed AS
SELECT unit, category ->> 'code' AS category
FROM scheme
CROSS JOIN jsonb_array_elements(document -> 'categories') AS category
CROSS JOIN jsonb_array_elements_text(category -> 'units') AS unit;

CREATE TABLE indicator AS
WITH RECURSIVE tree AS (
  SELECT category ->> 'code' AS category, block ->> 'code' AS block, NULL AS parent, node
  FROM scheme
  CROSS JOIN jsonb_array_elements(document -> 'categories') AS category
  CROSS JOIN jsonb_array_elements(category -> 'blocks') AS block
  CROSS JOIN jsonb_array_elements(block -> 'indicators') AS node
  UNION ALL
  SELECT category, block, node ->> 'code', child
  FROM tree
  CROSS JOIN jsonb_array_elements(node -> 'children') AS child
)
SELECT
  category, block, parent,
  node ->> 'code' AS code,
  node ->> 'method' AS method,
  node ->> 'frequency' AS frequency,
  (node ->> 'points')::numeric AS points,
  node -> 'params' AS params,
  (node ->> 'allow_exceed')::boolean AS allow_exceed,
  node ->> 'redistribute_to' AS redistribute_to,
  node ->> 'missing' AS missing,
  node ->> 'combine' AS combine,
  node ->> 'combine_requires' AS combine_requires
FROM tree;

-- What counts ---------------------------------------------------------------------------------

-- "draft, submitted, returned, verified, locked, voided": only what is verified or locked counts,
-- and what a verified reversal takes out is voided.
CREATE TABLE entry AS
SELECT entry.*
FROM stored.ledger_entry AS entry
JOIN (
  SELECT DISTINCT ON (entry_id) entry_id, state
  FROM stored.ledger_entry_state
  ORDER BY entry_id, step DESC
) AS present USING (entry_id)
WHERE present.state IN ('verified', 'locked') AND entry.kind <> 'reversal';

-- "keeps_history": every move of a target is a version. In force is what was issued or revised and
-- not withdrawn since; what is proposed, approved or awaits another person changes nothing.
CREATE TABLE target AS
SELECT *
FROM (
  SELECT DISTINCT ON (unit, indicator, item)
    unit, indicator, item, target, baseline, lowered, state
  FROM stored.target
  WHERE state IN ('issued', 'revised', 'withdrawn')
  ORDER BY unit, indicator, item, version DESC
) AS latest
WHERE state IN ('issued', 'revised');

-- "not_applicable_rule: points of a not-applicable indicator move to its redistribute_to
-- indicator, so the category still sums to 100".
CREATE TABLE not_applicable AS
SELECT assessed.unit, indicator.*
FROM entry
JOIN assessed USING (unit)
JOIN indicator ON indicator.category = assessed.category AND indicator.code = entry.indicator
WHERE entry.kind = 'not_applicable';

CREATE TABLE marked AS
SELECT
  assessed.unit, assessed.category, indicator.block, indicator.parent, indicator.code,
  indicator.method, indicator.frequency, indicator.params, indicator.allow_exceed,
  indicator.missing,
  indicator.points + coalesce((
    SELECT sum(moved.points) FROM not_applicable AS moved
    WHERE moved.unit = assessed.unit AND moved.redistribute_to = indicator.code
  ), 0) AS points
FROM assessed
JOIN indicator USING (category)
WHERE NOT EXISTS (
  SELECT FROM not_applicable AS absent
  WHERE absent.unit = assessed.unit AND absent.code = indicator.code
);

-- "last, sum, mean": values of shorter periods are put together to that of the year.
CREATE TABLE of_periods AS
SELECT
  unit, entry.indicator AS code, key, coalesce(item, '') AS item, period, value, combine,
  CASE combine_requires WHEN 'all' THEN
    CASE frequency WHEN 'monthly' THEN 12 WHEN 'quarterly' THEN 4 WHEN 'half_yearly' THEN 2 END
    ELSE 1
  END AS wanted
FROM entry
JOIN assessed USING (unit)
JOIN indicator ON indicator.category = assessed.category AND indicator.code = entry.indicator
WHERE entry.kind = 'measured_value' AND combine IS NOT NULL;

CREATE TABLE measured AS
SELECT unit, indicator AS code, key, coalesce(item, '') AS item, period, value
FROM entry
WHERE kind = 'measured_value'
  AND NOT EXISTS (
    SELECT FROM of_periods
    WHERE of_periods.unit = entry.unit AND of_periods.code = entry.indicator
  )
UNION ALL
SELECT
  unit, code, key, item, substr(max(period), 1, 4),
  CASE combine
    WHEN 'last' THEN (array_agg(value ORDER BY period DESC))[1]
    WHEN 'sum' THEN sum(value)
    WHEN 'mean' THEN quotient(sum(value), count(*))
  END
FROM of_periods
GROUP BY unit, code, key, item, combine, wanted
HAVING count(*) >= wanted;

CREATE VIEW aimed AS
SELECT unit, indicator AS code, item, target, baseline, lowered
FROM target;

-- Surveys -------------------------------------------------------------------------------------

CREATE VIEW survey AS
SELECT survey ->> 'code' AS code, survey, (survey ->> 'waves')::int AS waves
FROM scheme
CROSS JOIN jsonb_array_elements(document -> 'surveys') AS survey;

-- A survey without questions asks one. The answers of a contact stand in the order of the questions.
CREATE VIEW question AS
SELECT code, 1 AS place, 1::numeric AS weight, survey -> 'options' AS options
FROM survey
WHERE survey -> 'questions' = '[]'
UNION ALL
SELECT code, place::int, (question ->> 'weight')::numeric, question -> 'options'
FROM survey
CROSS JOIN jsonb_array_elements(survey -> 'questions') WITH ORDINALITY AS asked (question, place);

CREATE VIEW option AS
SELECT code, place, weight, option.key AS option, option.value::numeric AS score
FROM question
CROSS JOIN jsonb_each_text(options) AS option;

-- Without groups all respondents are one.
CREATE VIEW respondent_group AS
SELECT code, share.key AS respondent_group, share.value::numeric AS weight
FROM survey
CROSS JOIN jsonb_each_text(survey -> 'groups') AS share
UNION ALL
SELECT code, '', 1 FROM survey WHERE survey -> 'groups' = '{}';

-- "dont_know: not_valid_no_score; refused: not_valid_no_score; partial_interview: invalid": the
-- mean is that of the answers that carry a score.
CREATE TABLE group_score AS
WITH question_score AS (
  SELECT
    survey.code, response.unit, response.wave,
    coalesce(response.respondent_group, '') AS respondent_group,
    option.place, option.weight, rounded(sum(option.score), count(*)) AS score
  FROM stored.response AS response
  JOIN stored.survey AS survey USING (survey_id)
  JOIN stored.wave AS wave USING (survey_id, wave)
  JOIN option
    ON option.code = survey.code
    AND option.option = split_part(response.answer, ',', option.place)
  WHERE response.outcome = 'completed' AND wave.state = 'closed' AND option.weight > 0
  GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT
  code, unit, wave, respondent_group, rounded(sum(weight * score), sum(weight)) AS score
FROM question_score
GROUP BY 1, 2, 3, 4;

-- "empty_group: rescale_remaining_weights".
CREATE TABLE wave_score AS
SELECT code, unit, wave, rounded(sum(weight * score), sum(weight)) AS score
FROM group_score
JOIN respondent_group USING (code, respondent_group)
GROUP BY code, unit, wave;

-- "combine: mean_of_wave_scores", never of the pooled answers; a void wave leaves no mean.
CREATE TABLE satisfaction AS
SELECT code, unit, rounded(sum(score), count(*)) AS satisfaction
FROM wave_score
JOIN survey USING (code)
GROUP BY code, unit, waves
HAVING count(*) = waves;

-- Method by method ----------------------------------------------------------------------------
-- Each view has a row for every unit whose inputs are complete; who is not in it has no score.

-- ratio_to_target: "score = P × min(actual/target, cap)"; below the floor nothing; over the target
-- so many points per percentage point, up to a maximum, and none for a target that was lowered.
-- Lower is better: target/actual.
CREATE VIEW ratio_to_target AS
WITH input AS (
  SELECT
    marked.unit, code, points,
    CASE params ->> 'direction' WHEN 'lower' THEN target ELSE value END AS above,
    CASE params ->> 'direction' WHEN 'lower' THEN value ELSE target END AS below,
    (params ->> 'cap_ratio')::numeric AS cap,
    coalesce((params ->> 'floor_ratio')::numeric, 0) AS floor,
    coalesce((params #>> '{over_target,per_pct_points}')::numeric, 1) AS per_percent,
    CASE WHEN lowered THEN 0
      ELSE coalesce((params #>> '{over_target,points}')::numeric, 0)
    END AS extra,
    coalesce((params #>> '{over_target,max_points}')::numeric, 0) AS most
  FROM marked
  JOIN measured USING (unit, code)
  JOIN aimed USING (unit, code)
  WHERE method = 'ratio_to_target' AND key = 'actual' AND target > 0
)
SELECT
  unit, code,
  CASE WHEN above < floor * below THEN 0
    ELSE rounded(
      points * greatest(least(above, cap * below), 0) * per_percent
        + least(greatest(above - cap * below, 0) * 100 * extra, most * below * per_percent),
      below * per_percent)
  END AS score
FROM input;

-- stepped_deduction: "each 1 µg/m³ above target −0.5, to zero"; whole_up: a step begun is a step.
CREATE VIEW stepped_deduction AS
WITH input AS (
  SELECT
    marked.unit, code, points,
    greatest(
      CASE params ->> 'direction' WHEN 'lower' THEN value - target ELSE target - value END, 0
    ) AS missed,
    (params ->> 'step')::numeric AS step,
    (params ->> 'points_per_step')::numeric AS each,
    params ->> 'step_mode' AS mode
  FROM marked
  JOIN measured USING (unit, code)
  JOIN aimed USING (unit, code)
  WHERE method = 'stepped_deduction' AND key = 'actual' AND target IS NOT NULL
)
SELECT
  unit, code,
  CASE mode
    WHEN 'proportional' THEN rounded(greatest(points * step - missed * each, 0), step)
    WHEN 'whole_up' THEN rounded(greatest(
      points - (div(missed, step) + CASE WHEN mod(missed, step) > 0 THEN 1 ELSE 0 END) * each,
      0), 1)
  END AS score
FROM input;

-- tiers: bounds are inclusive, the raw value is tested; the tightest tier that fits counts.
CREATE VIEW tiers AS
SELECT
  marked.unit, marked.code,
  rounded(coalesce((
    SELECT (tier ->> 'points')::numeric
    FROM jsonb_array_elements(params -> 'tiers') AS tier
    WHERE measured.value >= coalesce((tier ->> 'min')::numeric, '-Infinity')
      AND measured.value <= coalesce((tier ->> 'max')::numeric, 'Infinity')
    ORDER BY
      coalesce((tier ->> 'min')::numeric, '-Infinity') DESC,
      coalesce((tier ->> 'max')::numeric, 'Infinity')
    LIMIT 1
  ), (params ->> 'else_points')::numeric, 0), 1) AS score
FROM marked
JOIN measured ON measured.unit = marked.unit AND measured.code = marked.code
  AND measured.key = params ->> 'input'
WHERE method = 'tiers';

-- all_or_nothing: the full points at the threshold, none below; 49.9 is not 50.
CREATE VIEW all_or_nothing AS
SELECT
  marked.unit, marked.code,
  CASE WHEN value >= (params ->> 'threshold')::numeric THEN rounded(points, 1) ELSE 0 END AS score
FROM marked
JOIN measured ON measured.unit = marked.unit AND measured.code = marked.code
  AND measured.key = params ->> 'input'
WHERE method = 'all_or_nothing';

-- rank_points: "first = full base points; each place lower −5 % of base points"; tie: 1224. Ranked
-- every quarter, the year's score is the mean of the four, each rounded before.
CREATE VIEW ranked AS
WITH ranked AS (
  SELECT
    marked.unit, marked.code, points, params, period,
    rank() OVER (
      PARTITION BY marked.category, marked.code, measured.period ORDER BY value DESC
    ) AS place
  FROM marked
  JOIN measured USING (unit, code)
  WHERE method = 'rank_points' AND key = 'value' AND params ->> 'rank_by' = 'higher'
)
SELECT
  unit, code, params, points, period,
  rounded(points * greatest(1 - (place - 1) * (params ->> 'step_ratio')::numeric, 0), 1) AS score
FROM ranked;

CREATE VIEW rank_points AS
SELECT unit, code, rounded(sum(score), count(*)) AS score
FROM ranked
GROUP BY unit, code, params
HAVING count(*) = CASE params ->> 'period' WHEN 'quarter' THEN 4 ELSE 1 END;

-- relative_to_best: "value / value of first × points"; less than nothing is nothing.
CREATE VIEW relative_to_best AS
WITH input AS (
  SELECT
    marked.unit, code, points, value,
    max(value) OVER (PARTITION BY marked.category, code) AS best
  FROM marked
  JOIN measured USING (unit, code)
  WHERE method = 'relative_to_best' AND key = 'value'
)
SELECT unit, code, rounded(points * greatest(value, 0), best) AS score
FROM input
WHERE best > 0;

-- efficacy_linear: "P × (base + (1−base) × (x−lo)/(hi−lo))"; efficacy_exp: "P × base^(1−t)". The
-- bounds are the group's lowest and highest; where nobody differs, everybody has all points.
CREATE VIEW efficacy AS
WITH component AS (
  SELECT unit, category, code, points, method AS how, params AS given, 'value' AS key
  FROM marked
  WHERE method IN ('efficacy_linear', 'efficacy_exp')
  UNION ALL
  SELECT
    unit, category, code, points, part ->> 'method', part -> 'params', part ->> 'key'
  FROM marked
  CROSS JOIN jsonb_array_elements(params -> 'components') AS part
  WHERE method = 'blend'
), input AS (
  SELECT
    component.unit, code, key, points, how, value,
    (given ->> 'base_ratio')::numeric AS base,
    min(value) OVER (PARTITION BY category, code, key) AS low,
    max(value) OVER (PARTITION BY category, code, key) AS high
  FROM component
  JOIN measured USING (unit, code, key)
)
SELECT
  unit, code, key,
  CASE
    WHEN high = low THEN rounded(points, 1)
    WHEN how = 'efficacy_linear' THEN
      rounded(points * (base * (high - low) + (1 - base) * (value - low)), high - low)
    WHEN how = 'efficacy_exp' THEN
      rounded_sum(points * power(base::numeric(60, 50), quotient(high - value, high - low)))
  END AS score
FROM input;

-- blend: "Σ weight × method(component)", each component rounded before it is weighed.
CREATE VIEW blend AS
SELECT marked.unit, marked.code, rounded(sum((part ->> 'weight')::numeric * score), 1) AS score
FROM marked
CROSS JOIN jsonb_array_elements(params -> 'components') AS part
JOIN efficacy ON efficacy.unit = marked.unit AND efficacy.code = marked.code
  AND efficacy.key = part ->> 'key'
WHERE method = 'blend'
GROUP BY marked.unit, marked.code, params
HAVING count(*) = jsonb_array_length(params -> 'components');

-- baseline_growth: "level with last year → 80 % of base points; each +5 % → so many points"; a fall
-- costs in proportion.
CREATE VIEW baseline_growth AS
WITH input AS (
  SELECT
    marked.unit, code, points, value, baseline,
    (params ->> 'base_ratio')::numeric AS base,
    (params ->> 'step_pct')::numeric AS step,
    (params ->> 'points_per_step')::numeric AS each,
    (params ->> 'cap_ratio')::numeric AS cap
  FROM marked
  JOIN measured USING (unit, code)
  JOIN aimed USING (unit, code)
  WHERE method = 'baseline_growth' AND key = 'actual' AND baseline > 0
)
SELECT
  unit, code,
  CASE WHEN value < baseline THEN rounded(points * base * greatest(value, 0), baseline)
    ELSE rounded(least(
      points * base * baseline * step + (value - baseline) * 100 * each,
      cap * points * baseline * step
    ), baseline * step)
  END AS score
FROM input;

-- milestone: the points are shared equally over the nodes, each counts by its status.
CREATE VIEW milestone AS
SELECT
  marked.unit, marked.code,
  rounded(points * sum((params #>> ARRAY['status_ratio', word])::numeric), count(*)) AS score
FROM marked
JOIN entry ON entry.unit = marked.unit AND entry.indicator = marked.code
  AND entry.kind = 'milestone'
WHERE method = 'milestone'
GROUP BY marked.unit, marked.code, points;

-- count_points: "each 1 point; 8 = full; each further one +1, extra at most" the cap.
CREATE VIEW count_points AS
SELECT
  marked.unit, code,
  rounded(
    least(least(value, (params ->> 'full_at')::numeric) * (params ->> 'per_item')::numeric, points)
      + least(
          greatest(value - (params ->> 'full_at')::numeric, 0)
            * (params ->> 'extra_per_item')::numeric,
          (params ->> 'extra_cap')::numeric),
    1) AS score
FROM marked
JOIN measured USING (unit, code)
WHERE method = 'count_points' AND key = 'count';

-- What happened, whether its source reported it or an inspection found it.
CREATE VIEW event AS
SELECT unit, indicator AS code, key, value
FROM entry
WHERE kind IN ('event', 'inspection_finding');

-- deduct_events: "max(0, P − Σ n·d)", 扣完为止. "zero_report_required": silence is no full mark.
-- "zero report for its period": the months of all reports make the year; who reports what happens
-- when it happens, and has reported something, need not report silence besides.
CREATE VIEW covered AS
WITH span AS (
  SELECT
    unit, indicator, key,
    CASE substr(period, 5, 1)
      WHEN '-' THEN right(period, 2)::int
      WHEN 'Q' THEN 3 * right(period, 1)::int - 2
      WHEN 'H' THEN 6 * right(period, 1)::int - 5
      ELSE 1
    END AS first,
    CASE substr(period, 5, 1) WHEN '-' THEN 1 WHEN 'Q' THEN 3 WHEN 'H' THEN 6 ELSE 12 END AS length
  FROM entry
  WHERE kind = 'event'
)
SELECT
  unit, indicator AS code, count(DISTINCT month) = 12 AS whole,
  bool_or(key <> 'zero_report') AS happened
FROM span CROSS JOIN LATERAL generate_series(first, first + length - 1) AS month
GROUP BY unit, indicator;

CREATE VIEW deduct_events AS
SELECT
  marked.unit, marked.code,
  rounded(greatest(
    points - sum(value * coalesce((params #>> ARRAY['per_event', event.key])::numeric, 0)), 0
  ), 1) AS score
FROM marked
JOIN event USING (unit, code)
JOIN covered ON covered.unit = marked.unit AND covered.code = marked.code
WHERE method = 'deduct_events' AND (whole OR (frequency = 'per_event' AND happened))
GROUP BY marked.unit, marked.code, points;

-- qualitative_panel: "trimmed mean (drop highest and lowest)". "A scorer marks own unit": that mark
-- is left out, and at most one may be.
CREATE VIEW qualitative_panel AS
WITH mark AS (
  SELECT
    marked.unit, marked.code, points, value, author_unit,
    coalesce((params ->> 'panel_size')::int, (
      SELECT jsonb_array_length(judging -> 'seats')
      FROM scheme CROSS JOIN jsonb_array_elements(document -> 'panels') AS judging
      WHERE judging ->> 'code' = params ->> 'panel'
    )) AS size,
    (params ->> 'trim')::int AS trim,
    (params ->> 'scale')::numeric AS scale,
    count(*) OVER seats AS marks
  FROM marked
  JOIN entry ON entry.unit = marked.unit AND entry.indicator = marked.code
    AND entry.kind = 'panel_mark'
  WHERE method = 'qualitative_panel'
  WINDOW seats AS (PARTITION BY marked.unit, marked.code)
), ordered AS (
  SELECT
    mark.*,
    row_number() OVER (PARTITION BY unit, code ORDER BY value) AS place,
    count(*) OVER (PARTITION BY unit, code) AS others
  FROM mark
  WHERE marks = size AND author_unit <> unit
)
SELECT unit, code, rounded(points * sum(value), count(*) * scale) AS score
FROM ordered
WHERE others >= size - 1 AND place > trim AND place <= others - trim
GROUP BY unit, code, points, scale;

-- grade_map: "A 1, B .9, C .75, D .5" of the points.
CREATE VIEW grade_map AS
SELECT
  marked.unit, marked.code,
  rounded(points * (params #>> ARRAY['grades', word])::numeric, 1) AS score
FROM marked
JOIN entry ON entry.unit = marked.unit AND entry.indicator = marked.code AND entry.kind = 'grade'
WHERE method = 'grade_map';

-- items_weighted: the points are shared equally over the items, as many as the scheme says or as
-- the unit has targets for; each counts by its completion, at most the cap.
CREATE VIEW items_weighted AS
SELECT
  marked.unit, marked.code,
  rounded_sum(points * sum(
    quotient(greatest(least(value, (params ->> 'item_cap_ratio')::numeric * target), 0), target)
  ) / count(*)) AS score
FROM marked
JOIN aimed ON aimed.unit = marked.unit AND aimed.code = marked.code
LEFT JOIN measured ON measured.unit = marked.unit AND measured.code = marked.code
  AND measured.item = aimed.item AND measured.key = 'actual'
WHERE method = 'items_weighted'
GROUP BY marked.unit, marked.code, points, params
HAVING count(value) = count(*)
  AND (params ->> 'items' = 'unit_defined' OR count(*) = (params ->> 'items')::int);

-- inherit_superior: "city_loss = provincial_loss × scale × 2"; what exceeds the indicator's points
-- goes to the deductions.
CREATE VIEW inherit_superior AS
WITH input AS (
  SELECT
    marked.unit, code, points, params ->> 'excess_to' AS excess_to,
    value * (params ->> 'scale')::numeric * (params ->> 'multiplier')::numeric AS loss
  FROM marked
  JOIN measured USING (unit, code)
  WHERE method = 'inherit_superior' AND key = 'superior_loss'
)
SELECT
  unit, code,
  rounded(greatest(points - loss, 0), 1) AS score,
  CASE excess_to WHEN 'deductions' THEN rounded(greatest(loss - points, 0), 1) ELSE 0 END AS excess
FROM input;

-- survey_score: "points × score / 100".
CREATE VIEW survey_score AS
SELECT
  marked.unit, marked.code,
  rounded(points * satisfaction, (params ->> 'scale')::numeric) AS score
FROM marked
JOIN satisfaction ON satisfaction.unit = marked.unit
  AND satisfaction.code = marked.params ->> 'survey'
WHERE method = 'survey_score';

-- From leaves to totals -----------------------------------------------------------------------

CREATE TABLE computed AS
SELECT unit, code, score FROM ratio_to_target
UNION ALL SELECT unit, code, score FROM stepped_deduction
UNION ALL SELECT unit, code, score FROM tiers
UNION ALL SELECT unit, code, score FROM all_or_nothing
UNION ALL SELECT unit, code, score FROM rank_points
UNION ALL SELECT unit, code, score FROM relative_to_best
UNION ALL SELECT unit, code, score FROM efficacy JOIN marked USING (unit, code)
  WHERE method IN ('efficacy_linear', 'efficacy_exp')
UNION ALL SELECT unit, code, score FROM blend
UNION ALL SELECT unit, code, score FROM baseline_growth
UNION ALL SELECT unit, code, score FROM milestone
UNION ALL SELECT unit, code, score FROM count_points
UNION ALL SELECT unit, code, score FROM deduct_events
UNION ALL SELECT unit, code, score FROM qualitative_panel
UNION ALL SELECT unit, code, score FROM grade_map
UNION ALL SELECT unit, code, score FROM items_weighted
UNION ALL SELECT unit, code, score FROM inherit_superior
UNION ALL SELECT unit, code, score FROM survey_score;

-- "allow_exceed": without it no score is above the indicator's points. Missing data is a decision:
-- category_mean is the mean of those of the category that have a score.
CREATE TABLE leaf AS
SELECT
  unit, category, block, parent, code, points,
  coalesce(own.score, CASE missing WHEN 'category_mean' THEN
    rounded(sum(own.score) OVER of_category, count(own.score) OVER of_category)
  END) AS score
FROM (
  SELECT
    marked.*,
    CASE WHEN computed.score > points AND NOT allow_exceed THEN rounded(points, 1)
      ELSE computed.score
    END AS score
  FROM marked
  LEFT JOIN computed USING (unit, code)
  WHERE method <> 'sum_children'
) AS own
WINDOW of_category AS (PARTITION BY category, code);

-- sum_children: the children's rounded scores; without one of them there is no sum.
CREATE TABLE parent AS
SELECT
  marked.unit, marked.category, marked.block, marked.parent, marked.code, marked.points,
  CASE WHEN count(leaf.score) = count(*) THEN sum(leaf.score) END AS score
FROM marked
JOIN leaf ON leaf.unit = marked.unit AND leaf.parent = marked.code
WHERE method = 'sum_children'
GROUP BY 1, 2, 3, 4, 5, 6;

CREATE VIEW scored AS
SELECT * FROM leaf
UNION ALL
SELECT * FROM parent;

-- "block_and_total: plain sum of rounded leaves".
CREATE TABLE block AS
SELECT unit, block, CASE WHEN count(score) = count(*) THEN sum(score) END AS score
FROM scored
WHERE parent IS NULL
GROUP BY unit, block;

-- "total = function + public_review + comprehensive + bonus - deductions".
CREATE TABLE base AS
SELECT unit, CASE WHEN count(score) = count(*) THEN sum(score) END AS score
FROM block
JOIN scheme ON scheme.document #> '{composition,parts}' ? block.block
GROUP BY unit;

-- Bonus and deductions ------------------------------------------------------------------------

-- A category's own rules stand in the place of the scheme's as a whole.
CREATE TABLE rules AS
SELECT
  category ->> 'code' AS category, (document ->> 'assessment_year')::int AS year,
  coalesce(nullif(category -> 'adjustments', 'null'), document -> 'adjustments') AS own
FROM scheme
CROSS JOIN jsonb_array_elements(document -> 'categories') AS category;

CREATE TABLE rule AS
SELECT category, 'bonus' AS kind, rule ->> 'level' AS name, rule
FROM rules
CROSS JOIN jsonb_array_elements(own #> '{bonus,rules}') AS rule
UNION ALL
SELECT category, 'deduction', rule ->> 'code', rule
FROM rules
CROSS JOIN jsonb_array_elements(own #> '{deductions,rules}') AS rule;

-- "conditions: holder_name_equals_unit_name, linked_to_assessed_indicator,
-- document_required_plaque_alone_not_enough"; the grantor is one that the rule names; "what was
-- counted before is never counted twice"; "award time 1 Jan – 31 Dec of the assessed year; award for
-- the year's work that arrives after the assessment moves to the next year, once". Of several rules
-- of a level that which gives most; where it lists places, what it gives for the claim's.
CREATE TABLE accepted AS
SELECT DISTINCT ON (claim.unit, claim.kind, claim.claim_no)
  assessed.category, claim.unit, claim.kind, claim.claim_no, rule.rule ->> 'code' AS code,
  -- one event however its key is written: width, case, dashes, spaces
  lower(regexp_replace(
    translate(normalize(coalesce(claim.event_key, claim.claim_no), NFKC), '—–', '--'), '\s', '', 'g'
  )) AS event_key,
  claim.revokes IS NOT NULL AS revokes,
  -- what its event brought in earlier years, where the rules look at that, as it was put down
  CASE own #>> ARRAY[CASE claim.kind WHEN 'bonus' THEN 'bonus' ELSE 'deductions' END, 'across_years']
    WHEN 'once' THEN CASE WHEN latest.earlier_points > 0 THEN 0 ELSE came.points END
    WHEN 'excess' THEN greatest(came.points - coalesce(latest.earlier_points, 0), 0)
    ELSE came.points
  END AS points
FROM stored.claim AS claim
JOIN assessed ON assessed.unit = claim.unit
JOIN rules ON rules.category = assessed.category
LEFT JOIN rule ON rule.category = assessed.category AND rule.kind = claim.kind
  AND rule.name = CASE claim.kind WHEN 'bonus' THEN claim.level ELSE claim.rule END
  AND (
    claim.kind = 'deduction'
    OR rule.rule -> 'authorities' ? claim.authority
    -- issued by two of them together: 省委省政府, 中央与国务院
    OR EXISTS (
      SELECT FROM jsonb_array_elements_text(rule.rule -> 'authorities') AS one
      CROSS JOIN jsonb_array_elements_text(rule.rule -> 'authorities') AS other
      WHERE claim.authority IN (one || other, one || '与' || other, one || '、' || other)
    )
  )
CROSS JOIN LATERAL (
  SELECT coalesce(claim.revoked_points, CASE coalesce(rule.rule -> 'by_place', '{}')
    WHEN '{}' THEN (rule.rule ->> 'points')::numeric
    ELSE (rule.rule #>> ARRAY['by_place', claim.place])::numeric
  END) AS points
) AS worth
CROSS JOIN LATERAL (
  SELECT * FROM stored.claim_state AS state
  WHERE state.claim_id = claim.claim_id ORDER BY state.step DESC LIMIT 1
) AS latest
-- What of its award a claim takes; whoever examined it may have decided against the rules.
JOIN stored.counted_award AS counted ON counted.claim_id = claim.claim_id AND counted.ended_at IS NULL
CROSS JOIN LATERAL (
  SELECT rounded(coalesce(latest.against, worth.points) * counted.share, 1) AS points
) AS came
WHERE latest.state = 'confirmed' AND latest.counted_earlier IS NOT TRUE
  AND (latest.against IS NOT NULL OR worth.points IS NOT NULL
  AND claim.document_date BETWEEN (own #>> '{window,opens}')::date AND (own #>> '{window,closes}')::date
  AND coalesce(claim.work_year, year) BETWEEN
    year - CASE own ->> 'carry_over' WHEN 'once' THEN 1 ELSE 0 END AND year
  AND (claim.kind = 'deduction' OR (
    claim.document_no IS NOT NULL
    AND EXISTS (
      SELECT FROM indicator
      WHERE indicator.category = assessed.category AND indicator.code = claim.linked_indicator
    )
    AND EXISTS (
      SELECT FROM stored.unit_name AS held
      WHERE held.unit = claim.unit AND held.name = claim.holder_name
        AND claim.document_date >= held.valid_from
        AND claim.document_date < coalesce(held.valid_to, 'infinity')
    )
  )))
ORDER BY claim.unit, claim.kind, claim.claim_no, worth.points DESC NULLS LAST;

-- "same_event: highest_only"; a family of rules has a cap together, the weightiest claims first.
CREATE TABLE deducted AS
WITH of_event AS (
  SELECT DISTINCT ON (unit, event_key) *
  FROM accepted
  WHERE kind = 'deduction' AND NOT revokes
  ORDER BY unit, event_key, points DESC, claim_no
), before AS (
  SELECT
    of_event.*, (family ->> 'cap')::numeric AS cap,
    coalesce(sum(points) OVER (
      PARTITION BY unit, family ORDER BY points DESC, claim_no
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS heavier
  FROM of_event
  JOIN rules USING (category)
  JOIN rule ON rule.category = of_event.category AND rule.kind = 'deduction'
    AND rule.rule ->> 'code' = of_event.code
  LEFT JOIN LATERAL jsonb_array_elements(own #> '{deductions,families}') AS family
    ON family ->> 'code' = rule.rule ->> 'family'
)
SELECT
  category, unit, code,
  CASE WHEN cap IS NULL THEN points ELSE least(points, greatest(cap - heavier, 0)) END AS points
FROM before;

-- A special target: "if deductions hit > 15 % of units, bonuses are allowed, to ≤ 10 % of units, of
-- matching size": who has most may gain, of equal ones all or none, each cut in the same part.
CREATE TABLE gained AS
WITH special AS (
  SELECT
    rule.category, rule.rule ->> 'code' AS code,
    coalesce((rule.rule #>> '{special,hit_above}')::numeric, -1) AS hit_above,
    coalesce((rule.rule #>> '{special,units_to}')::numeric, 1) AS units_to,
    coalesce((rule.rule #>> '{special,matching}')::boolean, false) AS matching,
    (SELECT count(*) FROM assessed WHERE assessed.category = rule.category) AS size,
    lost.units, lost.points
  FROM rule
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT unit) AS units, coalesce(sum(points), 0) AS points
    FROM deducted
    WHERE deducted.category = rule.category AND deducted.points > 0
      AND rule.rule #> '{special,deductions}' ? deducted.code
  ) AS lost
  WHERE rule.kind = 'bonus' AND coalesce(rule.rule -> 'special', 'null') <> 'null'
), winner AS (
  SELECT
    unit, category, code,
    count(*) OVER (PARTITION BY category, code ORDER BY sum(points) DESC) AS place
  FROM accepted
  WHERE kind = 'bonus'
  GROUP BY unit, category, code
), allowed AS (
  SELECT
    accepted.*, special.matching, special.points AS lost,
    special.code IS NULL OR (
      special.units > special.hit_above * special.size
      AND winner.place <= floor(special.units_to * special.size)
    ) AS stands
  FROM accepted
  LEFT JOIN special USING (category, code)
  LEFT JOIN winner USING (unit, category, code)
  WHERE accepted.kind = 'bonus'
), whole AS (
  SELECT *, sum(points) OVER (PARTITION BY category, code) AS total
  FROM allowed
  WHERE stands
)
SELECT
  category, unit, code, claim_no, event_key,
  CASE WHEN matching AND total > lost
    THEN div(points * lost * 10::numeric ^ places, total) / 10::numeric ^ places ELSE points
  END AS points
FROM whole
CROSS JOIN rounding;

-- "same_event: highest_only"; of a rule with a limit so many claims of a unit, the weightiest;
-- "cap_total: 5.0" for bonus, none for deductions.
CREATE TABLE adjustment AS
WITH of_event AS (
  SELECT DISTINCT ON (unit, event_key) *
  FROM gained
  ORDER BY unit, event_key, points DESC, claim_no
), limited AS (
  SELECT
    of_event.unit, of_event.points,
    row_number() OVER (PARTITION BY unit, code ORDER BY points DESC, claim_no)
      <= coalesce((rule.rule ->> 'limit')::int, 1000000) AS stands
  FROM of_event
  LEFT JOIN rule ON rule.category = of_event.category AND rule.kind = 'bonus'
    AND rule.rule ->> 'code' = of_event.code
  WHERE points > 0
), excess AS (
  SELECT unit, sum(excess) AS excess FROM inherit_superior GROUP BY unit
)
SELECT
  assessed.unit,
  least(coalesce(won.points, 0), (own #>> '{bonus,cap_total}')::numeric)
    - least(coalesce(fell.points, 0), (own #>> '{deductions,cap_total}')::numeric)
    - coalesce(excess, 0)
    -- what a revoked award brought is taken back whatever else there is
    - coalesce((
        SELECT sum(points) FROM accepted WHERE accepted.unit = assessed.unit AND revokes
      ), 0) AS score
FROM assessed
JOIN rules USING (category)
LEFT JOIN (SELECT unit, sum(points) AS points FROM limited WHERE stands GROUP BY unit) AS won
  USING (unit)
LEFT JOIN (SELECT unit, sum(points) AS points FROM deducted GROUP BY unit) AS fell USING (unit)
LEFT JOIN excess USING (unit);

-- Every number of the score sheet -------------------------------------------------------------

CREATE VIEW cell AS
SELECT unit, 'indicator' AS what, code, score AS value FROM scored
UNION ALL
SELECT unit, 'points', code, points FROM scored
UNION ALL
SELECT unit, 'indicator', code, 0 FROM not_applicable
UNION ALL
SELECT unit, 'points', code, 0 FROM not_applicable
UNION ALL
SELECT unit, 'excess', code, 0 FROM not_applicable
UNION ALL
SELECT scored.unit, 'excess', scored.code, coalesce(excess, 0)
FROM scored
LEFT JOIN inherit_superior USING (unit, code)
UNION ALL
SELECT unit, 'block', block, score FROM block
UNION ALL
SELECT unit, 'base_total', '', score FROM base
UNION ALL
SELECT unit, 'adjustment', '', score FROM adjustment
UNION ALL
SELECT unit, 'total', '', base.score + adjustment.score
FROM base
JOIN adjustment USING (unit);

-- What is decided part by part: what each part that is known has come to, out of how many points.
-- Of events it is what they have left, as if every report that is wanting said that none happened.
CREATE VIEW part AS
SELECT unit, code, period, points / 4 AS points, score / 4 AS earned
FROM ranked
WHERE params ->> 'period' = 'quarter'
UNION ALL
SELECT unit, code, '', weight * points, weight * score
FROM marked
CROSS JOIN jsonb_to_recordset(params -> 'components') AS component (key text, weight numeric)
JOIN efficacy USING (unit, code, key)
WHERE method = 'blend'
UNION ALL
SELECT
  unit, code, item, points / items,
  points / items
    * quotient(greatest(least(value, (params ->> 'item_cap_ratio')::numeric * target), 0), target)
FROM (
  SELECT
    marked.*, item, target, CASE params ->> 'items' WHEN 'unit_defined' THEN
      count(*) OVER (PARTITION BY unit, code) ELSE (params ->> 'items')::int
    END AS items
  FROM marked
  JOIN aimed USING (unit, code)
  WHERE method = 'items_weighted'
) AS wanted
JOIN measured USING (unit, code, item)
WHERE key = 'actual'
UNION ALL
SELECT
  marked.unit, marked.code, 'left', marked.points,
  greatest(points - coalesce((
    SELECT sum(value * coalesce((params #>> ARRAY['per_event', event.key])::numeric, 0))
    FROM event
    WHERE event.unit = marked.unit AND event.code = marked.code
  ), 0), 0)
FROM marked
WHERE method = 'deduct_events'
UNION ALL
-- Of a value that is put together nothing is decided part by part; this says what is there.
SELECT unit, code, period, 0, 0
FROM of_periods;
