from dataclasses import replace

from genbench.analysis.standings import Headline


def test_a_split_whose_questions_stand_beside_train_is_said_to_be_transductive(a_standing, a_board, draw):
    one = a_standing(transductive=True)
    where = f"{one.task}/{one.split}"
    board = a_board(one)

    text = draw(replace(board, headlines={where: Headline(one.metric, about="far words", transductive=True)}))

    assert "far words (transductive: questions stand, without their targets, in an auxiliary table)" in text
    assert "out of distribution, transductive" in text


def test_the_page_has_one_section_for_all_and_other_splits_beside_it(a_standing, a_board, a_grid, draw):
    text = draw(a_board(a_standing(split="plain"), *a_grid()))

    assert text.count('<section class="split"') == 2
    assert "9 settings of one split" in text
