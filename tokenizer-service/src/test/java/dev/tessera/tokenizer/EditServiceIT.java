package dev.tessera.tokenizer;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyVar;
import dev.tessera.testmodels.TinyVarResource;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny VAR model and pictures to edit. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyVarResource.class, restrictToAnnotatedClass = true)
class EditServiceIT extends TokenizerServiceFixture {
    private static final int SIDE = 16;

    private final TinyVar tiny = TinyVar.plain();

    @Inject
    JobPictures sources;

    @Test
    void shouldGiveTheGeneratorTheTokensOfTheReferenceAndTheCellsToRedraw() {
        // Given: the lower right quarter, and no class
        byte[] mask = new byte[SIDE * SIDE];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (i / SIDE >= 8 && i % SIDE >= 8 ? 1 : 0);
        }
        EditSource source = EditSource.newBuilder()
                .setWidth(SIDE)
                .setHeight(SIDE)
                .setRgb(ByteString.copyFrom(tiny.picture()))
                .setMask(ByteString.copyFrom(mask))
                .build();

        // When
        Job job = submit(source);

        // Then
        eventually(() -> assertThat(generatorQueue.of(job.getId()))
                .extracting(ImageConditioned::getImageIndex)
                .containsExactly(0, 1));
        eventually(() -> assertThat(generatorQueue.of(job.getId())).allSatisfy(image -> {
            assertThat(image.hasConditioning()).isFalse();
            assertThat(image.getKnown().getTokens().getIdsList().stream().mapToInt(id -> id))
                    .containsExactly(boxed(tiny.pictureTokens().ids()));
            assertThat(image.getKnown().getTokens().getScalesList()).containsExactly(1, 2, 3, 4);
            assertThat(image.getKnown().getRedrawn().toByteArray())
                    .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1);
        }));
    }

    @Test
    void shouldFailTheJobForGoodWhenThePictureIsNotOfTheModelsSize() {
        // When
        Job job = submit(EditSource.newBuilder()
                .setWidth(1)
                .setHeight(1)
                .setRgb(ByteString.copyFrom(new byte[3]))
                .build());

        // Then
        JobEvent failed = jobs.await(job, JobEvent.EventCase.FAILED);
        assertThat(failed.getFailed().getReason()).isEqualTo("malformed_picture");
    }

    private static Integer[] boxed(int[] ids) {
        return java.util.Arrays.stream(ids).boxed().toArray(Integer[]::new);
    }

    private Job submit(EditSource source) {
        Job.Builder job = job().setImages(2);
        Edit.Builder edit = Edit.newBuilder().setSource(sources.deposit(job.getId(), source));
        Job edited = job.setEdit(edit.setStrength(0.5f)).build();
        work.publish(JobSubmitted.newBuilder().setJob(edited).build());
        return edited;
    }
}
