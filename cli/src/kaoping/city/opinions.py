"""What people were asked and what they said: surveys of the scheme, answers of the year."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaoping.city.files import City, CityFault, Document
from kaoping.plan import Wave

# How a call can end without an answer; every other word of the option order is an answer.
OUTCOMES = {
    "refused": "refused",
    "partial": "partial",
    "partial_interview": "partial",
    "no_contact": "no_contact",
}
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_STEPS = {"a": -1, "b": -1, "c": -1, "d": 1, "e": 1, "f": 1}
MODES = {"phone": "phone_survey", "questionnaire": "questionnaire"}


def surveys(city: City) -> list[Document]:
    """The surveys that the scheme's indicators rest on: by phone, by form, and special ones."""
    review = city.scheme["public_review"]
    found = []
    if "phone" in review:
        found.append(_survey(city, "phone", "电话调查", "phone", {}))
    if form := review.get("questionnaire"):
        groups = form.get("group_weights", {})
        found.append(_survey(city, "questionnaire", "问卷调查", "questionnaire", groups))
    for category, groups in _own_groups(city):
        name = f"{category['name_zh']}问卷调查"
        found.append(_survey(city, _groups_key(category), name, "questionnaire", groups))
    for indicator in _special(city):
        found.append(_survey(city, indicator["code"], indicator["name_zh"], "phone", {}))
    return found


def survey_of(city: City, category: str, indicator: Mapping[str, Any]) -> str:
    """Code of the survey that a survey_score indicator of a category takes its score from."""
    if any(indicator is special for special in _special(city)):
        return str(indicator["code"])
    for other, _ in _own_groups(city):
        if other["code"] == category:
            return _groups_key(other)
    for mode in ("phone", "questionnaire"):
        if category in city.scheme["public_review"].get(mode, {}).get("applies_to", []):
            return mode
    raise CityFault(f"public_review: no survey applies to {category} ({indicator['code']})")


def surveyed(city: City) -> str | None:
    """Code of the survey whose answers the year tells, if it tells any."""
    scores = (i for i in city.indicators(city.category) if i["method"] == "survey_score")
    indicator = next(scores, None) if city.year["inputs"].get("survey_waves") else None
    return None if indicator is None else survey_of(city, city.category, indicator)


def waves(city: City, seed: str) -> list[Wave]:
    """Every wave of the year, one row per call; tokens follow from the seed and name nobody."""
    survey, inputs = surveyed(city), city.year["inputs"]
    if survey is None:
        return []
    told, words = inputs["survey_waves"], inputs["survey_option_order"]
    _check_shape(city.order, told, words)
    questions = next(each for each in surveys(city) if each["code"] == survey).get("questions", [])
    found = []
    for n in range(len(told[0])):
        rows = _rows(city.order, [unit[n] for unit in told], words, f"{seed}/{n}")
        found.append(Wave(survey, n + 1, [_answering(row, questions) for row in rows]))
    return found


def _check_shape(order: list[str], told: list[list[list[int]]], words: list[str]) -> None:
    """Every unit has as many waves as the first, every wave as many counts as there are words."""
    if len(told) != len(order):
        raise CityFault(f"inputs.survey_waves: {len(told)} rows for {len(order)} units")
    for unit, of_unit in zip(order, told, strict=True):
        if len(of_unit) != len(told[0]):
            raise CityFault(
                f"inputs.survey_waves: {unit} has {len(of_unit)} waves, not {len(told[0])}"
            )
        for counts in of_unit:
            if len(counts) != len(words):
                raise CityFault(
                    f"inputs.survey_waves: {unit} has {len(counts)} counts for {len(words)} options"
                )


def _rows(
    order: list[str], counts: list[list[int]], words: list[str], seed: str
) -> Iterator[Document]:
    for unit, of_unit in zip(order, counts, strict=True):
        for word, count in zip(words, of_unit, strict=True):
            outcome = OUTCOMES.get(word, "completed")
            for n in range(count):
                yield {
                    "unit": unit,
                    "respondent_token": token(f"{seed}/{unit}/{word}/{n}"),
                    "outcome": outcome,
                    "answer": word if outcome == "completed" else None,
                    "group": None,
                }


