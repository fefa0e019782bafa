package dev.tessera.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.v1.Edit;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Optional;

/**
 * A job as JSON: the body of answers and the content of {@code job.json}. One that was read keeps the members this
 * version does not know.
 */
public final class JobDocument {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** What a client chose, or had chosen for it: two jobs that agree in these are one request. */
    private static final List<String> REQUESTED = List.of(
            "model",
            "prompt",
            "class",
            "negative_prompt",
            "condition_sha256",
            "image_sha256",
            "from",
            "mask_sha256",
            "strength",
            "resample",
            "upscale",
            "n",
            "size",
            "seed",
            "guidance_scale",
            "temperature",
            "top_k",
            "top_p",
            "more_smooth",
            "steps",
            "schedule");

    private final ObjectNode body;

    private JobDocument(ObjectNode body) {
        this.body = body;
    }

    /** @throws UncheckedIOException when the content is not a job */
    static JobDocument read(byte[] content) {
        try {
            if (JSON.readTree(content) instanceof ObjectNode body) {
                return new JobDocument(body);
            }
            throw new UncheckedIOException(new IOException("a job record is not a JSON object"));
        } catch (IOException e) {
            throw new UncheckedIOException("a job record is not JSON", e);
        }
    }

    static JobDocument of(JobView view) {
        Job job = view.job();
        ObjectNode body = JSON.createObjectNode();
        body.put("id", job.getId())
                .put("object", "job")
                .put("status", view.state().key());
        body.put("model", job.getModel()).put("model_digest", job.getModelDigest());
        if (!job.getReplayOf().isEmpty()) {
            body.put("replay_of", job.getReplayOf());
        }
        putRequest(body, job);
        putTimes(body, view);
        body.set("progress", progress(view));
        body.set("images", images(view));
        if (view.state() instanceof JobState.Failed failed) {
            body.set("error", error(failed.error()));
        }
        body.set("urls", urls(view));
        return new JobDocument(body);
    }

    /** What tells how far a job is, without what does not change. */
    static JsonNode ofProgress(JobView view) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", view.job().getId()).put("object", "job.progress");
        body.put("status", view.state().key());
        return body.set("progress", progress(view));
    }

    JsonNode body() {
        return body;
    }

    String id() {
        return body.path("id").asText();
    }

    String status() {
        return body.path("status").asText();
    }

    boolean finished() {
        return switch (status()) {
            case "succeeded", "failed", "cancelled", "expired" -> true;
            default -> false;
        };
    }

    int images() {
        return body.path("images").size();
    }

    /** The SHA-256 of an image's PNG in hex, when it is stored. */
    Optional<String> storedImage(int index) {
        JsonNode image = body.path("images").path(index);
        return image.path("status").asText().equals("stored")
                ? Optional.of(image.path("sha256").asText())
                : Optional.empty();
    }

    /** Whether it was accepted for these weights. */
    boolean madeBy(Model model) {
        return body.path("model_digest").asText().equals(model.digest());
    }

    /** Whether both come from one request, whenever and however often it was made. */
    boolean asksTheSameAs(JobDocument other) {
        return REQUESTED.stream().allMatch(field -> text(body.path(field)).equals(text(other.body.path(field))));
    }

    byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbers compare as they are written: what was read from JSON has other node types than what was built. */
    private static String text(JsonNode node) {
        return node.asText();
    }

    private static void putRequest(ObjectNode body, Job job) {
        switch (job.getConditionCase()) {
            case PROMPT -> body.put("prompt", job.getPrompt());
            case CLASS_ID -> body.put("class", job.getClassId());
            case CONDITION_NOT_SET -> {}
        }
        if (job.hasConditionMap()) {
            body.put("condition_sha256", job.getConditionMap().getSha256());
        }
        if (!job.getNegativePrompt().isEmpty()) {
            body.put("negative_prompt", job.getNegativePrompt());
        }
        if (job.hasEdit()) {
            putEdit(body, job.getEdit());
        }
        if (job.getUpscale()) {
            body.put("upscale", true);
        }
        body.put("n", job.getImages())
                .put("size", job.getWidth() + "x" + job.getHeight())
                .put("seed", job.getSeed());
        putSampling(body, job);
    }

    /** Mask-free editing has neither a temperature nor a schedule. */
    private static void putSampling(ObjectNode body, Job job) {
        boolean resampled = job.getEdit().getResample() > 0;
        Sampling sampling = job.getSampling();
        body.put("guidance_scale", sampling.getGuidanceScale());
        if (!resampled) {
            body.put("temperature", sampling.getTemperature());
        }
        body.put("top_k", sampling.getTopK()).put("top_p", sampling.getTopP());
        if (sampling.getMoreSmooth()) {
            body.put("more_smooth", true);
        }
        if (job.hasUnmasking()) {
            body.put("steps", job.getUnmasking().getSteps());
        }
        if (job.hasUnmasking() && !resampled) {
            body.put("schedule", UnmaskingFields.name(job.getUnmasking().getSchedule()));
        }
    }

    private static void putEdit(ObjectNode body, Edit edit) {
        body.put("image_sha256", edit.getImageSha256());
        if (!edit.getFrom().isEmpty()) {
            body.put("from", edit.getFrom());
        }
        if (!edit.getMaskSha256().isEmpty()) {
            body.put("mask_sha256", edit.getMaskSha256());
        } else if (edit.getResample() > 0) {
            body.put("resample", edit.getResample());
        } else if (edit.getStrength() > 0) {
            body.put("strength", edit.getStrength());
        }
    }

    private static void putTimes(ObjectNode body, JobView view) {
        Job job = view.job();
        body.put("created_at", time(JobView.instant(job.getCreatedAt())));
        view.state().startedAt().ifPresent(started -> body.put("started_at", time(started)));
        if (view.state() instanceof JobState.Final end) {
            body.put("completed_at", time(end.completedAt()));
        } else if (job.hasDeadline()) {
            body.put("expires_at", time(JobView.instant(job.getDeadline())));
        }
    }

    private static ObjectNode progress(JobView view) {
        return JSON.createObjectNode()
                .put("tokens_done", view.tokensDone())
                .put("tokens_total", view.tokensTotal())
                .put("images_done", view.imagesDone())
                .put("images_total", view.images().size());
    }

    private static ArrayNode images(JobView view) {
        ArrayNode images = JSON.createArrayNode();
        for (int index = 0; index < view.images().size(); index++) {
            images.add(image(view, index));
        }
        return images;
    }

    private static ObjectNode image(JobView view, int index) {
        ObjectNode image = JSON.createObjectNode().put("index", index);
        if (!(view.images().get(index) instanceof ImageState.Stored stored)) {
            return image.put(
                    "status",
                    view.finished() ? "not_made" : view.images().get(index).key());
        }
        String url = "/v1/jobs/" + view.job().getId() + "/images/" + index;
        return image.put("status", stored.key())
                .put("url", url)
                .put("tokens_url", url + "/tokens")
                .put("bytes", stored.bytes())
                .put("sha256", stored.sha256());
    }

    private static ObjectNode error(JobError error) {
        ObjectNode body = JSON.createObjectNode().put("code", error.code()).put("detail", error.detail());
        return error.stage().isEmpty() ? body : body.put("stage", error.stage());
    }

    private static ObjectNode urls(JobView view) {
        String self = "/v1/jobs/" + view.job().getId();
        ObjectNode urls = JSON.createObjectNode().put("self", self).put("events", self + "/events");
        return view.finished() ? urls : urls.put("cancel", self);
    }

    static String time(Instant time) {
        return TIME.format(time);
    }
}
