package dev.tessera.cli.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What to make; what is null is left to the gateway's defaults, and all checks are the gateway's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRequest(
        @JsonProperty("model") @Nullable String model,
        @JsonProperty("prompt") @Nullable String prompt,
        @JsonProperty("class") @Nullable Integer classIndex,
        @JsonProperty("negative_prompt") @Nullable String negativePrompt,
        @JsonProperty("condition") @Nullable String condition,
        @JsonProperty("image") @Nullable String image,
        @JsonProperty("from") @Nullable String from,
        @JsonProperty("mask") @Nullable String mask,
        @JsonProperty("strength") @Nullable Double strength,
        @JsonProperty("upscale") @Nullable Boolean upscale,
        @JsonProperty("n") @Nullable Integer n,
        @JsonProperty("size") @Nullable String size,
        @JsonProperty("seed") @Nullable Long seed,
        @JsonProperty("guidance_scale") @Nullable Double guidanceScale,
        @JsonProperty("temperature") @Nullable Double temperature,
        @JsonProperty("top_k") @Nullable Integer topK,
        @JsonProperty("top_p") @Nullable Double topP,
        @JsonProperty("steps") @Nullable Integer steps,
        @JsonProperty("schedule") @Nullable String schedule) {

    /** A job that begins with nothing, in the model's own steps. */
    public JobRequest(
            @Nullable String model,
            @Nullable String prompt,
            @Nullable Integer classIndex,
            @Nullable String negativePrompt,
            @Nullable Integer n,
            @Nullable String size,
            @Nullable Long seed,
            @Nullable Double guidanceScale,
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP) {
        this(
                model,
                prompt,
                classIndex,
                negativePrompt,
                null,
                null,
                null,
                null,
                null,
                null,
                n,
                size,
                seed,
                guidanceScale,
                temperature,
                topK,
                topP,
                null,
                null);
    }
}
