package dev.tessera.generator;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.Requests;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;

/** A batch of a fake next-scale model with eight rows. */
abstract class ScaleBatchFixture {
    final FakeNextScaleModel model = new FakeNextScaleModel(8);
    final ScaleBatch batch = new ScaleBatch(model);

    static GenerationRequest request(int classId, float cfg, long seed) {
        return Requests.ofClass(classId, new SamplingParameters(cfg, 1, 0, 1), seed);
    }

    ScaleImage joined(GenerationRequest request, GenerationObserver observer) {
        var image = new ScaleImage(request, observer, model.dimensions(), model.codes());
        batch.join(image);
        return image;
    }

    void finish() {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    static Drawing drawing(ScaleImage image) {
        return Outcomes.drawing(image.progress().outcome());
    }

    static TokenGrid tokens(ScaleImage image) {
        return drawing(image).tokens();
    }
}
