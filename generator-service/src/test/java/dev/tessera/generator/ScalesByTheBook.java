package dev.tessera.generator;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** One image alone, without a batch: two rows, whatever the guidance. */
final class ScalesByTheBook {
    private ScalesByTheBook() {}

    static TokenGrid tokens(GenerationRequest request) {
        var model = new FakeNextScaleModel(2);
        var sampler = new TokenSampler(FakeNextScaleModel.VOCABULARY);
        SamplingParameters asked = request.sampling();
        ImageRandom random = request.random();
        model.begin(0, ((Condition.OfClass) request.condition()).classId());
        model.accompany(1, FakeNextScaleModel.CLASSES);
        int[] tokens = new int[FakeNextScaleModel.TOKENS];
        int done = 0;
        for (int scale = 0; scale < 4; scale++) {
            int count = model.dimensions().tokens(scale);
            FloatBuffer logits = model.advance(scale, 0, 2);
            float share = asked.guidanceScale() * scale / 3;
            var parameters = new SamplingParameters(1 + share, asked.temperature(), asked.topK(), asked.topP());
            for (int cell = 0; cell < count; cell++) {
                double uniform = random.uniform(Purpose.TOKEN, done + cell, 0);
                tokens[done + cell] = share == 0
                        ? sampler.draw(logits, cell, parameters, uniform)
                        : sampler.drawGuided(logits, cell, count + cell, parameters, uniform);
            }
            model.refine(0, scale, Arrays.copyOfRange(tokens, done, done + count));
            done += count;
        }
        return TokenGrid.ofScales(FakeNextScaleModel.SIDES, FakeNextScaleModel.VOCABULARY, tokens);
    }
}
