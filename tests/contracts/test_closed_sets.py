"""A word out of a closed set says in the document which words there are."""

from collections.abc import Iterator
from typing import Any

from tests.contracts.publish import whole_document

from gateway.rules import wording

CLOSED = frozenset(
    {
        *{"award", "below_min", "decision", "effect", "event", "frequency", "kind", "ledger_phase"},
        *{"level", "likeness", "list", "method", "mode", "order", "outcome", "phase"},
        *{"role", "roles", "sort", "source", "standing", "state", "step", "system"},
        *{"token_type", "treatment", "unknown", "wanted", "what"},
    }
)
"""Names under which the words of closed sets are told."""

NOT_CLOSED = {
    "BonusRule level": "a level of awards, which the scheme names",
    "NewClaim level": "a level of awards, which the scheme names",
    "Claim level": "a level of awards, which the scheme names",
    "CompiledCategory order": "the codes of indicators, in the order in which they are scored",
    "GradePolicy order": "the codes of grades, which the scheme names",
    "Step step": "a step of the calendar, which the scheme names",
    "Deadline step": "a step of the calendar, which the scheme names",
    "Approval step": "a step of an approval chain, which the scheme names",
    "NewChainStep step": "a step of an approval chain, which the scheme names",
    "Demotion event": "an event, which the scheme names",
    "Overstatement event": "an event of an indicator, which the scheme names",
    "Overturned event": "an event of an indicator, which the scheme names",
    "SuperiorRank list": "a list of the superior, which the scheme names",
    "IdScheme system": "what people call the other system",
    "NewIdScheme system": "what people call the other system",
    "RegisteredIdScheme system": "what people call the other system",
    "JournalEntry event": "a journal is kept for good: its old entries have kinds of old versions",
    "PolicyDecision effect": "points, with all their digits",
    "ExplainedInput state": "the state of a target, which another service keeps",
    "RankingNewSimulatedValue kind": "passed on to scoring, which names its own and refuses others",
    "Account roles": "the roles of the matrix that the installation was given",
    "NewAccount roles": "the roles of the matrix that the installation was given",
    "Condition role": "the roles of the matrix that the installation was given",
    **{
        f"{each} kind": "kinds of files, to which others are added"
        for each in ("AddedEvidence", "Evidence", "ListedEvidence", "NamedFile")
    },
    **{
        f"{of} {each}": "a word of the scheme, which another service names"
        for of in ("Criterion", "MeasuringIndicator")
        for each in ("method", "frequency")
    },
    **{
        f"{each} level": "what a unit calls the level of whoever adopted a highlight"
        for each in ("Adoption", "Highlight", "PublishedHighlight")
    },
    **{
        f"{each} level": "a word of the scheme's rules for bonus, which award a unit claims by"
        for each in ("AwardsOfLevel", "NewRegisteredAward", "RegisteredAward")
    },
    "list_registered_awards level": "a word of the scheme's rules for bonus",
    "OwnTask kind": "kinds of tasks, which each service names, and to which others are added",
    "Task kind": "kinds of tasks, which each service names, and to which others are added",
    "AccountChange roles": "the roles of the matrix that the installation was given",
    "NewChange roles": "the roles of the matrix that the installation was given",
    "CloudEvent source": "named after the installation, as its settings say",
    "list_accounts role": "the roles of the matrix that the installation was given",
    "EmergencyGrant role": "the roles of the matrix that the installation was given",
}
"""What has such a name and is no closed set, or none of ours; with the reason."""


def texts(node: Any) -> Iterator[dict[str, Any]]:
    """Yield the schemas of texts that a property is, or has in it."""
    if node.get("type") == "string":
        yield node
    inner = [*node.get("anyOf", ()), node.get("items"), node.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            yield from texts(each)


def named(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield each property and parameter: whose it is, its name and its schema."""
    for schema, shape in document["components"]["schemas"].items():
        for name, node in shape.get("properties", {}).items():
            yield wording.base_name(schema), name, node
    for operation in wording.operations(document):
        for parameter in operation["parameters"]:
            yield operation["operationId"], parameter["name"], parameter["schema"]


def test_every_closed_set_names_its_words():
    """Planted bug: declare the state of an entry as a plain `str`."""
    found, closed = set(), 0
    for owner, name, node in named(whole_document()):
        if name not in CLOSED:
            continue
        closed += any("enum" in each for each in texts(node))
        # A day, or what follows a pattern of its own, is no word.
        if any({"enum", "const", "format"}.isdisjoint(each) for each in texts(node)):
            found.add(f"{owner} {name}")
    assert closed > 80, "the names are those of the document"
    assert found - NOT_CLOSED.keys() == set()
    assert NOT_CLOSED.keys() - found == set(), "reasons for nothing"
