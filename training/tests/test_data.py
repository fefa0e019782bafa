"""Objects, scenes and captions fit each other."""

from __future__ import annotations

import random
import unittest

from training.captions import CaptionWriter
from training.objects import load_objects, with_article
from training.scenes import COLOURS, SceneSampler, SpriteAtlas, centred


class ObjectsTest(unittest.TestCase):
    def test_should_name_every_object_differently(self) -> None:
        names = [name for entry in load_objects() for name in entry.names]

        self.assertEqual(len(names), len(set(names)))

    def test_should_choose_the_article_by_the_sound(self) -> None:
        self.assertEqual("an owl", with_article("owl"))
        self.assertEqual("a unicorn", with_article("unicorn"))
        self.assertEqual("an umbrella", with_article("umbrella"))
        self.assertEqual("the sun", with_article("the sun"))


class ScenesTest(unittest.TestCase):
    def test_should_draw_every_object(self) -> None:
        objects = load_objects()
        atlas = SpriteAtlas(objects)

        for i in range(len(objects)):
            self.assertGreater(atlas.render(centred(i, COLOURS.index("gray"))).std(), 5, objects[i].emoji)


class CaptionsTest(unittest.TestCase):
    def test_should_name_each_coloured_background(self) -> None:
        objects, rng = load_objects(), random.Random(5)
        sampler, writer = SceneSampler(len(objects), rng), CaptionWriter(objects, rng)

        for _ in range(500):
            scene = sampler.sample()
            if COLOURS[scene.colour] != "white":
                self.assertIn(COLOURS[scene.colour], writer.write(scene))


if __name__ == "__main__":
    unittest.main()
