"""Which question comes next, and what may be kept of it."""

import pytest

from directory import questions
from directory.questions import Question


def answered(*names: Question, **values: object) -> dict[str, object]:
    return {**values, questions.ANSWERED: [name.value for name in names]}


def test_first_question_is_the_name_even_when_it_is_known() -> None:
    assert questions.next_question({"name": "Salon"}) == Question.NAME


def test_all_answered_leaves_none() -> None:
    assert questions.next_question(answered(*Question, tier="listing")) is None


@pytest.mark.parametrize(
    ("tier", "is_asked"), [("listing", False), ("linked_shop", True), ("transactional", False)]
)
def test_shop_is_asked_of_the_second_option_alone(tier: str, is_asked: bool) -> None:
    assert (Question.SHOP in questions.asked({"tier": tier})) is is_asked


def test_one_looks_back_at_will_and_forward_not_past_the_next() -> None:
    known = answered(Question.NAME, Question.WEB)
    assert questions.can_look_at(known, Question.NAME)
    assert questions.can_look_at(known, Question.ADDRESS)
    assert not questions.can_look_at(known, Question.SECTOR)


def test_answer_writes_its_own_keys_and_no_other() -> None:
    with pytest.raises(KeyError, match="tier"):
        questions.with_answer({}, Question.NAME, {"name": "Salon", "tier": "transactional"})


def test_invitation_holds_nothing_that_only_the_person_can_say() -> None:
    known = {"name": "Salon", "contract": {"language": "fr"}, "photo": 7, "answered": ["nom"], "phone": ""}
    assert questions.prefilled(known) == {"name": "Salon"}
