"""The demo's pictures: everything that is sold is drawn, turns, and has a price on its board."""

import hashlib
from itertools import islice, pairwise

import pytest
from PIL import Image, ImageChops

from workers.demo import catalogue
from workers.demo.art import people, products, scene


@pytest.mark.parametrize("article", catalogue.ARTICLES, ids=lambda article: article.drawing)
def test_an_article_has_a_portrait_and_turns(article: catalogue.Article) -> None:
    turns = [products.draw(article.drawing, turn) for turn in (0.0, 0.16, 0.43)]

    assert all(drawn.size == products.SIZE and drawn.mode == "RGBA" for drawn in turns)
    assert all(one.tobytes() != other.tobytes() for one, other in pairwise(turns))
    assert products.portrait(article.drawing, 320).size == (320, 320)


def test_every_picture_is_another_one() -> None:
    pictures = [products.portrait(article.drawing, 160) for article in catalogue.ARTICLES]
    pictures += [people.portrait(anchor.face, 160) for anchor in catalogue.ANCHORS]

    assert len({hashlib.sha256(picture.tobytes()).digest() for picture in pictures}) == 11


def test_the_scene_moves_and_its_clock_plate_is_free() -> None:
    frames = list(islice(scene.frames("xiaoman", "mug", "39.90", "59.00"), 3))

    assert all(frame.size == scene.SIZE and frame.mode == "RGB" for frame in frames)
    assert all(ImageChops.difference(one, other).getbbox() for one, other in pairwise(frames))
    assert all(edge % 2 == 0 for edge in scene.CLOCK_BOX)
    plate = frames[0].crop(scene.CLOCK_BOX)
    assert plate.getcolors() == [(plate.width * plate.height, (27, 29, 34))]


def test_the_board_shows_the_price() -> None:
    def board(price: str) -> Image.Image:
        frame = next(scene.frames("xiaoman", "mug", price, "59.00"))
        return frame.crop((*scene.BOARD, scene.BOARD[0] + 230, scene.BOARD[1] + 110))

    assert ImageChops.difference(board("39.90"), board("38.90")).getbbox()


def test_what_is_announced_and_explained_is_sold() -> None:
    sold = set(catalogue.ARTICLE)

    assert all(set(coming.drawings) <= sold for coming in catalogue.COMING)
    assert set(catalogue.FIRST_DRAWINGS) <= sold
    assert set(catalogue.TALK_ABOUT) == sold
    assert all(article.price < article.list_price for article in catalogue.ARTICLES)
