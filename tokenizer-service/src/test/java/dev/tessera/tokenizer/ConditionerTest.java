package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.v1.Edit;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import org.junit.jupiter.api.Test;

class ConditionerTest {
    private final CountingTextEncoder encoder = new CountingTextEncoder();
    private final Conditioner text = TextConditioner.of(new TextConditioning(8, 1), encoder);
    private final Conditioner padded = TextConditioner.of(new TextConditioning(8, 1, 1, true, 0), encoder);
    private final Conditioner classes = new ClassConditioner(10);

    @Test
    void shouldEncodeThePromptAndLeaveTheUnconditionalInputToTheModel() {
        // Given
        Job job = Jobs.job().setPrompt("a cat").build();

        // When
        ImageConditioned work = text.condition(job);

        // Then
        assertThat(work.getJob()).isEqualTo(job);
        assertThat(work.getConditioning().getText().getTokens()).isEqualTo(5);
        assertThat(work.hasUnconditional()).isFalse();
        assertThat(encoder.prompts).containsExactly("a cat");
    }

    @Test
    void shouldEncodeTheNegativePromptInItsPlace() {
        // When
        ImageConditioned work = text.condition(
                Jobs.job().setPrompt("a cat").setNegativePrompt("dog").build());

        // Then
        assertThat(work.getUnconditional().getText().getTokens()).isEqualTo(3);
        assertThat(encoder.prompts).containsExactly("a cat", "dog");
    }

    @Test
    void shouldEncodeAnEmptyNegativePromptForAModelWithoutUnconditionalInput() {
        // When
        ImageConditioned work = padded.condition(Jobs.job().setPrompt("a cat").build());

        // Then
        assertThat(work.hasUnconditional()).isTrue();
        assertThat(encoder.prompts).containsExactly("a cat", "");
    }

    @Test
    void shouldPassTheClassOn() {
        // When
        ImageConditioned work = classes.condition(Jobs.job().setClassId(9).build());

        // Then
        assertThat(work.getConditioning().getClassId()).isEqualTo(9);
        assertThat(work.getConditioning().hasClassId()).isTrue();
    }

    @Test
    void shouldLetAnEditDoWithoutAClassWhereTheModelCan() {
        // Given
        Conditioner nextScale = new ClassConditioner(10, true);
        Job.Builder edit = Jobs.job().setEdit(Edit.newBuilder().setStrength(1));

        // When
        ImageConditioned work = nextScale.condition(edit.build());

        // Then
        assertThat(work.hasConditioning()).isFalse();
        refused(nextScale, Jobs.job(), "condition_mismatch");
        refused(nextScale, edit.clone().setPrompt("a secret"), "condition_mismatch");
        refused(classes, edit, "condition_mismatch");
    }

    @Test
    void shouldPassNothingOnWhereThereIsNothingToAskFor() {
        // When
        ImageConditioned work = new NoConditioner().condition(Jobs.job().build());

        // Then
        assertThat(work.hasConditioning()).isFalse();
        refused(new NoConditioner(), Jobs.job().setClassId(1), "condition_mismatch");
        refused(new MapConditioner(map -> new TokenGrid(1, 1, 2, new int[1])), Jobs.job(), "condition_mismatch");
        refused(new NoConditioner(), Jobs.job().setPrompt("a secret"), "condition_mismatch");
    }

    @Test
    void shouldRefuseWhatTheModelCannotBeConditionedOn() {
        refused(text, Jobs.job().setClassId(1), "condition_mismatch");
        refused(text, Jobs.job(), "condition_mismatch");
        refused(classes, Jobs.job().setPrompt("a secret"), "condition_mismatch");
        refused(classes, Jobs.job().setClassId(1).setNegativePrompt("a secret"), "condition_mismatch");
        refused(classes, Jobs.job().setClassId(10), "unknown_class");
        refused(classes, Jobs.job().setClassId(-1), "unknown_class");
    }

    private static void refused(Conditioner conditioner, Job.Builder job, String reason) {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> conditioner.condition(job.build()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
}
