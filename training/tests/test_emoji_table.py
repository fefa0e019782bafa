"""The table of all emoji."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from training.classes import load_classes
from training.emoji_table import emoji_by_group, names_and_keywords, table
from training.objects import load_objects

LIST = """\
# group: Food & Drink
1F355      ; fully-qualified     # 🍕 E0.6 pizza
1F9C0      ; fully-qualified     # 🧀 E1.0 cheese wedge
# group: People & Body
1F44B 1F3FB ; fully-qualified    # 👋🏻 E1.0 waving hand: light skin tone
1F44B      ; fully-qualified     # 👋 E0.6 waving hand
# group: Symbols
0023 FE0F 20E3 ; fully-qualified # #️⃣ E0.6 keycap: #
0023 20E3  ; unqualified         # #⃣ E0.6 keycap: #
# group: Flags
1F3C1      ; fully-qualified     # 🏁 E0.6 chequered flag
"""
NAMES = """\
<ldml><annotations>
<annotation cp="🍕">cheese | pizza | slice</annotation><annotation cp="🍕" type="tts">pizza</annotation>
<annotation cp="🧀">cheese | cheese wedge</annotation><annotation cp="🧀" type="tts">cheese wedge</annotation>
<annotation cp="👋">hand | wave | waving; hello</annotation><annotation cp="👋" type="tts">waving hand</annotation>
<annotation cp="#⃣" type="tts">keycap: #</annotation>
</annotations></ldml>
"""


class EmojiTableTest(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)

    def test_should_leave_out_flags_and_skin_colours(self) -> None:
        self.assertEqual(["🍕", "🧀", "👋", "#️⃣"], [emoji for _, emoji in emoji_by_group(self._file("list", LIST))])

    def test_should_name_each_emoji_by_words_that_no_other_has(self) -> None:
        lines = list(table(list(emoji_by_group(self._file("list", LIST))), *names_and_keywords(self._file("names", NAMES))))

        self.assertEqual(["", "# food and drink", "🍕 ; pizza ; slice", "🧀 ; cheese wedge", "", "# people and body",
                          "👋 ; waving hand ; hand ; wave ; waving  hello", "", "# symbols", "#️⃣ ; keycap #"], lines)

    def test_should_be_read_as_the_shipped_table_is(self) -> None:
        path = self._file("table", "# comment\n\n# food and drink\n🍕 ; pizza ; slice\n\n# symbols\n#️⃣ ; keycap #\n")

        self.assertEqual([("pizza", "slice"), ("keycap #",)], [entry.names for entry in load_objects(path)])
        self.assertEqual(("pizza", "keycap #", "any of food and drink", "any of symbols"), load_classes(path).names)

    def _file(self, name: str, text: str) -> Path:
        path = Path(self._folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path


if __name__ == "__main__":
    unittest.main()
