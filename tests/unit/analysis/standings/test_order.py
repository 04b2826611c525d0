"""The order of a leaderboard."""


def test_question_sets_stand_in_the_order_of_their_numbers(a_cell, a_score, stand):
    asked = ["length_30", "length_50", "length_100", "length_500"]
    cell = a_cell()

    shown = stand([(cell, [a_score(cell, 0.5, question_set=name) for name in sorted(asked)])])

    assert [one.question_set for one in shown] == asked
