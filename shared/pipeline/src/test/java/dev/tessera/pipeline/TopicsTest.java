package dev.tessera.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.v1.Job;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static final String DIGEST = "91d581030209312c0e7a6a9d1bdddb9aa184588664cc78ebb7d3909c51a4b867";

    @Test
    void shouldGiveEachVersionOfAModelAQueueOfItsOwn() {
        // When
        String queue = Topics.work(Stage.GENERATOR, new ModelVersion("cats-2.1", DIGEST));

        // Then
        assertThat(queue).isEqualTo("tessera.generator.cats-2.1.91d581030209");
        assertThat(Topics.work(Stage.GENERATOR, new ModelVersion("cats-2.1", "a" + DIGEST.substring(1))))
                .isNotEqualTo(queue);
    }

    @Test
    void shouldKnowTheQueuesOfAllVersionsOfAModel() {
        // Given
        String queue = Topics.work(Stage.GENERATOR, new ModelVersion("cats-2.1", DIGEST));

        // When, Then
        assertThat(Topics.isWork(queue, Stage.GENERATOR, "cats-2.1")).isTrue();
        assertThat(Topics.isWork(queue, Stage.DECODER, "cats-2.1")).isFalse();
        assertThat(List.of("cats", "cats-2", "cats-2.1.91d581030209", "at"))
                .noneMatch(model -> Topics.isWork(queue, Stage.GENERATOR, model));
    }

    @Test
    void shouldTellAVersionByModelAndDigest() {
        assertThat(ModelVersion.of(
                        Job.newBuilder().setModel("cats").setModelDigest(DIGEST).build()))
                .isEqualTo(new ModelVersion("cats", DIGEST));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ModelVersion.of(Job.newBuilder().setModel("cats").build()))
                .withMessageContaining("cats");
    }

    @Test
    void shouldNameModelsOnceHoweverManyVersionsThereAre() {
        assertThat(ModelVersion.names(List.of(
                        new ModelVersion("dogs", "1"), new ModelVersion("cats", "1"), new ModelVersion("cats", "2"))))
                .isEqualTo("cats, dogs");
    }
}
