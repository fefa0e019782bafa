"""Jobs of a stack become pictures."""

from __future__ import annotations

import base64
import io
import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from training.shipped import Gateway, ShippedArtist

SIDE = 64


class StubGateway(BaseHTTPRequestHandler):
    """Draws each job in the grey that its prompt says; a job whose prompt is "never" fails at once, others need two looks."""

    jobs: list[dict[str, object]] = []
    looks: list[int] = []

    def do_POST(self) -> None:
        self.jobs.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.looks.append(0)
        self._answer({"id": str(len(self.jobs) - 1), "status": "queued"})

    def do_GET(self) -> None:
        path = self.path.split("/")[2:]
        if path[0] == "models":
            self._answer({"name": path[1], "size": f"{SIDE}x{SIDE}", "defaults": {"guidance_scale": 1.5}})
        elif len(path) == 2:
            self._answer(self._state(int(path[1])))
        else:
            grey = int(str(self.jobs[int(path[1])]["prompt"]))
            file = io.BytesIO()
            Image.new("RGB", (SIDE, SIDE), (grey,) * 3).save(file, "PNG")
            self._write(file.getvalue())

    def _state(self, job: int) -> dict[str, object]:
        self.looks[job] += 1
        if self.jobs[job]["prompt"] == "never":
            return {"status": "failed", "error": {"code": "too_hard"}}
        return {"status": "succeeded" if self.looks[job] > 1 else "generating"}

    def _answer(self, document: dict[str, object]) -> None:
        self._write(json.dumps(document).encode())

    def _write(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


class ShippedArtistTest(unittest.TestCase):
    def setUp(self) -> None:
        StubGateway.jobs, StubGateway.looks = [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), StubGateway)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.artist = ShippedArtist(Gateway(f"http://127.0.0.1:{self.server.server_port}"), "some-model")

    def tearDown(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def test_should_draw_each_prompt_in_its_place(self) -> None:
        pictures = self.artist(["0", "255"], 2.0, 7)

        self.assertEqual([-1.0, 1.0], pictures.mean(dim=(1, 2, 3)).tolist())
        self.assertEqual({"model": "some-model", "prompt": "0", "guidance_scale": 2.0, "seed": 7}, StubGateway.jobs[0])

    def test_should_open_all_but_the_rim_of_a_picture(self) -> None:
        self.artist.into_masks(["9"], [np.full((SIDE, SIDE, 3), 200, np.uint8)], 7)

        request = StubGateway.jobs[0]
        alpha = opened(request["mask"]).getchannel("A")
        self.assertEqual([255, 0, 0, 255], [alpha.getpixel((32, y)) for y in (3, 4, 59, 60)])
        self.assertEqual((200, 200, 200), opened(request["image"]).getpixel((1, 1)))

    def test_should_say_why_a_job_has_failed(self) -> None:
        with self.assertRaisesRegex(AssertionError, "failed.*too_hard"):
            self.artist(["never"], 1.0, 1)


def opened(text: object) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(str(text))))


if __name__ == "__main__":
    unittest.main()
