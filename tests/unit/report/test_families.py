"""Many settings of one split as one table: which belong together, and in which order."""

from genbench.report.families import MANY, families


def test_settings_that_differ_in_values_only_are_one_family(a_grid):
    (family,) = families(a_grid())

    assert (family.base, family.up, family.across, len(family.labels)) == ("sums", "batch", "noise", 9)


def test_values_are_in_order_of_their_numbers(a_grid):
    (family,) = families(a_grid())

    assert (family.grids[0].rows, family.grids[0].columns) == (("8", "64", "256"), ("0.05", "0.35", "0.9"))


def test_the_parameter_of_most_values_runs_across(a_grid):
    (family,) = families(a_grid(rows=(0.1, 0.2), columns=(1, 2, 3, 4, 5)))

    assert (family.up, family.across) == ("noise", "batch")


def test_a_cell_keeps_the_standing_of_its_setting(a_grid):
    (family,) = families(a_grid())

    assert family.grids[0].cells["64", "0.35"].split == "sums:noise=0.35,batch=64"


def test_a_few_settings_stay_splits_of_their_own(a_grid):
    assert families(a_grid()[: MANY - 1]) == ()


def test_settings_that_others_answered_are_another_family(a_grid):
    grid = a_grid() + a_grid(rows=(0.5,), submission="lstm")

    (family,) = families(grid)

    assert not any("0.5" in label for label in family.labels)


def test_a_parameter_more_is_another_family(a_standing, a_grid):
    longer = [a_standing(split=f"sums:noise=0.1,batch={size},steps=9") for size in range(MANY)]

    found = families([*a_grid(), *longer])

    assert sorted(len(one.labels) for one in found) == [9, 9]


def test_each_submission_has_a_grid_of_its_own(a_grid):
    (family,) = families([*a_grid(), *a_grid(submission="lstm")])

    assert {grid.submission for grid in family.grids} == {"mlp", "lstm"}


def test_three_parameters_are_told_in_two_directions(a_standing):
    grid = [
        a_standing(split=f"sums:noise={noise},batch={batch},steps={steps}")
        for noise in (0, 1)
        for batch in (1, 2)
        for steps in (1, 2, 3)
    ]

    (family,) = families(grid)

    assert (family.up, family.across, family.grids[0].rows[0]) == ("batch, noise", "steps", "1, 0")


def test_the_chance_of_settings_that_differ_in_it_is_told_from_the_lowest_to_the_highest(a_standing, a_board, draw):
    grid = [a_standing(split=f"sums:p={p}", chance=1 / p) for p in range(2, 12)]

    text = draw(a_board(*grid))

    assert text.count("chance 0.091 \N{EN DASH} 0.500") == 1
    assert text.count(">0.091 \N{EN DASH} 0.500<") == 2  # at a glance, of all tasks and of this one
