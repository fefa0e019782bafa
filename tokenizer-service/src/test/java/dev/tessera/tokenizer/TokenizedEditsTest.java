package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.JobObjects;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.LowResolutionTokens;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs that begin with a picture of the user. */
class TokenizedEditsTest extends TokenizerWorkerFixture {
    @Test
    void shouldGiveEachImageOfAnEditTheTokensOfItsPicture() {
        // Given
        EditSource source = PictureTokensTest.source();
        Job job = edit(new JobPictures(new Claims(bucket, CLOCK)).deposit("job-1", source));

        // When
        condition(job);

        // Then
        assertThat(published.work).hasSize(3);
        assertThat(published.work)
                .allSatisfy(work -> assertThat(work.getKnown()).isEqualTo(pictures.of(job.getEdit(), source)));
        assertThat(published.work).extracting(ImageConditioned::getImageIndex).containsExactly(0, 1, 2);
    }

    @Test
    void shouldGiveSuperResolutionTheBaseGridThatIsOnlyToBeUpscaled() {
        // Given
        EditSource source = PictureTokensTest.source();
        Job job = edit(new JobPictures(new Claims(bucket, CLOCK)).deposit("job-1", source)).toBuilder()
                .setUpscale(true)
                .build();

        // When
        condition(job);

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.low).extracting(LowResolutionTokens::getImageIndex).containsExactly(0, 1, 2);
        assertThat(published.low).allSatisfy(low -> {
            assertThat(low.getJob()).isEqualTo(job);
            assertThat(low.getTokens())
                    .isEqualTo(pictures.of(job.getEdit(), source).getTokens());
            assertThat(low.getConditioning().getText().getTokens()).isPositive();
        });
    }

    @Test
    void shouldDropAnEditThatHasEndedAndTakenItsPictureAlong() {
        // Given
        bucket.putIfAbsent(JobObjects.record("tenant-1", "job-1"), new byte[0], "", Map.of());

        // When
        condition(edit("claims/2026-01-01/job-1/gone"));

        // Then
        assertThat(published.work).isEmpty();
    }

    private static Job edit(String source) {
        return Jobs.job()
                .setPrompt("a cat")
                .setEdit(Edit.newBuilder().setSource(source).setStrength(0.5f))
                .build();
    }
}
