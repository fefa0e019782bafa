package dev.tessera.generation.masked;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.Requests;
import dev.tessera.generation.Steps;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A batch over a fake model, and requests for it. */
final class MaskedFixture {
    static final int CELLS = FakeMaskedModel.CELLS;
    static final int CODES = FakeMaskedModel.VOCABULARY;
    static final int MASK = FakeMaskedModel.MASK;

    final FakeMaskedModel model = new FakeMaskedModel(8);
    final MaskedBatch batch = new MaskedBatch(model);

    static GenerationRequest request(int text, float guidance, int topK, Steps steps, long seed) {
        return new GenerationRequest(
                new Condition.OfText(Requests.pooledStates(2, 3, 1, text)),
                new Condition.OfText(Requests.pooledStates(2, 3, 1, 1000)),
                new SamplingParameters(guidance, 2, topK, 1),
                new ImageRandom(seed, 0),
                steps,
                new Canvas.Blank());
    }

    static GenerationRequest request(int text, float guidance, long seed) {
        return request(text, guidance, 0, new Steps.ModelsOwn(), seed);
    }

    static GenerationRequest on(Canvas canvas, GenerationRequest request) {
        return new GenerationRequest(
                request.condition(),
                request.unconditional(),
                request.sampling(),
                request.random(),
                request.steps(),
                canvas);
    }

    /** A picture of the cells' own numbers, of which some cells are open. */
    static Canvas masked(IntPredicate redrawn) {
        byte[] cells = new byte[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            cells[cell] = (byte) (redrawn.test(cell) ? 1 : 0);
        }
        return new Canvas.Masked(picture(), new CellMask(4, 4, cells));
    }

    static TokenGrid picture() {
        return new TokenGrid(4, 4, CODES, IntStream.range(0, CELLS).toArray());
    }

    static int[] blank() {
        int[] tokens = new int[CELLS];
        Arrays.fill(tokens, MASK);
        return tokens;
    }

    MaskedImage joined(GenerationRequest request, GenerationObserver observer) {
        MaskedImage image = batch.image(request, observer);
        batch.join(image);
        return image;
    }

    void finish() {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    static TokenGrid tokens(MaskedImage image) {
        return Outcomes.tokens(image.progress().outcome());
    }

    static GenerationObserver tells(List<Integer> seen, int total) {
        return new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                seen.add(tokensDone);
                assertThat(tokensTotal).isEqualTo(total);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
    }
}
