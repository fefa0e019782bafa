package dev.tessera.decoder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tessera.v1.Edit;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.Locale;

/**
 * What a request must say to get the same image again, as JSON with the request's own names. Nothing that differs
 * between two such requests is in it: no job, no tenant, no time.
 */
final class ImageParameters {
    private static final JsonFactory JSON = new JsonFactory();

    private ImageParameters() {}

    static String json(Job job, int imageIndex) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            write(json, job, imageIndex);
            write(json, job.getSampling(), job.getEdit());
            if (job.hasUnmasking()) {
                write(json, job.getUnmasking(), job.getEdit());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory does not fail", impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Job job, int imageIndex) throws IOException {
        json.writeStringField("model", job.getModel());
        json.writeStringField("model_digest", job.getModelDigest());
        switch (job.getConditionCase()) {
            case PROMPT -> json.writeStringField("prompt", job.getPrompt());
            case CLASS_ID -> json.writeNumberField("class", Integer.toUnsignedLong(job.getClassId()));
            case CONDITION_NOT_SET -> {}
        }
        if (job.hasConditionMap()) {
            json.writeStringField("condition_sha256", job.getConditionMap().getSha256());
        }
        if (!job.getNegativePrompt().isEmpty()) {
            json.writeStringField("negative_prompt", job.getNegativePrompt());
        }
        if (job.hasEdit()) {
            write(json, job.getEdit());
        }
        if (job.getUpscale()) {
            json.writeBooleanField("upscale", true);
        }
        json.writeNumberField("seed", new BigInteger(Long.toUnsignedString(job.getSeed())));
        json.writeNumberField("image_index", imageIndex);
        json.writeStringField("size", job.getWidth() + "x" + job.getHeight());
    }

    /** The files by what is in them: where they came from does not make the image. */
    private static void write(JsonGenerator json, Edit edit) throws IOException {
        json.writeStringField("image_sha256", edit.getImageSha256());
        if (!edit.getMaskSha256().isEmpty()) {
            json.writeStringField("mask_sha256", edit.getMaskSha256());
        } else if (edit.getResample() > 0) {
            json.writeNumberField("resample", edit.getResample());
        } else if (edit.getStrength() > 0) {
            json.writeNumberField("strength", edit.getStrength());
        }
    }

    /** Mask-free editing has neither a temperature nor a schedule. */
    private static void write(JsonGenerator json, Sampling sampling, Edit edit) throws IOException {
        json.writeNumberField("guidance_scale", sampling.getGuidanceScale());
        if (edit.getResample() == 0) {
            json.writeNumberField("temperature", sampling.getTemperature());
        }
        json.writeNumberField("top_k", Integer.toUnsignedLong(sampling.getTopK()));
        json.writeNumberField("top_p", sampling.getTopP());
        if (sampling.getMoreSmooth()) {
            json.writeBooleanField("more_smooth", true);
        }
    }

    private static void write(JsonGenerator json, Unmasking unmasking, Edit edit) throws IOException {
        json.writeNumberField("steps", Integer.toUnsignedLong(unmasking.getSteps()));
        if (edit.getResample() == 0) {
            json.writeStringField("schedule", unmasking.getSchedule().name().toLowerCase(Locale.ROOT));
        }
    }
}
