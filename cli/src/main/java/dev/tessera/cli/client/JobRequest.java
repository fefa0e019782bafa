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
        @JsonProperty("resample") @Nullable Double resample,
        @JsonProperty("upscale") @Nullable Boolean upscale,
        @JsonProperty("n") @Nullable Integer n,
        @JsonProperty("size") @Nullable String size,
        @JsonProperty("seed") @Nullable Long seed,
        @JsonProperty("guidance_scale") @Nullable Double guidanceScale,
        @JsonProperty("temperature") @Nullable Double temperature,
        @JsonProperty("top_k") @Nullable Integer topK,
        @JsonProperty("top_p") @Nullable Double topP,
        @JsonProperty("more_smooth") @Nullable Boolean moreSmooth,
        @JsonProperty("steps") @Nullable Integer steps,
        @JsonProperty("schedule") @Nullable String schedule) {

    /** A request that leaves everything to the gateway. */
    public static Builder builder() {
        return new Builder();
    }

    /** Says some of it; null leaves a field to the gateway. */
    public static final class Builder {
        private @Nullable String model;
        private @Nullable String prompt;
        private @Nullable Integer classIndex;
        private @Nullable String negativePrompt;
        private @Nullable String condition;
        private @Nullable String image;
        private @Nullable String from;
        private @Nullable String mask;
        private @Nullable Double strength;
        private @Nullable Double resample;
        private @Nullable Boolean upscale;
        private @Nullable Integer n;
        private @Nullable String size;
        private @Nullable Long seed;
        private @Nullable Double guidanceScale;
        private @Nullable Double temperature;
        private @Nullable Integer topK;
        private @Nullable Double topP;
        private @Nullable Boolean moreSmooth;
        private @Nullable Integer steps;
        private @Nullable String schedule;

        private Builder() {}

        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder prompt(@Nullable String prompt) {
            this.prompt = prompt;
            return this;
        }

        public Builder classIndex(@Nullable Integer classIndex) {
            this.classIndex = classIndex;
            return this;
        }

        public Builder negativePrompt(@Nullable String negativePrompt) {
            this.negativePrompt = negativePrompt;
            return this;
        }

        public Builder condition(@Nullable String condition) {
            this.condition = condition;
            return this;
        }

        public Builder image(@Nullable String image) {
            this.image = image;
            return this;
        }

        public Builder from(@Nullable String from) {
            this.from = from;
            return this;
        }

        public Builder mask(@Nullable String mask) {
            this.mask = mask;
            return this;
        }

        public Builder strength(@Nullable Double strength) {
            this.strength = strength;
            return this;
        }

        public Builder resample(@Nullable Double resample) {
            this.resample = resample;
            return this;
        }

        public Builder upscale(@Nullable Boolean upscale) {
            this.upscale = upscale;
            return this;
        }

        public Builder n(@Nullable Integer n) {
            this.n = n;
            return this;
        }

        public Builder size(@Nullable String size) {
            this.size = size;
            return this;
        }

        public Builder seed(@Nullable Long seed) {
            this.seed = seed;
            return this;
        }

        public Builder guidanceScale(@Nullable Double guidanceScale) {
            this.guidanceScale = guidanceScale;
            return this;
        }

        public Builder temperature(@Nullable Double temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder topK(@Nullable Integer topK) {
            this.topK = topK;
            return this;
        }

        public Builder topP(@Nullable Double topP) {
            this.topP = topP;
            return this;
        }

        public Builder moreSmooth(@Nullable Boolean moreSmooth) {
            this.moreSmooth = moreSmooth;
            return this;
        }

        public Builder steps(@Nullable Integer steps) {
            this.steps = steps;
            return this;
        }

        public Builder schedule(@Nullable String schedule) {
            this.schedule = schedule;
            return this;
        }

        public JobRequest build() {
            return new JobRequest(
                    model,
                    prompt,
                    classIndex,
                    negativePrompt,
                    condition,
                    image,
                    from,
                    mask,
                    strength,
                    resample,
                    upscale,
                    n,
                    size,
                    seed,
                    guidanceScale,
                    temperature,
                    topK,
                    topP,
                    moreSmooth,
                    steps,
                    schedule);
        }
    }
}
