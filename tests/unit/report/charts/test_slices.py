import re


def test_each_lane_has_the_chance_of_its_slice(draw, a_standing, a_slice, a_board):
    slices = [a_slice(part, axis="label", chance=chance) for part, chance in (("one", 0.5), ("two", 0.125))]

    page = draw(a_board(a_standing(chance=None), slices=slices))

    assert re.findall(r'class="chance" x1="([0-9.]+)%"', page) == ["50.0", "12.5"]