def _answering(row: Document, questions: Sequence[Mapping[str, Any]]) -> Document:
    """A row with the answers by question where the survey has several.

    The year tells those to the one that counts. The others are answered alike, or by one step
    better or worse, as the token has it: they are only reported.
    """
    if not questions:
        return row
    word, answers = row.pop("answer"), dict[str, str]()
    for question, letter in zip(questions, row["respondent_token"], strict=False):
        steps = [*question["options"]]
        if word in steps and not question["weight"]:
            at = steps.index(word) + _STEPS.get(letter, 0)
            answers[question["code"]] = steps[min(max(at, 0), len(steps) - 1)]
        else:
            answers[question["code"]] = word
    return row if word is None else row | {"answers": answers}


def token(text: str) -> str:
    """An opaque name of 24 letters; a digit among them could make it look like a phone number."""
    return hashlib.sha256(text.encode()).hexdigest()[:24].translate(LETTERS)


def _survey(city: City, code: str, name: str, kind: str, groups: Mapping[str, Any]) -> Document:
    review = city.scheme["public_review"]
    mode = review[kind]
    several = mode.get("questions", []) if code == kind else []
    answers = _answers(review)
    asked = {"questions": [_question(each, mode, answers) for each in several]}
    return {
        "code": code,
        "name": name,
        "mode": MODES[kind],
        "collector": city.codes[mode["collector"]],
        "waves": mode.get("waves", 1),
        "combine": mode.get("combine", "mean").partition("_")[0],
        **(asked if several else answers),
        "min_valid": mode.get("valid_sample_per_unit_per_wave", mode.get("min_valid_per_unit")),
        "groups": groups,
        "empty_group": review.get("empty_group", "rescale").partition("_")[0],
        "below_min": _below_minimum(review),
        "attested_by": [city.codes[name] for name in mode.get("supervisors", [])],
    }


def _question(told: Mapping[str, Any], mode: Mapping[str, Any], answers: Document) -> Document:
    named = {"code": told["code"], "name": told["zh"], "weight": told["weight"]}
    return named | answers | {"satisfied": mode.get("satisfied", [])}


def _answers(review: Mapping[str, Any]) -> Document:
    """What may be answered: words with a score, words without one, and what people call them."""
    names = review.get("options_zh") or {}
    return {
        "options": {w: score for w, score in review["options"].items() if score is not None},
        "option_names": {w: zh for w, zh in names.items() if w not in OUTCOMES},
        "unscored": _unscored(review),
    }


def _below_minimum(review: Mapping[str, Any]) -> str:
    """What counts where too few answered: one of four rules; a city that has none decides."""
    rule = str(review.get("below_min_valid", "")).partition(";")[0]
    return rule if rule in {"other_waves", "pooled", "not_rated"} else "decision"


def _unscored(review: Mapping[str, Any]) -> list[str]:
    """Words that are an answer but carry no score, such as dont_know."""
    options = review["options"]
    named = [word for word, rule in review.items() if rule == "not_valid_no_score"]
    words = dict.fromkeys([*named, *options, *(review.get("options_zh") or {})])
    return [word for word in words if options.get(word) is None and word not in OUTCOMES]


def _own_groups(city: City) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Categories whose questionnaire weighs groups of its own, with those weights."""
    form = city.scheme["public_review"].get("questionnaire", {})
    return [
        (category, form[_groups_key(category)])
        for category in city.scheme["categories"]
        if _groups_key(category) in form
    ]


def _groups_key(category: Mapping[str, Any]) -> str:
    return f"{category['code'].lower()}_groups"


def _special(city: City) -> list[Mapping[str, Any]]:
    """Indicators that the phone collector asks about outside the categories it polls."""
    phone = city.scheme["public_review"].get("phone")
    if not phone:
        return []
    return [
        indicator
        for category in city.scheme["indicators"]
        if category not in phone["applies_to"]
        for indicator in city.indicators(category)
        if indicator["method"] == "survey_score"
        and indicator["data_source_unit"] == phone["collector"]
    ]
