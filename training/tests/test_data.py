"""Objects, scenes and captions fit each other."""

from __future__ import annotations

import random
import unittest

from training.captions import CaptionWriter
from training.objects import bare, load_objects, with_article
from training.scenes import COLOURS, GROUNDS, SCENERIES, WHITE, Scene, SceneSampler, SpriteAtlas, backdrop, centred, held_out_scenery, shown_sceneries


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

    def test_should_draw_each_ground_differently_and_alike_at_both_sizes(self) -> None:
        pictures = [backdrop(ground) for ground in range(len(GROUNDS))]

        for ground, picture in enumerate(pictures):
            self.assertTrue(all(abs(picture - other).mean() > 0.01 for other in pictures[:ground]), GROUNDS[ground])
            halved = backdrop(ground, 2).reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
            self.assertLess(abs(picture - halved).mean(), 0.005, GROUNDS[ground])

    def test_should_hold_one_scenery_of_each_object_back(self) -> None:
        sampler, objects = SceneSampler(len(load_objects()), random.Random(4)), range(len(load_objects()))

        self.assertFalse(any(sampler.sample().is_held_out() for _ in range(3000)))
        self.assertTrue(all(centred(i, held_out_scenery(i)).is_held_out() for i in objects))
        self.assertTrue(all(len(shown_sceneries(i)) == len(SCENERIES) - 1 for i in objects))


    def test_should_show_three_objects_where_it_is_told_to(self) -> None:
        most_seen = {most: max(len(scene.placements) for scene in sampled(most)) for most in (2, 3)}

        self.assertEqual({2: 2, 3: 3}, most_seen)

    def test_should_keep_all_objects_of_a_scene_apart(self) -> None:
        for scene in sampled(3):
            for left, right in zip(scene.placements, scene.placements[1:]):
                self.assertLessEqual(left.x + left.size, right.x)


def sampled(most_objects: int) -> list[Scene]:
    """Scenes with at most so many objects."""
    sampler = SceneSampler(len(load_objects()), random.Random(4), most_objects)
    return [sampler.sample() for _ in range(600)]


class CaptionsTest(unittest.TestCase):
    def test_should_name_every_object_of_a_scene(self) -> None:
        objects = load_objects()
        writer = CaptionWriter(objects, random.Random(5))

        for scene in sampled(3):
            caption = writer.write(scene)
            shown = [objects[place.object_index] for place in scene.placements]
            self.assertTrue(all(any(bare(name) in caption for name in (*entry.names, entry.plural)) for entry in shown), caption)

    def test_should_name_each_ground(self) -> None:
        objects, rng = load_objects(), random.Random(5)
        sampler, writer = SceneSampler(len(objects), rng), CaptionWriter(objects, rng)

        for _ in range(800):
            scene = sampler.sample()
            caption, name = writer.write(scene), GROUNDS[scene.ground]
            words = SCENERIES[name].phrases if name in SCENERIES else (name,)
            self.assertTrue(scene.ground == WHITE or any(word in caption for word in words), caption)


if __name__ == "__main__":
    unittest.main()
