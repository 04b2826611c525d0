def test_links_lead_to_what_is_there(draw, a_standing, a_board, outline):
    board = a_board(a_standing(split="echo:words=two words"))

    elements = outline(draw(board))

    places = {attributes["id"] for _, attributes in elements.tags if "id" in attributes}
    assert "toy/echo:words=two_words" in places
    assert {"toy/echo%3Awords%3Dtwo_words"} == {one["href"][1:] for one in elements.of("a")}
