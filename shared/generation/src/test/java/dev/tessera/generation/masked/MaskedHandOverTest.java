package dev.tessera.generation.masked;

import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.masked.MaskedFixture.masked;
import static dev.tessera.generation.masked.MaskedFixture.on;
import static dev.tessera.generation.masked.MaskedFixture.picture;
import static dev.tessera.generation.masked.MaskedFixture.request;
import static dev.tessera.generation.masked.MaskedFixture.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Steps;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images that another batch goes on with. */
class MaskedHandOverTest {
    private final MaskedFixture fixture = new MaskedFixture();
    private final FakeMaskedModel model = fixture.model;
    private final MaskedBatch batch = fixture.batch;

    @Test
    void shouldGoOnWithAnImageThatWasLeftAfterAnyStep() {
        // Given: a blank image, one around kept cells, and one that begins in the middle of the schedule
        var steps = new Steps.Chosen(6, UnmaskingSchedule.COSINE);
        List<Canvas> canvases = List.of(
                new Canvas.Blank(),
                masked(cell -> cell % 3 != 0),
                new Canvas.Varied(picture(), 0.7f),
                new Canvas.Resampled(picture(), new Resampling(0.3f)));
        for (Canvas canvas : canvases) {
            GenerationRequest request = on(canvas, request(3, 4, 0, steps, 5));
            MaskedImage whole = fixture.joined(request, NOBODY);
            fixture.finish();
            int left = 0;
            MaskedImage image = fixture.joined(request, NOBODY);
            while (!image.progress().ended()) {
                PartialImage done = PartialImage.of(image.partial().message());

                // When
                MaskedImage resumed = new MaskedImage(request.after(done), NOBODY, model.dimensions());
                assertThat(resumed.progress().repeats()).isFalse();
                assertThat(resumed.partial()).isEqualTo(done);
                var elsewhere = new MaskedBatch(new FakeMaskedModel(8));
                elsewhere.join(elsewhere.image(request(9, 4, 8), NOBODY));
                elsewhere.join(resumed);
                int runs = 0;
                while (!resumed.progress().ended()) {
                    elsewhere.step();
                    runs++;
                }

                // Then: not one step is made twice
                assertThat(tokens(resumed)).isEqualTo(tokens(whole));
                batch.step();
                left++;
                assertThat(runs).isLessThanOrEqualTo(7 - left);
            }
            batch.removeEnded();
            assertThat(left).isGreaterThan(1);
        }
    }

    @Test
    void shouldNotGoOnWithCellsThatItWouldNotHaveOpened() {
        // Given: one step's work, but of another seed
        var canvas = new Canvas.Resampled(picture(), new Resampling(0.3f));
        GenerationRequest request = on(canvas, request(3, 4, 0, new Steps.Chosen(6, UnmaskingSchedule.COSINE), 5));
        MaskedImage other =
                fixture.joined(on(canvas, request(3, 4, 0, new Steps.Chosen(6, UnmaskingSchedule.COSINE), 6)), NOBODY);
        batch.step();

        // When
        MaskedImage resumed = new MaskedImage(request.after(other.partial()), NOBODY, model.dimensions());

        // Then
        assertThat(resumed.partial()).isEqualTo(new MaskedImage(request, NOBODY, model.dimensions()).partial());
    }
}
