package dev.tessera.generator;

import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.TextConditioning;

/** Prompts for a fake next-token model, and the images that it makes of them. */
final class DecodingFixture {
    private static final Grid GRID = new Grid(3, 4);
    static final int PREFIX = 6;
    private static final int WIDTH = 4;

    private DecodingFixture() {}

    static FakeNextTokenModel model(int rows) {
        return new FakeNextTokenModel(rows, PREFIX, GRID, new TextConditioning(PREFIX, WIDTH));
    }

    static GenerationRequest text(int tokens, SamplingParameters sampling, long seed) {
        return Requests.ofText(Requests.states(tokens, WIDTH, seed), sampling, seed);
    }

    /** One image alone, written down without rows, joining or leaving. */
    static TokenGrid byTheBook(GenerationRequest request) {
        FakeNextTokenModel model = model(2);
        Prefixes prefixes = Prefixes.of(request, model.dimensions());
        int[] lengths = {
            prefixes.conditional().length(), prefixes.unconditional().length()
        };
        model.prefill(0, prefixes.conditional());
        model.prefill(1, prefixes.unconditional());
        var sampler = new TokenSampler(FakeNextTokenModel.VOCABULARY);
        int[] tokens = new int[GRID.tokens()];
        for (int i = 0; i < tokens.length; i++) {
            if (i > 0) {
                int fed = tokens[i - 1];
                model.step(2, new int[] {fed, fed}, new int[] {i - 1, i - 1}, new int[] {
                    lengths[0] + i - 1, lengths[1] + i - 1
                });
            }
            ImageRandom random = request.random();
            double uniform = random.uniform(Purpose.TOKEN, i, 0);
            tokens[i] = request.sampling().guided()
                    ? sampler.drawGuided(model.logits(), 0, 1, request.sampling(), uniform)
                    : sampler.draw(model.logits(), 0, request.sampling(), uniform);
        }
        return new TokenGrid(GRID.rows(), GRID.columns(), FakeNextTokenModel.VOCABULARY, tokens);
    }
}
