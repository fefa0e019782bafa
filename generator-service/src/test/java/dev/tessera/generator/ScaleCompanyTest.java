package dev.tessera.generator;

import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.generation.WantedUntil;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An image is the same whoever shares its batch. */
class ScaleCompanyTest extends ScaleBatchFixture {
    @Test
    void shouldMakeTheSameImageWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        var random = new Random(3);
        List<ScaleImage> wanted = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();

        // When: images come between any two steps, and some leave
        for (int i = 0; i < 60; i++) {
            GenerationRequest request = request(i % 10, i % 3 == 0 ? 0 : 4, i);
            boolean leaving = i % 4 == 1;
            var image = new ScaleImage(
                    request,
                    new WantedUntil(leaving ? 1 + random.nextInt(10) : 1000),
                    model.dimensions(),
                    model.codes());
            while (!batch.hasRoomFor(image) || random.nextInt(3) == 0 && !batch.isEmpty()) {
                batch.step();
                batch.removeEnded();
            }
            batch.join(image);
            if (!leaving) {
                wanted.add(image);
                requests.add(request);
            }
        }
        finish();

        // Then
        assertThat(wanted.stream().map(ScaleBatchFixture::tokens))
                .containsExactlyElementsOf(
                        requests.stream().map(ScalesByTheBook::tokens).toList());
    }

    @Test
    void shouldBlendTheSamePictureWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            var sampling = new SamplingParameters(i % 3 == 0 ? 0 : 4, 1, i % 2 * 9, 1, i % 4 != 0);
            requests.add(Requests.ofClass(i % 10, sampling, i));
        }
        List<Drawing> alone = requests.stream().map(this::alone).toList();
        List<ScaleImage> together = new ArrayList<>();

        // When: others leave in between
        for (GenerationRequest request : requests) {
            for (GenerationObserver observer : List.of(NOBODY, new WantedUntil(5))) {
                var image = new ScaleImage(request, observer, model.dimensions(), model.codes());
                while (!batch.hasRoomFor(image)) {
                    batch.step();
                    batch.removeEnded();
                }
                batch.join(image);
                if (observer == NOBODY) {
                    together.add(image);
                }
            }
        }
        finish();

        // Then
        assertThat(together.stream().map(ScaleBatchFixture::drawing)).containsExactlyElementsOf(alone);
        assertThat(alone).doesNotHaveDuplicates();
    }

    private Drawing alone(GenerationRequest request) {
        ScaleImage image = joined(request, NOBODY);
        finish();
        return drawing(image);
    }
}
