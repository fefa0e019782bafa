package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.objectstore.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What requests may begin with: tiny-text has an image encoder and pictures of 64 x 48, tiny-class has none. */
abstract class EditFixture {
    static final String JOB = "019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1";
    static final String URL = "/v1/jobs/" + JOB + "/images/0";
    static final String PICTURE = Pngs.base64(Pngs.picture(64, 48));
    static final String MASK = Pngs.base64(Pngs.mask(64, 48));

    final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Models models = new Models(
            List.of(TestModels.TEXT, TestModels.CLASS, TestModels.NEXT_SCALE, TestModels.UPSCALED, TestModels.WINDOWED),
            Optional.of("tiny-text"));
    private final JobRequestParser parser = new JobRequestParser(models, 16, 4000, TestModels.edits(bucket));

    JobRequest parse(String body) {
        return parser.parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> 1);
    }

    EditRequest.OfPicture edit(String body) {
        return (EditRequest.OfPicture) parse(body).edit();
    }

    /** An image of 3 x 4 tokens in the bucket, made by a model of that digest. */
    void store(String digest, byte[] png, String tokens) {
        String record = "{\"id\":\"" + JOB + "\",\"status\":\"succeeded\",\"model_digest\":\"" + digest
                + "\",\"images\":[{\"index\":0,\"status\":\"stored\",\"sha256\":\"ab\"}]}";
        put("job.json", record.getBytes(StandardCharsets.UTF_8));
        put("0.png", png);
        put("0.tokens.json", tokens.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String name, byte[] content) {
        bucket.putIfAbsent("default/" + JOB + "/" + name, content, "", Map.of());
    }

    static String tokens(int codebook) {
        return "{\"grid\":[3,4],\"codebook\":" + codebook + ",\"tokens\":[0,1,2,3,4,5,6,7,8,9,10,11]}";
    }

    void refused(String body, String pointer, String detail) {
        assertThat(refusal(body).errors())
                .anySatisfy(error -> {
                    assertThat(error.pointer()).isEqualTo(pointer);
                    assertThat(error.detail()).startsWith(detail);
                })
                .allSatisfy(error -> assertThat(error.detail()).doesNotContain(PICTURE.substring(0, 50)));
    }

    GatewayException refusal(String body) {
        return catchThrowableOfType(GatewayException.class, () -> parse(body));
    }
}
