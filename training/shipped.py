"""Pictures of the models that ship, as jobs of the local stack (``./tessera up``): what its users get is what is judged."""

from __future__ import annotations

import base64
import io
import json
import time
import urllib.request
from collections.abc import Sequence

import numpy as np
from PIL import Image
from torch import Tensor

from .bundle import tessera
from .scenes import IMAGE_SIZE, STRIDE, to_batch

PAUSE = 0.2
"""Seconds between two looks at a job."""
ENDED = {"succeeded", "failed", "cancelled", "expired"}

Json = dict[str, object]


class Gateway:
    """The HTTP API of a stack."""

    def __init__(self, url: str) -> None:
        self._url = url

    @staticmethod
    def of_the_local_stack() -> Gateway:
        """The one that is up; an error unless one is."""
        return Gateway(json.loads(tessera("status", "--json"))["gateway"])

    def model(self, name: str) -> Json:
        """What is known of a model."""
        return self._json(f"/v1/models/{name}")

    def draw(self, requests: Sequence[Json]) -> list[Image.Image]:
        """The first image of each job, which are all submitted at once; an error if one does not succeed."""
        return [self._picture(job["id"]) for job in [self._json("/v1/jobs", request) for request in requests]]

    def _picture(self, job: object) -> Image.Image:
        while (state := self._json(f"/v1/jobs/{job}"))["status"] not in ENDED:
            time.sleep(PAUSE)
        if state["status"] != "succeeded":
            raise AssertionError(f"job {job} ended as {state['status']}: {state.get('error')}")
        with Image.open(io.BytesIO(self._bytes(f"/v1/jobs/{job}/images/0"))) as picture:
            return picture.convert("RGB")

    def _json(self, path: str, body: Json | None = None) -> Json:
        return json.loads(self._bytes(path, body))

    def _bytes(self, path: str, body: Json | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"} if data else {})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()


class ShippedArtist:
    """Draws prompts by one model with its defaults."""

    def __init__(self, gateway: Gateway, model: str) -> None:
        self._gateway, self._model = gateway, model
        described = gateway.model(model)
        self.guidance = float(described["defaults"]["guidance_scale"])
        self.side = int(str(described["size"]).partition("x")[0])

    def __call__(self, prompts: Sequence[str], guidance: float, seed: int) -> Tensor:
        return self._drawn([self._request(prompt, guidance, seed) for prompt in prompts])

    def into_masks(self, prompts: Sequence[str], pictures: Sequence[np.ndarray], seed: int) -> Tensor:
        """All but the outermost cells of each picture uint8 [side, side, 3] drawn anew by a prompt."""
        margin = STRIDE * self.side // IMAGE_SIZE
        alpha = np.zeros((self.side, self.side, 4), dtype=np.uint8)
        alpha[..., 3] = 255
        alpha[margin:-margin, margin:-margin, 3] = 0
        mask = _png(alpha)
        return self._drawn([{**self._request(prompt, self.guidance, seed), "image": _png(picture), "mask": mask}
                            for prompt, picture in zip(prompts, pictures, strict=True)])

    def _request(self, prompt: str, guidance: float, seed: int) -> Json:
        return {"model": self._model, "prompt": prompt, "guidance_scale": guidance, "seed": seed}

    def _drawn(self, requests: Sequence[Json]) -> Tensor:
        return to_batch([np.asarray(picture) for picture in self._gateway.draw(requests)])


def _png(pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
