package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.gateway.png.Pixels;
import dev.tessera.gateway.png.PngException;
import dev.tessera.gateway.png.PngReader;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ImageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the images that earlier jobs have stored, with the tokens that they were made of. */
public final class StoredImages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern URL = Pattern.compile("/v1/jobs/([0-9a-f-]{36})/images/(0|[1-9][0-9]{0,5})");

    private final JobFinder finder;
    private final JobArchive archive;

    public StoredImages(JobFinder finder, JobArchive archive) {
        this.finder = finder;
        this.archive = archive;
    }

    /** An image, and the digest of the model that made it. */
    record Stored(Pixels pixels, TokenGrid tokens, String sha256) {}

    /**
     * The image that a URL of an answer names.
     *
     * @throws Unusable when there is none, or it is not of this model and size
     */
    Stored find(Tenant tenant, String url, Model model, ImageSize size) {
        Place place = place(tenant, url);
        if (!place.job().madeBy(model)) {
            throw new Unusable(
                    "was made with the codebook of another model, or of other weights; ask for the model that made"
                            + " it, or fetch the picture and give it as image");
        }
        return read(files(tenant, place), place.sha256(), model, size);
    }

    /**
     * The picture that a URL of an answer names, whichever model made it.
     *
     * @throws Unusable when there is none, or it is not of this size
     */
    Picture picture(Tenant tenant, String url, ImageSize size) {
        Place place = place(tenant, url);
        try {
            Pixels pixels = PngReader.read(files(tenant, place).png(), size.width(), size.height());
            return new Picture(pixels, place.sha256());
        } catch (PngException e) {
            throw new Unusable(e.detail());
        }
    }

    /** @param sha256 of the PNG */
    record Picture(Pixels pixels, String sha256) {}

    /** @param sha256 of the PNG */
    private record Place(JobDocument job, int index, String sha256) {}

    private Place place(Tenant tenant, String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new Unusable(
                    "is not the URL of an image; give one as the answers to a job have it: /v1/jobs/ID/images/0");
        }
        int index = Integer.parseInt(matcher.group(2));
        JobDocument job = finder.find(tenant, matcher.group(1)).orElseThrow(Unusable::absent);
        return new Place(job, index, job.storedImage(index).orElseThrow(Unusable::absent));
    }

    private JobArchive.Files files(Tenant tenant, Place place) {
        return archive.files(tenant, place.job().id(), place.index()).orElseThrow(Unusable::absent);
    }

    private static Stored read(JobArchive.Files files, String sha256, Model model, ImageSize size) {
        try {
            TokenGrid tokens = tokens(files.tokens());
            if (!model.hasGridOf(tokens, size)) {
                throw new Unusable("has a grid of tokens that is not of " + model.name() + " at " + size.width() + "x"
                        + size.height() + "; give another, or as size the picture's own");
            }
            return new Stored(PngReader.read(files.png(), size.width(), size.height()), tokens, sha256);
        } catch (PngException | IOException | IllegalArgumentException e) {
            throw new Unusable("was not stored whole; give another");
        }
    }

    /** @throws IllegalArgumentException when these are no tokens */
    static TokenGrid tokens(byte[] json) throws IOException {
        JsonNode body = JSON.readTree(json);
        int[] ids = numbers(body.path("tokens")).stream().mapToInt(id -> id).toArray();
        List<Integer> grid = numbers(body.path("grid"));
        int codes = body.path("codebook").asInt();
        if (body.has("scales")) {
            return TokenGrid.ofScales(numbers(body.path("scales")), codes, ids);
        }
        if (grid.size() != 2) {
            throw new IllegalArgumentException("no grid");
        }
        return new TokenGrid(grid.get(0), grid.get(1), codes, ids);
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asInt(-1)));
        return numbers;
    }

    /** The message goes on after the name of the field. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }

        private static Unusable absent() {
            return new Unusable("is an image that this tenant does not have; give one that is stored");
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
